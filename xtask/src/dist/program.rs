//! The program for Linux, which needs nothing installed, and what lies beside it.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::ensure;

use super::{copy, must, root, said_by};
use crate::{apt_install, is_there, same_bytes};

/// Static: the same file runs on every distribution, whatever its C library, and in a container that holds nothing else.
const TARGET: &str = "x86_64-unknown-linux-musl";
/// Each shell with the file that it reads completions from.
pub(super) const COMPLETIONS: [(&str, &str); 4] = [
    ("bash", "completions/afterpatch.bash"),
    ("zsh", "completions/_afterpatch"),
    ("fish", "completions/afterpatch.fish"),
    ("powershell", "completions/_afterpatch.ps1"),
];

/// Makes the program in a folder.
pub(super) fn make(profile: &str, is_auditable: bool, folder: &Path) -> anyhow::Result<()> {
    // Some libraries hold C code.
    if !is_there("musl-gcc") {
        apt_install(&["musl-tools"], "the static program");
    }
    ensure!(is_there("musl-gcc"), "the static program needs musl-gcc (Debian: musl-tools)");
    if is_there("rustup") {
        must(Command::new("rustup").args(["target", "add", TARGET]))?;
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(is_auditable.then_some("auditable"))
        .args(["build", "--locked", "-p", "afterpatch", "--profile", profile, "--target", TARGET])
        .current_dir(root());
    same_bytes::ask(&mut command, TARGET);
    must(command.env("CC_x86_64_unknown_linux_musl", "musl-gcc"))?;
    let folder_of_profile = if profile == "dev" { "debug" } else { profile };
    copy(&root().join("target").join(TARGET).join(folder_of_profile).join("afterpatch"), &folder.join("afterpatch"))
}

/// Manual pages and completions, which the program makes itself, and what people read first.
pub(super) fn beside(folder: &Path) -> anyhow::Result<()> {
    let program = folder.join("afterpatch");
    must(Command::new(&program).arg("manual").arg(folder.join("man")))?;
    fs::create_dir_all(folder.join("completions"))?;
    for (shell, file) in COMPLETIONS {
        fs::write(folder.join(file), said_by(Command::new(&program).args(["completions", shell]))?)?;
    }
    for name in ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        copy(&root().join(name), &folder.join(name))?;
    }
    Ok(())
}
