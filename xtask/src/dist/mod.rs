//! `cargo xtask dist`: makes what is given away (docs/release.md) from the program of this source.

mod deb;
mod licences;
mod manifests;
mod pack;
mod program;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::{run, say};

/// What the files are named by.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes all of it in a folder; of what cannot be made here it says so.
pub(crate) fn dist(arguments: impl Iterator<Item = String>) -> anyhow::Result<()> {
    let wanted = Wanted::read(arguments)?;
    let to = &wanted.to;
    // Nothing of an earlier day may get into the checksums.
    if to.exists() {
        fs::remove_dir_all(to).with_context(|| to.display().to_string())?;
    }
    let linux = to.join("linux");
    fs::create_dir_all(&linux)?;
    program::make(&wanted.profile, wanted.is_auditable, &linux)?;
    program::beside(&linux)?;
    licences::write(&linux)?;
    let mut files = vec![pack::tar_gz(&linux, to)?, deb::make(&linux, to, deb::Packed::Small)?];
    match &wanted.windows {
        Some(exe) => files.push(pack::zip(exe, &linux, to)?),
        None => say("no exe was named (--windows EXE): no zip, and no manifests for Windows"),
    }
    let files = [files.clone(), manifests::write(&files, to)?].concat();
    pack::checksums(&files, to)?;
    say(&format!("made {}", to.display()));
    Ok(())
}

struct Wanted {
    to: PathBuf,
    profile: String,
    windows: Option<PathBuf>,
    /// With the list of its libraries in it (cargo-auditable).
    is_auditable: bool,
}

impl Wanted {
    fn read(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut own = Self { to: root().join("target/dist"), profile: "release".to_owned(), windows: None, is_auditable: false };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--to" => own.to = value()?.into(),
                "--profile" => own.profile = value()?,
                "--auditable" => own.is_auditable = true,
                "--windows" => own.windows = Some(value()?.into()),
                _ => bail!("dist takes --to DIR, --profile NAME, --windows EXE and --auditable, not {argument}"),
            }
        }
        Ok(own)
    }
}

/// Runs another program, which must end well.
fn must(command: &mut Command) -> anyhow::Result<()> {
    ensure!(run(command), "{} did not end well", Path::new(command.get_program()).display());
    Ok(())
}

/// What another program says on its standard output.
fn said_by(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let name = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| name.clone())?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output.stdout)
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("{} to {}", from.display(), to.display()))?;
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
