//! How good the web-shell analyser is, and how fast: what it finds of collections of web shells, what it says of harmless pages,
//! and the same for a folder of YARA rules beside it. How the numbers are made is told in `docs/webshell.md`.

mod arguments;
mod cluster;
mod examine;
mod files;
mod language;
mod list;
mod peer;
mod shingle;
mod speed;
mod table;
mod tally;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{Write, stdout};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::say;
use arguments::Arguments;
use examine::Seen;
use files::Sample;
use language::Languages;
use peer::Peer;

pub use arguments::OPTIONS;

/// All that was measured.
#[derive(Debug, Serialize)]
struct Scoreboard {
    /// Web shells by language; the last row is all of them.
    malicious: Vec<tally::Malicious>,
    /// Harmless files by language; the last row is all of them.
    benign: Vec<tally::Benign>,
    /// How fast each engine was on each kind of folder.
    speed: Vec<speed::Speed>,
    /// What the rules beside it are, if there are any.
    rules: Option<peer::Loaded>,
    /// What a reader should know of the numbers.
    notes: Vec<String>,
}

/// Files of a kind, and what was seen in each.
struct Side {
    samples: Vec<Sample>,
    seen: Vec<Seen>,
    /// The cluster of each; empty for benign files.
    clusters: Vec<usize>,
}

pub fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let arguments = Arguments::parse(arguments)?;
    let board = measure(&arguments)?;
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&board)?;
        fs::write(path, text + "\n").with_context(|| path.display().to_string())?;
    }
    stdout().write_all(table::show(&board).as_bytes())?;
    Ok(())
}

fn measure(arguments: &Arguments) -> Result<Scoreboard> {
    let mut notes = Vec::new();
    let languages = Languages::new()?;
    let peer = match &arguments.rules {
        Some(folder) => Some(Peer::load(folder, arguments.rules_filter.as_ref())?),
        None => None,
    };
    let only = arguments.only.as_deref().map(files::listed).transpose()?;
    let mut malicious = files::below(&arguments.malicious)?;
    if let Some(only) = &only {
        let absent = files::keep(&mut malicious, only);
        if absent > 0 {
            notes.push(format!("{absent} paths of the list are not in the folders"));
        }
    }
    let benign = files::below(&arguments.benign)?;
    let malicious = side(malicious, arguments, peer.as_ref(), &languages)?;
    let benign = side(benign, arguments, peer.as_ref(), &languages)?;
    let malicious = Side { clusters: cluster::of(&malicious.samples, arguments.clusters_are_folders), ..malicious };
    if let Some(path) = &arguments.list {
        fs::write(path, list::rows(&malicious, &benign)).with_context(|| path.display().to_string())?;
    }
    for (kind, side) in [("malicious", &malicious), ("benign", &benign)] {
        notes.extend(examine::notes(kind, &side.seen));
    }
    if cfg!(debug_assertions) {
        notes.push(
            "built without optimisation: the times mean little (cargo run --release -p workbench -- scoreboard …)".to_owned(),
        );
    }
    Ok(Scoreboard {
        malicious: tally::malicious(&malicious),
        benign: tally::benign(&benign),
        speed: speed::of(&[("malicious", &malicious), ("benign", &benign)]),
        rules: peer.map(|peer| peer.loaded),
        notes,
    })
}

fn side(samples: Vec<Sample>, arguments: &Arguments, peer: Option<&Peer>, languages: &Languages) -> Result<Side> {
    say(&format!("{} files", samples.len()));
    let seen = examine::all(&samples, arguments, peer, languages)?;
    Ok(Side { samples, seen, clusters: Vec::new() })
}
