//! What makes the programs that are given away the same bytes wherever they are built (docs/release.md): no path of the machine gets in.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// For a cargo that builds for `target`: the folders of the source and of the libraries are called the same everywhere, in the code of
/// Rust and in that of C. Flags that the environment gives stay.
pub(crate) fn ask(command: &mut Command, target: &str) {
    let names = names();
    let mut rust: Vec<String> = env::var("RUSTFLAGS").unwrap_or_default().split_whitespace().map(str::to_owned).collect();
    rust.extend(names.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())));
    let c: Vec<String> = names.iter().map(|(from, to)| format!("-ffile-prefix-map={}={to}", from.display())).collect();
    command.env("CARGO_ENCODED_RUSTFLAGS", rust.join("\x1f")).env(format!("CFLAGS_{}", target.replace('-', "_")), c.join(" "));
}

/// Each folder with what it is called; of several that fit a path the last counts.
fn names() -> Vec<(PathBuf, &'static str)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")));
    let mut names = vec![(root.canonicalize().unwrap_or(root), "/afterpatch")];
    // One for each registry, each named after where it is asked for.
    let sources = home.map(|home| home.join("registry/src")).and_then(|folder| fs::read_dir(folder).ok());
    let mut sources: Vec<PathBuf> = sources.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    sources.sort();
    names.extend(sources.into_iter().map(|folder| (folder, "/libraries")));
    names
}
