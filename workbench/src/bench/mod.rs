//! How fast logs are read, against ripgrep and DuckDB in the same run.
//!
//! Times of machines differ and are noisy, so what counts is the ratio to a peer that ran just before and after. Processor time
//! is counted, not the clock's: both read from the page cache, and neither waits for anything else.

mod events;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use anyhow::{Context, bail};

use crate::say;

/// Expressions for what attackers of Exchange leave in logs of requests, one a line: the yardstick.
const INDICATORS: &str = include_str!("indicators.txt");
/// ripgrep reads about a megabyte a second of the long rows of HttpProxy logs with these, so it gets a part of them only.
const PEER_PART: u64 = 8 << 20;

/// One kind of log.
struct Series {
    name: &'static str,
    /// Part of the path of the files in the lab's evidence.
    folder: &'static str,
    /// The name that the made log gets.
    file: &'static str,
    /// ripgrep reads all of it.
    whole: bool,
}

/// A program that does less than we do.
struct Peer {
    name: &'static str,
    /// Bytes that it reads.
    bytes: u64,
    command: Command,
}

const SERIES: [Series; 2] = [
    Series { name: "IIS", folder: "W3SVC", file: "u_ex210401.log", whole: true },
    Series { name: "HttpProxy", folder: "HttpProxy", file: "HttpProxy_2021040100-1.LOG", whole: false },
];

/// `[--megabytes N] [--runs N] [--events FOLDER [--rules FOLDER [--mapping FILE]]]`.
pub fn run(arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let (mut megabytes, mut runs) = (1_000_u64, 5_usize);
    let mut events = events::Events::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{argument} wants a value"))?;
        match argument.as_str() {
            "--megabytes" => megabytes = value.parse()?,
            "--runs" => runs = value.parse()?,
            "--events" => events.logs = Some(value.into()),
            "--rules" => events.rules = Some(value.into()),
            "--mapping" => events.mapping = Some(value.into()),
            _ => bail!("unknown: {argument}"),
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("target/bench");
    let exe = built(&root)?;
    let lab = lab(&folder)?;
    let expressions = folder.join("indicators.txt");
    fs::write(&expressions, INDICATORS)?;
    let filter = root.join("benches/duckdb_filter.py");
    let is_there =
        |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    let has_rg = is_there(Command::new("rg").arg("--version"));
    if !has_rg {
        say("no rg (ripgrep) on this machine: no comparison with it");
    }
    let has_duckdb = is_there(Command::new("python3").arg(&filter));
    if !has_duckdb {
        say("no python3 with duckdb on this machine: no comparison with it");
    }
    for series in &SERIES {
        let log = folder.join(series.file);
        let size = made(&lab, series.folder, &log, megabytes << 20)?;
        let mut peers = Vec::new();
        if has_rg {
            let part = folder.join(format!("part-{}", series.file));
            let (log, bytes) =
                if series.whole { (log.clone(), size) } else { (part.clone(), made(&lab, series.folder, &part, PEER_PART)?) };
            let mut command = Command::new("rg");
            // Counting, so that each line is searched to its first match only; into a pipe, as with /dev/null the whole search
            // ends at the first.
            command.args(["-c", "-i", "--no-mmap", "-f"]).arg(&expressions).arg(&log);
            peers.push(Peer { name: "rg -c -i, 40 expressions", bytes, command });
        }
        if has_duckdb {
            let mut command = Command::new("python3");
            command.arg(&filter).arg(&log).arg(&expressions);
            peers.push(Peer { name: "DuckDB, 40 expressions", bytes: size, command });
        }
        let mut own = Vec::new();
        let mut of_peers: Vec<Vec<f64>> = peers.iter().map(|_| Vec::new()).collect();
        for _ in 0..runs {
            let mut command = Command::new(&exe);
            command.args(["scan", "-q", "--threads", "1", "--exit-zero", "-o"]).arg(folder.join("report.json")).arg(&log);
            own.push(speed(size, time_of(&mut command)?));
            for (peer, speeds) in peers.iter_mut().zip(&mut of_peers) {
                speeds.push(speed(peer.bytes, time_of(&mut peer.command)?));
            }
        }
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{} log, {} MB, one thread, {runs} runs in turn; MB of log per second of processor:",
            series.name,
            size >> 20
        )?;
        writeln!(out, "  {:<26}{}", "afterpatch scan", range(&mut own.clone()))?;
        for (peer, mut speeds) in peers.iter().zip(of_peers) {
            let mut ratios: Vec<f64> = own.iter().zip(&speeds).map(|(own, peer)| own / peer).collect();
            writeln!(out, "  {:<26}{}, ratio pair by pair {}", peer.name, range(&mut speeds), range(&mut ratios))?;
        }
    }
    events::run(&events, &exe, &folder, megabytes, runs)
}

