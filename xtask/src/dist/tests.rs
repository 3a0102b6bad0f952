//! A package is made of the program that was just built, installed into an empty root, run there, and removed.
#![allow(clippy::print_stderr, clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{deb, licences, manifests, pack, program, root, said_by};
use crate::is_there;

#[test]
fn a_package_is_installed_run_and_removed_without_a_trace() {
    let Some(built) = program_of_the_tests() else { return };
    if !is_there("dpkg-deb") {
        eprintln!("skipped: no dpkg-deb");
        return;
    }
    let (made, system) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let linux = made.path().join("linux");
    super::copy(&built, &linux.join("afterpatch")).unwrap();
    program::beside(&linux).unwrap();
    licences::write(&linux).unwrap();
    let package = deb::make(&linux, made.path(), deb::Packed::Fast).unwrap();

    for folder in ["info", "updates", "triggers"] {
        fs::create_dir_all(system.path().join("var/lib/dpkg").join(folder)).unwrap();
    }
    fs::write(system.path().join("var/lib/dpkg/status"), "").unwrap();
    let before = files(system.path());
    dpkg(system.path(), &["--install", package.to_str().unwrap()]);
    let installed = files(system.path());
    for file in [
        "usr/bin/afterpatch",
        "usr/share/man/man1/afterpatch.1.gz",
        "usr/share/man/man1/afterpatch-clean-undo.1.gz",
        "usr/share/bash-completion/completions/afterpatch",
        "usr/share/zsh/vendor-completions/_afterpatch",
        "usr/share/fish/vendor_completions.d/afterpatch.fish",
        "usr/share/doc/afterpatch/copyright",
        "usr/share/doc/afterpatch/third-party-licences.txt",
    ] {
        assert!(installed.contains(Path::new(file)), "{file}");
    }
    let version = said_by(Command::new(system.path().join("usr/bin/afterpatch")).arg("--version")).unwrap();
    assert_eq!(String::from_utf8_lossy(&version), format!("afterpatch {}\n", super::VERSION));

    dpkg(system.path(), &["--purge", "afterpatch"]);
    assert_eq!(files(system.path()), before);
}

/// dpkg of that root alone. Whoever is not root himself may do so in a folder of his own.
fn dpkg(system: &Path, arguments: &[&str]) {
    let mut command = Command::new("dpkg");
    command.arg(format!("--root={}", system.display())).args(["--force-not-root", "--force-bad-path", "--log=/dev/null"]);
    said_by(command.args(arguments)).unwrap();
}

/// All files and folders, but for what dpkg notes for itself.
fn files(system: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![system.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let below = path.strip_prefix(system).unwrap().to_path_buf();
            if below.starts_with("var/lib/dpkg") && below.components().count() > 3 {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            }
            found.insert(below);
        }
    }
    found
}

/// What `cargo test --workspace` has built beside this test.
fn program_of_the_tests() -> Option<PathBuf> {
    let own = std::env::current_exe().unwrap();
    let program = own.ancestors().nth(2).unwrap().join("afterpatch");
    if !program.is_file() {
        eprintln!("skipped: no {}, which cargo build -p afterpatch makes", program.display());
        return None;
    }
    Some(program)
}

#[test]
fn manifests_are_filled_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let files =
        ["afterpatch-1.0.0-windows-x86_64.zip", "afterpatch-1.0.0-linux-x86_64.tar.gz"].map(|name| folder.path().join(name));
    files.iter().for_each(|file| fs::write(file, file.to_str().unwrap()).unwrap());
    let written = manifests::write(&files, folder.path()).unwrap();
    assert_eq!(written.len(), 5);
    for path in &written {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".yaml") {
            let value: serde_json::Value = yaml_serde::from_str(&text).unwrap();
            assert_eq!(value["PackageVersion"], super::VERSION, "{name}");
            assert_eq!(value["ManifestVersion"], "1.6.0", "{name}");
        }
        if name.ends_with(".installer.yaml") {
            assert!(text.contains(&pack::sha256(&files[0]).unwrap()));
        }
        if name.ends_with(".json") {
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(value["architecture"]["64bit"]["hash"], pack::sha256(&files[0]).unwrap());
        }
        if name.ends_with(".rb") {
            assert!(text.contains(&pack::sha256(&files[1]).unwrap()));
        }
    }
    // What cannot be downloaded is in no manifest.
    assert_eq!(manifests::write(&files[1..], folder.path()).unwrap().len(), 1);
}

#[test]
fn a_place_that_is_not_filled_is_an_error() {
    let error = manifests::filled(&root().join("packaging/debian/control"), &[]).unwrap_err();
    assert!(error.to_string().contains("nobody gave"), "{error}");
}
