//! Asking a lake: only reading is possible, every form holds the same, and what is hostile is inert.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;

use common::{Case, ask, code, fleet, number, scan};

// Windows has no such names.
#[cfg(unix)]
#[test]
fn a_lake_is_asked_in_every_form_and_never_changed() {
    let case = Case::empty();
    case.with_logs(2);
    // An attacker chooses what a folder of evidence is called.
    fs::write(case.at("packages/\u{1b}[31m\u{202e}x,\"y.zip"), b"not a zip").unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    let lake = case.path("lake");

    for sql in [
        "CREATE TABLE x AS SELECT 1",
        "DROP TABLE packages",
        "INSERT INTO packages SELECT * FROM packages",
        "COPY packages TO 'stolen.csv'",
        "CREATE EXTERNAL TABLE p STORED AS CSV LOCATION '/etc/passwd'",
        "SET datafusion.execution.batch_size = 1",
        "SELECT * FROM '/etc/passwd'",
    ] {
        let output = fleet(&["query", sql, "--lake", &lake]);
        assert_eq!(code(&output), 1, "{sql}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("error"), "{sql}");
    }

    let hostile = |output: &[u8]| {
        let text = String::from_utf8(output.to_vec()).unwrap();
        text.chars().any(|c| c != '\n' && afterpatch_report::hostile::is_hostile(c))
    };
    let sql = "SELECT name, state, reason FROM packages ORDER BY name";
    for format in ["table", "csv", "ndjson", "json"] {
        let output = fleet(&["query", sql, "--lake", &lake, "--format", format]);
        assert_eq!(code(&output), 0, "{format}");
        assert!(!hostile(&output.stdout), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).matches("web0").count(), 2, "{format}");
    }
    assert_eq!(ask(&case, sql)[0]["name"], "\u{1b}[31m\u{202e}x,\"y.zip");

    // A file's name tells its form; what was taken out as Parquet is a table again.
    let file = case.path("packages.parquet");
    assert_eq!(code(&fleet(&["query", "SELECT * FROM packages", "--lake", &lake, "-o", &file])), 0);
    assert_eq!(fs::read(&file).unwrap().get(..4), Some(&b"PAR1"[..]));
    let file = case.path("packages.csv");
    assert_eq!(code(&fleet(&["query", sql, "--lake", &lake, "-o", &file])), 0);
    assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 4);
    assert_eq!(code(&fleet(&["query", sql, "--lake", &lake, "-o", &case.path("packages.xyz")])), 1);
    assert_eq!(code(&fleet(&["query", sql, "--lake", &case.path("none")])), 1);
}

#[test]
fn every_table_and_view_can_be_asked_also_of_an_empty_lake() {
    let case = Case::empty();
    fs::write(case.at("packages/empty.zip"), b"").unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    let listed = fleet(&["views", "--no-color"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> =
        listed.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(names.len(), 18, "{listed}");
    for name in names {
        let count = number(&case, &format!("SELECT count(*) FROM {name}"));
        let expected = match name {
            "packages" | "coverage_gaps" => 1,
            _ => 0,
        };
        assert_eq!(count, expected, "{name}");
        let shown = fleet(&["views", name]);
        assert_eq!(code(&shown), 0, "{name}");
        assert!(shown.stdout.len() > 100, "{name}");
    }
    let german = fleet(&["views", "--lang", "de"]);
    assert!(String::from_utf8_lossy(&german.stdout).contains("Fertige Sichten"));
    assert_eq!(code(&fleet(&["views", "nothing"])), 1);
}
