//! How fast it went.

use std::time::Duration;

use serde::Serialize;

use super::Side;
use super::examine::Seen;
use super::files::Sample;

/// How fast one engine was on one kind of folder. Times are those of the engine alone, without reading the files, added up over
/// the threads: what one core does.
#[derive(Debug, Serialize)]
pub struct Speed {
    pub kind: &'static str,
    pub engine: &'static str,
    pub files: usize,
    pub bytes: u64,
    pub seconds: f64,
    /// What the slowest file took.
    pub worst_seconds: f64,
    /// Its path in its folder.
    pub worst: String,
}

impl Speed {
    pub fn megabytes_a_second(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.seconds.max(1e-9)
    }

    pub fn files_a_second(&self) -> f64 {
        self.files as f64 / self.seconds.max(1e-9)
    }
}

/// What an engine took for a file, if it looked at it.
type Took = fn(&Seen) -> Option<Duration>;

pub fn of(sides: &[(&'static str, &Side)]) -> Vec<Speed> {
    let engines: [(&str, Took); 2] = [("analyser", |seen| Some(seen.took)), ("rules", |seen| Some(seen.peer.as_ref()?.took))];
    let mut rows = Vec::new();
    for (kind, side) in sides {
        for (engine, took) in engines {
            let timed: Vec<_> =
                side.samples.iter().zip(&side.seen).filter_map(|(sample, seen)| Some((sample, seen, took(seen)?))).collect();
            rows.extend(row(kind, engine, &timed));
        }
    }
    rows
}

fn row(kind: &'static str, engine: &'static str, timed: &[(&Sample, &Seen, Duration)]) -> Option<Speed> {
    let (sample, _, worst) = timed.iter().max_by_key(|(_, _, took)| *took)?;
    Some(Speed {
        kind,
        engine,
        files: timed.len(),
        bytes: timed.iter().map(|(_, seen, _)| seen.size).sum(),
        seconds: timed.iter().map(|(_, _, took)| took.as_secs_f64()).sum(),
        worst_seconds: worst.as_secs_f64(),
        worst: sample.name.clone(),
    })
}
