//! `afterpatch check` on evidence of servers whose doors stand in a known way: the answer is the planted one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::path::Path;

use afterpatch_lab::{Collection, Layout, Posture, make_posture, write_folder, write_zip};
use afterpatch_model::{Assessment, Check, WeaknessKind};
use common::{afterpatch, code};
use serde_json::Value;

const SEEDS: u64 = 3;

fn check(evidence: &[&Path], more: &[&str]) -> (Check, i32) {
    let mut arguments = vec!["check", "--now", "2026-10-10T00:00:00Z", "--quiet", "--format", "json"];
    arguments.extend(evidence.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(more);
    let output = afterpatch(&arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    (serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}")), code(&output))
}

fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        Value::String(word) => word,
        other => panic!("{other}"),
    }
}

fn is_as_planted(posture: Posture, seed: u64, one: &Assessment, check: &Check) {
    let truth = posture.truth();
    let place = format!("{posture:?} {seed}");
    assert_eq!(one.builds.iter().map(|build| build.shown.as_str()).collect::<Vec<_>>(), [&truth.build], "{place}");
    assert_eq!(word(one.answer), truth.answer, "{place}");
    for (cve, state) in truth.states {
        let told = one.cves.iter().find(|it| it.cve == *cve).unwrap();
        assert_eq!(word(told.state), *state, "{place} {cve}");
    }
    let mitigations: Vec<(String, String)> = one.mitigations.iter().map(|it| (it.slug.clone(), word(it.state))).collect();
    let planted: Vec<(String, String)> =
        truth.mitigations.iter().map(|(slug, state)| ((*slug).to_owned(), (*state).to_owned())).collect();
    assert_eq!(mitigations, planted, "{place}");
    for (condition, state) in truth.conditions {
        let told: Vec<String> =
            one.conditions.iter().filter(|it| word(it.condition) == *condition).map(|it| word(it.state)).collect();
        assert!(told.contains(&(*state).to_owned()), "{place} {condition}: {told:?}");
    }
    let age = [WeaknessKind::ProductUnsupported, WeaknessKind::ExtendedSupportOnly, WeaknessKind::UpdateUnsupported];
    let weaknesses: Vec<String> = one.weaknesses.iter().map(|it| it.kind).filter(|kind| !age.contains(kind)).map(word).collect();
    assert_eq!(weaknesses, truth.weaknesses, "{place}");
    // Whatever decided can be looked up, and every step has words.
    let pointers = one.mitigations.iter().flat_map(|it| &it.evidence).chain(one.weaknesses.iter().flat_map(|it| &it.evidence));
    for pointer in pointers.chain(one.conditions.iter().flat_map(|it| &it.evidence)) {
        assert!(check.artifacts.iter().any(|artifact| artifact.id == pointer.artifact), "{place}");
    }
    assert!(!one.next_steps.is_empty(), "{place}");
}

#[test]
fn every_posture_is_told_as_planted() {
    let folder = tempfile::tempdir().unwrap();
    for posture in Posture::ALL {
        for seed in 0..SEEDS {
            let lab = make_posture(seed, posture);
            let path = folder.path().join(format!("{posture:?}-{seed}"));
            match seed % 3 {
                0 => write_folder(&lab, &path, Layout::Kape).unwrap(),
                1 => write_zip(&lab, &path, Layout::Velociraptor).unwrap(),
                _ => Collection::of(&lab, Layout::Plain).folder(&path).unwrap(),
            }
            let (told, exit) = check(&[&path], &[]);
            let names: Vec<&str> = told.targets.iter().map(|one| one.target.as_str()).collect();
            assert_eq!(names.len(), 1, "{posture:?} {seed}: {names:?}");
            is_as_planted(posture, seed, &told.targets[0], &told);
            assert_eq!(exit, if posture.truth().answer == "open" { 10 } else { 4 }, "{posture:?} {seed}");
            if path.is_dir() {
                std::fs::remove_dir_all(&path).unwrap();
            }
        }
    }
}

