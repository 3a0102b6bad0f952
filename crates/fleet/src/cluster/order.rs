//! What an executor must know of a run, to do its packages.

use std::time::Duration;

use afterpatch_model::Timestamp;
use anyhow::bail;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::arguments::ScanArguments;
use crate::lake::Lake;
use crate::plan::Worker;
use crate::tally::Outcome;
use crate::unit::Unit;

/// What a run asks of executors. It is all that travels, beside the table of packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The version of afterpatch that asks: executors of another one refuse.
    pub version: String,
    /// The lake; a folder by its whole path.
    pub lake: String,
    /// The run that asks. When it says that it has ended, nothing more is begun.
    pub run: String,
    /// Leave out records before this time.
    pub since: Option<Timestamp>,
    /// Leave out records after this time.
    pub until: Option<Timestamp>,
    /// The time of the run, for what the engine puts into a report.
    pub now: Timestamp,
    /// A package that takes longer has failed.
    pub time_limit: Option<Duration>,
    /// Whether packages are read that somebody has died of.
    pub suspects_too: bool,
}

impl Order {
    /// What a run asks with these arguments.
    ///
    /// # Errors
    /// When the lake's name cannot be one.
    pub fn of(arguments: &ScanArguments, run: &str, now: Timestamp) -> anyhow::Result<Self> {
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lake: Lake::full_name(&arguments.to)?,
            run: run.to_owned(),
            since: arguments.since,
            until: arguments.until,
            now: arguments.now.unwrap_or(now),
            time_limit: arguments.time_limit,
            suspects_too: false,
        })
    }
}

/// Who asks, and the scheduler between, have the plan only to pass it on.
#[async_trait]
impl Worker for Order {
    async fn unit(&self, _: &Unit) -> anyhow::Result<Outcome> {
        bail!("only executors read packages")
    }

    fn order(&self) -> Option<&Order> {
        Some(self)
    }
}
