//! Repeats are counted, not told one by one, so that whoever floods the logs floods neither the outputs nor the memory. The first of
//! each is always told at once.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use afterpatch_model::{Alert, Finding, Grade, Place, ThingKind};

/// Findings followed for repeats.
const MAX_FOLLOWED: usize = 4_096;
/// The same again within this time is a repeat.
pub const WINDOW: Duration = Duration::from_secs(600);
/// A page that is told again after this time was changed again, rather than written in pieces.
const PAGE_WINDOW: Duration = Duration::from_secs(10);
/// Different findings of one kind from one source in a minute that are told one by one; an attacker who got somewhere is
/// followed further than one who tries.
const PER_SOURCE: [u64; 2] = [20, 200];
/// Attempts of one kind from all sources in a minute that are told one by one.
const PER_KIND: u64 = 300;
const MINUTE: Duration = Duration::from_secs(60);

/// What becomes of a finding.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is told; its repeats will be counted under this number.
    Tell(u64),
    /// It is counted.
    Count,
}

/// Repeats of a finding that are to be told.
pub struct Repeated {
    /// The alert that told it first.
    pub of: String,
    /// Its story.
    pub story: String,
    /// The latest of them.
    pub finding: Finding,
    /// In which artifact.
    pub artifact: afterpatch_model::ArtifactInfo,
    /// Where.
    pub place: Place,
    /// How many.
    pub count: u64,
    /// How many different ones.
    pub different: u64,
}

/// What is followed.
#[derive(Default)]
pub struct Fold {
    followed: HashMap<u64, Followed>,
    minutes: BTreeMap<u64, Minute>,
}

struct Followed {
    of: String,
    story: String,
    told: Duration,
    repeats: Option<Box<Repeated>>,
}

#[derive(Clone, Copy, Default)]
struct Minute {
    began: Duration,
    count: u64,
    /// The finding that counts what is too much.
    under: u64,
}

impl Fold {
    /// Whether a finding is told. `at` is the file it was found in, when it is a file that was judged as a whole.
    pub fn decide(&mut self, found: &Found<'_>, now: Duration) -> Decision {
        let own = found.own();
        let window = if found.is_page { PAGE_WINDOW } else { WINDOW };
        if self.followed.get(&own).is_some_and(|followed| now.saturating_sub(followed.told) < window) {
            self.count(own, found, false);
            return Decision::Count;
        }
        // Files do not come by the thousand from one source, and each may be the one that matters.
        if !found.is_page {
            let got_somewhere = found.finding.grade > Grade::Attempt;
            let source = numbered(&(&found.finding.kind, &found.finding.server, source(found.finding)));
            let most = if got_somewhere { PER_SOURCE[1] } else { PER_SOURCE[0] };
            let too_many = [(source, most), (numbered(&found.finding.kind), if got_somewhere { u64::MAX } else { PER_KIND })]
                .into_iter()
                .find_map(|(number, most)| self.too_many(number, most, own, now));
            if let Some(under) = too_many
                && self.followed.contains_key(&under)
            {
                self.count(under, found, true);
                return Decision::Count;
            }
        }
        Decision::Tell(own)
    }

    /// It was told.
    pub fn told(&mut self, own: u64, alert: &Alert, now: Duration) -> Option<Repeated> {
        let followed = Followed { of: alert.id.clone(), story: alert.story.clone(), told: now, repeats: None };
        let before = self.followed.insert(own, followed).and_then(|before| before.repeats);
        let pushed_out = if self.followed.len() > MAX_FOLLOWED {
            let oldest = self.followed.iter().min_by_key(|(number, followed)| (followed.told, **number));
            oldest.map(|(number, _)| *number).and_then(|number| self.followed.remove(&number)).and_then(|it| it.repeats)
        } else {
            None
        };
        before.or(pushed_out).map(|repeated| *repeated)
    }

    /// Repeats that have waited long enough; all of them when the watch ends.
    pub fn due(&mut self, now: Duration, at_end: bool) -> Vec<Repeated> {
        let mut due: Vec<Repeated> = Vec::new();
        self.minutes.retain(|_, minute| now.saturating_sub(minute.began) < MINUTE);
        self.followed.retain(|_, followed| {
            let over = now.saturating_sub(followed.told) >= WINDOW;
            if over || at_end {
                due.extend(followed.repeats.take().map(|repeated| *repeated));
            }
            !over
        });
        due.sort_by(|one, other| one.of.cmp(&other.of));
        due
    }

    /// The finding under which this one is counted, because too many came in this minute.
    fn too_many(&mut self, number: u64, most: u64, own: u64, now: Duration) -> Option<u64> {
        if self.minutes.len() >= MAX_FOLLOWED && !self.minutes.contains_key(&number) {
            self.minutes.retain(|_, minute| now.saturating_sub(minute.began) < MINUTE);
            // So many sources in one minute: each is new, and its first is told.
            if self.minutes.len() >= MAX_FOLLOWED {
                return None;
            }
        }
        let minute = self.minutes.entry(number).or_default();
        if minute.count == 0 || now.saturating_sub(minute.began) >= MINUTE {
            *minute = Minute { began: now, count: 0, under: own };
        }
        minute.count += 1;
        (minute.count > most).then_some(minute.under)
    }

    fn count(&mut self, number: u64, found: &Found<'_>, different: bool) {
        let Some(followed) = self.followed.get_mut(&number) else { return };
        let repeated = followed.repeats.get_or_insert_with(|| {
            Box::new(Repeated {
                of: followed.of.clone(),
                story: followed.story.clone(),
                finding: found.finding.clone(),
                artifact: found.artifact.clone(),
                place: found.place,
                count: 0,
                different: 0,
            })
        });
        repeated.count = repeated.count.saturating_add(found.finding.count);
        repeated.different += u64::from(different);
        repeated.finding.last = repeated.finding.last.max(found.finding.last);
        repeated.place = found.place;
    }
}

/// A finding and where it was found.
pub struct Found<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// The file.
    pub artifact: &'f afterpatch_model::ArtifactInfo,
    /// The first record.
    pub place: Place,
    /// The file was judged as a whole.
    pub is_page: bool,
}

impl Found<'_> {
    /// What makes it the same as another: kind, server, who and what; of a page the page.
    fn own(&self) -> u64 {
        let finding = self.finding;
        let page = self.is_page.then_some(&self.artifact.path);
        let tells = |kind: ThingKind| {
            !self.is_page
                && !matches!(
                    kind,
                    ThingKind::RequestId | ThingKind::Canary | ThingKind::UserAgent | ThingKind::Process | ThingKind::Url
                )
        };
        let things: Vec<_> = finding.things.iter().filter(|thing| tells(thing.kind)).collect();
        numbered(&(&finding.kind, &finding.server, page, things))
    }
}

/// Who is behind a finding: the visitor's address, else an account.
fn source(finding: &Finding) -> &str {
    let of = |kind| finding.things_of(kind).next();
    of(ThingKind::Address).or_else(|| of(ThingKind::Account)).unwrap_or_default()
}

/// Only for this process: not written anywhere.
fn numbered(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
