//! `--since` and `--until` leave out what was logged at another time, never what stands there today.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeSet;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use afterpatch_model::Report;
use common::{afterpatch, only_server};

#[test]
fn what_stands_today_is_told_whatever_time_is_asked_for() {
    let lab = make(&Scenario::small(7, Variant::ProxyLogonOab));
    let folder = tempfile::tempdir().unwrap();
    write_folder(&lab, folder.path(), Layout::Kape).unwrap();
    let kinds = |filter: &[&str]| -> BTreeSet<String> {
        let arguments = ["scan", "-q", "-o", "-", "--format", "json", folder.path().to_str().unwrap()];
        let output = afterpatch(&[&arguments, filter].concat());
        let report: Report = serde_json::from_slice(&output.stdout).unwrap();
        only_server(&report).findings.iter().map(|finding| finding.kind.clone()).collect()
    };
    let all = kinds(&[]);
    for kind in ["page-written", "page-answered", "virtual-directory-shell"] {
        assert!(all.contains(kind), "{kind}: {all:?}");
    }
    for filter in [["--since", "2030-01-01"], ["--until", "2019-01-01"]] {
        let standing = kinds(&filter);
        assert!(standing.contains("virtual-directory-shell"), "{filter:?}: {standing:?}");
        assert!(!standing.contains("page-written") && !standing.contains("page-answered"), "{filter:?}: {standing:?}");
    }
}
