//! Runs the whole line on one machine: evidence → artifacts → detection → incidents → report.
//!
//! The engine schedules, bounds memory, and counts; it judges nothing itself. It reads no clock and no environment:
//! the time written into the report is handed in ([`Options::now`]).

mod acknowledge;
mod assemble;
mod check;
mod coverage;
mod piece;
mod progress;
mod read;
mod readings;
mod repeats;
mod resume;
mod sections;
mod servers;
mod survey;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use afterpatch_detection::{Detectors, KnownGood};
use afterpatch_evidence::Evidence;
use afterpatch_exposure::Facts;
use afterpatch_model::{Gap, Note, Origin, Report, Timestamp};
use afterpatch_rules::{FileScanner as _, RuleError, RuleSet};

pub use acknowledge::{AcknowledgeError, Acknowledgements};
pub use afterpatch_artifacts::Format;
pub use afterpatch_detection::on_deep_stack;
pub use check::{check, check_on};
pub use piece::{Look, Piece, PieceReading, format_of, look};
pub use progress::Progress;
pub use resume::ResumeError;
pub use survey::wanted;

use read::Reads;
use sections::SECTION_BYTES;

/// Rules that cannot be used are named up to this number; `afterpatch rules test` names all.
const MAX_RULES_NAMED: usize = 10;

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

/// The engine cannot be started. Whatever goes wrong with evidence is a gap in the report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The tables or rules that come with the program are broken.
    #[error("built-in data: {0}")]
    BuiltIn(String),
    /// The rules that the user named cannot be read.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// The acknowledgement file that the user named cannot be used.
    #[error(transparent)]
    Acknowledgements(#[from] AcknowledgeError),
}

/// Tables, rules and detectors, loaded once.
pub struct Engine {
    facts: Facts,
    known_good: Arc<KnownGood>,
    detectors: Detectors,
    rule_count: usize,
    /// The holes whose exposure a scan judges: those of the table that were exploited or go by a name, and those that a rule
    /// looks for. The rest is the business of the exposure check ([`check`]).
    judged: Vec<String>,
    /// What is to be said of the user's rules.
    notes: Vec<Note>,
    acknowledgements: Acknowledgements,
    section_bytes: u64,
    /// Tells the user's rules from others.
    rules_number: u64,
    kept: Option<resume::Kept>,
}

/// Opens what was named; what cannot be opened is a gap.
fn open_all(inputs: &[PathBuf]) -> (Vec<Evidence>, Vec<Gap>) {
    let mut evidence = Vec::new();
    let mut gaps = Vec::new();
    for path in inputs {
        match Evidence::open(path) {
            Ok(opened) => evidence.push(opened),
            Err(error) => gaps.push(Gap::new(path.to_string_lossy(), error.gap_kind(), error.to_string())),
        }
    }
    (evidence, gaps)
}

impl Engine {
    /// Loads the tables and rules that come with the program.
    ///
    /// # Errors
    /// [`LoadError::BuiltIn`], which our tests rule out.
    pub fn load() -> Result<Self, LoadError> {
        let built_in = |error: &dyn std::fmt::Display| LoadError::BuiltIn(error.to_string());
        let facts = Facts::embedded().map_err(|error| built_in(&error))?;
        let known_good = Arc::new(KnownGood::embedded().map_err(|error| built_in(&error))?);
        let rules = RuleSet::embedded().map_err(|error| built_in(&error))?;
        let rule_count = rules.rules().count();
        let judged = judged(&facts, &rules.sigma);
        let detectors =
            Detectors::new(Arc::new(rules.sigma), Arc::clone(&known_good)).with_yara(Arc::new(rules.yara), Origin::BuiltIn);
        Ok(Self {
            facts,
            detectors,
            known_good,
            rule_count,
            judged,
            notes: Vec::new(),
            acknowledgements: Acknowledgements::default(),
            section_bytes: SECTION_BYTES,
            rules_number: 0,
            kept: None,
        })
    }

    /// The holes whose exposure a scan judges, in order of id.
    pub fn judged(&self) -> &[String] {
        &self.judged
    }

