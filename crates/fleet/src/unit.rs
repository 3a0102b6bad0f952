//! One unit of work: a package is claimed, read by the engine, and committed. Whatever goes wrong with it becomes a row.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_model::{Report, Timestamp};
use tokio::sync::oneshot;
use url::Url;

use crate::lake::{Claim, Key, Lake, Run, Stores};
use crate::package::fetch;
use crate::tables::{At, Failure, PackageRow, Scanned, State};
use crate::tally::{Outcome, Tally};

/// How long the engine may take to stop after it was told to.
const TO_STOP: Duration = Duration::from_secs(5);

/// What every unit of a run needs.
pub struct Work {
    /// Where the results go.
    pub lake: Lake,
    /// Where packages may come from.
    pub stores: Arc<Stores>,
    /// The run they are of.
    pub run: Arc<Run>,
    /// What reads the packages.
    pub engine: Arc<Engine>,
    /// Leave out records before this time.
    pub since: Option<Timestamp>,
    /// Leave out records after this time.
    pub until: Option<Timestamp>,
    /// The time of the run, for what the engine puts into a report.
    pub now: Timestamp,
    /// A package that takes longer has failed.
    pub time_limit: Option<Duration>,
    /// How many files of one package are read at the same time.
    pub threads: usize,
    /// Whether packages are read that somebody has died of: not beside others.
    pub suspects_too: bool,
    /// What has become of the packages.
    pub tally: Arc<Tally>,
}

/// A package, with what the lake says of it.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Under which key it will be committed.
    pub key: Key,
    /// Where it lies.
    pub uri: Url,
    /// The last part of that.
    pub name: String,
    /// What content it has.
    pub identity: String,
    /// Its size.
    pub bytes: u64,
}

/// What reading a package gave: a report, or why there is none to speak of, with what it says at least.
struct Read {
    report: Option<Report>,
    failed: Option<(Failure, String)>,
}

impl Work {
    /// Does one unit, unless the run is to stop.
    ///
    /// # Errors
    /// When the lake cannot be read or written: then nothing can be done.
    pub async fn unit(&self, unit: &Unit) -> anyhow::Result<Outcome> {
        if self.tally.is_stopped() {
            return Ok(Outcome::NotBegun);
        }
        let claim = self.lake.claim(&unit.key, &unit.identity, &self.run, self.suspects_too).await?;
        let started = At(Timestamp::now());
        let (attempt, read) = match claim {
            Claim::Committed => return Ok(Outcome::Elsewhere),
            Claim::Elsewhere => return Ok(Outcome::Busy),
            Claim::Suspect => return Ok(Outcome::Suspect),
            Claim::GivenUp(attempts) => (attempts, Read::given_up()),
            Claim::Ours(attempt) => {
                let _running = self.tally.begin(&unit.name);
                (attempt, self.read(unit).await)
            }
        };
        let row = self.row(unit, started, &read);
        let scanned = Scanned { package: &row, report: read.report.as_ref() };
        let won = self.lake.commit(&unit.key, &scanned).await?;
        self.lake.release(&unit.key, attempt).await;
        Ok(match (won, row.state) {
            (false, _) => Outcome::Elsewhere,
            (true, State::Done) => {
                self.tally.told(&scanned.answers());
                Outcome::Done
            }
            (true, State::Failed) => Outcome::Failed(row.reason.clone().unwrap_or_default()),
        })
    }

    async fn read(&self, unit: &Unit) -> Read {
        let fetched = match fetch(&unit.uri, &self.stores).await {
            Ok(fetched) => fetched,
            Err(error) => return Read::failed(Failure::Unreadable, format!("{error:#}")),
        };
        let options = Options {
            inputs: vec![fetched.path.clone()],
            since: self.since,
            until: self.until,
            now: self.now,
            threads: self.threads,
        };
        let engine = Arc::clone(&self.engine);
        let read = answer_of(self.time_limit, TO_STOP, move |progress| engine.run(&options, progress)).await;
        Read::of(&unit.name, read)
    }

    fn row(&self, unit: &Unit, started: At, read: &Read) -> PackageRow {
        let report = read.report.as_ref();
        let told = |count: fn(&Report) -> usize| report.map_or(0, |report| count(report) as u64);
        PackageRow {
            package: unit.key.package.clone(),
            uri: unit.uri.to_string(),
            name: unit.name.clone(),
            identity: unit.identity.clone(),
            bytes: unit.bytes,
            generation: unit.key.generation,
            state: if read.failed.is_some() { State::Failed } else { State::Done },
            failure: read.failed.as_ref().map(|(failure, _)| *failure),
            reason: read.failed.as_ref().map(|(_, reason)| reason.clone()),
            started,
            finished: At(Timestamp::now()),
            servers: told(|report| report.servers.len()),
            findings: told(|report| report.servers.iter().map(|server| server.findings.len()).sum()),
            artifacts: told(|report| report.artifacts.len()),
            records: report.map_or(0, |report| report.artifacts.iter().map(|artifact| artifact.records).sum()),
            gaps: told(|report| report.gaps.len()),
            version: env!("CARGO_PKG_VERSION"),
            rules: report.map_or(0, |report| u64::from(report.tool.rules)),
            facts_date: report.map(|report| report.tool.facts_date.clone()),
            run: self.run.name.clone(),
        }
    }
}

