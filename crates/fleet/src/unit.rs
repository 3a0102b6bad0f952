//! One unit of work: a package is claimed, read by the engine, and committed. Whatever goes wrong with it becomes a row.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_model::{Report, Timestamp};
use tokio::sync::oneshot;
use url::Url;

use crate::lake::{Claim, Key, Lake, Run};
use crate::package::fetch;
use crate::tables::{At, Failure, PackageRow, Scanned, State};
use crate::tally::{Outcome, Tally};

/// How long the engine may take to stop after it was told to.
const TO_STOP: Duration = Duration::from_secs(5);

/// What every unit of a run needs.
pub struct Work {
    /// Where the results go.
    pub lake: Lake,
    /// The run they are of.
    pub run: Run,
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
        let claim = self.lake.claim(&unit.key, &unit.identity, &self.run).await?;
        let started = At(Timestamp::now());
        let read = match claim {
            Claim::Committed => return Ok(Outcome::Elsewhere),
            Claim::Elsewhere => return Ok(Outcome::Busy),
            Claim::GivenUp => Read::failed(
                Failure::Killed,
                "its reading was begun twice and ended with the whole process, so it is left alone; \
                 --retry-failed tries again"
                    .to_owned(),
            ),
            Claim::Ours => {
                let _running = self.tally.begin(&unit.name);
                self.read(unit).await
            }
        };
        let row = self.row(unit, started, &read);
        let won = self.lake.commit(&unit.key, &Scanned { package: &row, report: read.report.as_ref() }).await?;
        self.lake.release(&unit.key).await;
        let report = read.failed.is_none().then_some(read.report.as_ref()).flatten();
        Ok(match (won, row.state) {
            (false, _) => Outcome::Elsewhere,
            (true, State::Done) => {
                self.tally.told(report);
                Outcome::Done
            }
            (true, State::Failed) => Outcome::Failed(row.reason.unwrap_or_default()),
        })
    }

    async fn read(&self, unit: &Unit) -> Read {
        let fetched = match fetch(&unit.uri).await {
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
        let progress = Arc::new(Progress::default());
        let (send, mut answer) = oneshot::channel();
        let (engine, watched) = (Arc::clone(&self.engine), Arc::clone(&progress));
        let thread = std::thread::Builder::new().name("package".to_owned()).spawn(move || {
            let report = catch_unwind(AssertUnwindSafe(|| engine.run(&options, &watched)));
            // Nobody waits any more when the time was up.
            let _ = send.send(report);
        });
        if let Err(error) = thread {
            return Read::failed(Failure::Unreadable, format!("no thread to read it: {error}"));
        }
        let Some(limit) = self.time_limit else { return Read::of(unit, answer.await.ok()) };
        match tokio::time::timeout(limit, &mut answer).await {
            Ok(report) => Read::of(unit, report.ok()),
            Err(_) => {
                progress.stop();
                // A thread that does not even stop is left behind; it ends with the process.
                let _ = tokio::time::timeout(TO_STOP, answer).await;
                Read::failed(Failure::TimeLimit, format!("it took longer than {} seconds", limit.as_secs()))
            }
        }
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

    /// What the engine's thread has answered, if it could.
    fn of(unit: &Unit, answer: Option<Result<Report, Box<dyn Any + Send>>>) -> Self {
        match answer {
            None => Self::failed(Failure::Panic, "its reading ended without an answer".to_owned()),
            Some(Err(panic)) => Self::failed(Failure::Panic, format!("a fault of ours: {}", said(&*panic))),
            Some(Ok(report)) if report.servers.is_empty() => {
                let why = report.gaps.first().map(|gap| format!("{}: {}", gap.kind.slug(), gap.detail));
                let (failure, why) = match why {
                    // Nothing was recognised, and something could not be read.
                    Some(why) if report.artifacts.is_empty() => (Failure::Unreadable, why),
                    Some(why) => (Failure::NoEvidence, why),
                    None => (Failure::NoEvidence, format!("nothing in {} is of a kind that tells of a server", unit.name)),
                };
                Self { report: Some(report), failed: Some((failure, why)) }
            }
            Some(Ok(report)) => Self { report: Some(report), failed: None },
        }
    }
}

/// What a panic said.
fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it does not say what".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whatever_the_engine_answers_becomes_a_row() {
        let unit = Unit {
            key: Key { package: "a".to_owned(), generation: 0 },
            uri: Url::parse("file:///a.zip").unwrap(),
            name: "a.zip".to_owned(),
            identity: String::new(),
            bytes: 0,
        };
        let failed = |answer| Read::of(&unit, answer).failed.unwrap();
        let panic = |what: Box<dyn Any + Send>| failed(Some(Err(what)));
        assert_eq!(panic(Box::new("index")), (Failure::Panic, "a fault of ours: index".to_owned()));
        assert_eq!(panic(Box::new("slice".to_owned())), (Failure::Panic, "a fault of ours: slice".to_owned()));
        assert_eq!(panic(Box::new(7)).0, Failure::Panic);
        assert_eq!(failed(None).0, Failure::Panic);
        let empty = Engine::load().unwrap().run_on(
            &[],
            &Options { inputs: Vec::new(), since: None, until: None, now: Timestamp::UNIX_EPOCH, threads: 1 },
            &Progress::default(),
        );
        assert_eq!(failed(Some(Ok(empty))).0, Failure::NoEvidence);
    }
}
