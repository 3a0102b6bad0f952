//! The status file: how far a run is, for machines.

use std::fs;
use std::path::Path;

use afterpatch_model::Timestamp;
use afterpatch_report::FleetNumbers;
use anyhow::Context;
use serde::Serialize;

/// Name and version of the file's form.
const STATUS_SCHEMA: &str = "afterpatch.fleet-status/1";

/// What a run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It reads packages.
    Running,
    /// It was interrupted and lets the last ones end.
    Stopping,
    /// It was interrupted and has ended.
    Interrupted,
    /// Every package is in the lake.
    Finished,
    /// It ended with an error.
    Failed,
}

#[derive(Serialize)]
struct Status<'s> {
    schema: &'static str,
    run: &'s str,
    stage: Stage,
    updated: Timestamp,
    packages: Packages,
    servers: Servers,
    findings: u64,
    packages_per_minute: Option<f64>,
    seconds: u64,
    seconds_left: Option<u64>,
    reading: &'s [String],
}

#[derive(Serialize)]
struct Packages {
    all: u64,
    before: u64,
    failed_before: u64,
    done: u64,
    failed: u64,
    elsewhere: u64,
    left: u64,
}

#[derive(Serialize)]
struct Servers {
    foothold: u64,
    compromised: u64,
    attempted: u64,
    nothing_seen: u64,
    cannot_tell: u64,
}

/// Writes the file, so that a reader always finds a whole one.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, run: &str, stage: Stage, numbers: &FleetNumbers) -> anyhow::Result<()> {
    let servers = &numbers.servers;
    let status = Status {
        schema: STATUS_SCHEMA,
        run,
        stage,
        updated: Timestamp::now(),
        packages: Packages {
            all: numbers.all,
            before: numbers.before,
            failed_before: numbers.failed_before,
            done: numbers.done,
            failed: numbers.failed,
            elsewhere: numbers.elsewhere,
            left: numbers.left(),
        },
        servers: Servers {
            foothold: servers.foothold,
            compromised: servers.compromised,
            attempted: servers.attempted,
            nothing_seen: servers.nothing_seen,
            cannot_tell: servers.cannot_tell,
        },
        findings: numbers.findings,
        packages_per_minute: numbers.per_minute().map(|rate| (rate * 10.0).round() / 10.0),
        seconds: numbers.elapsed.as_secs(),
        seconds_left: numbers.time_left().map(|left| left.as_secs()),
        reading: &numbers.running,
    };
    let place = || path.display().to_string();
    let mut half = path.as_os_str().to_owned();
    half.push(".part");
    fs::write(&half, format!("{}\n", serde_json::to_string_pretty(&status)?)).with_context(place)?;
    fs::rename(&half, path).with_context(place)
}
