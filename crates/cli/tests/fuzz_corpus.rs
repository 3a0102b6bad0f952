//! The inputs that are kept for fuzzing (`fuzz/kept`), through the same code as there: whatever they reached once is reached in every
//! run of the tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, missing_docs)]

#[allow(dead_code)]
#[path = "../../../fuzz/src/inputs.rs"]
mod inputs;
#[path = "../../../fuzz/src/targets/mod.rs"]
mod targets;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

fn run_all(name: &str, run: fn(&[u8])) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fuzz/kept/{name}.txt"));
    let text = fs::read_to_string(&file).unwrap();
    let inputs: Vec<Vec<u8>> = text.lines().map(|line| BASE64_STANDARD.decode(line).unwrap()).collect();
    assert!(inputs.len() >= 10, "{}: {} inputs", file.display(), inputs.len());
    // As deep as the main thread that a fuzzer runs in.
    let failed: Option<Vec<usize>> = afterpatch_engine::on_deep_stack(|| {
        let fails = |(_, input): &(usize, &Vec<u8>)| catch_unwind(AssertUnwindSafe(|| run(input))).is_err();
        (1..).zip(&inputs).filter(fails).map(|(line, _)| line).collect()
    });
    assert_eq!(failed, Some(Vec::new()), "lines of {}", file.display());
}

#[test]
fn scan() {
    run_all("scan", targets::scan::run);
}

#[test]
fn report() {
    run_all("report", targets::report::run);
}

#[test]
fn user_files() {
    run_all("user_files", targets::user_files::run);
}

#[test]
fn webshell_page() {
    run_all("webshell_page", targets::webshell_page::run);
}

#[test]
fn webshell_decode() {
    run_all("webshell_decode", targets::webshell_decode::run);
}
