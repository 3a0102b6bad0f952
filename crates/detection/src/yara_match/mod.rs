//! YARA rules as a detector: what the content of a served script tells.
//!
//! A file whose hash is that of a genuine page is not scanned. Scripts that lie in the file table itself are scanned like
//! files; other files are not read.

use std::sync::Arc;

use afterpatch_model::{Origin, Record, ServedFile};
use afterpatch_rules::{FileHit, FileScanner, FileToScan};

use crate::rule_pack::draft;
use crate::{Detector, Findings, KnownGood, Watch, Wish, things::things_of};

/// YARA rules as a detector.
pub struct YaraMatchDetector {
    scanner: Arc<dyn FileScanner>,
    origin: Origin,
    known_good: Arc<KnownGood>,
}

impl YaraMatchDetector {
    pub fn new(scanner: Arc<dyn FileScanner>, origin: Origin, known_good: Arc<KnownGood>) -> Self {
        Self { scanner, origin, known_good }
    }
}

impl Detector for YaraMatchDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        self.scanner.rules().iter().map(|rule| (rule.slug.clone(), rule.title.clone())).collect()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(ContentWatch { detector: self })
    }
}

struct ContentWatch<'d> {
    detector: &'d YaraMatchDetector,
}

impl Watch for ContentWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Some(file) = record.unified.script() else { return };
        let YaraMatchDetector { scanner, origin, known_good } = self.detector;
        if known_good.has_hash(&file.sha256) {
            return;
        }
        for hit in scanner.scan(&FileToScan { path: &file.path, content: &file.content.0 }) {
            let Some(rule) = scanner.rules().get(hit.rule) else { continue };
            // A file lies there. Its times say when it was copied as often as when it was made, so they tell no step.
            let evidence = vec![findings.evidence_at(record.place, record.time, evidence_text(file, &hit))];
            let server = record.server.as_deref().unwrap_or_default().to_owned();
            findings.add_run(draft(rule, *origin, things_of(record, known_good)), server, None, None, 1, evidence);
        }
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}

/// Which file, and what in it the rule went by.
fn evidence_text(file: &ServedFile<'_>, hit: &FileHit) -> String {
    let mut text = format!("Path={}  SHA256={}", file.path, file.sha256);
    for found in &hit.found {
        text.push_str(&format!("  {} at byte {}: {}", found.name, found.offset, found.text));
    }
    text
}
