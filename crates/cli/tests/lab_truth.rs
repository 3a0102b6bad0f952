//! The lab knows what it planted: all of it is found, nothing else is, and the verdict is the planted one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_evidence::{Evidence, MemoryFile};
use afterpatch_lab::{Collection, Lab, Layout, Planted, Scenario, Variant, make, write_folder, write_tar_gz, write_zip};
use afterpatch_model::{ArtifactId, Finding, Grade, Place, Report, ServerReport, Standing, Timestamp};

const SEEDS: u64 = 50;

fn scan(engine: &Engine, input: PathBuf, threads: usize) -> Report {
    engine.run(&options(vec![input], threads), &Progress::default())
}

fn options(inputs: Vec<PathBuf>, threads: usize) -> Options {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    Options { inputs, since: None, until: None, now, threads }
}

/// The lab's files as a collector would bring them, without writing them anywhere.
fn scan_in_memory(engine: &Engine, lab: &Lab) -> Report {
    let collection = Collection::of(lab, Layout::Kape);
    let files =
        collection.entries().map(|(path, file)| MemoryFile { path, bytes: file.bytes.clone(), modified: Some(file.modified) });
    let evidence = Evidence::of_memory("lab", files.collect());
    engine.run_on(&[evidence], &options(Vec::new(), 1), &Progress::default())
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

fn points_to(evidence: &afterpatch_model::Evidence, artifact: ArtifactId, planted: &Planted) -> bool {
    // Where the lab plants a file as a whole, any place in it is right.
    evidence.artifact == artifact && planted.source.line.is_none_or(|line| evidence.place == Place::Line(line))
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
    // Scans are one line, however many files tell of them.
    finding.count > finding.evidence.len() as u64
        && (between || finding.grade == Grade::Scan)
        && same(planted.page.as_ref())
        && same(planted.actor.as_ref())
}

/// Telling records found and planted, by variant.
type Table = BTreeMap<&'static str, (usize, usize)>;

/// What is wrong, by what kind of fault it is: how often, and the first example.
#[derive(Default)]
struct Faults(BTreeMap<String, (usize, String)>);

/// An administrator's act in the same half minute as an attacker's is told beside it now and then: on at most so many of a
/// thousand servers. Of the records that tell a step, so many of a thousand may be missed (the ends of long rows).
const COINCIDENCES: usize = 5;
const MISSED: usize = 1;

impl Faults {
    fn add(&mut self, kind: String, example: impl FnOnce() -> String) {
        let (count, _) = self.0.entry(kind).or_insert_with(|| (0, example()));
        *count += 1;
    }

    /// Asserts that there are none beyond the bounds, over so many servers with so many telling records.
    fn assert_none(&self, servers: usize, records: usize) {
        let within = |word: &str, bound: usize| {
            let of_kind = self.0.iter().filter(|(kind, _)| kind.contains(word));
            let count: usize = of_kind.map(|(_, (count, _))| *count).sum();
            println!("{word}: {count} (at most {bound})");
            count <= bound
        };
        // Four logs tell of one cmdlet.
        let alarms = within("false alarm beside", 4 * servers * COINCIDENCES / 1_000);
        let missed = within("not found", records * MISSED / 1_000);
        let excused = |kind: &str| (alarms && kind.contains("false alarm beside")) || (missed && kind.contains("not found"));
        let faults = self.0.iter().filter(|(kind, _)| !excused(kind));
        let told: Vec<String> = faults.map(|(kind, (count, example))| format!("{count} × {kind}\n    {example}")).collect();
        for (kind, (count, example)) in self.0.iter().filter(|(kind, _)| excused(kind)) {
            println!("{count} × {kind}\n    {example}");
        }
        assert!(told.is_empty(), "{} kinds of faults:\n{}", told.len(), told.join("\n"));
    }
}

/// Compares a report with what the lab planted. Gives how many telling records were found and how many there were.
fn compare(lab: &Lab, report: &Report, of: &str, faults: &mut Faults) -> (usize, usize) {
    let truth = &lab.truth;
    let variant = &truth.variant;
    let server = report
        .servers
        .iter()
        .find(|server| server.name.eq_ignore_ascii_case(&truth.server_fqdn) || server.name.eq_ignore_ascii_case(&lab.server));
    let Some(server) = server else {
        faults.add(format!("{variant}: no server"), || {
            format!("{of}: {} in {:?}", truth.server_fqdn, report.servers.iter().map(|it| &it.name).collect::<Vec<_>>())
        });
        return (0, 0);
    };
    let counted = everything_planted_is_found(lab, report, server, of, faults);
    nothing_else_is_found(lab, report, server, of, faults);
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let answers = [
        ("compromise", word(serde_json::to_value(server.verdict.compromise).unwrap()), &truth.verdict.compromise),
        ("foothold", word(serde_json::to_value(server.verdict.foothold).unwrap()), &truth.verdict.foothold),
        (
            "exposure",
            word(serde_json::to_value(server.verdict.exposure).unwrap()).replace("fixed_if", "fixed"),
            &truth.verdict.exposure,
        ),
    ];
    for (question, answer, right) in answers {
        if answer != *right {
            faults.add(format!("{variant}: {question} is {answer} instead of {right}"), || of.to_owned());
        }
    }
    let actors = match truth.verdict.compromise.as_str() {
        "compromised" if *variant == Variant::TwoActors.slug() => 2,
        "compromised" => 1,
        _ => 0,
    };
    let grave: Vec<_> = server.incidents.iter().filter(|incident| incident.grade >= Grade::Compromise).collect();
    if grave.len() != actors {
        faults.add(format!("{variant}: {} grave incidents of {actors} actors", grave.len()), || {
            let told: Vec<String> = grave
                .iter()
                .map(|it| {
                    let kinds: BTreeSet<&str> = it.timeline.iter().map(|step| step.kind.as_str()).collect();
                    format!("{} {:?} {kinds:?}", it.campaign, it.first.map(|time| time.to_string()))
                })
                .collect();
            format!("{of}: {}", told.join(" | "))
        });
    }
    if let Some(gap) = report.gaps.iter().find(|gap| gap.artifact.is_some()) {
        faults.add(format!("{variant}: gap"), || format!("{of}: {gap:?}"));
    }
    for doubt in server.coverage.doubts.iter().filter(|_| *variant != Variant::PostLogTampering.slug()) {
        faults.add(format!("{variant}: doubt {:?} of {}", doubt.kind, doubt.source.slug()), || format!("{of}: {doubt:?}"));
    }
    counted
}

fn everything_planted_is_found(
    lab: &Lab,
    report: &Report,
    server: &ServerReport,
    of: &str,
    faults: &mut Faults,
) -> (usize, usize) {
    let mut counted = (0, 0);
    for planted in lab.truth.planted.iter().filter(|planted| planted.telling) {
        let artifact = artifact(report, &planted.source.windows_path);
        let found = artifact.is_some_and(|artifact| {
            server.findings.iter().any(|finding| {
                finding.evidence.iter().any(|evidence| points_to(evidence, artifact, planted))
                    || counts_in(finding, artifact, planted)
            })
        });
        counted.1 += 1;
        if found {
            counted.0 += 1;
            continue;
        }
        let kind = artifact.and_then(|id| report.artifacts.get(id.0 as usize)).map_or("no artifact", |it| it.kind.slug());
        faults.add(format!("{}: not found: {} in {kind}", lab.truth.variant, planted.step), || {
            format!("{of}: {:?} {}", planted.source, line(lab, planted))
        });
    }
    counted
}

fn nothing_else_is_found(lab: &Lab, report: &Report, server: &ServerReport, of: &str, faults: &mut Faults) {
    let planted: HashSet<(ArtifactId, Option<Place>)> = lab
        .truth
        .planted
        .iter()
        .filter_map(|planted| Some((artifact(report, &planted.source.windows_path)?, planted.source.line.map(Place::Line))))
        .collect();
    let is_planted = |it: &afterpatch_model::Evidence| {
        planted.contains(&(it.artifact, Some(it.place))) || planted.contains(&(it.artifact, None))
    };
    for finding in &server.findings {
        for evidence in finding.evidence.iter().filter(|it| !is_planted(it)) {
            let standing = if finding.standing == Standing::Beside { " beside" } else { "" };
            faults.add(format!("{}: false alarm{standing}: {}", lab.truth.variant, finding.kind), || {
                let path = report.artifacts.get(evidence.artifact.0 as usize).map_or("", |it| it.path.as_str());
                format!("{of}: {path} {:?}: {}", evidence.place, evidence.text)
            });
        }
    }
}

fn line(lab: &Lab, planted: &Planted) -> String {
    let file = lab.files.iter().find(|file| file.windows_path == planted.source.windows_path).unwrap();
    let text = String::from_utf8_lossy(&file.bytes);
    planted.source.line.and_then(|line| text.lines().nth(usize::try_from(line).unwrap() - 1)).unwrap_or_default().to_owned()
}

/// Prints, for every variant, how many of the records that tell its steps were found.
#[test]
fn every_variant_on_many_seeds() {
    let engine = Engine::load().unwrap();
    let scenarios: Vec<(Variant, u64)> =
        Variant::all().flat_map(|variant| (0..seeds()).map(move |seed| (variant, seed))).collect();
    let next = AtomicUsize::new(0);
    let outcome: Mutex<(Faults, Table)> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(&(variant, seed)) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let lab = make(&Scenario::small(seed, variant));
                    let report = scan_in_memory(&engine, &lab);
                    let (faults, table) = &mut *outcome.lock().unwrap();
                    let (found, planted) = compare(&lab, &report, &format!("{} seed {seed}", variant.slug()), faults);
                    let row = table.entry(variant.slug()).or_default();
                    *row = (row.0 + found, row.1 + planted);
                }
            });
        }
    });
    let (faults, table) = outcome.into_inner().unwrap();
    for (variant, (found, planted)) in &table {
        println!("{variant:30} {found:6} of {planted:6} telling records found");
    }
    faults.assert_none(scenarios.len(), table.values().map(|(_, planted)| planted).sum());
    // A lab that plants nothing would pass everything above.
    for (variant, (_, planted)) in table {
        assert_eq!(planted == 0, variant == Variant::Benign.slug(), "{variant}: {planted} planted");
    }
}

/// How many seeds of each variant; `AFTERPATCH_LAB_SEEDS` takes fewer or more.
fn seeds() -> u64 {
    std::env::var("AFTERPATCH_LAB_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS)
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
            let report = scan(&engine, place(&input), 2);
            if layout != Layout::Plain {
                let mut faults = Faults::default();
                compare(&lab, &report, &input, &mut faults);
                faults.assert_none(1, 0);
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
    let report = scan(&engine, archive, 2);
    assert_eq!(report.servers.len(), 2, "{:?} {:?}", report.servers.iter().map(|it| &it.name).collect::<Vec<_>>(), report.notes);
    assert!(report.servers[0].name.eq_ignore_ascii_case(&hit.truth.server_fqdn), "the gravest first");
    assert!(report.servers[1].incidents.is_empty());
}
