//! `afterpatch.exe` under Wine says what the program says on Linux, of the same evidence.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod common;
mod told;
mod wine;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

use afterpatch_lab::{Scenario, Variant, make};
use serde_json::Value;
use wine::{Wine, windows_path};

const NOW: &str = "2026-11-28T00:00:00Z";

fn linux(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch"));
    command.env_remove("LC_MESSAGES").env_remove("LANG").env("LC_ALL", "C.UTF-8");
    command.args(arguments).current_dir(folder).output().unwrap()
}

/// What both programs say of the same arguments in the same folder; they must agree on the exit code.
fn both(wine: &Wine, folder: &Path, arguments: &[&str]) -> (String, String, i32) {
    let (here, there) = (linux(folder, arguments), wine.run(folder, arguments));
    let said = |output: &Output| {
        let text = format!("{}\n---\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!text.contains("panicked"), "{arguments:?}: {text}");
        text
    };
    let (here_said, there_said) = (said(&here), said(&there));
    assert_eq!(here.status.code(), there.status.code(), "{arguments:?}:\n{here_said}\n===\n{there_said}");
    (here_said, there_said, here.status.code().unwrap())
}

/// A text in which what can only differ is made the same: ways are written with `/`.
fn alike(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\\', "/")
}

#[test]
fn it_starts_fast_and_says_who_it_is() {
    let Some(wine) = Wine::get() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (here, there, code) = both(wine, folder.path(), &["--version"]);
    assert_eq!((alike(&here), code), (alike(&there), 0));
    let start = Instant::now();
    wine.run(folder.path(), &["--version"]);
    let size = fs::metadata(std::env::var_os("AFTERPATCH_EXE").unwrap()).unwrap().len();
    eprintln!("afterpatch.exe: {:.1} MB, starts and ends in {} ms under Wine", size as f64 / 1e6, start.elapsed().as_millis());
}

/// Each row: arguments, exit code. Both programs say the same.
#[test]
fn every_command_says_the_same_and_ends_with_the_same_code() {
    let Some(wine) = Wine::get() else { return };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("page.php"), "<?php echo htmlspecialchars($_GET['k']); eval($_POST['x']);").unwrap();
    fs::write(folder.path().join("harmless.php"), "<?php echo 1;").unwrap();
    fs::write(folder.path().join("builds.csv"), "server,build\nex1,15.1.2176.2\nex2,15.2.2562.53\n").unwrap();
    let cases: &[(&[&str], i32)] = &[
        (&["--help"], 0),
        (&["nonsense"], 2),
        (&["check", "15.1.2507.27", "--now", NOW], 10),
        (&["check", "15.2.2562.53", "--now", NOW, "--lang", "de"], 4),
        (&["check", "15.1.2176.9", "--cve", "CVE-2021-26855", "--now", NOW], 0),
        (&["check", "builds.csv", "--now", NOW, "--format", "json"], 10),
        (&["inspect", "page.php", "--explain"], 12),
        (&["inspect", "page.php", "--lang", "de"], 12),
        (&["inspect", "harmless.php"], 0),
        (&["rules", "list"], 0),
        (&["schema"], 0),
        (&["scan", "not-there"], 3),
        (&["scan", "page.php", "--now", NOW, "--lang", "de"], 13),
        (&["clean", "status"], 1),
    ];
    for (arguments, expected) in cases {
        let (here, there, code) = both(wine, folder.path(), arguments);
        assert_eq!(code, *expected, "{arguments:?}: {here}");
        assert_eq!(alike(&here), alike(&there).replace("afterpatch.exe", "afterpatch"), "{arguments:?}");
    }
}

