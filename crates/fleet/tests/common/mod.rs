//! What the tests of the real binary share: running it, and packages with ground truth.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, dead_code, reason = "each test binary uses a part of it")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use afterpatch_lab::{Lab, Layout, Scenario, Variant, make, write_zip};
use serde_json::Value;

/// The tables of a lake.
pub const TABLES: [&str; 12] = [
    "packages",
    "servers",
    "findings",
    "incidents",
    "steps",
    "things",
    "pages",
    "exposure",
    "builds",
    "coverage",
    "doubts",
    "gaps",
];

/// `afterpatch-fleet`, in English whatever the machine speaks.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch-fleet"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
    command.args(arguments);
    command
}

/// Runs it.
pub fn fleet(arguments: &[&str]) -> Output {
    let output = command(arguments).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    output
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

/// Scans `packages/*` into `lake`, which are folders of a case.
pub fn scan(case: &Case, more: &[&str]) -> Output {
    let packages = case.path("packages/*");
    let lake = case.path("lake");
    fleet(&[&["scan", &packages, "--to", &lake], more].concat())
}

/// Asks the lake of a case.
pub fn ask(case: &Case, sql: &str) -> Vec<Value> {
    rows(&fleet(&["query", sql, "--lake", &case.path("lake"), "--format", "ndjson"]))
}

/// The rows of an answer that was asked for as `ndjson`.
pub fn rows(answer: &Output) -> Vec<Value> {
    assert_eq!(code(answer), 0, "{}", String::from_utf8_lossy(&answer.stderr));
    std::str::from_utf8(&answer.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every row of every table, sorted, without what differs from lake to lake though the same was scanned: days and times of the run, and
/// where packages lie. A package is called by its name.
pub fn everything(mut ask: impl FnMut(&str) -> Vec<Value>) -> Vec<String> {
    const OF_THE_RUN: [&str; 7] = ["day", "uri", "identity", "generation", "started", "finished", "run"];
    let names: HashMap<String, Value> = ask("SELECT package, name FROM packages")
        .into_iter()
        .map(|row| (row["package"].as_str().unwrap().to_owned(), row["name"].clone()))
        .collect();
    let mut all = Vec::new();
    for table in TABLES {
        for mut row in ask(&format!("SELECT * FROM {table}")) {
            let row = row.as_object_mut().unwrap();
            let name = names[row["package"].as_str().unwrap()].clone();
            row.insert("package".to_owned(), name);
            row.retain(|column, _| !OF_THE_RUN.contains(&column.as_str()));
            all.push(format!("{table} {}", serde_json::to_string(row).unwrap()));
        }
    }
    all.sort();
    all
}

/// The one number that a question has as its answer.
pub fn number(case: &Case, sql: &str) -> u64 {
    let rows = ask(case, sql);
    let row = rows.first().and_then(Value::as_object).unwrap_or_else(|| panic!("{sql}: no row"));
    row.values().next().and_then(Value::as_u64).unwrap_or_else(|| panic!("{sql}: {row:?}"))
}

/// A folder with packages, and a place for their lake.
pub struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    /// Without packages.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("packages")).unwrap();
        Self { folder }
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }

    /// A path in it.
    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// With a small lab package of a story, a zip of that name.
    pub fn with(&self, name: &str, variant: Variant, seed: u64) -> Lab {
        let lab = make(&Scenario::small(seed, variant));
        write_zip(&lab, &self.at(&format!("packages/{name}.zip")), Layout::Kape).unwrap();
        lab
    }

    /// With packages that are read in no time: a log of a web server each.
    pub fn with_logs(&self, count: usize) {
        for number in 0..count {
            let lines = (0..20).map(|second| {
                format!(
                    "198.51.100.{number} - - [03/Mar/2021:06:40:{second:02} +0000] \"GET /?{number} HTTP/1.1\" 200 12 \"-\" \"Mozilla/5.0\"\n"
                )
            });
            fs::create_dir(self.at(&format!("packages/web{number:02}"))).unwrap();
            fs::write(self.at(&format!("packages/web{number:02}/access.log")), lines.collect::<String>()).unwrap();
        }
    }
}

/// Every file below a folder, sorted; not those that were half written when their run was killed, which nobody ever reads.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.to_string_lossy().contains('#') {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
