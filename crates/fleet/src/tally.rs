//! What has become of the packages of a run, to be read from other threads while it goes on.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use afterpatch_report::FleetNumbers;

use crate::answers::Answers;

/// What became of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was read and is in the lake.
    Done,
    /// It could not be read, for this reason, which is in the lake.
    Failed(String),
    /// Another run has read it.
    Elsewhere,
    /// Another run reads it now.
    Busy,
    /// Somebody died while reading it, so it is to be read alone.
    Suspect,
    /// The run was stopped before.
    NotBegun,
    /// Whoever was to read it could not, for this reason; the package may be good.
    Fault(String),
}

impl Outcome {
    /// Its name in a table, and the reason.
    pub fn name(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Done => ("done", None),
            Self::Failed(reason) => ("failed", Some(reason)),
            Self::Elsewhere => ("elsewhere", None),
            Self::Busy => ("busy", None),
            Self::Suspect => ("suspect", None),
            Self::NotBegun => ("not_begun", None),
            Self::Fault(reason) => ("fault", Some(reason)),
        }
    }

    /// The outcome of such a name.
    pub fn named(name: &str, reason: &str) -> Option<Self> {
        Some(match name {
            "done" => Self::Done,
            "failed" => Self::Failed(reason.to_owned()),
            "elsewhere" => Self::Elsewhere,
            "busy" => Self::Busy,
            "suspect" => Self::Suspect,
            "not_begun" => Self::NotBegun,
            "fault" => Self::Fault(reason.to_owned()),
            _ => return None,
        })
    }
}

/// Counters of a run.
#[derive(Debug)]
pub struct Tally {
    begun: Instant,
    counted: Mutex<Counted>,
    stop: AtomicBool,
    tickets: AtomicU64,
}

#[derive(Clone, Debug, Default)]
struct Counted {
    all: u64,
    before: u64,
    failed_before: u64,
    done: u64,
    failed: u64,
    elsewhere: u64,
    answers: Answers,
    running: BTreeMap<u64, String>,
}

impl Tally {
    /// Of so many packages, of which so many are in the lake already, and so many of these failed.
    pub fn new(all: u64, before: u64, failed_before: u64) -> Self {
        let counted = Mutex::new(Counted { all, before, failed_before, ..Counted::default() });
        Self { begun: Instant::now(), counted, stop: AtomicBool::new(false), tickets: AtomicU64::new(0) }
    }

    /// Asks the run to stop when the packages that are being read are done.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Says that a package is read, until what is given back is dropped.
    pub fn begin(&self, name: &str) -> Running<'_> {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        self.change(|counted| counted.running.insert(ticket, name.to_owned()));
        Running { tally: self, ticket }
    }

    /// Counts what a package said.
    pub fn told(&self, answers: &Answers) {
        self.change(|counted| counted.answers.add(answers));
    }

    /// Counts what became of a package.
    pub fn ended(&self, outcome: &Outcome) {
        self.change(|counted| match outcome {
            Outcome::Done => counted.done += 1,
            Outcome::Failed(_) => counted.failed += 1,
            Outcome::Elsewhere => counted.elsewhere += 1,
            Outcome::Busy | Outcome::Suspect | Outcome::NotBegun | Outcome::Fault(_) => {}
        });
    }

    /// The numbers now.
    pub fn numbers(&self) -> FleetNumbers {
        let counted = self.change(|counted| counted.clone());
        FleetNumbers {
            all: counted.all,
            before: counted.before,
            failed_before: counted.failed_before,
            done: counted.done,
            failed: counted.failed,
            elsewhere: counted.elsewhere,
            findings: counted.answers.findings,
            servers: counted.answers.servers(),
            running: counted.running.into_values().collect(),
            elapsed: self.begun.elapsed(),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Counted) -> T) -> T {
        change(&mut self.counted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A package that is being read.
pub struct Running<'t> {
    tally: &'t Tally,
    ticket: u64,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.tally.change(|counted| counted.running.remove(&self.ticket));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_survives_its_name() {
        let why = || "why".to_owned();
        for outcome in [
            Outcome::Done,
            Outcome::Failed(why()),
            Outcome::Elsewhere,
            Outcome::Busy,
            Outcome::Suspect,
            Outcome::NotBegun,
            Outcome::Fault(why()),
        ] {
            let (name, reason) = outcome.name();
            assert_eq!(Outcome::named(name, reason.unwrap_or_default()).as_ref(), Some(&outcome));
        }
        assert_eq!(Outcome::named("gone", ""), None);
    }
}
