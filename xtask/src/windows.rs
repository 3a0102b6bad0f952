//! `cargo xtask windows`: makes `afterpatch.exe` with Debian's packages, and runs its tests under Wine (docs/windows.md).

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{apt_install, run, say};

/// What the tests are told the exe by: without it they say that they were skipped.
const EXE: &str = "AFTERPATCH_EXE";
/// Runs on every Windows since Server 2008 R2; the ordinary target asks for Windows 10.
const TARGET: &str = "x86_64-win7-windows-gnu";
/// Debian's own compiler: only that comes with the source of the standard library, of which nobody ships one for this target.
const RUSTC: &str = "/usr/bin/rustc";
const CARGO: &str = "/usr/bin/cargo";
/// Packages, each with a file by which it can be told that it is there.
const TO_BUILD: &[(&str, &str)] = &[
    ("rustc-web", RUSTC),
    ("rust-web-src", "/usr/lib/rustlib/src/rust/library/std/Cargo.toml"),
    ("cargo-web", CARGO),
    ("gcc-mingw-w64-x86-64", "/usr/bin/x86_64-w64-mingw32-gcc"),
];
const TO_RUN: &[(&str, &str)] = &[("wine", "/usr/bin/wine"), ("wine64", "/usr/lib/wine/wine64")];

/// Makes the exe, and unless only that is wanted runs the tests of it. Without Debian's packages it says so, and fails.
pub(crate) fn windows(arguments: &[String]) -> bool {
    let release = arguments.iter().any(|argument| argument == "--release");
    if let Some(unknown) = arguments.iter().find(|argument| !["--release", "--build"].contains(&argument.as_str())) {
        say(&format!("windows: {unknown} is none of --release, --build"));
        return false;
    }
    let only_build = arguments.iter().any(|argument| argument == "--build");
    let Some(exe) = make(release) else { return false };
    say(&format!("made {}", exe.display()));
    if only_build {
        return true;
    }
    if !have(TO_RUN) {
        say("wine is not on this machine: the exe was made, and not tried");
        return false;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    run(Command::new(cargo)
        .args(["test", "--locked", "-p", "afterpatch", "--test", "windows", "--", "--nocapture"])
        .env(EXE, exe))
}

/// For `cargo xtask test`: the exe that the tests shall try. `Ok(None)` where it cannot be made, which was said.
pub(crate) fn for_all_tests() -> Result<Option<(&'static str, PathBuf)>, ()> {
    if !have(TO_BUILD) || !have(TO_RUN) {
        say(
            "no Windows exe can be made here (Debian's rustc-web, rust-web-src, cargo-web, gcc-mingw-w64-x86-64, wine, wine64): its tests will say that they were skipped",
        );
        return Ok(None);
    }
    make(false).map(|exe| Some((EXE, exe))).ok_or(())
}

/// Whether packages are there, after an attempt to install what is missing.
fn have(packages: &[(&str, &str)]) -> bool {
    let missing = || packages.iter().filter(|(_, file)| !Path::new(file).is_file()).map(|(name, _)| *name).collect::<Vec<_>>();
    apt_install(&missing(), "the Windows exe and its tests");
    missing().is_empty()
}

fn make(release: bool) -> Option<PathBuf> {
    if !have(TO_BUILD) {
        say("the exe needs rustc-web, rust-web-src, cargo-web and gcc-mingw-w64-x86-64 of Debian");
        return None;
    }
    let (root, profile) = (Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), if release { "release" } else { "windows-test" });
    // A folder of its own: two compilers in one would take turns at making everything anew.
    let target = root.join("target/windows");
    let mut command = Command::new(CARGO);
    command
        .args(["build", "--locked", "-p", "afterpatch", "--profile", profile, "--target", TARGET])
        // Unwinding: a fault of ours in a reader must cost one artifact, not the run.
        .args(["-Z", "build-std=std,panic_unwind"])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(&root)
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // The crate that calls C compilers does not know this target and would take the host's.
        .env("CC_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-gcc")
        .env("AR_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-ar");
    // What the outer cargo says of its own compiler and libraries is not true of Debian's.
    for inherited in ["RUSTUP_TOOLCHAIN", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH", "CARGO"] {
        command.env_remove(inherited);
    }
    run(&mut command).then(|| target.join(TARGET).join(profile).join("afterpatch.exe"))
}