#[test]
fn the_demo_works() {
    let Some(wine) = Wine::get() else { return };
    let folder = tempfile::tempdir().unwrap();
    let output = wine.run(folder.path(), &["demo", "--folder", "shown", "--lang", "de"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("Hintertür"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.path().join("shown/report.html").is_file());
}

/// A server laid out on the drive C that the exe sees, scanned there and from outside.
#[test]
fn a_server_on_drive_c_gives_the_report_of_the_same_tree_on_linux() {
    let Some(wine) = Wine::get() else { return };
    let (drive, _held) = wine.drive_c();
    let folder = tempfile::tempdir().unwrap();
    let lab = make(&Scenario::small(5, Variant::ProxyShellHiddenDirectory));
    wine.lay_out(&lab);
    let common = ["scan", "-q", "--now", NOW, "-o"];
    let here = linux(folder.path(), &[&common[..], &["linux.json", drive.to_str().unwrap()]].concat());
    let there = wine.run(folder.path(), &[&common[..], &["windows.json", "C:\\"]].concat());
    let said = String::from_utf8_lossy(&there.stderr);
    assert_eq!((here.status.code(), there.status.code()), (Some(13), Some(13)), "{said}");
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap() };
    let (mut one, mut other) = (read("linux.json"), read("windows.json"));
    for report in [&mut one, &mut other] {
        // Only the name of the evidence itself may differ.
        report.as_object_mut().unwrap().remove("inputs");
    }
    assert!(one["servers"][0]["findings"].as_array().unwrap().len() > 5);
    same(&one, &other, "");
    wine.clear(&lab);
}

/// Says where two reports differ, rather than showing both.
fn same(one: &Value, other: &Value, at: &str) {
    match (one, other) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => {
            left.iter().for_each(|(key, value)| same(value, &right[key], &format!("{at}.{key}")));
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).enumerate().for_each(|(index, (left, right))| same(left, right, &format!("{at}[{index}]")));
        }
        _ => assert_eq!(one, other, "{at}"),
    }
}

#[test]
fn long_paths_drives_and_the_case_of_names_are_no_matter() {
    let Some(wine) = Wine::get() else { return };
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a folder with a long name/".repeat(20)).join("inetpub/wwwroot");
    assert!(deep.as_os_str().len() > 500);
    fs::create_dir_all(&deep).unwrap();
    let page = "<?php eval($_POST['x']);";
    fs::write(deep.join("Größe 日本.php"), page).unwrap();
    let code = |arguments: &[&str]| wine.run(folder.path(), arguments).status.code();
    assert_eq!(code(&["inspect", "."]), Some(12));
    assert_eq!(code(&["inspect", &windows_path(folder.path())]), Some(12));
    assert_eq!(code(&["inspect", &windows_path(&deep).replace("inetpub", "INETPUB")]), Some(12));
    assert_eq!(code(&["inspect", &windows_path(&deep.join("größe 日本.PHP"))]), Some(12));
    let (here, there) = (
        linux(folder.path(), &["inspect", ".", "--format", "ndjson"]),
        wine.run(folder.path(), &["inspect", ".", "--format", "ndjson"]),
    );
    assert_eq!(alike(&String::from_utf8_lossy(&here.stdout)), alike(&String::from_utf8_lossy(&there.stdout)).replace("//", "/"));
    assert_eq!(code(&["scan", "-q", &windows_path(folder.path()), "-o", "-", "--format", "json"]), Some(13));
}

/// The exe's own machine: what it finds as it runs is what is found in what it collects.
#[test]
fn this_machine_is_scanned_and_collected_as_it_runs() {
    let Some(wine) = Wine::get() else { return };
    let (_drive, _held) = wine.drive_c();
    let lab = make(&Scenario::small(11, Variant::ProxyLogonOab));
    wine.lay_out(&lab);
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], expected: &[i32]| {
        let output = wine.run(folder.path(), arguments);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(expected.contains(&output.status.code().unwrap()), "{arguments:?}: {:?} {said}", output.status);
        said
    };
    run(&["scan", "-q", "--exit-zero", "--now", NOW, "-o", "live.json"], &[0]);
    let said = run(&["collect", "-o", "case.zip", "--now", NOW, "--lang", "de"], &[0, 5]);
    assert!(said.contains("afterpatch scan case.zip"), "{said}");
    wine.clear(&lab);
    let scanned = linux(folder.path(), &["scan", "-q", "--exit-zero", "--now", NOW, "-o", "zip.json", "case.zip"]);
    assert_eq!(scanned.status.code(), Some(0), "{scanned:?}");
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(folder.path().join(name)).unwrap()).unwrap() };
    let (live, collected) = (read("live.json"), read("zip.json"));
    told::same(&live, &collected, "live and collected");
    let kinds: Vec<&str> = live["artifacts"].as_array().unwrap().iter().filter_map(|it| it["kind"].as_str()).collect();
    assert!(kinds.contains(&"live_state") && kinds.contains(&"iis_w3c") && kinds.contains(&"served_script"), "{kinds:?}");
    let findings = live["servers"].as_array().unwrap().iter().flat_map(|server| server["findings"].as_array().unwrap());
    assert!(findings.into_iter().any(|finding| finding["kind"] == "directory-dump-script"), "the planted page is found");
    // Nothing is written where visitors would be served it.
    let said = run(&["scan", "-o", r"C:\inetpub\wwwroot\report.html"], &[1]);
    assert!(said.contains("served to visitors"), "{said}");
}
