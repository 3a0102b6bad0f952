//! `afterpatch check`: can they get in?

mod facts;
mod list;
mod sinks;
mod target;

use afterpatch_exposure::{Facts, Subject};
use afterpatch_model::{Assessment, Basis, CHECK_SCHEMA, Check, CheckTool, Timestamp};
use afterpatch_report::CheckFormat;
use anyhow::bail;

use crate::arguments::CheckArguments;
use crate::exit::Exit;
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
            facts_age_days: facts::age_days(self.facts.date(), self.now),
        }
    }
}

/// Answers for every target.
pub fn run(arguments: &CheckArguments) -> anyhow::Result<Exit> {
    let judge = Judge::of(arguments)?;
    let mut sinks = Sinks::of(arguments)?;
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
    for target in &targets {
        match target {
            Target::Build(text, build) => {
                check.targets.push(judge.judge(Subject::of_builds(text.clone(), Basis::Build, vec![*build])));
            }
            Target::List(path) => list::each(path, |row| {
                check.targets.push(list::assess(&judge, row));
                Ok(())
            })?,
        }
    }
    sinks.whole(&check)?;
    let worst = check.targets.iter().map(|one| Exit::of_answer(one.answer)).max().unwrap_or(Exit::NoEvidence);
    Ok(worst.or_zero(arguments.exit_zero))
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
