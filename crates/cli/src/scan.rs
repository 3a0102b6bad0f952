//! `afterpatch scan`.

use std::path::PathBuf;
use std::sync::Arc;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_host::Host;
use afterpatch_model::{Note, Report, Timestamp};
use anyhow::Context;

use crate::arguments::ScanArguments;
use crate::exit::Exit;
use crate::{host, output, progress::Display};

/// Scans the evidence and writes the reports.
pub fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    let targets = output::targets(&arguments.output, &arguments.evidence)?;
    let host =
        if arguments.evidence.is_empty() { Some(host::of(arguments.root.as_deref(), arguments.shadow_copies)?) } else { None };
    if let Some(host) = &host {
        for path in arguments.output.output.iter().chain(&arguments.resume) {
            host::must_not_hold(host, arguments.root.as_deref(), path)?;
        }
    }
    if let Some(file) = &arguments.resume {
        output::must_not_lie_in(file, &arguments.evidence)?;
    }
    let options = Options {
        inputs: host.as_ref().map_or_else(|| arguments.evidence.clone(), |host| vec![PathBuf::from(host.name())]),
        since: arguments.since,
        until: arguments.until,
        now: arguments.now.unwrap_or_else(Timestamp::now),
        threads: usize::from(arguments.threads),
    };
    let mut engine = Engine::load()?.with_rules(&arguments.rules)?;
    if arguments.no_prefilter {
        engine = engine.without_prefilter();
    }
    if let Some(file) = &arguments.acknowledge {
        engine = engine.with_acknowledgements(file)?;
    }
    if let Some(file) = &arguments.resume {
        engine = engine.resuming(file, &build(), &options)?;
    }
    if host.as_ref().is_some_and(Host::runs_here) && !afterpatch_sys::computer::is_elevated() {
        engine = engine.with_note(Note::LimitedRights);
    }
    if let Some(host) = &host {
        host::stand_back(host, arguments.full_speed);
    }
    let report = match &host {
        Some(host) => {
            watched(arguments.output.quiet, |progress| engine.run_on(&[host.evidence(options.now)], &options, progress))?
        }
        None => scan(&engine, &options, arguments.output.quiet)?,
    };
    output::write_all(&report, &targets, &arguments.output)?;
    if let Some(file) = arguments.resume.as_ref().filter(|_| !report.interrupted) {
        engine.forget_kept().with_context(|| format!("{} is of no more use and cannot be removed", file.display()))?;
    }
    Ok(Exit::of(&report).or_zero(arguments.exit_zero))
}

/// Tells this build of the program from others, of which one may read what another does not.
fn build() -> String {
    let own = std::env::current_exe().and_then(std::fs::metadata);
    let file = own.map(|own| (own.len(), own.modified().ok().and_then(|time| Timestamp::try_from(time).ok())));
    format!("{} {:?}", env!("CARGO_PKG_VERSION"), file.ok())
}

/// Runs the engine with progress on standard error, stopping softly at the first interrupt.
pub fn scan(engine: &Engine, options: &Options, quiet: bool) -> anyhow::Result<Report> {
    watched(quiet, |progress| engine.run(options, progress))
}

/// Does work of the engine with progress on standard error, stopping softly at the first interrupt.
pub fn watched<T>(quiet: bool, work: impl FnOnce(&Progress) -> T) -> anyhow::Result<T> {
    let progress = Arc::new(Progress::default());
    stop_on_interrupt(&progress).context("interrupts cannot be watched")?;
    Ok(std::thread::scope(|scope| {
        let display = (!quiet).then(|| Display::start(scope, &progress));
        let done = work(&progress);
        drop(display);
        done
    }))
}

/// The first interrupt ends the run with what was read so far; the second ends it at once.
fn stop_on_interrupt(progress: &Arc<Progress>) -> Result<(), ctrlc::Error> {
    let progress = Arc::clone(progress);
    ctrlc::set_handler(move || {
        if progress.is_stopped() {
            #[allow(clippy::exit, reason = "the second interrupt: the user wants out now, and nothing of ours is half written")]
            std::process::exit(Exit::Interrupted as i32);
        }
        progress.stop();
    })
}

/// Options of a scan of one place with nothing left out.
pub fn whole(input: PathBuf, now: Timestamp, threads: usize) -> Options {
    Options { inputs: vec![input], since: None, until: None, now, threads }
}
