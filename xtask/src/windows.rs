//! `cargo xtask windows`: makes `afterpatch.exe` with Debian's packages, and runs its tests under Wine (docs/windows.md).

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{apt_install, run, same_bytes, say};

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
    let mut whole = Command::new(cargo);
    whole.args(["test", "--locked", "-p", "afterpatch", "--test", "windows", "--test", "windows_clean", "--", "--nocapture"]);
    // Both, even if the first fails.
    let parts = try_parts();
    run(whole.env(EXE, exe)) && parts
}

/// The tests of the crates that call Windows themselves, as programs for Windows.
fn try_parts() -> bool {
    let prefix = match Prefix::new() {
        Ok(prefix) => prefix,
        Err(error) => {
            say(&format!("a folder for Wine cannot be made: {error}"));
            return false;
        }
    };
    let mut command = cargo("test", "windows-test");
    command.args(["-p", "afterpatch-sys", "-p", "afterpatch-vault", "--lib", "--test", "system", "--test", "windows"]);
    command.env("CARGO_TARGET_X86_64_WIN7_WINDOWS_GNU_RUNNER", "wine").env("WINEPREFIX", &prefix.0).env("WINEDEBUG", "-all");
    // Neither .NET nor a browser (it would ask to download them), and no window anywhere.
    command.env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=").env_remove("DISPLAY");
    run(&mut command)
}

/// A Windows of Wine's that goes when it is not needed any more.
struct Prefix(PathBuf);

impl Prefix {
    fn new() -> std::io::Result<Self> {
        let folder = env::temp_dir().join(format!("afterpatch-wine-{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Prefix {
    fn drop(&mut self) {
        // Its last services may still write there; then something stays behind in a folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// For `cargo xtask test`: the exe that the tests shall try. `Ok(None)` where it cannot be made, which was said.
pub(crate) fn for_all_tests() -> Result<Option<(&'static str, PathBuf)>, ()> {
    if !have(TO_BUILD) || !have(TO_RUN) {
        say(
            "no Windows exe can be made or tried here (Debian's rustc-web, rust-web-src, cargo-web, gcc-mingw-w64-x86-64, wine, \
             wine64 are needed): its tests will say that they were skipped",
        );
        return Ok(None);
    }
    let exe = make(false).ok_or(())?;
    if try_parts() { Ok(Some((EXE, exe))) } else { Err(()) }
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
    let profile = if release { "release" } else { "windows-test" };
    let mut command = cargo("build", profile);
    if release {
        same_bytes::ask(&mut command, TARGET);
    }
    let made = run(command.args(["-p", "afterpatch"]));
    made.then(|| folder().join(TARGET).join(profile).join("afterpatch.exe"))
}

/// A folder of its own: two compilers in one would take turns at making everything anew.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/windows")
}

/// Debian's cargo for that target.
fn cargo(verb: &str, profile: &str) -> Command {
    let mut command = Command::new(CARGO);
    command
        .args([verb, "--locked", "--profile", profile, "--target", TARGET])
        // Unwinding: a fault of ours in a reader must cost one artifact, not the run.
        .args(["-Z", "build-std=std,panic_unwind"])
        .arg("--target-dir")
        .arg(folder())
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("RUSTC", RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // The crate that calls C compilers does not know this target and would take the host's.
        .env("CC_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-gcc")
        .env("AR_x86_64_win7_windows_gnu", "x86_64-w64-mingw32-ar");
    // What the outer cargo says of its own compiler and libraries is not true of Debian's.
    for inherited in ["RUSTUP_TOOLCHAIN", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH", "CARGO"] {
        command.env_remove(inherited);
    }
    command
}
