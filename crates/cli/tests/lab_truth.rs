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

/// What was found of what was planted: telling records, and steps of stories (of which several records may tell).
#[derive(Clone, Copy, Default)]
struct Counted {
    found: usize,
    planted: usize,
    steps_found: usize,
    steps: usize,
}

impl Counted {
    fn add(&mut self, other: Self) {
        self.found += other.found;
        self.planted += other.planted;
        self.steps_found += other.steps_found;
        self.steps += other.steps;
    }
}

/// What is wrong, by what kind of fault it is: how often, and the first example.
#[derive(Default)]
struct Faults(BTreeMap<String, (usize, String)>);

/// An act that follows an attacker's within half a minute is told beside it, whoever did it; the times that two logs give one act
/// differ by up to two seconds.
const FOLLOWS_SECONDS: i64 = 30 + 2;
/// So an administrator's is told there now and then: on at most so many of a thousand servers.
const COINCIDENCES: usize = 5;
/// The kind of fault that is such a coincidence.
const COINCIDENCE: &str = "coincidence";

impl Faults {
    fn add(&mut self, kind: String, example: impl FnOnce() -> String) {
        let (count, _) = self.0.entry(kind).or_insert_with(|| (0, example()));
        *count += 1;
    }

    /// Asserts that there are none but coincidences within their bound, over so many servers.
    fn assert_none(&self, servers: usize) {
        let of_coincidence = self.0.iter().filter(|(kind, _)| kind.contains(COINCIDENCE));
        let coincidences: usize = of_coincidence.map(|(_, (count, _))| *count).sum();
        // Four logs tell of one cmdlet.
        let most = 4 * servers * COINCIDENCES / 1_000;
        println!("records of others within {FOLLOWS_SECONDS} s told beside: {coincidences} (at most {most})");
        let (excused, faults): (Vec<_>, Vec<_>) =
            self.0.iter().partition(|(kind, _)| coincidences <= most && kind.contains(COINCIDENCE));
        let told = |faults: Vec<(&String, &(usize, String))>| -> Vec<String> {
            faults.into_iter().map(|(kind, (count, example))| format!("{count} × {kind}\n    {example}")).collect()
        };
        println!("{}", told(excused).join("\n"));
        let faults = told(faults);
        assert!(faults.is_empty(), "{} kinds of faults:\n{}", faults.len(), faults.join("\n"));
    }
}

/// Compares a report with what the lab planted.
fn compare(lab: &Lab, report: &Report, of: &str, faults: &mut Faults) -> Counted {
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
        return Counted::default();
    };
    let counted = everything_planted_is_found(lab, report, server, of, faults);
    nothing_else_is_found(lab, report, server, of, faults);
    what_was_taken_is_told(lab, server, of, faults);
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
    if let Some(gap) = report.gaps.first() {
        faults.add(format!("{variant}: gap"), || format!("{of}: {gap:?}"));
    }
    for doubt in server.coverage.doubts.iter().filter(|_| *variant != Variant::PostLogTampering.slug()) {
        faults.add(format!("{variant}: doubt {:?} of {}", doubt.kind, doubt.source.slug()), || format!("{of}: {doubt:?}"));
    }
    counted
}

fn everything_planted_is_found(lab: &Lab, report: &Report, server: &ServerReport, of: &str, faults: &mut Faults) -> Counted {
    let mut counted = Counted::default();
    let mut steps: BTreeMap<&str, bool> = BTreeMap::new();
    for planted in lab.truth.planted.iter().filter(|planted| planted.telling) {
        let artifact = artifact(report, &planted.source.windows_path);
        let found = artifact.is_some_and(|artifact| {
            server.findings.iter().any(|finding| {
                finding.evidence.iter().any(|evidence| points_to(evidence, artifact, planted))
                    || counts_in(finding, artifact, planted)
            })
        });
        counted.planted += 1;
        *steps.entry(&planted.step).or_default() |= found;
        if found {
            counted.found += 1;
            continue;
        }
        let kind = artifact.and_then(|id| report.artifacts.get(id.0 as usize)).map_or("no artifact", |it| it.kind.slug());
        faults.add(format!("{}: not found: {} in {kind}", lab.truth.variant, planted.step), || {
            format!("{of}: {:?} {}", planted.source, line(lab, planted))
        });
    }
    counted.steps = steps.len();
    counted.steps_found = steps.into_values().filter(|found| *found).count();
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
            let follows = finding.standing == Standing::Beside && evidence.time.is_some_and(|time| is_near_planted(lab, time));
            let fault = if follows { COINCIDENCE } else { "false alarm" };
            faults.add(format!("{}: {fault}: {}", lab.truth.variant, finding.kind), || {
                let path = report.artifacts.get(evidence.artifact.0 as usize).map_or("", |it| it.path.as_str());
                format!("{of}: {path} {:?}: {}", evidence.place, evidence.text)
            });
        }
    }
}

/// What left the server is told with who took it, and in the bytes that the web server counted.
fn what_was_taken_is_told(lab: &Lab, server: &ServerReport, of: &str, faults: &mut Faults) {
    let told: Vec<_> = server.incidents.iter().flat_map(|incident| &incident.taken).collect();
    for taken in &lab.truth.taken {
        let by_actor = || told.iter().filter(|it| it.who.contains(&taken.actor));
        if !by_actor().any(|it| it.bytes == Some(taken.bytes)) {
            faults.add(format!("{}: not told as taken: {}", lab.truth.variant, taken.what), || {
                let told: Vec<_> = by_actor().map(|it| (&it.kind, it.bytes, it.count)).collect();
                format!("{of}: {} bytes by {}: {told:?}", taken.bytes, taken.actor)
            });
        }
    }
}

fn is_near_planted(lab: &Lab, time: Timestamp) -> bool {
    let seconds = |planted: &Planted| planted.time.map(|it| (it.as_second() - time.as_second()).abs());
    lab.truth.planted.iter().filter_map(seconds).any(|seconds| seconds <= FOLLOWS_SECONDS)
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
    let outcome: Mutex<(Faults, BTreeMap<&'static str, Counted>)> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(&(variant, seed)) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let lab = make(&Scenario::small(seed, variant));
                    let report = scan_in_memory(&engine, &lab);
                    let (faults, table) = &mut *outcome.lock().unwrap();
                    let counted = compare(&lab, &report, &format!("{} seed {seed}", variant.slug()), faults);
                    table.entry(variant.slug()).or_default().add(counted);
                }
            });
        }
    });
    let (faults, table) = outcome.into_inner().unwrap();
    for (variant, Counted { found, planted, steps_found, steps }) in &table {
        println!("{variant:30} {steps_found:5} of {steps:5} steps, {found:6} of {planted:6} telling records found");
    }
    faults.assert_none(scenarios.len());
    // A lab that plants nothing would pass everything above.
    for (variant, Counted { planted, .. }) in table {
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
                faults.assert_none(1);
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
