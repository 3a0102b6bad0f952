//! `scan --acknowledge`: what somebody vouches for leaves the verdict, not the report, and never in silence.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use afterpatch_model::{CompromiseAnswer, FootholdAnswer, Note, Report, ThingKind};
use common::{afterpatch, code, only_server, scan};

/// A server of which the address book generator wrote a page, small.
fn attacked(folder: &Path) -> PathBuf {
    let evidence = folder.join("evidence");
    write_folder(&make(&Scenario::small(1, Variant::OabFileWrite)), &evidence, Layout::Plain).unwrap();
    evidence
}

fn scan_with(evidence: &Path, file: &Path) -> (Report, i32) {
    scan(&[Path::new("--acknowledge"), file, evidence])
}

/// One entry for each kind of finding of each page.
fn entries(report: &Report, until: &str) -> String {
    let pages: BTreeSet<(&str, &str)> = only_server(report)
        .findings
        .iter()
        .flat_map(|finding| finding.things_of(ThingKind::Page).map(|page| (finding.kind.as_str(), page)))
        .collect();
    assert!(!pages.is_empty());
    let entry = |(kind, page): (&str, &str)| {
        format!("- finding: {kind}\n  thing: {}\n  why: Our <b>drill</b>\n  who: Jane Doe\n{until}", page.to_uppercase())
    };
    pages.into_iter().map(entry).collect()
}

#[test]
fn what_is_vouched_for_leaves_the_verdict_and_stays_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = attacked(folder.path());
    let file = folder.path().join("known.yml");
    let (before, exit) = scan(&[&evidence]);
    assert_eq!((exit, only_server(&before).verdict.compromise), (13, CompromiseAnswer::Compromised));

    fs::write(&file, entries(&before, "  until: 2021-04-01\n")).unwrap();
    let (after, exit) = scan_with(&evidence, &file);
    let server = only_server(&after);
    assert!(server.verdict.foothold < FootholdAnswer::InPlace && exit != 13, "{exit}: {:?}", server.verdict);
    let told: BTreeSet<&str> = server.findings.iter().map(|finding| finding.kind.as_str()).collect();
    let vouched: Vec<_> = server.findings.iter().filter(|finding| finding.acknowledged.is_some()).collect();
    for finding in &only_server(&before).findings {
        assert!(told.contains(finding.kind.as_str()), "{} has gone", finding.kind);
    }
    let ids: BTreeSet<&str> = server.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert!(ids.len() == server.findings.len() && !ids.contains(""), "every finding has a name of its own");
    assert!(vouched.iter().all(|finding| finding.acknowledged.as_ref().is_some_and(|by| by.who == "Jane Doe")));
    let in_incidents: Vec<&String> =
        server.incidents.iter().flat_map(|incident| &incident.timeline).flat_map(|step| &step.findings).collect();
    assert!(vouched.iter().all(|finding| !in_incidents.contains(&&finding.id)));
    let said = |note: &Note| matches!(note, Note::AcknowledgementExpired { .. } | Note::AcknowledgementUnused { .. });
    assert!(!after.notes.iter().any(said), "{:?}", after.notes);

    for (format, lang, count, by) in [
        (
            "text",
            "en",
            format!("{} findings are acknowledged and not counted", vouched.len()),
            "Acknowledged by Jane Doe until 2021-04-01",
        ),
        (
            "html",
            "en",
            format!("{} findings are acknowledged and not counted", vouched.len()),
            "Acknowledged by Jane Doe until 2021-04-01",
        ),
        (
            "html",
            "de",
            format!("{} Funde sind bestätigt und werden nicht gewertet", vouched.len()),
            "Von Jane Doe bis 2021-04-01 bestätigt",
        ),
        ("ndjson", "en", String::new(), "\"acknowledged\":{\"why\":\"Our <b>drill</b>\",\"who\":\"Jane Doe\""),
    ] {
        let output = afterpatch(&[
            "scan",
            "--quiet",
            "--no-color",
            "--now",
            "2021-04-01T00:00:00Z",
            "-o",
            "-",
            "--format",
            format,
            "--lang",
            lang,
            "--acknowledge",
            file.to_str().unwrap(),
            evidence.to_str().unwrap(),
        ]);
        // Lines of the terminal are broken where they end.
        let shown = String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(&count) && shown.contains(by), "{format} {lang}");
        assert!(format != "html" || !shown.contains("<b>drill"), "the reason is shown inert");
        let (said, first) = (shown.find(&count).unwrap(), shown.find(by).unwrap());
        assert!(said <= first, "{format}: the verdict says it before the findings do");
    }
}

#[test]
fn what_is_past_its_day_or_matches_nothing_changes_nothing_and_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = attacked(folder.path());
    let file = folder.path().join("known.yml");
    let (before, _) = scan(&[&evidence]);
    let expired = entries(&before, "  until: 2021-03-31\n");
    fs::write(&file, format!("{expired}- finding: no-such-thing\n  why: a slip\n  who: Jane Doe\n")).unwrap();
    let (after, exit) = scan_with(&evidence, &file);
    assert_eq!(exit, 13);
    assert_eq!(only_server(&after), only_server(&before));
    let said = |is: fn(&Note) -> bool| after.notes.iter().filter(|note| is(note)).count();
    assert_eq!(said(|note| matches!(note, Note::AcknowledgementExpired { .. })), expired.matches("- finding").count());
    assert_eq!(said(|note| matches!(note, Note::AcknowledgementUnused { what, .. } if what == "no-such-thing")), 1);
}

#[test]
fn a_wrong_file_ends_the_run_before_it_begins() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.yml");
    let (file, evidence) = (file.to_str().unwrap(), folder.path().to_str().unwrap());
    let complaint = || {
        let output = afterpatch(&["scan", "--quiet", "--acknowledge", file, evidence]);
        assert_eq!(code(&output), 1);
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(complaint().contains("acknowledgements cannot be read from"));
    fs::write(file, "- finding: a\n  why: b\n  who: c\n- finding: a\n  wy: b\n  who: c\n").unwrap();
    let said = complaint();
    assert!(said.contains("known.yml: entry 2: unknown field `wy`"), "{said}");
}
