//! Records and files to findings: one folder per attack or technique; rule packs are ordinary detectors.
//!
//! A [`Detector`] is immutable content, shared by all threads. For each artifact it starts a [`Watch`], which sees the
//! artifact's records in order and hands findings to [`Findings`]. What joins findings of several artifacts lies one room
//! further, in `incidents`; so the outcome never depends on which thread read which artifact.

mod archive_downloaded;
mod autostart_switched_off;
mod client;
mod collect;
mod excerpt;
mod faces;
mod known_good;
mod mailbox_bulk;
mod memo;
mod padding_burst;
mod page_behaviour;
mod page_compiled;
mod page_found_by_antivirus;
mod page_in_file_table;
mod page_requested;
mod page_written;
mod repeats;
mod rule_pack;
mod script_code;
mod served_file;
mod things;
mod web_place;
mod yara_match;

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use afterpatch_model::{ArtifactId, Finding, Glance, Origin, Place, Record};
use afterpatch_rules::{FileScanner, RestFilter, RulePack};

pub use afterpatch_webshell::on_deep_stack;
pub use collect::{Draft, Findings, is_in_vain, kept_bytes};
use faces::{CommonFaces, Faces, Known, NewFace};
pub use known_good::KnownGood;
pub use page_behaviour::{Judged, Traffic, judge as judge_traffic};
pub use repeats::{Act, act_of, join};
pub use served_file::settle;

/// Detection content that is the same for every artifact.
pub trait Detector: Send + Sync {
    /// Every finding it can make, for documentation and texts: slug and English title.
    fn kinds(&self) -> Vec<(String, String)>;

    /// Begins to watch one artifact.
    fn watch(&self) -> Box<dyn Watch + '_>;

    /// From now on look at everything of every record, also at what cannot matter.
    fn without_prefilter(&mut self) {}
}

/// A detector's state while one artifact is read.
pub trait Watch: Send {
    /// Sees the next record.
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings);

    /// Which rows with the same face as this one (see [`Glance::face`]) it could say something of, whatever their time, query and
    /// sizes are; the same in every log. Answers of ten million bytes and more are always shown.
    fn wants_like(&mut self, record: &Record<'_>) -> Wish;

    /// What it has gathered and not told yet, for the watch of the section before (see [`ArtifactWatch::append`]).
    fn untold(&mut self) -> Option<Box<dyn Any + Send>> {
        None
    }

    /// Takes over what a watch of the same detector had gathered in the rows that follow.
    fn follow(&mut self, _untold: Box<dyn Any + Send>, _findings: &mut Findings) {}

    /// The artifact has ended.
    fn finish(&mut self, _findings: &mut Findings) {}
}

/// Which rows of one face a detector wants to see.
pub enum Wish {
    /// None.
    Nothing,
    /// Those that this filter lets through.
    Rest(Arc<RestFilter>),
    /// Each.
    Each,
}

impl Wish {
    /// Each row or none.
    pub(crate) fn each_if(yes: bool) -> Self {
        if yes { Self::Each } else { Self::Nothing }
    }
}

/// All detectors.
pub struct Detectors {
    all: Vec<Box<dyn Detector>>,
    known_good: Arc<KnownGood>,
    is_filtered: bool,
    wishes: CommonFaces<Wishes>,
}

/// What lets those rows of a face through that detectors could say something of; nothing when one wants each.
type Wishes = Option<Arc<[Arc<RestFilter>]>>;

