//! `afterpatch-fleet scan`.

use std::collections::HashSet;
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
#[cfg(feature = "cluster")]
use crate::cluster;
use crate::exit::Exit;
use crate::lake::{Lake, Run, Stores, folder_of};
use crate::package::Package;
use crate::progress::{Display, Stage};
use crate::tally::{Outcome, Tally};
use crate::todo::{Sorted, Todo};
use crate::unit::{Unit, Work};
use crate::{output, package, plan};

/// Failed packages are named up to this number; the table `packages` has all of them.
const MOST_NAMED: usize = 10;

/// How often it is looked whether another run is done with a package.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Scans packages into a lake.
pub async fn run(arguments: &ScanArguments) -> anyhow::Result<Exit> {
    let stores = Arc::new(Stores::default());
    let mut packages = package::find(&arguments.packages, &stores).await?;
    let own = own_places(arguments)?;
    // A pattern may well match the lake that the last run made.
    packages.retain(|package| package.uri.to_file_path().map_or(true, |path| !own.contains(&path)));
    if packages.is_empty() {
        output::note(&format!("{}: nothing of that name is there", arguments.packages.join(" ")));
        return Ok(Exit::NoPackage);
    }
    must_lie_apart(&own, &packages)?;
    let by = By::of(arguments)?;
    let lake = Lake::open_or_make(&arguments.to).await?;

    let now = Timestamp::now();
    let run = Arc::new(Run::begin(&lake, now).await?);
    let todo = Todo::of(&lake, &run, &packages, arguments.retry_failed).await?;
    let tally = Arc::new(Tally::new(packages.len() as u64, todo.before, todo.failed_before));
    stop_on_interrupt(&tally).context("interrupts cannot be watched")?;
    let display = Display::start(&tally, &run.name, arguments)?;
    let mut failed = Vec::new();
    let reading = async {
        match by {
            By::Us(engine) => {
                let work = Arc::new(Work {
                    lake: lake.clone(),
                    stores,
                    run: Arc::clone(&run),
                    engine: Arc::from(engine),
                    since: arguments.since,
                    until: arguments.until,
                    now: arguments.now.unwrap_or(now),
                    time_limit: arguments.time_limit,
                    threads: threads_of_each(usize::from(arguments.threads), todo.units.len()),
                    suspects_too: true,
                    tally: Arc::clone(&tally),
                });
                read(&work, todo.units, usize::from(arguments.threads), &mut failed).await
            }
            #[cfg(feature = "cluster")]
            By::Cluster(address, tls) => {
                let order = cluster::Order::of(arguments, &run.name, now)?;
                cluster::Driver { address, tls, order, lake: &lake, run: &run, tally: &tally }.read(todo.units, &mut failed).await
            }
        }
    };
    let ended = tokio::select! {
        ended = reading => ended,
        () = run.say_again() => Ok(()),
    };
    run.end().await;
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

/// Who reads the packages.
enum By {
    /// This process.
    Us(Box<Engine>),
    /// The executors of a cluster.
    #[cfg(feature = "cluster")]
    Cluster(cluster::Address, Option<cluster::Tls>),
}

impl By {
    fn of(arguments: &ScanArguments) -> anyhow::Result<Self> {
        #[cfg(feature = "cluster")]
        if let Some(address) = &arguments.cluster {
            return Ok(Self::Cluster(address.clone(), cluster::Tls::read(&arguments.tls)?));
        }
        Ok(Self::Us(Box::new(Engine::load()?.with_rules(&arguments.rules)?)))
    }
}

/// Reads all packages. Those that killed a run before are read last, and one by one: if one does it again, it harms no other.
/// Those that another run reads are waited for, and read if it dies.
async fn read(work: &Arc<Work>, units: Vec<Unit>, threads: usize, failed: &mut Vec<FleetFailure>) -> anyhow::Result<()> {
    let Sorted { mut fresh, elsewhere, suspects } = Sorted::of(&work.lake, &work.run, units).await?;
    fresh.extend(elsewhere);
    let mut left = read_some(work, fresh, threads, failed).await?;
    left.extend(suspects);
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
        for (uri, outcome) in plan::read_outcomes(&rows.map_err(plain)?) {
            match outcome {
                Outcome::Busy => drop(busy.insert(uri)),
                Outcome::Failed(reason) => failed.push(FleetFailure { uri, reason }),
                _ => {}
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
