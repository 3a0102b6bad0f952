//! `cargo xtask book`: brings the generated pages of the documentation up to date, and makes the site of it (docs/SUMMARY.md).

mod links;
mod preprocessor;

use std::env;
use std::io::{stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{bail, ensure};

use crate::{is_there, run, say};

/// With nothing, the pages; with `--build`, the site; with `--preprocess`, what mdBook asks for while it makes that.
pub(crate) fn book(arguments: &[String]) -> anyhow::Result<()> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => write(),
        ["--build"] => build(),
        ["--preprocess"] => preprocessor::preprocess(stdin().lock(), stdout().lock()),
        // mdBook asks first whether a preprocessor goes with an output: ours goes with each.
        ["--preprocess", "supports", _] => Ok(()),
        _ => bail!("book takes nothing, or --build"),
    }
}

/// The generator knows rules and formats, so it lives with a test that does (crates/cli/tests/book), and not here. When it has
/// written, all is looked at.
fn write() -> anyhow::Result<()> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let test = || {
        let mut command = Command::new(&cargo);
        command.args(["test", "--quiet", "--locked", "-p", "afterpatch", "--test", "book", "--"]);
        command
    };
    ensure!(run(test().arg("generated").env("AFTERPATCH_BOOK", "write")), "the pages could not be written");
    ensure!(run(&mut test()), "the documentation is not as it should be");
    Ok(())
}

fn build() -> anyhow::Result<()> {
    ensure!(is_there("mdbook"), "mdbook is not here: cargo install mdbook --locked --no-default-features --features search");
    ensure!(run(Command::new("mdbook").arg("build").arg(root())), "mdbook could not make the site");
    let site = root().join("target/book");
    links::check(&site)?;
    say(&format!("made {}", site.join("index.html").display()));
    Ok(())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
