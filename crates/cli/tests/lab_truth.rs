//! The lab knows what it planted: all of it is found, nothing else is, and the verdict is the planted one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_lab::{Collection, Lab, Layout, Planted, Scenario, Variant, make, write_folder, write_tar_gz, write_zip};
use afterpatch_model::{ArtifactId, Evidence, Finding, Grade, Place, Report, ServerReport, Timestamp};

const SEEDS: u64 = 50;

fn scan(engine: &Engine, input: PathBuf) -> Report {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    engine.run(&Options { inputs: vec![input], since: None, until: None, now, threads: 2 }, &Progress::default())
}

/// The artifact of a Windows path.
fn artifact(report: &Report, windows_path: &str) -> Option<ArtifactId> {
    report
        .artifacts
        .iter()
        .find(|artifact| {
            let path = artifact.windows_path.clone().unwrap_or_else(|| artifact.path.replace('/', "\\"));
            path == windows_path || windows_path.get(3..) == Some(&path)
        })
        .map(|artifact| artifact.id)
}

fn points_to(evidence: &Evidence, artifact: ArtifactId, planted: &Planted) -> bool {
    let place = planted.source.line.map_or(Place::Whole, Place::Line);
    evidence.artifact == artifact && evidence.place == place
}

/// A long row of repeats keeps its ends only: what lies between them, in the same file and of the same page and actor, is
/// counted in it.
fn counts_in(finding: &Finding, artifact: ArtifactId, planted: &Planted) -> bool {
    let lines: Vec<u64> = finding
        .evidence
        .iter()
        .filter(|evidence| evidence.artifact == artifact)
        .filter_map(|evidence| match evidence.place {
            Place::Line(line) => Some(line),
            _ => None,
        })
        .collect();
    let between = matches!((lines.iter().min(), lines.iter().max(), planted.source.line), (Some(first), Some(last), Some(line)) if (*first..=*last).contains(&line));
    let same =
        |told: Option<&String>| told.is_none_or(|told| finding.things.iter().any(|thing| thing.value.eq_ignore_ascii_case(told)));
    finding.count > finding.evidence.len() as u64 && between && same(planted.page.as_ref()) && same(planted.actor.as_ref())
}

fn check(lab: &Lab, report: &Report, of: &str) {
    let truth = &lab.truth;
    let server = report
        .servers
        .iter()
        .find(|server| server.name.eq_ignore_ascii_case(&truth.server_fqdn) || server.name.eq_ignore_ascii_case(&lab.server))
        .unwrap_or_else(|| {
            panic!("{of}: no server {} in {:?}", truth.server_fqdn, report.servers.iter().map(|it| &it.name).collect::<Vec<_>>())
        });
    everything_planted_is_found(lab, report, server, of);
    nothing_else_is_found(lab, report, server, of);
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    assert_eq!(word(serde_json::to_value(server.verdict.compromise).unwrap()), truth.verdict.compromise, "{of}: compromise");
    assert_eq!(word(serde_json::to_value(server.verdict.foothold).unwrap()), truth.verdict.foothold, "{of}: foothold");
    assert_eq!(word(serde_json::to_value(server.verdict.exposure).unwrap()), truth.verdict.exposure, "{of}: exposure");
    let actors = match truth.verdict.compromise.as_str() {
        "compromised" if truth.variant == Variant::TwoActors.slug() => 2,
        "compromised" => 1,
        _ => 0,
    };
    let grave: Vec<_> = server.incidents.iter().filter(|incident| incident.grade >= Grade::Compromise).collect();
    let told: Vec<_> =
        grave.iter().map(|incident| (&incident.id, incident.first, &incident.campaign, incident.timeline.len())).collect();
    assert_eq!(grave.len(), actors, "{of}: one incident an actor: {told:?}");
    let mangled: Vec<_> = report.gaps.iter().filter(|gap| gap.artifact.is_some()).collect();
    assert!(mangled.is_empty(), "{of}: {mangled:?}");
}

fn everything_planted_is_found(lab: &Lab, report: &Report, server: &ServerReport, of: &str) {
    for planted in lab.truth.planted.iter().filter(|planted| planted.telling) {
        let artifact = artifact(report, &planted.source.windows_path);
        let found = artifact.is_some_and(|artifact| {
            server.findings.iter().any(|finding| {
                finding.evidence.iter().any(|evidence| points_to(evidence, artifact, planted))
                    || counts_in(finding, artifact, planted)
            })
        });
        assert!(found, "{of}: not found: {planted:?}\n{}", line(lab, planted));
    }
}

