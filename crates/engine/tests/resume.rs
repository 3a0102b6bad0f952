//! A scan that goes on where another was cut short says what one scan would have said.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use afterpatch_engine::{Engine, Options, Progress, ResumeError};
use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use afterpatch_model::{Note, Report};

const PROGRAM: &str = "test 1";

fn options(evidence: &Path) -> Options {
    let now = "2021-04-10T00:00:00Z".parse().unwrap();
    Options { inputs: vec![evidence.to_owned()], since: None, until: None, now, threads: 2 }
}

fn engine() -> Engine {
    Engine::load().unwrap().with_sections_of(200_000)
}

/// The report of a scan with this file, and how many artifacts an earlier one had read.
fn resumed(evidence: &Path, file: &Path) -> (Report, u64) {
    let engine = engine().resuming(file, PROGRAM, &options(evidence)).unwrap();
    let mut report = engine.run(&options(evidence), &Progress::default());
    let mut taken = 0;
    report.notes.retain(|note| match note {
        Note::Resumed { artifacts } => {
            taken = *artifacts;
            false
        }
        _ => true,
    });
    (report, taken)
}

fn fresh(evidence: &Path) -> Report {
    engine().run(&options(evidence), &Progress::default())
}

fn lab(folder: &Path, number: usize) {
    let variant = Variant::all().nth(number).unwrap();
    write_folder(&make(&Scenario::small(u64::try_from(number).unwrap(), variant)), folder, Layout::Kape).unwrap();
}

/// Whatever lines a scan came to keep, the next one goes on from them.
#[test]
fn the_report_is_the_same_wherever_the_first_scan_was_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = folder.path().join("evidence");
    let file = folder.path().join("kept");
    for number in (0..Variant::all().count()).step_by(7) {
        lab(&evidence, number);
        let expected = fresh(&evidence);
        let (first, taken) = resumed(&evidence, &file);
        assert_eq!((&first, taken), (&expected, 0));
        let all = fs::read(&file).unwrap();
        let lines: Vec<&[u8]> = all.split_inclusive(|byte| *byte == b'\n').collect();
        assert!(lines.len() > 10, "{}", lines.len());
        for kept in [0, 1, 2, lines.len() / 2, lines.len()] {
            // A crash may tear the last line.
            let torn = &lines.get(kept).copied().unwrap_or_default();
            let part = torn.get(..torn.len() / 2).unwrap_or_default();
            fs::write(&file, [lines[..kept].concat(), part.to_vec()].concat()).unwrap();
            let (again, taken) = if kept == 0 && !part.is_empty() {
                // Not even its first line: nothing tells that it is ours.
                assert!(matches!(engine().resuming(&file, PROGRAM, &options(&evidence)), Err(ResumeError::NotOurs(_))));
                continue;
            } else {
                resumed(&evidence, &file)
            };
            assert_eq!(taken, kept as u64 - 1);
            assert_eq!(again, expected, "{kept} lines");
            assert_eq!(fs::read(&file).unwrap().len(), all.len(), "what was missing is kept, too");
        }
        fs::remove_file(&file).unwrap();
        fs::remove_dir_all(&evidence).unwrap();
    }
}

#[test]
fn what_has_changed_is_read_again_and_numbers_move() {
    let folder = tempfile::tempdir().unwrap();
    let (evidence, file) = (folder.path().join("evidence"), folder.path().join("kept"));
    lab(&evidence, 3);
    let (_, _) = resumed(&evidence, &file);
    // An artifact in front of all others, and a log that has grown.
    fs::create_dir_all(evidence.join("C/A")).unwrap();
    fs::write(evidence.join("C/A/access.log"), "198.51.100.7 - - [01/Mar/2021:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n")
        .unwrap();
    let expected = fresh(&evidence);
    let (report, taken) = resumed(&evidence, &file);
    assert_eq!(report, expected);
    assert_eq!(taken, report.artifacts.len() as u64 - 1);

    let log = walk(&evidence).into_iter().find(|path| path.to_string_lossy().contains("u_ex")).unwrap();
    let row = fs::read_to_string(&log).unwrap().lines().last().unwrap().to_owned();
    writeln!(OpenOptions::new().append(true).open(&log).unwrap(), "{row}").unwrap();
    let expected = fresh(&evidence);
    let (report, taken) = resumed(&evidence, &file);
    assert_eq!(report, expected);
    assert_eq!(taken, report.artifacts.len() as u64 - 1);
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(walk(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

#[test]
fn another_scan_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (evidence, file) = (folder.path().join("evidence"), folder.path().join("kept"));
    lab(&evidence, 0);
    let taken_by = |engine: Engine, program: &str, options: &Options| {
        let engine = engine.resuming(&file, program, options).unwrap();
        let report = engine.run(options, &Progress::default());
        report.notes.iter().find_map(|note| match note {
            Note::Resumed { artifacts } => Some(*artifacts),
            _ => None,
        })
    };
    let all = options(&evidence);
    assert_eq!(taken_by(engine(), PROGRAM, &all), None);
    assert!(taken_by(engine(), PROGRAM, &all).is_some());
    assert_eq!(taken_by(engine(), "test 2", &all), None, "another program");
    let since = Options { since: Some("2021-03-01T00:00:00Z".parse().unwrap()), ..all.clone() };
    assert_eq!(taken_by(engine(), "test 2", &since), None, "another time");
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    let rule =
        |text: &str| fs::write(rules.join("a.yar"), format!("rule a {{ strings: $a = \"{text}\" condition: $a }}")).unwrap();
    rule("one");
    let with_rules = || engine().with_rules(std::slice::from_ref(&rules)).unwrap();
    assert_eq!(taken_by(with_rules(), "test 2", &since), None, "rules");
    assert!(taken_by(with_rules(), "test 2", &since).is_some());
    rule("two");
    assert_eq!(taken_by(with_rules(), "test 2", &since), None, "other rules");
}

#[test]
fn files_of_others_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let all = options(folder.path());
    for content in ["{}\n", "a line\n", "{\"schema\":\"afterpatch.report/9\"}\n", "x"] {
        fs::write(&file, content).unwrap();
        assert!(matches!(engine().resuming(&file, PROGRAM, &all), Err(ResumeError::NotOurs(_))), "{content}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
    assert!(matches!(engine().resuming(folder.path(), PROGRAM, &all), Err(ResumeError::Io(..))), "a folder");
    let file = folder.path().join("kept");
    let holds = engine().resuming(&file, PROGRAM, &all).unwrap();
    assert!(matches!(engine().resuming(&file, PROGRAM, &all), Err(ResumeError::InUse(_))), "two at once");
    drop(holds);
    engine().resuming(&file, PROGRAM, &all).unwrap().forget_kept().unwrap();
    assert!(!file.exists());
}
