//! `afterpatch-fleet scan`.

use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use afterpatch_engine::Engine;
use afterpatch_model::Timestamp;
use afterpatch_report::{FleetFailure, FleetNumbers, FleetResult};
use anyhow::{Context, bail};
use datafusion::execution::TaskContext;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt;

use crate::arguments::ScanArguments;
use crate::exit::Exit;
use crate::lake::{Attempt, Brief, Key, Lake, Run, Stores, folder_of};
use crate::package::Package;
use crate::progress::{Display, Stage};
use crate::tables::State;
use crate::tally::Tally;
use crate::unit::{Found, Unit, Work};
use crate::{output, package, plan};

/// Failed packages are named up to this number; the table `packages` has all of them.
const MOST_NAMED: usize = 10;

/// How often it is looked whether another run is done with a package.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Scans packages into a lake.
pub async fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    let stores = Stores::default();
    let mut packages = package::find(&arguments.packages, &stores).await?;
    let own = own_places(arguments)?;
    // A pattern may well match the lake that the last run made.
    packages.retain(|package| package.uri.to_file_path().map_or(true, |path| !own.contains(&path)));
    if packages.is_empty() {
        output::note(&format!("{}: nothing of that name is there", arguments.packages.join(" ")));
        return Ok(Exit::NoPackage);
    }
    must_lie_apart(&own, &packages)?;
    let engine = Arc::new(Engine::load()?.with_rules(&arguments.rules)?);
    let lake = Lake::open_or_make(&arguments.to).await?;

    let now = Timestamp::now();
    let run = Run::begin(&lake, now).await?;
    let todo = Todo::of(&lake, &run, &packages, arguments.retry_failed).await?;
    let tally = Arc::new(Tally::new(packages.len() as u64, todo.before, todo.failed_before));
    stop_on_interrupt(&tally).context("interrupts cannot be watched")?;
    let work = Arc::new(Work {
        lake: lake.clone(),
        stores,
        run,
        engine,
        since: arguments.since,
        until: arguments.until,
        now: arguments.now.unwrap_or(now),
        time_limit: arguments.time_limit,
        threads: threads_of_each(usize::from(arguments.threads), todo.units.len()),
        found: Found::Here,
        tally: Arc::clone(&tally),
    });
    let display = Display::start(&tally, &work.run.name, arguments)?;
    let mut failed = Vec::new();
    let ended = tokio::select! {
        ended = read(&work, todo, usize::from(arguments.threads), &mut failed) => ended,
        () = work.run.say_again() => Ok(()),
    };
    work.run.end().await;
    let numbers = tally.numbers();
    let interrupted = tally.is_stopped() && numbers.left() > 0;
    display.end(match (&ended, interrupted) {
        (Err(_), _) => Stage::Failed,
        (Ok(()), true) => Stage::Interrupted,
        (Ok(()), false) => Stage::Finished,
    });
    ended?;
    if !arguments.quiet {
        show(arguments, &numbers, &failed, interrupted)?;
    }
    Ok(match (interrupted, numbers.failed + numbers.failed_before) {
        (true, _) => Exit::Interrupted,
        (false, 0) => Exit::Done,
        (false, _) => Exit::SomeFailed,
    })
}

fn show(arguments: &ScanArguments, numbers: &FleetNumbers, failed: &[FleetFailure], interrupted: bool) -> anyhow::Result<()> {
    let named = failed.get(..MOST_NAMED).unwrap_or(failed);
    let more_failed = (failed.len() - named.len()) as u64;
    let result = FleetResult { lake: &arguments.to, numbers, failed: named, more_failed, interrupted };
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write_fleet(&result, &output::options(&arguments.shown), &mut out)?;
    Ok(out.flush()?)
}

