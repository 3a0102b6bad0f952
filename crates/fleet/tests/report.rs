//! The whole report of a server, out of the lake: what a scan of its package alone says, in every format, and still there when others
//! came or the lake was compacted.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;

use afterpatch_lab::Variant;
use common::{Case, ask, code, files, fleet, number, scan};
use serde_json::Value;

fn report(case: &Case, server: &str) -> Value {
    let output = fleet(&["report", server, "--lake", &case.path("lake"), "--format", "json"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn reports(case: &Case) -> usize {
    files(&case.at("lake/data/reports")).len()
}

#[test]
fn a_report_is_what_a_scan_says_and_outlives_compacting() {
    let case = Case::empty();
    case.with("hit", Variant::ProxyLogonOab, 21);
    case.with("quiet", Variant::Benign, 60);
    fs::write(case.at("packages/broken.zip"), b"not a zip").unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    let whole = report(&case, "HIT.zip");
    assert_eq!(whole["schema"], "afterpatch.report/1");
    let server = whole["servers"][0]["name"].as_str().unwrap();
    assert_eq!(report(&case, server), whole);
    let of_hit = "FROM findings JOIN packages ON findings.package = packages.package WHERE packages.name = 'hit.zip'";
    let findings = whole["servers"][0]["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    assert_eq!(findings.len() as u64, number(&case, &format!("SELECT count(*) {of_hit}")));
    // More than the table holds: every record that a finding rests on.
    assert!(findings.iter().any(|finding| finding["evidence"].as_array().unwrap().len() > 1));
    // What is no report of the lake is said.
    for (name, why) in [("broken.zip", "there is no report"), ("nobody", "neither a server nor a package")] {
        let output = fleet(&["report", name, "--lake", &case.path("lake")]);
        assert_eq!(code(&output), 1);
        assert!(String::from_utf8_lossy(&output.stderr).contains(why), "{output:?}");
    }

    // Formats, by the name of a file or by their own.
    let file = case.path("hit.html");
    assert_eq!(code(&fleet(&["report", server, "--lake", &case.path("lake"), "-o", &file, "--lang", "de"])), 0);
    let page = fs::read_to_string(&file).unwrap();
    assert!(page.contains("<html lang=\"de\">"), "{}", page.get(..300).unwrap());
    assert_eq!(code(&fleet(&["report", server, "--lake", &case.path("lake"), "-o", &case.path("hit.xyz")])), 1);
    let text = fleet(&["report", server, "--lake", &case.path("lake")]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("This server was broken into"), "{text:?}");

    // Compacted: they stay where they lie, and no table tells of them.
    assert_eq!(reports(&case), 2);
    let compact = || assert_eq!(code(&fleet(&["compact", "--lake", &case.path("lake")])), 0);
    compact();
    compact();
    assert_eq!((reports(&case), report(&case, server)), (2, whole.clone()));
    // A package that changed: its new report counts, before and after another compact.
    case.with("hit", Variant::ProxyLogonOab, 22);
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    let newer = report(&case, "hit.zip");
    assert_ne!(newer, whole);
    compact();
    assert_eq!(report(&case, "hit.zip"), newer);
    let tables = ask(&case, "SELECT DISTINCT table_name FROM information_schema.tables WHERE table_name = 'reports'");
    assert_eq!(tables, Vec::<Value>::new());
}
