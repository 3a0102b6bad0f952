//! Hostile evidence through the real binary: for each nasty input the report says what the table says, an attack beside it is
//! still found, nothing is written, and memory and processor time stay below fixed bounds, which the system enforces.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, clippy::cast_possible_truncation, missing_docs)]

mod common;
mod nasty;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use afterpatch_model::{GapKind, Report, ThingKind};
use common::code;
use nasty::{Input, Told};

/// Address space of a scan with two threads, in KiB: programs, stacks and rules take 300 MiB of it.
const MEMORY: u32 = 1 << 20;
/// Seconds of processor time. The slowest input takes a fifth; builds without optimisation and slow machines have room.
const PROCESSOR: u32 = 40;

/// The client of the attack that lies beside every input.
const WITNESS: &str = "192.0.2.77";

#[test]
fn archives_that_ask_for_more_than_they_hold() {
    check(nasty::archives::INPUTS);
}

#[test]
fn lines_too_long_too_many_or_in_the_wrong_letters() {
    check(nasty::texts::INPUTS);
}

#[test]
fn what_is_nested_too_deep() {
    check(nasty::nested::INPUTS);
}

#[test]
fn binary_files_whose_heads_lie() {
    check(nasty::binaries::INPUTS);
}

#[test]
fn names_that_want_to_be_elsewhere() {
    check(nasty::names::INPUTS);
}

#[test]
fn clocks_that_jump() {
    check(nasty::times::INPUTS);
}

fn check(inputs: &[Input]) {
    let mut wrong = Vec::new();
    for input in inputs {
        let folder = tempfile::tempdir().unwrap();
        let case = folder.path().join("case");
        fs::create_dir(&case).unwrap();
        (input.make)(&case);
        nasty::write(&case, "witness/HttpProxy_2021030110-1.LOG", nasty::attacked(WITNESS));
        let before = listing(&case);
        let output = scan(&case);
        let stderr = String::from_utf8_lossy(&output.stderr);
        if stderr.contains("panicked") || output.status.code().is_none() {
            wrong.push(format!("{}: {:?} {stderr}", input.name, output.status));
            continue;
        }
        let Ok(report) = serde_json::from_slice::<Report>(&output.stdout) else {
            wrong.push(format!("{}: no report: {stderr}", input.name));
            continue;
        };
        wrong.extend(differences(input, &report, code(&output)));
        if listing(&case) != before {
            wrong.push(format!("{}: the evidence was changed", input.name));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Scans under the bounds.
fn scan(case: &Path) -> Output {
    let arguments = ["scan", "--now", "2021-04-01T00:00:00Z", "--quiet", "--threads", "2", "-o", "-", "--format", "json"];
    let binary = env!("CARGO_BIN_EXE_afterpatch");
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -v {MEMORY} && ulimit -t {PROCESSOR} && exec \"$0\" \"$@\""), binary]);
        shell
    } else {
        Command::new(binary)
    };
    command.args(arguments).arg(case).output().unwrap()
}

fn differences(input: &Input, report: &Report, code: i32) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            let gaps: Vec<String> =
                report.gaps.iter().map(|gap| format!("{:?} {:?} {:.80}", gap.kind, gap.path, gap.detail)).collect();
            wrong.push(format!("{}: {what}; gaps {gaps:#?}", input.name));
        }
    };
    must(code >= 12, format!("ends with {code}"));
    must(has_finding(report, "forged-session", WITNESS), "the attack beside it was lost".to_owned());
    must(report.gaps.iter().all(|gap| gap.kind != GapKind::InternalError), "a fault of ours".to_owned());
    must(report.gaps.iter().all(|gap| !gap.path.contains("witness")), "the good log has a gap".to_owned());
    for told in input.told {
        let holds = match *told {
            Told::Gap(path, kind) => report.gaps.iter().any(|gap| gap.kind == kind && gap.path.contains(path)),
            Told::NoGap => report.gaps.is_empty(),
            Told::Finding(kind, thing) => has_finding(report, kind, thing),
            Told::Records(path, count) => report.artifacts.iter().any(|it| it.path.contains(path) && it.records == count),
        };
        let read: Vec<String> = report.artifacts.iter().map(|it| format!("{} {}", it.path, it.records)).collect();
        must(holds, format!("{told:?} is not said of {read:?}"));
    }
    wrong
}

fn has_finding(report: &Report, kind: &str, thing: &str) -> bool {
    let findings = report.servers.iter().flat_map(|server| &server.findings).filter(|finding| finding.kind == kind);
    findings.flat_map(|finding| &finding.things).any(|it| it.value.contains(thing))
}

/// Each file below, with its size: a scan must leave them as they are.
fn listing(folder: &Path) -> BTreeSet<(String, u64)> {
    let mut files = BTreeSet::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                waiting.push(entry.path());
            } else {
                files.insert((entry.path().to_string_lossy().into_owned(), metadata.len()));
            }
        }
    }
    files
}

/// Whatever a member of an archive is called, it is read, and the report says where it lies.
#[test]
fn every_log_is_read_whatever_its_name() {
    for names in [nasty::names::ELSEWHERE, nasty::names::COLLIDING] {
        let folder = tempfile::tempdir().unwrap();
        let make =
            nasty::names::INPUTS.iter().find(|input| (names == nasty::names::ELSEWHERE) == input.name.contains("elsewhere"));
        (make.unwrap().make)(folder.path());
        let report: Report = serde_json::from_slice(&scan(folder.path()).stdout).unwrap();
        assert_eq!(report.artifacts.len(), names.len());
        let paths: BTreeSet<&str> = report.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
        assert_eq!(paths.len(), names.len(), "each has a path of its own: {paths:?}");
        let addresses: BTreeSet<&str> =
            report.servers.iter().flat_map(|it| &it.findings).flat_map(|it| it.things_of(ThingKind::Address)).collect();
        for (number, name) in names.iter().enumerate() {
            assert!(addresses.contains(nasty::names::address(number).as_str()), "{name}: {addresses:?}");
        }
    }
}
