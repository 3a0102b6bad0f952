//! From findings to alerts: which are told, which are counted, which wait for something stronger.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use afterpatch_model::{
    ALERT_SCHEMA, Alert, ArtifactInfo, Finding, Grade, Origin, Place, Repeats, Severity, Sign, Standing, ThingKind, Timestamp,
};
use sha2::{Digest, Sha256};

use crate::fold::{Decision, Fold, Found, Repeated};
use crate::stories::Stories;

/// Ids of what was told or counted lately: bytes that are read again tell nothing again.
const MAX_IDS: usize = 65_536;
/// Records kept as evidence of one alert; the log has them all.
const MAX_EVIDENCE: usize = 3;

type Id = [u8; 16];

/// Decides what is told.
pub struct Teller {
    least: Severity,
    stories: Stories,
    fold: Fold,
    ids: HashSet<Id>,
    order: VecDeque<Id>,
}

/// What findings were found in.
pub struct In<'i> {
    /// The artifact.
    pub artifact: &'i ArtifactInfo,
    /// When the artifact is judged as a whole: what tells this state of it from an earlier one of the same content.
    pub page: Option<String>,
}

/// The time, twice.
#[derive(Clone, Copy)]
pub struct Now {
    /// UTC.
    pub time: Timestamp,
    /// Since the watch began.
    pub elapsed: Duration,
}

impl Teller {
    /// Tells nothing below `least`. Remembers what was told before.
    pub fn new(least: Severity, recent: &[Alert]) -> Self {
        let mut teller =
            Self { least, stories: Stories::default(), fold: Fold::default(), ids: HashSet::new(), order: VecDeque::new() };
        for alert in recent.iter().filter(|alert| alert.repeats.is_none()) {
            if let Some(id) = read_id(&alert.id) {
                teller.is_new(id);
            }
        }
        teller.stories.remember(recent);
        teller
    }

    /// The alerts of what was found. `sequence` is the last number given.
    pub fn tell(&mut self, findings: Vec<Finding>, within: &In<'_>, sequence: u64, now: Now) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let mut findings = findings;
        // On a page, what opens a story is told with the weak signs on the same page, and not those as alerts of their own.
        let is_strong_page = within.page.is_some() && findings.iter().any(stands_alone);
        findings.sort_by_key(|finding| within.page.is_some() && stands_alone(finding));
        for finding in findings {
            if finding.acknowledged.is_some() || finding.severity < self.least {
                continue;
            }
            let place = finding.evidence.first().map_or(Place::Whole, |evidence| evidence.place);
            let id = id_of(&finding, within);
            if !self.is_new(id) {
                continue;
            }
            let story = self.stories.of(&finding, now.elapsed).map(str::to_owned);
            if (story.is_none() || is_strong_page) && !stands_alone(&finding) {
                let sign = Sign {
                    kind: finding.kind.clone(),
                    title: finding.title.clone(),
                    time: finding.first,
                    path: within.artifact.windows_path.clone().unwrap_or_else(|| within.artifact.path.clone()),
                    place,
                };
                self.stories.wait(&finding, sign, now.elapsed);
                continue;
            }
            let found = Found { finding: &finding, artifact: within.artifact, place, is_page: within.page.is_some() };
            let Decision::Tell(own) = self.fold.decide(&found, now.elapsed) else { continue };
            let id = shown(&id);
            let story = story.unwrap_or_else(|| id.clone());
            let beside = self.stories.tell(&story, &finding, now.elapsed);
            let alert = Alert {
                schema: ALERT_SCHEMA.to_owned(),
                id: id.clone(),
                sequence: next(sequence, &alerts),
                told: now.time,
                finding: short(finding, id),
                artifact: within.artifact.clone(),
                place,
                story,
                beside,
                repeats: None,
            };
            let pushed_out = self.fold.told(own, &alert, now.elapsed);
            alerts.push(alert);
            if let Some(repeated) = pushed_out {
                alerts.push(of_repeats(repeated, next(sequence, &alerts), now.time));
            }
        }
        alerts
    }

    /// The repeats that are to be told now; all when the watch ends.
    pub fn repeats(&mut self, sequence: u64, now: Now, at_end: bool) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for repeated in self.fold.due(now.elapsed, at_end) {
            alerts.push(of_repeats(repeated, next(sequence, &alerts), now.time));
        }
        alerts
    }

    fn is_new(&mut self, id: Id) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > MAX_IDS
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

/// A rule of somebody else's that claims no more than an attempt tells nothing by itself, as in a scan.
fn stands_alone(finding: &Finding) -> bool {
    finding.standing == Standing::Alone && (finding.origin == Origin::BuiltIn || finding.grade > Grade::Attempt)
}

fn next(sequence: u64, alerts: &[Alert]) -> u64 {
    sequence + 1 + alerts.len() as u64
}

fn short(mut finding: Finding, id: String) -> Finding {
    finding.id = id;
    finding.evidence.truncate(MAX_EVIDENCE);
    finding
}

fn of_repeats(repeated: Repeated, sequence: u64, now: Timestamp) -> Alert {
    let mut hash = Sha256::new();
    hash.update(format!("repeats\0{}\0{sequence}\0{}", repeated.of, repeated.count));
    let id = shown(&first_bytes(&hash.finalize()));
    Alert {
        schema: ALERT_SCHEMA.to_owned(),
        id: id.clone(),
        sequence,
        told: now,
        finding: short(repeated.finding, id),
        artifact: repeated.artifact,
        place: repeated.place,
        story: repeated.story,
        beside: Vec::new(),
        repeats: Some(Repeats { of: repeated.of, count: repeated.count, kinds_of_things: repeated.different }),
    }
}

/// Made of what the finding's first record says, not of where the file lies now: a log that was rotated or copied tells the same
/// again. What a finding gathers from later records is not in it, as that depends on how much was read at once.
fn id_of(finding: &Finding, within: &In<'_>) -> Id {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    part(&finding.kind);
    part(&finding.server);
    if let Some(page) = &within.page {
        part(&within.artifact.path);
        part(page);
    }
    for evidence in finding.evidence.iter().take(1) {
        part(&evidence.time.map(|time| time.to_string()).unwrap_or_default());
        part(&evidence.text);
        // Events of one second may read alike; a record's number is its own.
        if let Place::Record(number) = evidence.place {
            part(&number.to_string());
        }
    }
    for thing in &finding.things {
        if matches!(thing.kind, ThingKind::Page | ThingKind::File | ThingKind::Object | ThingKind::Autostart | ThingKind::Command)
        {
            part(&thing.value);
        }
    }
    first_bytes(&hash.finalize())
}

fn first_bytes(hash: &[u8]) -> Id {
    hash.first_chunk().copied().unwrap_or_default()
}

fn shown(id: &Id) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read_id(text: &str) -> Option<Id> {
    let mut id = Id::default();
    for (at, byte) in id.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    (text.len() == 32).then_some(id)
}

#[cfg(test)]
mod tests;
