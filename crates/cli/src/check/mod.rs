//! `afterpatch check`: can they get in?

mod asked;
mod facts;
mod hosts;
mod list;
mod remote;
mod resume;
mod sinks;
mod target;

use std::path::PathBuf;

use afterpatch_engine::Options;
use afterpatch_exposure::{Facts, Subject};
use afterpatch_model::{Assessment, Basis, CHECK_SCHEMA, Check, CheckTool, Timestamp};
use afterpatch_report::CheckFormat;
use anyhow::bail;

use crate::arguments::CheckArguments;
use crate::exit::Exit;
use crate::scan;
use sinks::Sinks;
use target::Target;

/// What every kind of target is judged with.
struct Judge {
    facts: Facts,
    only: Vec<String>,
    now: Timestamp,
}

impl Judge {
    fn of(arguments: &CheckArguments) -> anyhow::Result<Self> {
        let facts = facts::load(&arguments.facts)?;
        let only: Vec<String> = arguments.cve.iter().map(|id| id.trim().to_ascii_uppercase()).collect();
        if let Some(unknown) = only.iter().find(|id| !facts.knows(id)) {
            bail!("{unknown}: not in the table of {}, so nothing can be said of it; --facts takes a newer one", facts.date());
        }
        Ok(Self { facts, only, now: arguments.now.unwrap_or_else(Timestamp::now) })
    }

    fn judge(&self, subject: Subject<'_>) -> Assessment {
        self.facts.judge(subject, &self.only, &self.day())
    }

    /// The day of the run, `YYYY-MM-DD` in UTC.
    fn day(&self) -> String {
        self.now.strftime("%Y-%m-%d").to_string()
    }

    fn tool(&self) -> CheckTool {
        CheckTool {
            name: "afterpatch".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            facts_date: self.facts.date().to_owned(),
            facts_age_days: self.facts.age_days(self.now),
        }
    }
}

/// Answers for every target.
pub fn run(arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let judge = Judge::of(arguments)?;
    let mut sinks = Sinks::of(arguments)?;
    if let Some(list) = &arguments.targets {
        return remote::list(&judge, list, arguments, &mut sinks);
    }
    let targets = arguments.targets_named.iter().map(|text| Target::read(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let only_lists = targets.iter().all(|target| matches!(target, Target::List(_)));
    if only_lists && !targets.is_empty() && !sinks.any(CheckFormat::Json) {
        return lists(&judge, &targets, &mut sinks, arguments);
    }
    let mut check = Check {
        schema: CHECK_SCHEMA.to_owned(),
        tool: judge.tool(),
        generated: judge.now,
        interrupted: false,
        targets: Vec::new(),
        artifacts: Vec::new(),
        gaps: Vec::new(),
        notes: Vec::new(),
    };
    let mut asks = None;
    for target in &targets {
        match target {
            Target::Build(text, build) => {
                check.targets.push(judge.judge(Subject::of_builds(text.clone(), Basis::Build, vec![*build])));
            }
            Target::List(path) => list::each(path, |row| {
                check.targets.push(list::assess(&judge, row));
                Ok(())
            })?,
            Target::Address(text) => {
                // Set up only when it is wanted: everything else here works without a network.
                let asks = match &mut asks {
                    Some(asks) => asks,
                    none => none.insert(remote::remote(&arguments.network)?),
                };
                check.targets.push(remote::one(&judge, asks, text)?);
            }
            // All evidence at once, so that names and keys of one server are found in the other's.
            Target::Evidence(_) => {}
        }
    }
    let evidence: Vec<PathBuf> = targets.iter().filter_map(Target::evidence).collect();
    if !evidence.is_empty() {
        add_evidence(&judge, evidence, arguments, &mut check)?;
    }
    sinks.whole(&check)?;
    if check.interrupted {
        return Ok(Exit::Interrupted);
    }
    let worst = check.targets.iter().map(|one| Exit::of_answer(one.answer)).max().unwrap_or(Exit::NoEvidence);
    Ok(worst.or_zero(arguments.exit_zero))
}

/// The servers of the evidence, behind what is answered already.
fn add_evidence(judge: &Judge, inputs: Vec<PathBuf>, arguments: &CheckArguments, check: &mut Check) -> anyhow::Result<()> {
    let options = Options { inputs, since: None, until: None, now: judge.now, threads: usize::from(arguments.threads) };
    let told =
        scan::watched(arguments.quiet, |progress| afterpatch_engine::check(&judge.facts, &judge.only, &options, progress))?;
    check.targets.extend(told.targets);
    (check.artifacts, check.gaps, check.notes) = (told.artifacts, told.gaps, told.notes);
    check.interrupted = told.interrupted;
    Ok(())
}

/// Rows of lists as they are read: a list may be longer than memory is large.
fn lists(judge: &Judge, targets: &[Target], sinks: &mut Sinks, arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let mut worst = Exit::NoEvidence;
    let mut seq = 0;
    sinks.begin(&judge.tool(), judge.now, true)?;
    for target in targets {
        if let Target::List(path) = target {
            list::each(path, |row| {
                seq += 1;
                let assessment = list::assess(judge, row);
                worst = if seq == 1 { Exit::of_answer(assessment.answer) } else { worst.max(Exit::of_answer(assessment.answer)) };
                sinks.row(seq, &assessment)
            })?;
        }
    }
    sinks.end()?;
    Ok(worst.or_zero(arguments.exit_zero))
}
