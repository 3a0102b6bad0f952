//! `afterpatch-fleet manual` and `afterpatch-fleet completions`: what a system wants to know of the command line. Both are made from
//! [`Arguments`], so they cannot differ from `--help`, and are in English as that is.

use std::fs;
use std::io::{Write, stdout};
use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::exit::Exit;

/// Writes a manual page for each command.
pub fn write(folder: &Path) -> anyhow::Result<Exit> {
    let written = fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    written.with_context(|| format!("the manual pages cannot be written to {}", folder.display()))?;
    Ok(Exit::Done)
}

/// Prints what a shell reads to complete our commands.
pub fn completions(shell: Shell) -> anyhow::Result<Exit> {
    // Not straight to standard output: there it would end in a panic when nobody reads on.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "afterpatch-fleet", &mut script);
    stdout().lock().write_all(&script)?;
    Ok(Exit::Done)
}