impl Detectors {
    /// The detectors of this version, with our own rules.
    pub fn new(pack: Arc<RulePack>, known_good: Arc<KnownGood>) -> Self {
        Self {
            all: vec![
                Box::new(rule_pack::RulePackDetector::new(pack, Origin::BuiltIn, Arc::clone(&known_good))),
                Box::new(served_file::ServedFileDetector::new(Arc::clone(&known_good))),
                Box::new(script_code::ScriptCodeDetector::new(Arc::clone(&known_good))),
                Box::new(page_written::PageWrittenDetector::new(Arc::clone(&known_good))),
                Box::new(autostart_switched_off::SwitchedOffDetector::new(Arc::clone(&known_good))),
                Box::new(page_compiled::PageCompiledDetector::new(Arc::clone(&known_good))),
                Box::new(page_in_file_table::FileTableDetector::new(Arc::clone(&known_good))),
                Box::new(page_found_by_antivirus::AntivirusDetector::new(Arc::clone(&known_good))),
                Box::new(archive_downloaded::ArchiveDetector::new(Arc::clone(&known_good))),
                Box::new(mailbox_bulk::MailboxBulkDetector),
                Box::new(padding_burst::PaddingDetector),
                Box::new(page_requested::PageRequestedDetector::new(Arc::clone(&known_good))),
            ],
            known_good,
            is_filtered: true,
            wishes: CommonFaces::new(),
        }
    }

    /// With more rules on records.
    #[must_use]
    pub fn with_sigma(mut self, pack: Arc<RulePack>, origin: Origin) -> Self {
        self.all.push(Box::new(rule_pack::RulePackDetector::new(pack, origin, Arc::clone(&self.known_good))));
        self
    }

    /// With rules on the content of files.
    #[must_use]
    pub fn with_yara(mut self, scanner: Arc<dyn FileScanner>, origin: Origin) -> Self {
        self.all.push(Box::new(yara_match::YaraMatchDetector::new(scanner, origin, Arc::clone(&self.known_good))));
        self
    }

    /// With every rule asked of every record of its log source. Slow; finds the same, or a prefilter has a fault.
    #[must_use]
    pub fn without_prefilter(mut self) -> Self {
        self.all.iter_mut().for_each(|detector| detector.without_prefilter());
        self.is_filtered = false;
        self
    }

    /// Every finding that can be made: slug and English title.
    pub fn kinds(&self) -> Vec<(String, String)> {
        let of_traffic = page_behaviour::kinds().map(|(kind, title)| (kind.to_owned(), title.to_owned()));
        self.all.iter().flat_map(|detector| detector.kinds()).chain(of_traffic).collect()
    }

    /// Begins to watch one artifact with all detectors; about `budget` bytes of
    /// findings are kept, the rest is counted.
    pub fn watch(&self, artifact: ArtifactId, budget: usize) -> ArtifactWatch<'_> {
        let watches = self.all.iter().map(|detector| detector.watch()).collect();
        let traffic = page_behaviour::TrafficWatch::new(artifact, Arc::clone(&self.known_good));
        let faces = self.is_filtered.then(Faces::new);
        let findings = Findings::new(artifact, budget);
        ArtifactWatch { watches, traffic, findings, faces, wishes: &self.wishes, new_face: None }
    }
}

/// All detectors watching one artifact.
pub struct ArtifactWatch<'d> {
    watches: Vec<Box<dyn Watch + 'd>>,
    traffic: page_behaviour::TrafficWatch,
    findings: Findings,
    /// Nothing when every row is to be looked at.
    faces: Option<Faces<OfFace>>,
    wishes: &'d CommonFaces<Wishes>,
    /// The face of the row whose record comes next, and what is known of it from other logs.
    new_face: Option<(NewFace, Option<KnownFace>)>,
}

/// A face that this log has not had yet, and others had.
struct KnownFace {
    wishes: Wishes,
    /// No detector could say anything of the row at hand.
    is_mute: bool,
}

/// What is known of the rows of a face that no detector wants each of.
struct OfFace {
    counts: page_behaviour::Counts,
    /// A row that one of these lets through is to be looked at.
    filters: Arc<[Arc<RestFilter>]>,
}

/// What the detectors saw in one artifact.
#[derive(Default)]
pub struct Watched {
    /// Findings.
    pub findings: Vec<Finding>,
    /// How many more records made findings that were counted but not kept.
    pub not_kept: u64,
    /// Requests, by server as the records name it; judged by [`judge_traffic`] when those of all artifacts are together.
    pub traffic: BTreeMap<String, Traffic>,
}

