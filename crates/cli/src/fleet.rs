//! `afterpatch fleet ...`: runs the program `afterpatch-fleet`, as git runs its own. It brings a query engine along, which nobody
//! needs on the server that is examined, so it is a program of its own.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, bail};

use crate::exit::Exit;

/// The program's name.
const PROGRAM: &str = "afterpatch-fleet";

/// Runs it with these arguments; it decides how this program ends.
pub fn run(arguments: &[OsString]) -> anyhow::Result<Exit> {
    let Some(program) = find() else {
        bail!(
            "{PROGRAM} is neither beside this program nor on PATH. It is a program of its own, so that this one stays small: \
             `cargo build --release -p {PROGRAM}` makes it (some minutes); then put it beside this program"
        );
    };
    let mut command = Command::new(&program);
    command.args(arguments);
    hand_over(command).with_context(|| program.display().to_string())
}

/// Beside this program first: that is the one of the same version.
fn find() -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let beside = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
    let path = std::env::var_os("PATH").unwrap_or_default();
    // An empty entry would mean the folder that one happens to be in, which may be somebody's evidence.
    let folders = beside.into_iter().chain(std::env::split_paths(&path).filter(|folder| folder.is_absolute()));
    folders.map(|folder| folder.join(&name)).find(|program| program.is_file())
}

/// Becomes that program, so that signals and its exit code are its own.
#[cfg(unix)]
fn hand_over(mut command: Command) -> anyhow::Result<Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

/// Waits for that program, which gets every interrupt itself, and ends as it did.
#[cfg(not(unix))]
fn hand_over(mut command: Command) -> anyhow::Result<Exit> {
    ctrlc::set_handler(|| {})?;
    let status = command.status()?;
    #[allow(clippy::exit, reason = "its exit code is ours, whatever it is")]
    std::process::exit(status.code().unwrap_or(Exit::Error as i32));
}
