//! Real evidence beside the project, when it is there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::path::PathBuf;

use afterpatch_evidence::Evidence;
use common::*;

fn real(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

#[test]
fn a_dataset_of_events() {
    let Some(path) = real("otrf_proxylogon_ssrf_rce_poc.zip") else { return };
    let evidence = Evidence::open(&path).unwrap();
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (1, vec![]));
    let events = &evidence.entries()[0];
    let text = content(events);
    assert_eq!((text.len() as u64, text.iter().filter(|byte| **byte == b'\n').count()), (events.size(), 10_487));
}

#[test]
fn logs_of_a_living_server() {
    let Some(path) = real("normal") else { return };
    let evidence = Evidence::open(&path).unwrap();
    assert_eq!(kinds(&evidence), []);
    assert!(evidence.entries().len() >= 19);
    for entry in evidence.entries() {
        assert_eq!(content(entry).len() as u64, entry.size());
        assert_eq!(entry.windows_path(), None);
    }
}
