//! axe-core, with which `crates/report/tests/accessibility.rs` looks at the pages: one file of an npm package, kept below `target`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that the tests were written with; another would find other things.
const PACKAGE: &str = "axe-core@4.14.1";

/// Fetches the file, unless it is there. Where npm or the network is absent it says so, and the tests will.
pub(crate) fn fetch() {
    let folder = folder();
    let file = folder.join("axe.min.js");
    if file.is_file() {
        return;
    }
    let unpacked = folder.join("package").join("axe.min.js");
    let done = crate::is_there("npm")
        && fs::create_dir_all(&folder).is_ok()
        && crate::run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(&folder))
        && crate::run(Command::new("tar").args(["xzf", &format!("{}.tgz", PACKAGE.replace('@', "-"))]).current_dir(&folder))
        && fs::rename(unpacked, &file).is_ok();
    if !done {
        crate::say(
            "no axe-core, which npm would bring: the tests that look at the pages with it will say that they were skipped",
        );
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/axe")
}
