//! `afterpatch fleet` hands over to the program `afterpatch-fleet`, and says what to do where there is none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// The program alone in a folder, so that no `afterpatch-fleet` of a build lies beside it.
fn alone(folder: &Path) -> std::path::PathBuf {
    let own = folder.join("afterpatch");
    fs::copy(env!("CARGO_BIN_EXE_afterpatch"), &own).unwrap();
    own
}

fn fleet(program: &Path, path: &Path) -> Output {
    Command::new(program).args(["fleet", "scan", "--help", "-x", "a b"]).env("PATH", path).output().unwrap()
}

fn script(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn where_there_is_none_it_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let output = fleet(&alone(folder.path()), folder.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cargo build --release -p afterpatch-fleet"), "{stderr}");
}

#[test]
fn the_one_beside_it_gets_all_arguments_and_decides_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let program = alone(folder.path());
    let elsewhere = tempfile::tempdir().unwrap();
    script(&elsewhere.path().join("afterpatch-fleet"), "#!/bin/sh\necho elsewhere\n");
    let output = fleet(&program, elsewhere.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "elsewhere\n");

    script(&folder.path().join("afterpatch-fleet"), "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 5\n");
    let output = fleet(&program, elsewhere.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "<scan><--help><-x><a b>");
    assert_eq!(output.status.code(), Some(5));
}
