//! `cargo xtask fuzz`: every target of `fuzz/` in turn, for so many minutes each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, bail};

use crate::say;

/// Minutes that each target is given where none are named.
const MINUTES: u64 = 5;
/// How each runs; the reasons are in `fuzz/README.md`.
const LIMITS: [&str; 5] = ["-max_len=70000", "-timeout=20", "-rss_limit_mb=3000", "-report_slow_units=2", "-detect_leaks=0"];

/// Runs the targets that are named, or all. The first that finds something does not keep the others from running.
///
/// # Errors
/// Arguments that are not understood, no cargo-fuzz, or a target that found something.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let all = targets(&folder)?;
    let (minutes, named) = wishes(arguments, &all)?;
    let mut found = Vec::new();
    for target in if named.is_empty() { all } else { named } {
        say(&format!("fuzzing {target} for {minutes} minutes"));
        let seconds = format!("-max_total_time={}", minutes * 60);
        let status = cargo_fuzz(&folder).args(["run", &target, "--", &seconds]).args(LIMITS).status();
        if !status.context("cargo-fuzz is needed: cargo install cargo-fuzz --locked")?.success() {
            found.push(target);
        }
    }
    if !found.is_empty() {
        bail!("something is wrong with {}; what did it lies below fuzz/artifacts", found.join(", "));
    }
    Ok(())
}

/// Minutes, and the targets that were named.
fn wishes(arguments: impl Iterator<Item = String>, all: &[String]) -> anyhow::Result<(u64, Vec<String>)> {
    let (mut minutes, mut named) = (MINUTES, Vec::new());
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        if argument == "--minutes" {
            minutes = arguments.next().and_then(|number| number.parse().ok()).context("--minutes needs a number")?;
        } else if all.contains(&argument) {
            named.push(argument);
        } else {
            bail!("{argument} is no target; there are {}", all.join(", "));
        }
    }
    Ok((minutes, named))
}

/// The names of the targets, in order.
fn targets(folder: &Path) -> anyhow::Result<Vec<String>> {
    let files: Vec<PathBuf> =
        fs::read_dir(folder.join("fuzz/fuzz_targets"))?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    let mut names: Vec<String> = files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

/// With a nightly compiler where there is one; else the stable one does the same when it is told to.
fn cargo_fuzz(folder: &Path) -> Command {
    let mut rustup = Command::new("rustup");
    rustup.args(["which", "--toolchain", "nightly", "rustc"]).stdout(Stdio::null()).stderr(Stdio::null());
    let has_nightly = rustup.status().is_ok_and(|status| status.success());
    let mut command = Command::new("cargo");
    if has_nightly {
        command.arg("+nightly");
    } else {
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    command.arg("fuzz").current_dir(folder);
    // `cargo xtask` sets them for its own compiler.
    for variable in ["CARGO", "RUSTC", "RUSTDOC"] {
        command.env_remove(variable);
    }
    command
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn targets_are_those_that_cargo_fuzz_knows() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let manifest = fs::read_to_string(folder.join("fuzz/Cargo.toml")).unwrap();
        let all = targets(&folder).unwrap();
        assert!(!all.is_empty());
        for target in &all {
            assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
        }
        let wished = |arguments: &[&str]| wishes(arguments.iter().map(|it| (*it).to_owned()), &all);
        assert_eq!(wished(&["--minutes", "2", "scan"]).unwrap(), (2, vec!["scan".to_owned()]));
        assert_eq!(wished(&[]).unwrap(), (MINUTES, Vec::new()));
        assert!(wished(&["--minutes"]).is_err() && wished(&["nonsense"]).is_err());
    }
}