fn nothing_else_is_found(lab: &Lab, report: &Report, server: &ServerReport, of: &str) {
    let planted: Vec<(Option<ArtifactId>, &Planted)> =
        lab.truth.planted.iter().map(|planted| (artifact(report, &planted.source.windows_path), planted)).collect();
    for finding in &server.findings {
        for evidence in &finding.evidence {
            let is_planted =
                planted.iter().any(|(artifact, planted)| artifact.is_some_and(|artifact| points_to(evidence, artifact, planted)));
            assert!(is_planted, "{of}: false alarm {} at {:?}: {}", finding.kind, evidence.place, evidence.text);
        }
    }
}

fn line(lab: &Lab, planted: &Planted) -> String {
    let file = lab.files.iter().find(|file| file.windows_path == planted.source.windows_path).unwrap();
    let text = String::from_utf8_lossy(&file.bytes);
    planted.source.line.and_then(|line| text.lines().nth(usize::try_from(line).unwrap() - 1)).unwrap_or_default().to_owned()
}

#[test]
fn every_variant_on_many_seeds() {
    let engine = Engine::load().unwrap();
    let mut scanned: BTreeMap<&str, usize> = BTreeMap::new();
    for variant in Variant::all() {
        for seed in 0..SEEDS {
            let lab = make(&Scenario::small(seed, variant));
            let folder = tempfile::tempdir().unwrap();
            write_folder(&lab, folder.path(), Layout::Kape).unwrap();
            let report = scan(&engine, folder.path().to_path_buf());
            check(&lab, &report, &format!("{} seed {seed}", variant.slug()));
            *scanned.entry(variant.slug()).or_default() += lab.truth.planted.len();
        }
    }
    // A lab that plants nothing would pass everything above.
    for (variant, planted) in scanned {
        assert_eq!(planted == 0, variant == Variant::Benign.slug(), "{variant}: {planted} planted");
    }
}

#[test]
fn every_container_and_layout_gives_the_same_findings() {
    let engine = Engine::load().unwrap();
    let lab = make(&Scenario::small(7, Variant::ProxyLogonPostPatch));
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    for (layout, name) in [(Layout::Plain, "plain"), (Layout::Kape, "kape"), (Layout::Velociraptor, "velociraptor")] {
        write_folder(&lab, &place(name), layout).unwrap();
        write_zip(&lab, &place(&format!("{name}.zip")), layout).unwrap();
        write_tar_gz(&lab, &place(&format!("{name}.tar.gz")), layout).unwrap();
        for input in [name.to_owned(), format!("{name}.zip"), format!("{name}.tar.gz")] {
            let report = scan(&engine, place(&input));
            if layout != Layout::Plain {
                check(&lab, &report, &input);
                let unnamed: Vec<_> = report.artifacts.iter().filter(|artifact| artifact.windows_path.is_none()).collect();
                assert!(unnamed.is_empty(), "{input}: the original path is told: {unnamed:?}");
            }
            assert_eq!(report.servers.len(), 1, "{input}: {:?}", report.notes);
        }
    }
}

#[test]
fn several_servers_in_one_collection_get_a_verdict_each() {
    let engine = Engine::load().unwrap();
    let hit = make(&Scenario::small(3, Variant::ProxyLogonOab));
    let quiet = (4..)
        .map(|seed| make(&Scenario::small(seed, Variant::Benign)))
        .find(|lab| lab.truth.server_fqdn != hit.truth.server_fqdn && lab.server != hit.server)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("case.zip");
    Collection::new(Layout::Kape).with("one", &hit).with("two", &quiet).zip(&archive).unwrap();
    let report = scan(&engine, archive);
    assert_eq!(report.servers.len(), 2, "{:?} {:?}", report.servers.iter().map(|it| &it.name).collect::<Vec<_>>(), report.notes);
    assert!(report.servers[0].name.eq_ignore_ascii_case(&hit.truth.server_fqdn), "the gravest first");
    assert!(report.servers[1].incidents.is_empty());
}
