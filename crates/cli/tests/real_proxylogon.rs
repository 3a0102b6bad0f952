//! A real attack: 10,487 events of an Exchange 2016 server (OTRF Security-Datasets, SDWIN-210314014019, MIT).
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod common;

use std::io::{Read, Write};
use std::path::Path;

use afterpatch_model::{CompromiseAnswer, FootholdAnswer, Note, Place, Report, Step, ThingKind, Timestamp};
use common::{only_server, real_evidence, scan};

/// The acts that the issue of this data names, each with the time (UTC) and line of its first record.
const STORY: [(Step, &str, u64); 7] = [
    (Step::ForgedRequest, "06:40:11.940", 9909),
    (Step::ConfigurationChanged, "06:40:12.987", 10485),
    (Step::FileWritten, "06:40:13.659", 3733),
    (Step::DirectoryReset, "06:40:14.768", 10486),
    (Step::PageCompiled, "06:40:15.315", 4039),
    (Step::CommandRun, "06:40:15.338", 4050),
    (Step::DirectoryReset, "06:40:17.518", 10487),
];

/// What differs between the real run and the same run in disguise.
struct Run {
    server: &'static str,
    date: &'static str,
    page: &'static str,
    offset_minutes: i32,
}

fn check(report: &Report, run: &Run) {
    let server = only_server(report);
    assert_eq!(server.name, run.server);
    assert_eq!(server.verdict.compromise, CompromiseAnswer::Compromised);
    assert_eq!(server.verdict.foothold, FootholdAnswer::InPlace);
    assert!(
        report
            .notes
            .iter()
            .any(|note| matches!(note, Note::ClockCorrected { offset_minutes, .. } if *offset_minutes == run.offset_minutes)),
        "{:?}",
        report.notes
    );
    assert_eq!(report.artifacts[0].records, 10_487);

    assert_eq!(server.incidents.len(), 1);
    let incident = &server.incidents[0];
    assert_eq!(incident.campaign, "proxylogon");
    let mut steps = incident.timeline.iter();
    for (step, clock, line) in STORY {
        let time: Timestamp = format!("{}T{clock}Z", run.date).parse().unwrap();
        let found = steps
            .find(|it| it.step == step && it.first == Some(time))
            .unwrap_or_else(|| panic!("{step:?} at {time} is missing or out of order in {:#?}", told(report)));
        assert!(
            found.evidence.iter().any(|evidence| evidence.place == Place::Line(line)),
            "{step:?} points to {:?}, not to line {line}",
            found.evidence.iter().map(|evidence| evidence.place).collect::<Vec<_>>()
        );
    }
    let pages: Vec<&str> = incident.pages.iter().map(|page| page.page.as_str()).collect();
    assert_eq!(pages, [run.page]);
    let path = incident.pages[0].path.as_deref().unwrap();
    assert!(path.to_lowercase().ends_with(&format!(r"\owa\auth\{}", run.page)), "{path}");
    let has = |kind: ThingKind, part: &str| incident.things.iter().any(|thing| thing.kind == kind && thing.value.contains(part));
    assert!(has(ThingKind::Script, "runat=\"server\""), "the planted script is told");
    assert!(has(ThingKind::Command, "cmd /c whoami"));
}

fn told(report: &Report) -> Vec<String> {
    let incidents = report.servers.iter().flat_map(|server| &server.incidents);
    incidents
        .flat_map(|incident| &incident.timeline)
        .map(|step| format!("{:?} {:?} {}", step.first, step.step, step.kind))
        .collect()
}

#[test]
fn the_real_run_is_told_whole() {
    let Some(zip) = real_evidence("otrf_proxylogon_ssrf_rce_poc.zip") else { return };
    let (report, code) = scan(&[&zip]);
    check(&report, &Run { server: "MXS01.azsentinel.local", date: "2021-03-14", page: "ohyeah.aspx", offset_minutes: -300 });
    assert_eq!(code, 13);
}

/// Nothing of the story hangs on the names or times of this one run.
#[test]
fn the_same_run_with_other_names_and_times_is_the_same_story() {
    let Some(zip) = real_evidence("otrf_proxylogon_ssrf_rce_poc.zip") else { return };
    let text = unzipped(&zip)
        .replace("ohyeah", "Outlook_en7")
        .replace("MXS01", "EXCH-7")
        .replace("mxs01", "exch-7")
        .replace("azsentinel", "corp")
        .replace("AZSENTINEL", "CORP")
        .replace("wardog", "j.smith")
        .replace("http://ffff/", "http://q/")
        .replace("tpy.js", "program.js")
        // The clock now runs two hours before UTC, on another day.
        .replace("\"2021-03-14T01:", "\"2021-08-02T08:")
        .replace("2021-03-14 06:", "2021-08-02 06:");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exported.log");
    std::fs::File::create(&file).unwrap().write_all(text.as_bytes()).unwrap();
    let (report, code) = scan(&[&file]);
    check(&report, &Run { server: "EXCH-7.corp.local", date: "2021-08-02", page: "outlook_en7.aspx", offset_minutes: 120 });
    assert_eq!(code, 13);
}

#[test]
fn the_same_evidence_gives_the_same_bytes() {
    let Some(zip) = real_evidence("otrf_proxylogon_ssrf_rce_poc.zip") else { return };
    let run = |threads: &str| {
        let zip = zip.to_str().unwrap();
        let arguments = ["scan", "--quiet", "--now", "2021-04-01", "--threads", threads, "-o", "-", "--format", "html", zip];
        common::afterpatch(&arguments).stdout
    };
    assert!(run("1") == run("4"), "two runs differ");
}

fn unzipped(zip: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let mut text = String::new();
    archive.by_index(0).unwrap().read_to_string(&mut text).unwrap();
    text
}