    /// With the rules in these folders of the user beside ours. What cannot be used of them is said in every report.
    ///
    /// # Errors
    /// [`LoadError::Rules`] when a folder cannot be read at all.
    pub fn with_rules(mut self, folders: &[PathBuf]) -> Result<Self, LoadError> {
        if folders.is_empty() {
            return Ok(self);
        }
        let taken: Vec<String> = self.kinds().into_iter().map(|(slug, _)| slug).collect();
        let rules = RuleSet::read(folders, &taken)?;
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.notes.push(Note::RulesLoaded { sigma: count(rules.sigma.rules().len()), yara: count(rules.yara.rules().len()) });
        if !rules.problems.is_empty() {
            let first = rules.problems.iter().take(MAX_RULES_NAMED).map(ToString::to_string).collect();
            self.notes.push(Note::RulesNotUsed { count: count(rules.problems.len()), first });
        }
        self.rule_count += rules.rules().count();
        self.rules_number = resume::number_of_rules(rules.files.files.iter().flat_map(|file| [&*file.path, &*file.text]));
        self.detectors =
            self.detectors.with_sigma(Arc::new(rules.sigma), Origin::User).with_yara(Arc::new(rules.yara), Origin::User);
        Ok(self)
    }

    /// With every rule asked of every record of its log source, whatever its line says: slow, for who doubts the prefilters.
    #[must_use]
    pub fn without_prefilter(self) -> Self {
        Self { detectors: self.detectors.without_prefilter(), ..self }
    }

    /// With big logs read in sections of about so many bytes. Where they are cut changes nothing that is found, which is what
    /// tests want this for.
    #[must_use]
    pub fn with_sections_of(self, section_bytes: u64) -> Self {
        Self { section_bytes, ..self }
    }

    /// With the findings left out of every verdict that this file of the user vouches for.
    ///
    /// # Errors
    /// [`LoadError::Acknowledgements`] when it cannot be used as a whole.
    pub fn with_acknowledgements(mut self, file: &std::path::Path) -> Result<Self, LoadError> {
        self.acknowledgements = Acknowledgements::read(file)?;
        Ok(self)
    }

    /// With what is read kept in this file, and with what a scan that was cut short has kept there. Rules come first. `program` is
    /// whatever tells two builds of the program apart.
    ///
    /// # Errors
    /// [`ResumeError`] when the file is another's, is in use, or cannot be read or written.
    pub fn resuming(mut self, file: &std::path::Path, program: &str, options: &Options) -> Result<Self, ResumeError> {
        self.kept = Some(resume::Kept::open(file, program, self.rules_number, options)?);
        Ok(self)
    }

    /// Removes the file of [`Engine::resuming`]: what it was kept for came to its end.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget_kept(&self) -> std::io::Result<()> {
        self.kept.as_ref().map_or(Ok(()), resume::Kept::remove)
    }

    /// With something to be said in every report.
    #[must_use]
    pub fn with_note(mut self, note: Note) -> Self {
        self.notes.push(note);
        self
    }

    /// Every finding that can be made: slug and English title.
    pub fn kinds(&self) -> Vec<(String, String)> {
        self.detectors.kinds()
    }

    /// Runs the whole line. Progress can be watched, and the run stopped, through `progress` from another thread.
    pub fn run(&self, options: &Options, progress: &Progress) -> Report {
        let (evidence, gaps) = open_all(&options.inputs);
        self.examine(&evidence, gaps, options, progress)
    }

    /// As [`Engine::run`], on evidence that is open already; [`Options::inputs`] only says what it is called in the report.
    pub fn run_on(&self, evidence: &[Evidence], options: &Options, progress: &Progress) -> Report {
        self.examine(evidence, Vec::new(), options, progress)
    }

    fn examine(&self, evidence: &[Evidence], mut gaps: Vec<Gap>, options: &Options, progress: &Progress) -> Report {
        let mut survey = survey::survey(evidence, options.threads, progress);
        survey.gaps.append(&mut gaps);
        let group_of = assemble::groups_of(&survey.artifacts);
        let reads = Reads {
            detectors: Some(&self.detectors),
            options,
            progress,
            section_bytes: self.section_bytes,
            kept: self.kept.as_ref(),
        };
        let readings = reads.all(&survey.artifacts, &group_of);
        let mut report = assemble::assemble(self, options, evidence, survey, readings, group_of, progress.is_stopped());
        let artifacts = progress.resumed();
        if artifacts > 0 {
            report.notes.push(Note::Resumed { artifacts });
        }
        report
    }
}

fn judged(facts: &Facts, pack: &afterpatch_rules::RulePack) -> Vec<String> {
    let looked_for: BTreeSet<&String> = pack.rules().iter().flat_map(|rule| &rule.cves).collect();
    // Of a hole that no build is known to close, no build says anything.
    let closable = facts.cves().filter(|cve| cve.first_fixed().next().is_some());
    let known = closable.filter(|cve| cve.exploited.is_some() || cve.name.is_some() || looked_for.contains(&cve.id));
    known.map(|cve| cve.id.clone()).collect()
}
