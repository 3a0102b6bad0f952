//! Runs over logs and says which pages behave like a web shell, and why: to measure false alarms on real traffic.
//!
//! `cargo run -p afterpatch-detection --example traffic_eval -- LOG_OR_FOLDER...`
#![allow(clippy::print_stdout)]

use std::env;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use afterpatch_artifacts::{Flow, Input, Recognised, Sink, recognise};
use afterpatch_detection::{ArtifactWatch, Detectors, KnownGood, Traffic, judge_traffic};
use afterpatch_evidence::Evidence;
use afterpatch_model::{ArtifactId, Finding, GapKind, Place, Record, Standing, ThingKind};
use afterpatch_rules::RulePack;

fn main() -> Result<(), Box<dyn Error>> {
    let detectors = Detectors::new(Arc::new(RulePack::from_texts([]).0), Arc::new(KnownGood::embedded()?));
    for path in env::args().skip(1) {
        let evidence = Evidence::open(Path::new(&path))?;
        let mut sum = Traffic::default();
        let mut records = 0;
        for (number, entry) in (0..).zip(evidence.entries()) {
            let done = AtomicU64::new(0);
            let input = Input::open(entry, &done)?;
            let Recognised::Format(format) = recognise(&input) else { continue };
            let mut counting = Counting { watch: detectors.watch(ArtifactId(number), 0), records: 0 };
            format.read(&input, &mut counting);
            records += counting.records;
            counting.watch.finish().traffic.into_values().for_each(|traffic| sum.merge(traffic));
        }
        let findings = judge_traffic(&sum, &path).findings;
        let alone = findings.iter().filter(|finding| finding.standing == Standing::Alone).count();
        println!("{path}: {records} records, {alone} pages told by themselves, {} beside others", findings.len() - alone);
        findings.iter().for_each(tell);
    }
    Ok(())
}

fn tell(finding: &Finding) {
    let score: i32 = finding.why.iter().map(|reason| reason.weight).sum();
    let page: String = finding.things_of(ThingKind::Url).collect();
    let signs: Vec<String> = finding.why.iter().map(|reason| format!("{} {:+}", reason.sign, reason.weight)).collect();
    println!("  {score} {:?} {page:?} {} requests: {}", finding.standing, finding.count, signs.join(", "));
    if let Some(first) = finding.evidence.first() {
        println!("     {:?}", first.text);
    }
}

/// Shows every record to the detectors.
struct Counting<'d> {
    watch: ArtifactWatch<'d>,
    records: u64,
}

impl Sink for Counting<'_> {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        self.records += 1;
        self.watch.record(record);
        Flow::Continue
    }

    fn gap(&mut self, _kind: GapKind, _place: Place, _detail: &str) {}

    fn clock_corrected(&mut self, _offset_minutes: i32, _proven_by: u64) {}
}
