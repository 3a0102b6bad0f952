//! A scan that asks every rule of every record gives the same report as one that first looks at lines and literals.
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use common::{afterpatch, real_evidence};

/// Rules of a user of every make that a filter could go wrong with: no literal, short ones, keywords, expressions, negation,
/// a field that must be missing, numbers, a column of the log's own, what the readers change (blanks, quotes).
const RULES: [(&str, &str); 9] = [
    ("numbers", "  s: {sc-status: [500, 503]}\n  condition: s"),
    ("short", "  s: {cs-method: POST, cs-uri-stem|endswith: .js}\n  condition: s"),
    ("keywords", "  k: [ActiveMonitoring, 'Windows NT 10.0']\n  condition: k"),
    ("blank", "  s: {cs-user-agent|contains: 'Microsoft WinRM Client'}\n  condition: s"),
    ("address", "  s: {c-uri|contains: 'default.eas?User='}\n  condition: s"),
    ("expression", "  s: {cs-uri-query|re: '(?i)(cmd|exec)(=|%3d).{2,}'}\n  condition: s"),
    (
        "column",
        "  s: {GenericInfo|contains: 'BeginGetResponse'}\n  f: {AuthenticatedUser|contains: HealthMailbox}\n  condition: s and not f",
    ),
    ("negation", "  s: {cs-uri-stem|startswith: /owa}\n  f: {cs-user-agent|contains: Mozilla}\n  condition: s and not f"),
    ("missing", "  s: {cs-username: null, cs-uri-stem|contains: autodiscover}\n  condition: s"),
];

fn rules(folder: &Path) {
    for (number, (name, detection)) in RULES.iter().enumerate() {
        let text = format!(
            "title: Rule {name}\nid: 5b2a8a5e-0000-4000-8000-00000000000{number}\nstatus: test\nlevel: high\n\
             logsource:\n  category: webserver\ndetection:\n{detection}\n"
        );
        fs::write(folder.join(format!("{name}.yml")), text).unwrap();
    }
}

fn report(evidence: &Path, more: &[&str]) -> serde_json::Value {
    let now = ["scan", "-q", "--now", "2021-04-01", "-o", "-", "--format", "json", evidence.to_str().unwrap()];
    let output = afterpatch(&[&now, more].concat());
    let mut report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    // What the run took is not what it found.
    report.as_object_mut().unwrap().remove("statistics");
    report
}

#[test]
fn the_report_is_the_same_without_prefilters() {
    let own = tempfile::tempdir().unwrap();
    rules(own.path());
    let own = own.path().to_str().unwrap();
    let compare = |evidence: &Path, of: &str| {
        let filtered = report(evidence, &["--rules", own]);
        assert!(filtered.to_string().contains("Rule "), "{of}: no rule of the user is met, so nothing is shown");
        assert!(filtered == report(evidence, &["--rules", own, "--no-prefilter"]), "{of}: another report without prefilters");
    };
    for (seed, variant) in Variant::all().enumerate().step_by(3) {
        let folder = tempfile::tempdir().unwrap();
        let lab = make(&Scenario::small(u64::try_from(seed).unwrap(), variant));
        write_folder(&lab, folder.path(), Layout::Kape).unwrap();
        compare(folder.path(), variant.slug());
    }
    if let Some(normal) = real_evidence("normal") {
        compare(&normal, "normal logs");
    }
}
