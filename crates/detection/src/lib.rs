//! Records and files to findings: one folder per attack or technique; rule packs are ordinary detectors.
//!
//! A [`Detector`] is immutable content, shared by all threads. For each artifact it starts a [`Watch`], which sees the
//! artifact's records in order and hands findings to [`Findings`]. What joins findings of several artifacts lies one room
//! further, in `incidents`; so the outcome never depends on which thread read which artifact.

mod archive_downloaded;
mod client;
mod collect;
mod excerpt;
mod known_good;
mod mailbox_bulk;
mod padding_burst;
mod page_behaviour;
mod page_compiled;
mod page_found_by_antivirus;
mod page_in_file_table;
mod page_requested;
mod page_written;
mod rule_pack;
mod script_code;
mod served_file;
mod things;
mod web_place;
mod yara_match;

use std::collections::BTreeMap;
use std::sync::Arc;

use afterpatch_model::{ArtifactId, Finding, Origin, Record};
use afterpatch_rules::{FileScanner, RulePack};

pub use afterpatch_webshell::on_deep_stack;
pub use collect::{Draft, Findings};
pub use known_good::KnownGood;
pub use page_behaviour::{Judged, Traffic, judge as judge_traffic};
pub use served_file::settle;

/// Detection content that is the same for every artifact.
pub trait Detector: Send + Sync {
    /// Every finding it can make, for documentation and texts: slug and English title.
    fn kinds(&self) -> Vec<(String, String)>;

    /// Begins to watch one artifact.
    fn watch(&self) -> Box<dyn Watch + '_>;
}

/// A detector's state while one artifact is read.
pub trait Watch {
    /// Sees the next record.
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings);

    /// The artifact has ended.
    fn finish(&mut self, _findings: &mut Findings) {}
}

/// All detectors.
pub struct Detectors {
    all: Vec<Box<dyn Detector>>,
    known_good: Arc<KnownGood>,
}

impl Detectors {
    /// The detectors of this version, with our own rules.
    pub fn new(pack: Arc<RulePack>, known_good: Arc<KnownGood>) -> Self {
        Self {
            all: vec![
                Box::new(rule_pack::RulePackDetector::new(pack, Origin::BuiltIn, Arc::clone(&known_good))),
                Box::new(served_file::ServedFileDetector::new(Arc::clone(&known_good))),
                Box::new(script_code::ScriptCodeDetector::new(Arc::clone(&known_good))),
                Box::new(page_written::PageWrittenDetector::new(Arc::clone(&known_good))),
                Box::new(page_compiled::PageCompiledDetector::new(Arc::clone(&known_good))),
                Box::new(page_in_file_table::FileTableDetector::new(Arc::clone(&known_good))),
                Box::new(page_found_by_antivirus::AntivirusDetector::new(Arc::clone(&known_good))),
                Box::new(archive_downloaded::ArchiveDetector::new(Arc::clone(&known_good))),
                Box::new(mailbox_bulk::MailboxBulkDetector),
                Box::new(padding_burst::PaddingDetector),
                Box::new(page_requested::PageRequestedDetector::new(Arc::clone(&known_good))),
            ],
            known_good,
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
        ArtifactWatch { watches, traffic, findings: Findings::new(artifact, budget) }
    }
}

/// All detectors watching one artifact.
pub struct ArtifactWatch<'d> {
    watches: Vec<Box<dyn Watch + 'd>>,
    traffic: page_behaviour::TrafficWatch,
    findings: Findings,
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

impl ArtifactWatch<'_> {
    /// Shows the next record to every detector.
    pub fn record(&mut self, record: &Record<'_>) {
        for watch in &mut self.watches {
            watch.record(record, &mut self.findings);
        }
        self.traffic.record(record);
    }

    /// How many findings so far, for progress.
    pub fn count(&self) -> usize {
        self.findings.len()
    }

    /// The artifact has ended.
    pub fn finish(mut self) -> Watched {
        for watch in &mut self.watches {
            watch.finish(&mut self.findings);
        }
        let (findings, not_kept) = self.findings.into_parts();
        Watched { findings, not_kept, traffic: self.traffic.finish() }
    }
}
