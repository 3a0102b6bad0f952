//! Runs the whole line on one machine: evidence → artifacts → detection → incidents → report.
//!
//! The engine schedules, bounds memory, and counts; it judges nothing itself. It reads no clock and no environment:
//! the time written into the report is handed in ([`Options::now`]).

mod assemble;
mod coverage;
mod progress;
mod read;
mod servers;
mod survey;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use afterpatch_detection::{Detectors, KnownGood};
use afterpatch_evidence::Evidence;
use afterpatch_exposure::Facts;
use afterpatch_model::{Gap, Report, Timestamp};
use afterpatch_rules::RulePack;

pub use progress::Progress;

/// What to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Evidence: folders, archives, single files.
    pub inputs: Vec<PathBuf>,
    /// Leave out records before this time (UTC).
    pub since: Option<Timestamp>,
    /// Leave out records after this time (UTC).
    pub until: Option<Timestamp>,
    /// The time (UTC) written into the report.
    pub now: Timestamp,
    /// How many artifacts are read at the same time.
    pub threads: usize,
}

/// The tables or rules that come with the program are broken. Whatever goes wrong with evidence is a gap in the report.
#[derive(Debug, thiserror::Error)]
#[error("built-in data: {0}")]
pub struct LoadError(String);

/// Tables, rules and detectors, loaded once.
pub struct Engine {
    facts: Facts,
    known_good: Arc<KnownGood>,
    detectors: Detectors,
    rule_count: usize,
    /// The holes whose exposure a scan judges: those of the table that were exploited or go by a name, and those that a rule
    /// looks for. The rest is the business of the exposure check to come.
    judged: Vec<String>,
}

impl Engine {
    /// Loads the tables and rules that come with the program.
    pub fn load() -> Result<Self, LoadError> {
        let built_in = |error: &dyn std::fmt::Display| LoadError(error.to_string());
        let facts = Facts::embedded().map_err(|error| built_in(&error))?;
        let known_good = Arc::new(KnownGood::embedded().map_err(|error| built_in(&error))?);
        let pack = Arc::new(RulePack::embedded().map_err(|error| built_in(&error))?);
        let rule_count = pack.rules().len();
        let judged = judged(&facts, &pack);
        Ok(Self { facts, detectors: Detectors::new(pack, Arc::clone(&known_good)), known_good, rule_count, judged })
    }

    /// The holes whose exposure a scan judges, in order of id.
    pub fn judged(&self) -> &[String] {
        &self.judged
    }

    /// Every finding that can be made: slug and English title.
    pub fn kinds(&self) -> Vec<(String, String)> {
        self.detectors.kinds()
    }

    /// Runs the whole line. Progress can be watched, and the run stopped, through `progress` from another thread.
    pub fn run(&self, options: &Options, progress: &Progress) -> Report {
        let mut evidence = Vec::new();
        let mut gaps = Vec::new();
        for path in &options.inputs {
            match Evidence::open(path) {
                Ok(opened) => evidence.push(opened),
                Err(error) => gaps.push(Gap::new(path.to_string_lossy(), error.gap_kind(), error.to_string())),
            }
        }
        let mut survey = survey::survey(&evidence, options.threads, progress);
        survey.gaps.append(&mut gaps);
        let group_of = assemble::groups_of(&survey.artifacts);
        let readings = read::read_all(&survey.artifacts, &group_of, &self.detectors, options, progress);
        assemble::assemble(self, options, &evidence, survey, readings, group_of, progress.is_stopped())
    }
}

fn judged(facts: &Facts, pack: &RulePack) -> Vec<String> {
    let looked_for: BTreeSet<&String> = pack.rules().iter().flat_map(|rule| &rule.cves).collect();
    let known = facts.cves().filter(|cve| cve.exploited.is_some() || cve.name.is_some() || looked_for.contains(&cve.id));
    known.map(|cve| cve.id.clone()).collect()
}
