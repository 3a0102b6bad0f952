//! Event logs with Sigma rules, against chainsaw and hayabusa in the same run.
//!
//! The lab makes no event logs, so the chunks of real ones are repeated: `--events FOLDER` names a folder of them.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::bail;

use super::{collect, range, speed, time_of};
use crate::say;

/// A log is a header and chunks that stand for themselves.
const HEADER: usize = 4096;
const CHUNK: usize = 1 << 16;
/// Where a chunk's header says how much of it is in use.
const USED: std::ops::Range<usize> = 48..52;
/// Chunks with less in them are left out: a server's logs are full.
const FULL: u32 = 60_000;

/// What is measured with what.
#[derive(Default)]
pub(super) struct Events {
    /// A folder of event logs.
    pub(super) logs: Option<PathBuf>,
    /// A folder of Sigma rules, for all.
    pub(super) rules: Option<PathBuf>,
    /// chainsaw's own mapping of Sigma's names.
    pub(super) mapping: Option<PathBuf>,
}

pub(super) fn run(events: &Events, exe: &Path, folder: &Path, megabytes: u64, runs: usize) -> anyhow::Result<()> {
    let Some(logs) = &events.logs else { return Ok(()) };
    let log = folder.join("events/Repeated.evtx");
    let size = made(logs, &log, megabytes << 20)?;
    let given = |path: &Option<PathBuf>| path.clone().unwrap_or_default();
    let mut own = Command::new(exe);
    own.args(["scan", "-q", "--threads", "1", "--exit-zero", "-o"]).arg(folder.join("report.json")).arg(&log);
    own.args(events.rules.iter().flat_map(|rules| ["--rules".as_ref(), rules.as_os_str()]));
    let mut chainsaw = Command::new("chainsaw");
    chainsaw.arg("--num-threads=1").arg("hunt").arg(&log).arg("-s").arg(given(&events.rules));
    chainsaw
        .arg("--mapping")
        .arg(given(&events.mapping))
        .args(["--skip-errors", "--jsonl", "-q", "-o"])
        .arg(folder.join("chainsaw.jsonl"));
    let mut hayabusa = Command::new("hayabusa");
    hayabusa
        .args(["dfir-timeline", "-w", "-q", "-C", "--threads", "1", "-t", "csv", "-f"])
        .arg(&log)
        .arg("-r")
        .arg(given(&events.rules));
    hayabusa.arg("-o").arg(folder.join("hayabusa.csv"));
    let is_there = |name: &str| events.rules.is_some() && Command::new(name).arg("--help").stdout(Stdio::null()).status().is_ok();
    let mut commands = vec![("afterpatch scan", own, Vec::new())];
    for (name, command) in [("chainsaw", chainsaw), ("hayabusa", hayabusa)] {
        match is_there(name) {
            true => commands.push((name, command, Vec::new())),
            false => say(&format!("no {name} on this machine, or no rules for it")),
        }
    }
    for _ in 0..runs {
        for (_, command, speeds) in &mut commands {
            speeds.push(speed(size, time_of(command)?));
        }
    }
    let mut out = std::io::stdout();
    writeln!(out, "event log, {} MB, one thread, {runs} runs in turn:", size >> 20)?;
    let own: Vec<f64> = commands.first().map(|(.., speeds)| speeds.clone()).unwrap_or_default();
    for (name, _, speeds) in &mut commands {
        let mut ratios: Vec<f64> = own.iter().zip(speeds.iter()).map(|(own, other)| own / other).collect();
        let (speeds, ratios) = (range(speeds), range(&mut ratios));
        writeln!(out, "  {name:24} {speeds} MB of log per second of processor; afterpatch {ratios} times that")?;
    }
    Ok(())
}

/// Writes the full chunks of the logs in a folder, again and again, until there are so many bytes; gives how many there are.
fn made(logs: &Path, to: &Path, bytes: u64) -> anyhow::Result<u64> {
    let mut files = Vec::new();
    collect(logs, "", "evtx", &mut files)?;
    files.sort();
    let mut chunks = Vec::new();
    for file in files {
        let content = fs::read(file)?;
        let all = content.get(HEADER..).unwrap_or_default().chunks_exact(CHUNK);
        let used = |chunk: &[u8]| chunk.get(USED).and_then(|it| it.try_into().ok()).map_or(0, u32::from_le_bytes);
        chunks.extend(all.filter(|chunk| chunk.starts_with(b"ElfChnk\0") && used(chunk) >= FULL).map(<[u8]>::to_vec));
    }
    if chunks.is_empty() {
        bail!("no full chunk in the event logs of {}", logs.display());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let mut out = BufWriter::new(File::create(to)?);
    let mut header = b"ElfFile\0".to_vec();
    header.resize(HEADER, 0);
    // Size of the header's used part, version 3.1, size of the header.
    for (at, value) in [(32, 128_u8), (36, 1), (38, 3), (41, 16)] {
        if let Some(byte) = header.get_mut(at) {
            *byte = value;
        }
    }
    out.write_all(&header)?;
    let mut written = HEADER as u64;
    for chunk in chunks.iter().cycle() {
        if written >= bytes {
            break;
        }
        out.write_all(chunk)?;
        written += CHUNK as u64;
    }
    out.flush()?;
    Ok(written)
}
