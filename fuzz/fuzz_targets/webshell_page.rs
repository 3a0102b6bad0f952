//! See `src/targets/webshell_page.rs`.
#![no_main]

#[path = "../src/inputs.rs"]
#[allow(dead_code)]
mod inputs;
#[path = "../src/targets/mod.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|data: &[u8]| targets::webshell_page::run(data));
