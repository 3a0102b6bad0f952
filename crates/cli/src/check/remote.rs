//! Asking servers over the network what they show every visitor.

use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use afterpatch_exposure::{SeenBuild, Subject, of_hidden};
use afterpatch_model::{Assessment, Basis};
use afterpatch_remote::{Config, Remote, Seen, Shown, Targets, sweep};
use afterpatch_report::CheckFormat;
use anyhow::{Context, bail};

use super::Judge;
use super::asked::Asked;
use super::hosts::{Hosts, Tag};
use super::resume::{Done, Journal};
use super::sinks::Sinks;
use crate::arguments::{CheckArguments, NetworkArguments};
use crate::exit::Exit;
use crate::output;

const PROGRESS_EVERY: Duration = Duration::from_secs(10);

/// Something to ask with.
pub fn remote(arguments: &NetworkArguments) -> anyhow::Result<Remote> {
    let config = Config {
        resolve: afterpatch_remote::resolve,
        user_agent: format!(
            "afterpatch/{} (exposure check; reads only the version that every visitor is shown)",
            env!("CARGO_PKG_VERSION")
        ),
        timeout: Duration::from_secs(u64::from(arguments.timeout)),
        rate: arguments.rate,
        concurrency: usize::from(arguments.concurrency),
        autodiscover: !arguments.no_autodiscover,
    };
    Ok(Remote::new(config)?)
}

/// The answer for one address of the command line.
pub fn one(judge: &Judge, remote: &Remote, text: &str) -> anyhow::Result<Assessment> {
    let Some(target) = Targets::read(text)?.at(0) else { bail!("{text}: names no host") };
    Ok(assess(judge, text.to_owned(), remote.look(&target, &|_| {})))
}

/// What was seen, judged.
fn assess(judge: &Judge, text: String, seen: Seen) -> Assessment {
    let builds: Vec<SeenBuild> = seen
        .builds
        .iter()
        .map(|shown| match *shown {
            Shown::Whole(build) => SeenBuild::Whole(build),
            Shown::Update(major, minor, update) => SeenBuild::Update(major, minor, update),
        })
        .collect();
    let is_hidden = builds.is_empty();
    let mut assessment = judge.judge(Subject::of_builds(text, Basis::Remote, builds));
    if is_hidden {
        assessment.next_steps = of_hidden(seen.look.outcome);
    }
    assessment.remote = Some(seen.look);
    assessment
}

/// Asks every host of a list, and tells each answer as it comes.
pub fn list(judge: &Judge, path: &Path, arguments: &CheckArguments, sinks: &mut Sinks) -> anyhow::Result<Exit> {
    if sinks.any(CheckFormat::Json) {
        bail!("a list of hosts is told row by row: use .ndjson or .csv");
    }
    let remote = Arc::new(remote(&arguments.network)?);
    let mut journal = match &arguments.network.resume {
        Some(state) => Some(open_journal(judge, state, path, sinks)?),
        None => None,
    };
    let done = journal.as_ref().map(|journal| journal.done().clone()).unwrap_or_default();
    if !arguments.quiet && done.count() > 0 {
        output::note(&format!("{} hosts are answered already", done.count()));
    }
    let before = done.count();
    let asked = match &arguments.network.resume {
        Some(state) => Some(Asked::open(state, remote.most_in_work(), |host| remote.was_asked(host))?),
        None => None,
    };
    let asked = asked.as_ref();
    let hosts = Hosts::open(path, is_done(done))?;
    let failure = hosts.failure();
    stop_on_interrupt(&remote)?;
    sinks.begin(&judge.tool(), judge.now, journal.as_ref().is_none_or(Journal::is_new))?;
    let mut worst = journal.as_ref().map_or(0, Journal::worst);
    let (mut answered, mut told) = (0_u64, Instant::now());
    let before_each = |tag: &Tag, host: &str| {
        if let Some(asked) = asked {
            asked.note(tag.seq, host);
        }
    };
    sweep(&remote, hosts, &before_each, |tag: Tag, seen| -> anyhow::Result<()> {
        let Tag { seq, text, line } = tag;
        // What cannot be asked for at all is told by its line, and why.
        let wrong = seen.look.error.clone().filter(|_| seen.look.requests.is_empty());
        let mut assessment = assess(judge, text, seen);
        if let Some(why) = wrong {
            assessment.remarks.push(format!("{}, line {line}: {why}", path.display()));
        }
        sinks.row(seq, &assessment)?;
        worst = worst.max(Exit::of_answer(assessment.answer) as u8);
        if let Some(journal) = &mut journal {
            journal.answered(seq, worst)?;
        }
        if let Some(asked) = asked {
            asked.release(seq);
        }
        answered += 1;
        if !arguments.quiet && told.elapsed() >= PROGRESS_EVERY {
            told = Instant::now();
            output::note(&format!("{} hosts answered", before + answered));
        }
        Ok(())
    })?;
    sinks.end()?;
    if let Some(journal) = &mut journal {
        journal.write()?;
    }
    if let Some(error) = failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(error).with_context(|| path.display().to_string());
    }
    if remote.is_stopped() {
        return Ok(Exit::Interrupted);
    }
    let exit = [Exit::Exposed, Exit::Perhaps, Exit::TooLittle].into_iter().find(|exit| *exit as u8 == worst);
    let none = before + answered == 0;
    Ok(if none { Exit::NoEvidence } else { exit.unwrap_or(Exit::Nothing) }.or_zero(arguments.exit_zero))
}

fn open_journal(judge: &Judge, state: &Path, list: &Path, sinks: &Sinks) -> anyhow::Result<Journal> {
    let Some(file) = sinks.only_file() else { bail!("--resume needs exactly one -o FILE") };
    let question = if judge.only.is_empty() { "every hole".to_owned() } else { judge.only.join(" ") };
    let question = format!("{question}, table of {}", judge.facts.date());
    Journal::open(state, list, &question, file)
}

fn is_done(done: Done) -> impl Fn(u64) -> bool + Send + 'static {
    move |seq| done.has(seq)
}

/// The first interrupt lets those who are being asked answer; the second ends at once.
fn stop_on_interrupt(remote: &Arc<Remote>) -> anyhow::Result<()> {
    let remote = Arc::clone(remote);
    ctrlc::set_handler(move || {
        if remote.is_stopped() {
            #[allow(clippy::exit, reason = "the second interrupt: the user wants out now; --resume takes up what was cut off")]
            std::process::exit(Exit::Interrupted as i32);
        }
        remote.stop();
    })
    .context("interrupts cannot be watched")
}
