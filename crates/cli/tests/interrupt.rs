//! An interrupted run ends soon, with 130 and a report of what was read so far.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use afterpatch_model::Report;

#[test]
fn the_first_interrupt_ends_the_run_softly() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join("evidence");
    fs::create_dir(&evidence).unwrap();
    let mut log = "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem sc-status\n"
        .to_owned();
    log.push_str(&"2021-03-01 10:00:00 GET /owa/ 200\n".repeat(1_000_000));
    fs::write(evidence.join("u_ex210301.log"), log).unwrap();
    // Minutes of reading without the disk space of it.
    for n in 0..200 {
        fs::hard_link(evidence.join("u_ex210301.log"), evidence.join(format!("u_ex2104{n}.log"))).unwrap();
    }
    let json = folder.path().join("report.json");
    let child = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
        .args(["scan", "--threads", "1", "--exit-zero", evidence.to_str().unwrap(), "-o", json.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    let began = Instant::now();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = child.wait_with_output().unwrap().status;
    assert_eq!(status.code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(20), "it ends soon");
    let report: Report = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert!(report.interrupted);
    let records: u64 = report.artifacts.iter().map(|artifact| artifact.records).sum();
    assert!(records > 0, "what was read is told");
}
