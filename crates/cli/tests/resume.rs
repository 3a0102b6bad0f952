//! `scan --resume`: killed again and again, it comes to its end and says what one scan would have said.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use afterpatch_model::{Note, Report};
use common::{afterpatch, code};

fn scan(evidence: &Path, file: &Path, json: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch"));
    command.args(["scan", "--now", "2021-04-01T00:00:00Z", "--threads", "1", "--exit-zero", "--resume"]);
    command.arg(file).arg(evidence).arg("-o").arg(json);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn lines(file: &Path) -> usize {
    fs::read(file).map_or(0, |bytes| bytes.iter().filter(|byte| **byte == b'\n').count())
}

#[test]
fn killed_and_started_again_until_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (evidence, file, json) = (folder.path().join("evidence"), folder.path().join("kept"), folder.path().join("report.json"));
    write_folder(&make(&Scenario::small(5, Variant::all().nth(5).unwrap())), &evidence, Layout::Kape).unwrap();
    let mut kept = 0;
    let mut kills = 0;
    let status = loop {
        let mut child = scan(&evidence, &file, &json).spawn().unwrap();
        // Some more files, then it is killed.
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            if kills < 12 && lines(&file) > kept + 2 {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        match status {
            Some(status) => break status,
            None => kills += 1,
        }
        assert!(lines(&file) > kept, "each run adds to what was read");
        kept = lines(&file);
        assert!(!json.exists(), "no report of half a scan");
    };
    assert_eq!(status.code(), Some(0));
    assert!(kills > 2, "{kills} kills");
    assert!(!file.exists(), "a scan that came to its end leaves nothing behind");
    let mut report: Report = serde_json::from_slice(&fs::read(&json).unwrap()).unwrap();
    let resumed = |note: &Note| matches!(note, Note::Resumed { artifacts } if *artifacts > 0);
    assert!(report.notes.iter().any(resumed), "{:?}", report.notes);
    report.notes.retain(|note| !resumed(note));
    let (whole, _) = common::scan(&[&evidence]);
    assert_eq!(report, whole);
}

#[test]
fn where_it_may_not_lie() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join("evidence");
    fs::create_dir(&evidence).unwrap();
    let inside = evidence.join("kept");
    let output = afterpatch(&["scan", "--resume", inside.to_str().unwrap(), evidence.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("which is never written to"));
    let report = folder.path().join("report.json");
    fs::write(&report, "{}\n").unwrap();
    let output = afterpatch(&["scan", "--resume", report.to_str().unwrap(), evidence.to_str().unwrap()]);
    assert_eq!(code(&output), 1);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("was not made by --resume"), "{stderr}");
    assert_eq!(fs::read_to_string(&report).unwrap(), "{}\n");
}
