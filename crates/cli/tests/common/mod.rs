//! What the end-to-end tests share: running the real binary, and finding real evidence.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use afterpatch_model::{Report, ServerReport};

/// Runs `afterpatch` with a fixed time in the report.
pub fn afterpatch(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch"));
    // The language of the machine must not decide what a test sees.
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C");
    command.args(arguments).output().unwrap()
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

/// Scans with the real binary and gives the report and the exit code.
pub fn scan(evidence: &[&Path]) -> (Report, i32) {
    let mut arguments = vec!["scan", "--now", "2021-04-01T00:00:00Z", "--quiet", "-o", "-", "--format", "json"];
    arguments.extend(evidence.iter().map(|path| path.to_str().unwrap()));
    let output = afterpatch(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"));
    (report, code(&output))
}

/// The only server of a report.
pub fn only_server(report: &Report) -> &ServerReport {
    let names: Vec<&str> = report.servers.iter().map(|server| server.name.as_str()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    report.servers.first().unwrap()
}

/// A file of the real evidence, which lies beside the project; `None`, with a printed line, where it is absent.
pub fn real_evidence(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence").join(name);
    if path.exists() {
        Some(path)
    } else {
        eprintln!("skipped: no {}", path.display());
        None
    }
}
