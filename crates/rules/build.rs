//! Writes the table of our own rules, so that the program carries them.
//!
//! Only `rule.yml` files are taken: their samples show what attacks look like and do not belong into a binary that virus
//! scanners read.

// This is how a build script speaks to cargo.
#![allow(clippy::print_stdout)]

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let pack = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules/sigma").canonicalize()?;
    // Cargo looks at every file below.
    println!("cargo::rerun-if-changed={}", pack.display());

    let mut rules = Vec::new();
    for campaign in folders(&pack)? {
        for rule in folders(&campaign)? {
            rules.push(rule.join("rule.yml"));
        }
    }

    let mut table = String::from("&[\n");
    for file in &rules {
        let name = file.strip_prefix(&pack)?.to_string_lossy().replace('\\', "/");
        writeln!(table, "    ({name:?}, include_str!({:?})),", file.display().to_string())?;
    }
    table.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("pack.rs"), table)?;
    Ok(())
}

/// The folders in a folder, sorted: the same rules have to give the same program.
fn folders(of: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(of)? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