impl Watched {
    /// Changes the places of records; their order stays.
    pub fn place(&mut self, place: &dyn Fn(Place) -> Place) {
        for evidence in self.findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
            evidence.place = place(evidence.place);
        }
        self.traffic.values_mut().for_each(|traffic| traffic.place(place));
    }
}

impl ArtifactWatch<'_> {
    /// Shows a row before it is taken for a record. Yes means that it says again what an earlier one said, and was counted; it
    /// need not be shown as a record then.
    pub fn glance(&mut self, glance: &Glance<'_>) -> bool {
        self.new_face = None;
        let Some(faces) = &mut self.faces else { return false };
        let is_wanted = |filters: &[Arc<RestFilter>]| filters.iter().any(|filter| filter.lets_through(glance.rest));
        match faces.look(glance.face, |of| is_wanted(&of.filters)) {
            Known::Counted(of) => {
                self.traffic.pass(&of.counts, glance.time);
                true
            }
            Known::Wanted => false,
            Known::New(face) => {
                let known = self
                    .wishes
                    .get(&face)
                    .map(|wishes| KnownFace { is_mute: wishes.as_ref().is_some_and(|filters| !is_wanted(filters)), wishes });
                self.new_face = Some((face, known));
                false
            }
        }
    }

    /// Shows the next record to every detector.
    pub fn record(&mut self, record: &Record<'_>) {
        let new_face = self.new_face.take();
        let is_mute = matches!(&new_face, Some((_, Some(KnownFace { is_mute: true, .. }))));
        if !is_mute {
            self.watches.iter_mut().for_each(|watch| watch.record(record, &mut self.findings));
        }
        self.traffic.record(record);
        if let (Some((face, known)), Some(faces)) = (new_face, &mut self.faces) {
            let wishes = known.map_or_else(
                || {
                    let wishes: Wishes = filters_of_like(&mut self.watches, record).map(Into::into);
                    self.wishes.learn(&face, wishes.clone());
                    wishes
                },
                |known| known.wishes,
            );
            let of = wishes.and_then(|filters| Some(OfFace { counts: self.traffic.counts_of_like(record)?, filters }));
            faces.learn(face, of, |of, rows| self.traffic.count(&of.counts, rows));
        }
    }

    /// How many findings so far, for progress.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// Takes over what was seen in the section of the same artifact that follows, whose places are greater. Then it is as if
    /// this watch had seen both.
    pub fn append(&mut self, mut later: Self) {
        later.count_faces();
        for (own, later) in self.watches.iter_mut().zip(&mut later.watches) {
            if let Some(untold) = later.untold() {
                own.follow(untold, &mut self.findings);
            }
        }
        self.traffic.append(later.traffic);
        self.findings.append(later.findings);
    }

    fn count_faces(&mut self) {
        if let Some(faces) = self.faces.take() {
            faces.finish(|of, rows| self.traffic.count(&of.counts, rows));
        }
    }

    /// The artifact has ended.
    pub fn finish(mut self) -> Watched {
        self.count_faces();
        for watch in &mut self.watches {
            watch.finish(&mut self.findings);
        }
        let (findings, not_kept) = self.findings.into_parts();
        Watched { findings, not_kept, traffic: self.traffic.finish() }
    }
}

/// What lets those rows through that have the face of this one and that a detector could say something of; nothing when one
/// wants each.
fn filters_of_like(watches: &mut [Box<dyn Watch + '_>], record: &Record<'_>) -> Option<Vec<Arc<RestFilter>>> {
    let mut filters = Vec::new();
    for watch in watches {
        match watch.wants_like(record) {
            Wish::Nothing => {}
            Wish::Rest(filter) => filters.push(filter),
            Wish::Each => return None,
        }
    }
    Some(filters)
}
