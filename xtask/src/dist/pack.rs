//! Archives, and the list of their checksums. The same files give the same bytes: times are that of the commit, owners are nobody.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{VERSION, copy, must, root, said_by};
use crate::{apt_install, is_there};

/// Seconds since 1970 of the commit that this is made of, as SOURCE_DATE_EPOCH (reproducible-builds.org) would say.
pub(super) fn time() -> String {
    let commit = said_by(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root()));
    commit.ok().and_then(|said| String::from_utf8(said).ok()).map_or_else(|| "0".to_owned(), |said| said.trim().to_owned())
}

/// The folder as `afterpatch-VERSION-linux-x86_64.tar.gz`.
pub(super) fn tar_gz(folder: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    let file = to.join(format!("afterpatch-{VERSION}-linux-x86_64.tar.gz"));
    let mut command = Command::new("tar");
    command.args(["--create", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"]);
    command.args(["--use-compress-program", "gzip -9 -n"]).arg(format!("--mtime=@{}", time()));
    command.arg(format!("--transform=s,^\\.,afterpatch-{VERSION},")).arg("--file").arg(&file).arg("--directory").arg(folder);
    must(command.arg("."))?;
    Ok(file)
}

/// The exe as `afterpatch-VERSION-windows-x86_64.zip`, with the texts that lie beside the program for Linux.
pub(super) fn zip(exe: &Path, linux: &Path, to: &Path) -> anyhow::Result<PathBuf> {
    if !is_there("zip") {
        apt_install(&["zip"], "the archive for Windows");
    }
    let windows = to.join("windows");
    copy(exe, &windows.join("afterpatch.exe"))?;
    let texts = ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE", "third-party-licences.txt"];
    for name in texts {
        copy(&linux.join(name), &windows.join(name))?;
    }
    copy(&linux.join("completions/_afterpatch.ps1"), &windows.join("_afterpatch.ps1"))?;
    let mut names: Vec<_> = fs::read_dir(&windows)?.map(|entry| Ok(entry?.file_name())).collect::<anyhow::Result<_>>()?;
    names.sort();
    must(Command::new("touch").arg("--date").arg(format!("@{}", time())).args(&names).current_dir(&windows))?;
    let file = to.join(format!("afterpatch-{VERSION}-windows-x86_64.zip"));
    // A zip holds local times.
    let mut command = Command::new("zip");
    must(command.args(["-9", "-X", "-q"]).arg(std::path::absolute(&file)?).args(&names).env("TZ", "UTC").current_dir(&windows))?;
    Ok(file)
}

/// Writes `SHA256SUMS` over these files.
pub(super) fn checksums(files: &[PathBuf], to: &Path) -> anyhow::Result<()> {
    let mut lines = Vec::new();
    for file in files {
        let name = file.strip_prefix(to).unwrap_or(file);
        lines.push(format!("{}  {}\n", sha256(file)?, name.display()));
    }
    lines.sort_by(|one, other| one.split_once("  ").cmp(&other.split_once("  ")));
    fs::write(to.join("SHA256SUMS"), lines.concat()).context("SHA256SUMS")
}

/// In hex, lower case.
pub(super) fn sha256(file: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
