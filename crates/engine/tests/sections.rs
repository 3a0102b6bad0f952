//! Whether a log is read in one go or in sections, by one thread or by several, the report is the same.
#![allow(clippy::unwrap_used, missing_docs)]

// Tests of the reader use more of it.
#[allow(dead_code)]
#[path = "../../artifacts/src/evtx/tests/builder.rs"]
mod builder;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use afterpatch_model::{Finding, Place, Report};
use serde_json::Value;

fn report(evidence: &Path, section_bytes: u64, threads: usize) -> Report {
    let engine = Engine::load().unwrap().with_sections_of(section_bytes);
    let now = "2021-04-10T00:00:00Z".parse().unwrap();
    let options = Options { inputs: vec![evidence.to_owned()], since: None, until: None, now, threads };
    engine.run(&options, &Progress::default())
}

/// What it says, but for what the run took.
fn said(report: &Report) -> Value {
    let mut said = serde_json::to_value(report).unwrap();
    said.as_object_mut().unwrap().remove("statistics");
    said
}

/// The first place in which two reports differ.
fn difference(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
            one.iter().find_map(|(key, value)| difference(value, other.get(key)?, &format!("{at}.{key}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(number, (one, other))| difference(one, other, &format!("{at}[{number}]")))
        }
        _ => (one != other).then(|| format!("{at}:\n{one}\nin sections:\n{other}")),
    }
}

fn assert_same(whole: &Report, sections: &Report, what: &str) {
    let difference = difference(&said(whole), &said(sections), "");
    assert!(difference.is_none(), "{what}: {}", difference.unwrap_or_default());
}

fn findings(report: &Report) -> impl Iterator<Item = &Finding> {
    report.servers.iter().flat_map(|server| &server.findings)
}

#[test]
fn the_stories_of_the_lab_are_told_the_same() {
    for (seed, variant) in Variant::all().enumerate().step_by(4) {
        let folder = tempfile::tempdir().unwrap();
        let lab = make(&Scenario::small(u64::try_from(seed).unwrap(), variant));
        write_folder(&lab, folder.path(), Layout::Kape).unwrap();
        let whole = report(folder.path(), u64::MAX, 1);
        assert_same(&whole, &report(folder.path(), 30_000, 2), variant.slug());
    }
}

const FIELDS: &str = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n";

/// A log of many rows with a page in its last one.
fn log(head_again: &str) -> String {
    let mut log = format!(
        "{FIELDS}#Date: 2021-04-01 00:00:00\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip sc-status\n"
    );
    for row in 0..2_000 {
        if row == 700 {
            log.push_str(head_again);
        }
        let _ = writeln!(log, "2021-04-01 00:{:02}:{:02} 10.0.0.4 GET /owa/ - 443 198.51.100.7 200", row / 60, row % 60);
    }
    log
}

fn written(name: &str, log: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("C/inetpub/logs/LogFiles/W3SVC1");
    fs::create_dir_all(&logs).unwrap();
    fs::write(logs.join(name), log).unwrap();
    folder
}

/// A service that starts again in the middle may write other columns from then on; sections behind are read by them, whatever
/// they were begun with.
#[test]
fn columns_that_change_in_the_middle_are_those_of_the_sections_behind() {
    let again = "#Date: 2021-04-01 00:11:40\n#Fields: date time s-ip cs-method s-port cs-uri-stem cs-uri-query c-ip sc-status\n";
    let mut log = log(again);
    log.push_str("2021-04-01 00:40:00 10.0.0.4 POST 443 /ecp/y.js - 198.51.100.9 200\n");
    let folder = written("u_ex210401.log", &log);
    let whole = report(folder.path(), u64::MAX, 1);
    let last = Place::Line(u64::try_from(log.lines().count()).unwrap());
    let tells_last = |report: &Report| findings(report).flat_map(|finding| &finding.evidence).any(|it| it.place == last);
    assert!(tells_last(&whole), "{:?}", whole.servers);
    for section_bytes in [5_000, 30_000] {
        assert_same(&whole, &report(folder.path(), section_bytes, 2), &format!("in sections of {}", section_bytes));
    }
}

/// Rows without a date are of the day that those before have come to.
#[test]
fn a_log_whose_rows_have_no_date_is_read_in_one_go() {
    let mut log = format!("{FIELDS}#Date: 2021-04-01 00:00:00\n#Fields: time cs-method cs-uri-stem s-port c-ip sc-status\n");
    for row in 0..3_000 {
        let _ = writeln!(log, "{:02}:{:02}:00 GET /owa/ 443 198.51.100.7 200", row / 60 % 24, row % 60);
    }
    log.push_str("02:00:01 POST /ecp/y.js 443 198.51.100.9 200\n");
    let folder = written("u_ex210401.log", &log);
    let whole = report(folder.path(), u64::MAX, 1);
    assert!(findings(&whole).any(|finding| finding.last == Some("2021-04-03T02:00:01Z".parse().unwrap())));
    assert_same(&whole, &report(folder.path(), 5_000, 2), &format!("in sections of {}", 5_000));
}

/// Five hundred requests of one client, seconds apart: a burst, wherever the log is cut.
#[test]
fn a_burst_over_a_cut_is_one_burst() {
    let mut log = log("");
    for row in 0..500 {
        let _ = writeln!(log, "2021-04-01 01:{:02}:{:02} 10.0.0.4 GET /owa/ - 443 198.51.100.8 302", row / 60, row % 60);
    }
    // What tells the story that the burst belongs to.
    log.push_str("2021-04-01 01:08:30 10.0.0.4 POST /owa/a@b.example/powershell - 443 198.51.100.8 200\n");
    let folder = written("u_ex210401.log", &log);
    let whole = report(folder.path(), u64::MAX, 1);
    let bursts: Vec<u64> = findings(&whole).filter(|it| it.kind == "padding-burst").map(|it| it.count).collect();
    assert_eq!(bursts, [500]);
    for section_bytes in [3_000, 4_000, 20_000, 60_000] {
        assert_same(&whole, &report(folder.path(), section_bytes, 2), &format!("in sections of {}", section_bytes));
    }
}

/// Chunks of event logs stand each for itself; what is missing between them, and at the end, is told as ever.
#[test]
fn an_event_log_is_the_same_in_sections() {
    let numbers: Vec<Vec<u64>> =
        (0..40).filter(|chunk| *chunk != 23).map(|chunk| (chunk * 20..chunk * 20 + 20).collect()).collect();
    let chunks: Vec<&[u64]> = numbers.iter().map(Vec::as_slice).collect();
    let sound = builder::LogWriter::log(39, &chunks);
    let mut damaged = builder::LogWriter::log(41, &chunks);
    damaged[4096 + 17 * 65_536..][..8].fill(b'x');
    damaged.truncate(damaged.len() - 60_000);
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("C/Windows/System32/winevt/Logs");
    fs::create_dir_all(&logs).unwrap();
    fs::write(logs.join("Microsoft-Windows-Sysmon%4Operational.evtx"), sound).unwrap();
    fs::write(logs.join("Archive-Sysmon.evtx"), damaged).unwrap();
    let whole = report(folder.path(), u64::MAX, 1);
    assert!(whole.gaps.len() == 3 && whole.servers.iter().any(|server| !server.coverage.doubts.is_empty()), "{whole:?}");
    // A fourth of it is the size of a section.
    for section_bytes in [300_000, 1_000_000, 2_700_000] {
        assert_same(&whole, &report(folder.path(), section_bytes, 2), &format!("in sections of {}", section_bytes));
    }
}
