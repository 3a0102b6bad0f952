//! `cargo xtask formats`: whether the formats of the trade are what the validators of other people take them for.
//!
//! Written are the demo's reports by the real binary, and the sample reports of `crates/report`, one of them with hostile text in every
//! field. The validators are Python packages (`requirements.txt`) in an environment below `target`; schemas that no package brings are
//! looked for in a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::{run, say};

/// Stories of the demo whose reports differ most.
const VARIANTS: [&str; 3] = ["proxylogon_post_patch", "two_actors", "benign"];
/// A page that runs a parameter as a command, for `inspect`; in two parts, so that the code here is none.
const PAGE: [&str; 2] = ["<?php\n$asked = $_GET['k'];\nsys", "tem($asked);\n"];

/// Writes everything and validates it.
pub fn formats(arguments: &[String]) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut schemas = root.join("target/format-schemas");
    let mut python = None;
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        let value = PathBuf::from(rest.next().with_context(|| format!("{name}: a value is missing"))?);
        match name.as_str() {
            "--schemas" => schemas = value,
            "--python" => python = Some(value),
            _ => bail!("{name}: is no option; there are --schemas DIR and --python PROGRAM"),
        }
    }
    let folder = root.join("target/formats");
    let written = folder.join("written");
    if written.exists() {
        fs::remove_dir_all(&written)?;
    }
    fs::create_dir_all(&written)?;
    write(&root, &folder, &written)?;
    let python = match python {
        Some(python) => python,
        None => environment(&root)?,
    };
    let mut validate = Command::new(&python);
    validate.arg(root.join("xtask/src/formats/validate.py")).arg(&written).arg(&schemas);
    if !run(&mut validate) {
        bail!("a validator complains; the outputs lie in {}", written.display());
    }
    Ok(())
}

fn write(root: &Path, folder: &Path, written: &Path) -> anyhow::Result<()> {
    cargo(root, &["run", "-q", "--locked", "-p", "afterpatch-report", "--example", "sample", "--"], &[written])?;
    let build = ["build", "-q", "--locked", "-p", "afterpatch"];
    cargo(root, &build, &[])?;
    let afterpatch = root.join("target/debug/afterpatch");
    for variant in VARIANTS {
        let demo = folder.join(format!("demo-{variant}"));
        quietly(Command::new(&afterpatch).args(["demo", "--variant", variant, "--folder"]).arg(&demo))?;
        let mut report = Command::new(&afterpatch);
        report.arg("report").arg(demo.join("report.json")).arg("--quiet");
        for ending in [".stix.json", ".sarif", ".ocsf.ndjson", ".misp.json", ".timesketch.jsonl", ".ecs.ndjson", ".csv"] {
            report.arg("-o").arg(written.join(format!("demo-{variant}{ending}")));
        }
        quietly(&mut report)?;
    }
    let pages = folder.join("pages");
    fs::create_dir_all(&pages)?;
    fs::write(pages.join("a page.php"), PAGE.concat())?;
    let inspect = Command::new(&afterpatch).args(["inspect", "--format", "sarif", "--all"]).arg(&pages).output()?;
    Ok(fs::write(written.join("inspect.sarif"), inspect.stdout)?)
}

fn cargo(root: &Path, arguments: &[&str], paths: &[&Path]) -> anyhow::Result<()> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    quietly(Command::new(program).current_dir(root).args(arguments).args(paths))
}

/// Runs something of which only a failure is of interest.
fn quietly(command: &mut Command) -> anyhow::Result<()> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// A Python with the validators.
fn environment(root: &Path) -> anyhow::Result<PathBuf> {
    let folder = root.join("target/format-validators");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !python.exists() {
        say("installing the validators into target/format-validators");
        quietly(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let requirements = root.join("xtask/src/formats/requirements.txt");
        quietly(Command::new(&python).args(["-m", "pip", "install", "-q", "-r"]).arg(requirements))?;
    }
    Ok(python)
}
