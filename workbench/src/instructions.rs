//! How many instructions a scan takes, which does not depend on how busy or how fast the machine is: a guard against getting
//! slower. Counted by valgrind, held against the table beside this file (docs/performance.md).

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::{bench, say};

/// Name and count, one a line: per byte, but for the start, which is in thousands.
const TABLE: &str = "workbench/src/instructions.csv";
/// Bytes of each log.
const LOG_BYTES: u64 = 16 << 20;
/// Files of the folder of a web server.
const PAGES: &str = "300";
/// More than the table says by this factor is a failure: libraries and compilers of machines differ by a few percent.
const MOST: f64 = 1.10;

/// `[--write]`: the table is written anew instead of held against.
pub fn run(arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let arguments: Vec<String> = arguments.collect();
    let writes = arguments == ["--write"];
    if !writes && !arguments.is_empty() {
        bail!("unknown: {}", arguments.join(" "));
    }
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        say("no valgrind on this machine: no instructions are counted");
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("target/instructions");
    let exe = bench::built(&root)?;
    let lab = bench::lab(&folder)?;
    let tiny = folder.join("u_ex210303.log");
    fs::write(
        &tiny,
        "#Fields: date time s-ip cs-method cs-uri-stem c-ip sc-status\n2021-03-03 00:00:01 10.0.0.5 GET / 10.0.0.9 200\n",
    )?;
    let start = count(&exe, &tiny, &folder)?;
    let mut rows = vec![("start", start as f64 / 1e3)];
    let mut inputs: Vec<(&'static str, PathBuf)> = Vec::new();
    for (name, part, file) in [("iis", "W3SVC", "u_ex210401.log"), ("httpproxy", "HttpProxy", "HttpProxy_2021040100-1.LOG")] {
        let log = folder.join(file);
        bench::made(&lab, part, &log, LOG_BYTES)?;
        File::options().write(true).open(&log)?.set_len(LOG_BYTES)?;
        inputs.push((name, log));
    }
    let pages = folder.join("pages");
    let script = root.join("benches/small_files.py");
    let made = pages.exists()
        || Command::new("python3").arg(script).arg(&pages).arg(PAGES).stdout(Stdio::null()).status().is_ok_and(|it| it.success());
    if made {
        inputs.push(("pages", pages));
    } else {
        say("no python3 on this machine: pages are left out");
    }
    for (name, input) in inputs {
        let instructions = count(&exe, &input, &folder)?.saturating_sub(start);
        rows.push((name, instructions as f64 / bytes_of(&input)? as f64));
    }
    let table = root.join(TABLE);
    if writes {
        let text: String = rows.iter().map(|(name, count)| format!("{name},{count:.1}\n")).collect();
        fs::write(&table, text).with_context(|| table.display().to_string())?;
    }
    compare(&rows, &fs::read_to_string(&table).with_context(|| table.display().to_string())?)
}

/// Prints the counts beside those of the table; an error names what has grown.
fn compare(rows: &[(&str, f64)], table: &str) -> anyhow::Result<()> {
    let mut grown = Vec::new();
    for (name, count) in rows {
        let known = table.lines().filter_map(|line| line.split_once(',')).find(|(known, _)| known == name);
        let known: f64 = known.with_context(|| format!("{TABLE} has no row {name}"))?.1.trim().parse()?;
        let unit = if *name == "start" { "thousand instructions" } else { "instructions per byte" };
        writeln!(std::io::stdout(), "{name:10} {count:9.1} {unit}, {:+.1} % against the table", (count / known - 1.0) * 100.0)?;
        if *count > known * MOST {
            grown.push(*name);
        }
    }
    if !grown.is_empty() {
        bail!("more instructions than {TABLE} allows: {}; when that is meant, --write", grown.join(", "));
    }
    Ok(())
}

/// Instructions of a scan on one thread.
fn count(exe: &Path, evidence: &Path, folder: &Path) -> anyhow::Result<u64> {
    let output = Command::new("valgrind")
        // The interpreter's deep stack is far away from the thread's other memory.
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--max-stackframe=300000000"])
        .arg(exe)
        .args(["scan", "-q", "--exit-zero", "--threads", "1", "--now", "2026-01-01T00:00:00Z", "-o"])
        .args([&folder.join("report.json"), evidence])
        .stdin(Stdio::null())
        .output()
        .context("valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim().parse());
    match collected {
        Some(Ok(count)) if output.status.success() => Ok(count),
        _ => bail!("the scan of {} failed below valgrind: {}\n{said}", evidence.display(), output.status),
    }
}

fn bytes_of(path: &Path) -> std::io::Result<u64> {
    if !path.is_dir() {
        return Ok(fs::metadata(path)?.len());
    }
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        bytes += bytes_of(&entry?.path())?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn more_by_a_tenth_is_a_failure() {
        let table = "start,1000.0\niis,10.0\n";
        assert!(compare(&[("start", 1_090.0), ("iis", 9.0)], table).is_ok());
        assert!(compare(&[("start", 1_110.0), ("iis", 9.0)], table).is_err());
        assert!(compare(&[("pages", 1.0)], table).is_err());
    }
}