impl Read {
    fn failed(failure: Failure, reason: String) -> Self {
        Self { report: None, failed: Some((failure, reason)) }
    }

    fn given_up() -> Self {
        let why = "its reading was begun twice and ended with the whole process, so it is left alone; --retry-failed tries again";
        Self::failed(Failure::Killed, why.to_owned())
    }

    /// What the engine has answered, if it could.
    fn of(name: &str, answer: Result<Report, (Failure, String)>) -> Self {
        match answer {
            Err((failure, why)) => Self::failed(failure, why),
            Ok(report) if report.servers.is_empty() => {
                let why = report.gaps.first().map(|gap| format!("{}: {}", gap.kind.slug(), gap.detail));
                let (failure, why) = match why {
                    // Nothing was recognised, and something could not be read.
                    Some(why) if report.artifacts.is_empty() => (Failure::Unreadable, why),
                    Some(why) => (Failure::NoEvidence, why),
                    None => (Failure::NoEvidence, format!("nothing in {name} is of a kind that tells of a server")),
                };
                Self { report: Some(report), failed: Some((failure, why)) }
            }
            Ok(report) => Self { report: Some(report), failed: None },
        }
    }
}

/// Lets a thread of its own do some work of the engine, for so long at most. A thread that is told to stop and does not is left
/// behind after `to_stop`; it ends with the process.
async fn answer_of(
    limit: Option<Duration>,
    to_stop: Duration,
    work: impl FnOnce(&Progress) -> Report + Send + 'static,
) -> Result<Report, (Failure, String)> {
    let progress = Arc::new(Progress::default());
    let watched = Arc::clone(&progress);
    let (send, mut answer) = oneshot::channel();
    let thread = std::thread::Builder::new().name("package".to_owned()).spawn(move || {
        let report = catch_unwind(AssertUnwindSafe(|| work(&watched)));
        // Nobody waits any more when the time was up.
        let _ = send.send(report);
    });
    thread.map_err(|error| (Failure::Unreadable, format!("no thread to read it: {error}")))?;
    let answered = match limit {
        None => answer.await,
        Some(limit) => match tokio::time::timeout(limit, &mut answer).await {
            Ok(answered) => answered,
            Err(_) => {
                progress.stop();
                let _ = tokio::time::timeout(to_stop, answer).await;
                return Err((Failure::TimeLimit, format!("it took longer than {} seconds", limit.as_secs_f64())));
            }
        },
    };
    match answered {
        Ok(Ok(report)) => Ok(report),
        Ok(Err(panic)) => Err((Failure::Panic, format!("a fault of ours: {}", said(&*panic)))),
        Err(_) => Err((Failure::Panic, "its reading ended without an answer".to_owned())),
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it does not say what".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn report() -> Report {
        let now = Timestamp::UNIX_EPOCH;
        let options = Options { inputs: Vec::new(), since: None, until: None, now, threads: 1 };
        Engine::load().unwrap().run_on(&[], &options, &Progress::default())
    }

    fn answer(limit: Option<u64>, work: impl FnOnce(&Progress) -> Report + Send + 'static) -> Result<Report, (Failure, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(answer_of(limit.map(Duration::from_millis), Duration::from_millis(50), work))
    }

    #[test]
    fn a_panic_is_an_answer() {
        let fault = answer(None, |_| panic!("on purpose")).unwrap_err();
        assert_eq!(fault, (Failure::Panic, "a fault of ours: on purpose".to_owned()));
        assert_eq!(answer(Some(60_000), |_| panic!("{}", 7)).unwrap_err().1, "a fault of ours: 7");
    }

    #[test]
    fn who_takes_too_long_is_stopped_and_who_does_not_stop_is_left_behind() {
        assert!(answer(Some(60_000), |_| report()).is_ok());
        let stopped = answer(Some(10), |progress| {
            while !progress.is_stopped() {
                std::thread::yield_now();
            }
            report()
        });
        assert_eq!(stopped.unwrap_err(), (Failure::TimeLimit, "it took longer than 0.01 seconds".to_owned()));
        let deaf = answer(Some(10), |_| {
            std::thread::sleep(Duration::from_secs(60));
            report()
        });
        assert_eq!(deaf.unwrap_err().0, Failure::TimeLimit);
    }

    #[test]
    fn a_report_of_no_server_is_a_failure_with_a_reason() {
        let read = Read::of("a.zip", Ok(report()));
        assert_eq!(read.failed.unwrap().0, Failure::NoEvidence);
    }
}