/// Builds the program as it is given away; gives where it is.
pub fn built(root: &Path) -> anyhow::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "-p", "afterpatch"]).current_dir(root).status()?;
    if !built.success() {
        bail!("afterpatch does not build");
    }
    Ok(root.join("target/release").join(format!("afterpatch{}", std::env::consts::EXE_SUFFIX)))
}

/// Evidence of an attacked server below this folder, made once.
pub fn lab(folder: &Path) -> anyhow::Result<PathBuf> {
    let lab = folder.join("lab");
    if !lab.exists() {
        write_folder(&make(&Scenario::new(1, Variant::ProxyLogonOab)), &lab, Layout::Kape)?;
    }
    Ok(lab)
}

/// Writes the lab's logs of a kind, again and again, until there are so many bytes; gives how many there are.
pub fn made(lab: &Path, folder: &str, to: &Path, bytes: u64) -> anyhow::Result<u64> {
    let mut files = Vec::new();
    collect(lab, folder, "log", &mut files)?;
    files.sort();
    if files.is_empty() {
        bail!("the lab wrote no log of {folder}");
    }
    let mut out = BufWriter::new(File::create(to)?);
    let mut written = 0;
    'full: loop {
        for file in &files {
            if written >= bytes {
                break 'full;
            }
            let content = fs::read(file)?;
            out.write_all(&content)?;
            written += content.len() as u64;
        }
    }
    out.flush()?;
    Ok(written)
}

/// The files below a folder with this in their path and this extension.
fn collect(folder: &Path, wanted: &str, extension: &str, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, wanted, extension, into)?;
        } else if path.to_string_lossy().contains(wanted) && path.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
        {
            into.push(path);
        }
    }
    Ok(())
}

/// Megabytes a second.
fn speed(bytes: u64, time: Duration) -> f64 {
    bytes as f64 / f64::from(1 << 20) / time.as_secs_f64()
}

/// Median and range.
fn range(values: &mut [f64]) -> String {
    values.sort_by(f64::total_cmp);
    let of = |at: usize| values.get(at).copied().unwrap_or_default();
    let digits = if of(0) < 10.0 { 2 } else { 0 };
    format!("{:.digits$} ({:.digits$}-{:.digits$})", of(values.len() / 2), of(0), of(values.len().saturating_sub(1)))
}

/// The processor time of a command.
fn time_of(command: &mut Command) -> anyhow::Result<Duration> {
    let before = time_of_children();
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    // ripgrep ends with 1 when nothing matches.
    if output.status.code().is_none_or(|code| code > 1) {
        bail!("{command:?} failed: {}", output.status);
    }
    Ok(time_of_children().saturating_sub(before))
}

#[cfg(unix)]
fn time_of_children() -> Duration {
    use nix::sys::resource::{UsageWho, getrusage};
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return Duration::ZERO };
    let of = |time: nix::sys::time::TimeVal| {
        let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
        Duration::from_micros(u64::try_from(micros).unwrap_or_default())
    };
    of(usage.user_time()) + of(usage.system_time())
}

/// Where the system does not tell: the clock's time.
#[cfg(not(unix))]
fn time_of_children() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}