/// A server that is mitigated only is never called fixed, not even when that hole alone is asked for.
#[test]
fn a_mitigated_hole_is_no_fixed_hole() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&make_posture(1, Posture::Mitigated), folder.path(), Layout::Kape).unwrap();
    let (told, exit) = check(&[folder.path()], &["--cve", "CVE-2021-26855"]);
    assert_eq!((word(told.targets[0].answer).as_str(), exit), ("mitigated", 9));
    let output = afterpatch(&["check", "--quiet", "--cve", "CVE-2021-26855", folder.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("mitigated, not fixed") && text.contains("Do not rest on the mitigation"), "{text}");
    assert!(text.lines().count() < 24, "{text}");
}

/// From the first exploitation in the world to the fix on this server, with what stood where.
#[test]
fn the_time_that_a_server_stood_open_is_told() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&make_posture(1, Posture::Unpatched), folder.path(), Layout::Kape).unwrap();
    let (told, _) = check(&[folder.path()], &[]);
    let one = &told.targets[0];
    let window = one.windows.iter().find(|window| window.cves.iter().any(|cve| cve == "CVE-2021-26855")).unwrap();
    assert_eq!((window.exploited_from.to_string().as_str(), window.until), ("2021-01-03T00:00:00Z", None));
    assert!(window.days > 60 && window.days_covered > 0 && window.days_covered < 10, "{window:?}");
    assert!(!one.history.is_empty());
    let proxylogon = one.cves.iter().find(|cve| cve.cve == "CVE-2021-26855").unwrap();
    assert_eq!(proxylogon.since, one.history.first().map(|period| period.first), "open since the first sighting");
    let output = afterpatch(&["check", "--quiet", "--all", folder.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    for part in ["break-ins through this hole are known since 2021-01-03", "HttpProxy_", "DownloadHostName"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

/// A cumulative update that wiped the mitigation is in the history with its own time, from the setup log.
#[test]
fn the_update_that_wiped_a_mitigation_is_in_the_history() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&make_posture(2, Posture::MitigationWiped), folder.path(), Layout::Kape).unwrap();
    let (told, _) = check(&[folder.path()], &[]);
    let first = told.targets[0].history.first().unwrap();
    assert_eq!(first.first.to_string(), "2021-03-07T20:41:17.123Z", "{:?}", told.targets[0].history);
    let setup = told.artifacts.iter().find(|artifact| artifact.id == first.seen_in.artifact).unwrap();
    assert!(setup.path.ends_with("ExchangeSetup.log"), "{setup:?}");
    let output = afterpatch(&["check", "--quiet", "--no-color", folder.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("was there once, is not in force"), "{text}");
}

/// Two servers with one key: each is told which other has it.
#[test]
fn a_machine_key_on_two_servers_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (seed, name) in [(1, "one"), (4, "two")] {
        let lab = make_posture(seed, Posture::SettingsRight);
        let path = folder.path().join(name);
        write_folder(&lab, &path, Layout::Kape).unwrap();
        let key = "<configuration><system.web><machineKey validationKey=\"00112233445566778899AABBCCDDEEFF00112233\" /></system.web></configuration>";
        std::fs::write(path.join("C/inetpub/wwwroot/web.config"), key).unwrap();
    }
    let (told, _) = check(&[&folder.path().join("one"), &folder.path().join("two")], &[]);
    assert_eq!(told.targets.len(), 2, "{:?}", told.targets.iter().map(|it| &it.target).collect::<Vec<_>>());
    for one in &told.targets {
        let shared = one.weaknesses.iter().find(|it| it.kind == WeaknessKind::MachineKeyShared).unwrap();
        let other = told.targets.iter().find(|it| it.target != one.target).unwrap();
        assert!(shared.details[0].contains(&other.target), "{shared:?}");
    }
}

#[test]
fn evidence_without_a_server_is_said_to_hold_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("note.txt"), "nothing").unwrap();
    let (told, exit) = check(&[folder.path()], &[]);
    assert_eq!((told.targets.len(), exit), (0, 3));
}
