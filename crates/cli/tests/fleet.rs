//! `afterpatch fleet` hands over to the program `afterpatch-fleet`, and says what to do where there is none.
//!
//! One test, one step after the other: a program just written cannot be run ("text file busy") while a process that another
//! thread is starting still holds the file open for writing.
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
fn it_hands_over_and_says_what_to_do_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let program = alone(folder.path());
    let output = fleet(&program, folder.path());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("cargo build --release -p afterpatch-fleet"), "{stderr}");

    let elsewhere = tempfile::tempdir().unwrap();
    script(&elsewhere.path().join("afterpatch-fleet"), "#!/bin/sh\necho elsewhere\n");
    let output = fleet(&program, elsewhere.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "elsewhere\n");

    // The one beside the program comes first, gets all arguments and decides the exit code.
    script(&folder.path().join("afterpatch-fleet"), "#!/bin/sh\nprintf '<%s>' \"$@\"\nexit 5\n");
    let output = fleet(&program, elsewhere.path());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "<scan><--help><-x><a b>");
    assert_eq!(output.status.code(), Some(5));
}