/// Reads all packages. Those that killed a run before are read last, and one by one: if one does it again, it harms no other.
/// Those that another run reads are waited for, and read if it dies.
async fn read(work: &Arc<Work>, todo: Todo, threads: usize, failed: &mut Vec<FleetFailure>) -> anyhow::Result<()> {
    let mut left = read_some(work, todo.units, threads, failed).await?;
    left.extend(todo.suspects);
    while !left.is_empty() && !work.tally.is_stopped() {
        let before = left.len();
        left = read_some(work, left, 1, failed).await?;
        if left.len() == before {
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }
    Ok(())
}

/// Reads packages, and gives back those that another run reads now.
async fn read_some(
    work: &Arc<Work>,
    units: Vec<Unit>,
    at_once: usize,
    failed: &mut Vec<FleetFailure>,
) -> anyhow::Result<Vec<Unit>> {
    if units.is_empty() {
        return Ok(units);
    }
    let mut busy = HashSet::new();
    let plan = plan::plan(units.clone(), at_once, work.clone())?;
    let mut outcomes = execute_stream(plan, Arc::new(TaskContext::default()))?;
    while let Some(rows) = outcomes.next().await {
        for told in plan::read_outcomes(&rows.map_err(plain)?) {
            if told.busy {
                busy.insert(told.uri);
            } else if let Some(reason) = told.failed {
                failed.push(FleetFailure { uri: told.uri, reason });
            }
        }
    }
    Ok(units.into_iter().filter(|unit| busy.contains(unit.uri.as_str())).collect())
}

/// An error of ours that came through DataFusion, without its words around it.
fn plain(error: datafusion::error::DataFusionError) -> anyhow::Error {
    match error {
        datafusion::error::DataFusionError::External(error) => anyhow::anyhow!("{error:#}"),
        error => error.into(),
    }
}

/// What is left to do.
struct Todo {
    units: Vec<Unit>,
    /// Packages whose reading was begun by a run that died.
    suspects: Vec<Unit>,
    /// Packages that need nothing.
    before: u64,
    /// Of these, those that failed.
    failed_before: u64,
}

impl Todo {
    async fn of(lake: &Lake, run: &Run, packages: &[Package], retry_failed: bool) -> anyhow::Result<Self> {
        let ids: HashSet<&str> = packages.iter().map(|package| package.id.as_str()).collect();
        let last = lake.told(Some(&ids)).await?.last;
        let mut todo = Self { units: Vec::new(), suspects: Vec::new(), before: 0, failed_before: 0 };
        let mut units = Vec::new();
        for package in packages {
            match next(package, last.get(&package.id), retry_failed) {
                Some(key) => units.push(unit(package, key)),
                None => {
                    todo.before += 1;
                    todo.failed_before += u64::from(last.get(&package.id).is_some_and(|last| last.state == State::Failed));
                }
            }
        }
        let at_work = run.at_work().await?;
        let mut died = HashMap::<String, Vec<Attempt>>::new();
        for attempt in lake.attempts(&ids).await?.into_iter().filter(|attempt| !at_work.has(attempt.run())) {
            let key = attempt.key();
            if last.get(&key.package).is_some_and(|last| last.key.generation >= key.generation) {
                // That run died between the commit and the end of the attempt.
                lake.release(key, attempt.number()).await;
            } else {
                died.entry(key.package.clone()).or_default().push(attempt);
            }
        }
        for unit in units {
            let attempts = died.get(&unit.key.package).map(Vec::as_slice).unwrap_or_default();
            let suspect = attempts.iter().any(|attempt| attempt.is_of(&unit.key, &unit.identity));
            if suspect { &mut todo.suspects } else { &mut todo.units }.push(unit);
        }
        Ok(todo)
    }
}

/// Under which key a package is to be committed; `None` when what the lake has is good enough.
fn next(package: &Package, last: Option<&Brief>, retry_failed: bool) -> Option<Key> {
    let generation = match last {
        None => 0,
        Some(last) if last.identity == package.identity && (last.state == State::Done || !retry_failed) => return None,
        Some(last) => last.key.generation.checked_add(1)?,
    };
    Some(Key { package: package.id.clone(), generation })
}

fn unit(package: &Package, key: Key) -> Unit {
    Unit { key, uri: package.uri.clone(), name: package.name(), identity: package.identity.clone(), bytes: package.bytes }
}

/// A few big packages are read by several threads each.
fn threads_of_each(threads: usize, packages: usize) -> usize {
    threads.checked_div(packages).unwrap_or(1).max(1)
}

/// What a run writes on this machine.
fn own_places(arguments: &ScanArguments) -> anyhow::Result<Vec<PathBuf>> {
    let status = arguments.status.as_deref().map(std::path::absolute).transpose()?;
    Ok(folder_of(&arguments.to)?.into_iter().chain(status).collect())
}

/// The evidence is never written to.
fn must_lie_apart(own: &[PathBuf], packages: &[Package]) -> anyhow::Result<()> {
    for package in packages.iter().filter(|package| package.uri.scheme() == "file") {
        let Ok(evidence) = package.uri.to_file_path() else { continue };
        if let Some(path) = own.iter().find(|path| path.starts_with(&evidence)) {
            bail!(
                "{}: lies in the evidence {}, which is never written to; name another place",
                path.display(),
                evidence.display()
            );
        }
    }
    Ok(())
}

/// The first interrupt lets the packages end that are being read; the second ends the run at once.
fn stop_on_interrupt(tally: &Arc<Tally>) -> Result<(), ctrlc::Error> {
    let tally = Arc::clone(tally);
    ctrlc::set_handler(move || {
        if tally.is_stopped() {
            #[allow(
                clippy::exit,
                reason = "the second interrupt: the user wants out now, and what is half written does not count"
            )]
            std::process::exit(Exit::Interrupted as i32);
        }
        tally.stop();
        output::note("stopping when the packages that are being read are done; once more stops at once");
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_done_is_left_alone_and_what_failed_only_tried_again_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.zip"), "x").unwrap();
        let pattern = folder.path().join("*").to_str().unwrap().to_owned();
        let package = futures::executor::block_on(package::find(&[pattern], &Stores::default())).unwrap().remove(0);
        let last = |identity: &str, state| Brief {
            key: Key { package: package.id.clone(), generation: 4 },
            identity: identity.to_owned(),
            state,
            failure: None,
        };
        let (same, other) = (package.identity.clone(), "bytes=0".to_owned());
        for (last, retry_failed, generation) in [
            (None, false, Some(0)),
            (Some(last(&same, State::Done)), false, None),
            (Some(last(&same, State::Done)), true, None),
            (Some(last(&same, State::Failed)), false, None),
            (Some(last(&same, State::Failed)), true, Some(5)),
            (Some(last(&other, State::Done)), false, Some(5)),
        ] {
            assert_eq!(next(&package, last.as_ref(), retry_failed).map(|key| key.generation), generation, "{last:?}");
        }
    }
}
