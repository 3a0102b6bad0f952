//! Packs our own rules, so that the program carries them.
//!
//! Only the rules are taken: their samples show what attacks look like and do not belong into a binary that virus scanners
//! read. The pack is sealed for the same reason (see `src/sealed.rs`).

// This is how a build script speaks to cargo.
#![allow(clippy::print_stdout)]

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

#[path = "src/sealed.rs"]
mod sealed;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules").canonicalize()?;
    let mut pack: Vec<(String, String)> = Vec::new();
    for (language, file) in [("sigma", "rule.yml"), ("yara", "rule.yar")] {
        let folder = root.join(language);
        // Cargo looks at every file below.
        println!("cargo::rerun-if-changed={}", folder.display());
        for campaign in folders(&folder)? {
            for rule in folders(&campaign)? {
                let path = rule.join(file);
                let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
                pack.push((name, text.replace("\r\n", "\n")));
            }
        }
    }
    let sealed = sealed::seal(&serde_json::to_vec(&pack)?)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("pack.bin"), sealed)?;
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
