//! `cargo xtask fuzz`: every target of `fuzz/` in turn, for so many minutes each. `cargo xtask keep`: what that brought forth goes
//! to `fuzz/kept`, from which fuzzing and the tests begin.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::say;

/// Minutes that each target is given where none are named.
const MINUTES: u64 = 5;
/// How each runs; the reasons are in `fuzz/README.md`.
const LIMITS: [&str; 5] = ["-max_len=70000", "-timeout=20", "-rss_limit_mb=3000", "-report_slow_units=2", "-detect_leaks=0"];

/// Longer inputs are not kept, and no more of one target.
const LONGEST_KEPT: usize = 16 << 10;
const MOST_KEPT: usize = 256 << 10;

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
        unpack(&folder, &target)?;
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

/// Keeps of every corpus the shortest inputs that together reach what all of it reaches.
///
/// # Errors
/// No cargo-fuzz, or a corpus that cannot be read.
pub(crate) fn keep() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::create_dir_all(folder.join("fuzz/kept"))?;
    for target in targets(&folder)? {
        unpack(&folder, &target)?;
        let status = cargo_fuzz(&folder).args(["cmin", &target, "--"]).args(LIMITS).status();
        if !status.context("cargo-fuzz is needed: cargo install cargo-fuzz --locked")?.success() {
            bail!("the corpus of {target} cannot be made smaller");
        }
        let mut inputs = Vec::new();
        for entry in fs::read_dir(folder.join("fuzz/corpus").join(&target))? {
            inputs.push(fs::read(entry?.path())?);
        }
        inputs.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
        let mut room = MOST_KEPT;
        let mut text = String::new();
        for input in inputs.iter().filter(|input| !input.is_empty() && input.len() <= LONGEST_KEPT) {
            let Some(left) = room.checked_sub(input.len()) else { break };
            room = left;
            BASE64_STANDARD.encode_string(input, &mut text);
            text.push('\n');
        }
        fs::write(folder.join("fuzz/kept").join(format!("{target}.txt")), text)?;
    }
    Ok(())
}

/// Puts the kept inputs of a target into its corpus.
fn unpack(folder: &Path, target: &str) -> anyhow::Result<()> {
    let kept = folder.join("fuzz/kept").join(format!("{target}.txt"));
    let corpus = folder.join("fuzz/corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let Ok(text) = fs::read_to_string(&kept) else { return Ok(()) };
    for (number, line) in (1..).zip(text.lines()) {
        let input = BASE64_STANDARD.decode(line).with_context(|| format!("{}: line {number}", kept.display()))?;
        fs::write(corpus.join(format!("kept-{number:05}")), input)?;
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
