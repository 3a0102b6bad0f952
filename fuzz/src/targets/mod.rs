//! What each target does with an input. Here, so that the tests can run kept inputs without a fuzzer, too
//! (`crates/cli/tests/fuzz_corpus.rs`).

pub mod report;
pub mod scan;
pub mod user_files;
pub mod webshell_decode;
pub mod webshell_page;
