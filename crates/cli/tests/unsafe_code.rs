//! `unsafe` is forbidden everywhere but in `sys`, and there each block says why it is sound.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;

#[test]
fn every_crate_but_sys_stands_under_the_workspaces_lints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    assert!(read(&root.join("Cargo.toml")).contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    let mut crates: Vec<_> = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    crates.push(root.join("workbench"));
    crates.push(root.join("xtask"));
    crates.retain(|folder| folder.join("Cargo.toml").is_file());
    assert!(crates.len() > 15);
    for folder in crates {
        let manifest = read(&folder.join("Cargo.toml")).replace("\r\n", "\n");
        let is_sys = folder.ends_with("sys");
        assert_eq!(manifest.contains("[lints]\nworkspace = true"), !is_sys, "{}", folder.display());
        assert!(!is_sys || manifest.contains("undocumented_unsafe_blocks"));
    }
}
