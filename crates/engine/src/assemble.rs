//! Puts what was read of all artifacts together: one report.

use std::collections::{BTreeMap, HashMap};

use afterpatch_detection::{Traffic, judge_traffic, settle};
use afterpatch_evidence::Evidence;
use afterpatch_exposure::{expose, fixed_from, patch_history, windows};
use afterpatch_incidents::{FileTimes, Material, Names, Numbering, doubts, judge_coverage, tell};
use afterpatch_model::{
    ArtifactInfo, ArtifactKind, Build, BuildPeriod, ExposureState, Finding, Gap, GapKind, Grade, Note, Pointer, Report, SCHEMA,
    ServerReport, Timestamp, Tool,
};

use crate::acknowledge::Current;
use crate::coverage::{Seen, SeenByName, Sources};
use crate::read::{Reading, TrafficOf};
use crate::servers::{Group, Servers};
use crate::survey::{Artifact, Survey};
use crate::{Engine, Options};

/// What was read of one server.
#[derive(Default)]
struct Gathered {
    findings: Vec<Finding>,
    builds: Vec<(Timestamp, Build, Pointer)>,
    /// Builds that the server had when the evidence was collected, with the last change of the file that tells it.
    installed: Vec<(Option<Timestamp>, Build, Pointer)>,
    sources: Sources,
    numberings: Vec<Numbering>,
    files: Vec<FileTimes>,
    traffic: Traffic,
}

impl Gathered {
    /// The build of every sighting and its time. What was installed at the end was seen when the last record was written, so
    /// it is not taken for older than it may be; a server without any record had it when the file was last changed.
    fn sightings(&mut self) -> Vec<(Timestamp, Build, Pointer)> {
        let end = [self.sources.last(), self.builds.iter().map(|(time, ..)| *time).max()].into_iter().flatten().max();
        let mut sightings = std::mem::take(&mut self.builds);
        let installed = self.installed.drain(..).filter_map(|(modified, build, place)| Some((end.or(modified)?, build, place)));
        sightings.extend(installed);
        sightings
    }
}

pub fn assemble(
    engine: &Engine,
    options: &Options,
    evidence: &[Evidence],
    survey: Survey<'_>,
    (readings, traffic_of): (Vec<Reading>, TrafficOf),
    group_of: Vec<usize>,
    interrupted: bool,
) -> Report {
    let servers = Servers::identify(&groups(evidence, &survey.artifacts, &readings, &group_of));
    let artifacts: Vec<ArtifactInfo> =
        survey.artifacts.iter().zip(&readings).map(|(artifact, reading)| info(artifact, reading)).collect();
    let mut notes = engine.notes.clone();
    notes.extend(servers.notes.iter().cloned());
    let mut gaps = survey.gaps;
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    let mut left_out = 0;
    // Files of which not one record could be read.
    let mut unread: Vec<(String, ArtifactKind)> = Vec::new();
    for ((artifact, reading), group) in survey.artifacts.iter().zip(readings).zip(group_of) {
        if let Some((offset_minutes, proven_by)) = reading.clock {
            notes.push(Note::ClockCorrected { artifact: artifact.id, offset_minutes, proven_by });
        }
        left_out += reading.left_out;
        let damaged = reading.gaps.iter().any(|gap| is_damage(gap.kind));
        let own = reading.own_name().map(str::to_owned).unwrap_or_default();
        let server_of = |name: &str| servers.of(group, if name.is_empty() { &own } else { name });
        let own_server = server_of("");
        // One file counts once on a server, however many ways its records write the server's name.
        let mut seen_on: BTreeMap<(String, &str), Seen> = BTreeMap::new();
        for (name, part, seen) in reading.seen.iter() {
            seen_on.entry((server_of(name), part)).or_default().add(seen);
        }
        if seen_on.is_empty() && damaged {
            unread.push((server_of(""), artifact.format.kind()));
        }
        for ((server, part), seen) in &seen_on {
            gathered.entry(server.clone()).or_default().sources.add(artifact.format.kind(), part, seen, damaged);
        }
        // What was left out by choice, or could not be read, is not missing.
        if let Some(of) = gathered.get_mut(&own_server).filter(|_| !damaged && reading.left_out == 0) {
            of.numberings.extend(reading.numberings);
            of.files.extend(file_times(artifact, &reading.seen));
        }
        for (name, time, build, place) in reading.builds {
            let (place, server) = (Pointer { artifact: artifact.id, place }, gathered.entry(server_of(&name)).or_default());
            match time {
                Some(time) => server.builds.push((time, build, place)),
                None => server.installed.push((artifact.entry.modified(), build, place)),
            }
        }
        for mut finding in reading.findings {
            finding.server = server_of(&finding.server);
            gathered.entry(finding.server.clone()).or_default().findings.push(finding);
        }
        gaps.extend(reading.gaps);
    }
    for (server, kind) in unread {
        // They belong to the coverage of a server that is known otherwise; alone they prove no server.
        if let Some(gathered) = gathered.get_mut(&server) {
            gathered.sources.add(kind, "", &Seen::default(), true);
        }
    }
    for ((group, name), traffic) in traffic_of {
        if let Some(gathered) = gathered.get_mut(&servers.of(group, &name)) {
            gathered.traffic.merge(traffic);
        }
    }
    for (server, gathered) in &mut gathered {
        let judged = judge_traffic(&gathered.traffic, server);
        gathered.findings.extend(judged.findings);
        if judged.left_out > 0 {
            let gap = Gap::new(server, GapKind::Capped, "more pages that behave like a shell than are kept");
            gaps.push(Gap { count: judged.left_out, ..gap });
        }
        if gathered.traffic.is_cut() {
            gaps.push(Gap::new(server, GapKind::Capped, "more pages than are followed to see how they are used"));
        }
    }
    if left_out > 0 {
        notes.push(Note::TimeFilter { records: left_out });
    }
    let mut acknowledged = engine.acknowledgements.at(options.now);
    let (servers, dropped) = server_reports(engine, gathered, &servers, &survey.artifacts, &mut acknowledged);
    if dropped > 0 {
        notes.push(Note::WeakSignalsDropped { findings: dropped });
    }
    notes.extend(acknowledged.notes());
    gaps.sort();
    Report {
        schema: SCHEMA.to_owned(),
        tool: Tool {
            name: "afterpatch".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            rules: u32::try_from(engine.rule_count).unwrap_or(u32::MAX),
            facts_date: engine.facts.date().to_owned(),
        },
        generated: options.now,
        inputs: options.inputs.iter().map(|path| path.to_string_lossy().into_owned()).collect(),
        since: options.since,
        until: options.until,
        interrupted,
        servers,
        artifacts,
        gaps,
        notes,
    }
}

/// Gaps that mean that a file was not read, or not to its end. Single damaged rows or a bound of ours are something else.
pub fn is_damage(kind: GapKind) -> bool {
    use GapKind::{Bomb, Encrypted, HeldByAntivirus, InternalError, Truncated, Unreadable, Vanished};
    matches!(kind, Unreadable | Vanished | HeldByAntivirus | Truncated | Encrypted | Bomb | InternalError)
}

/// The group of each artifact: one host's part of one input.
pub fn groups_of(artifacts: &[Artifact<'_>]) -> Vec<usize> {
    let mut numbers: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for artifact in artifacts {
        let next = numbers.len();
        numbers.entry((artifact.input, artifact.entry.host_root())).or_insert(next);
    }
    artifacts.iter().filter_map(|artifact| numbers.get(&(artifact.input, artifact.entry.host_root())).copied()).collect()
}

pub fn groups(evidence: &[Evidence], artifacts: &[Artifact<'_>], readings: &[Reading], group_of: &[usize]) -> Vec<Group> {
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for ((artifact, reading), &number) in artifacts.iter().zip(readings).zip(group_of) {
        let group = groups.entry(number).or_insert_with(|| {
            let input = evidence.get(artifact.input).map_or("", |evidence| evidence.name());
            let root = artifact.entry.host_root();
            let collection = if root.is_empty() { input.to_owned() } else { format!("{input}/{root}") };
            Group { collection, names: BTreeMap::new(), nameless_artifacts: 0, host: None }
        });
        group.nameless_artifacts +=
            u64::from(reading.own_name().is_none() && reading.seen.iter().any(|(name, ..)| name.is_empty()));
        if matches!(artifact.format.kind(), ArtifactKind::LiveState | ArtifactKind::CollectionManifest) {
            group.host = reading.own_name().map(str::to_owned).or(group.host.take());
        }
        for (name, _, seen) in reading.seen.iter() {
            *group.names.entry(name.to_owned()).or_default() += seen.records;
        }
    }
    groups.into_values().collect()
}

pub fn info(artifact: &Artifact<'_>, reading: &Reading) -> ArtifactInfo {
    ArtifactInfo {
        id: artifact.id,
        kind: artifact.format.kind(),
        path: artifact.entry.path().to_owned(),
        windows_path: artifact.entry.windows_path().map(str::to_owned),
        bytes: artifact.entry.size(),
        records: reading.seen.iter().map(|(.., seen)| seen.records).sum(),
        first: reading.seen.iter().filter_map(|(.., seen)| seen.first).min(),
        last: reading.seen.iter().filter_map(|(.., seen)| seen.last).max(),
    }
}

/// When a text log was last written and when its last line says it was; event logs are written in blocks, and other files
/// have no last line.
fn file_times(artifact: &Artifact<'_>, seen: &SeenByName) -> Option<FileTimes> {
    let kind = artifact.format.kind();
    if !kind.is_log() || kind.holds_events() {
        return None;
    }
    let last = seen.iter().filter_map(|(.., seen)| seen.last).max()?;
    Some(FileTimes { artifact: artifact.id, kind, modified: artifact.entry.modified()?, last })
}

fn server_reports(
    engine: &Engine,
    gathered: BTreeMap<String, Gathered>,
    servers: &Servers,
    artifacts: &[Artifact<'_>],
    acknowledged: &mut Current<'_>,
) -> (Vec<ServerReport>, u64) {
    let kind_of = |id: afterpatch_model::ArtifactId| artifacts.get(id.0 as usize).map(|artifact| artifact.format.kind());
    let mut names = Names::default();
    let mut dropped = 0;
    let mut reports: Vec<ServerReport> = gathered
        .into_iter()
        .map(|(name, mut gathered)| {
            let builds = patch_history(gathered.sightings());
            let (request_days, last_request) = gathered.sources.requests();
            let doubts = doubts(&gathered.sources.rows(), &gathered.numberings, &gathered.files);
            let coverage = judge_coverage(gathered.sources.into_sources(), doubts);
            let judged: Vec<&str> = engine.judged.iter().map(String::as_str).collect();
            let exposure = expose(&engine.facts, &judged, &builds);
            let windows = windows(&engine.facts, &judged, &builds, last_request, &request_days);
            let newest = builds.iter().map(|period| period.build).max();
            let aliases: Vec<String> = servers.aliases.get(&name).into_iter().flatten().cloned().collect();
            let known_as: Vec<&str> = std::iter::once(&name).chain(&aliases).map(String::as_str).collect();
            let mut findings = merge_scans(gathered.findings);
            for finding in &mut findings {
                settle(finding, newest, &engine.known_good);
                acknowledged.apply(finding, &known_as);
            }
            let told = tell(
                Material {
                    findings,
                    coverage: &coverage,
                    exposure: &exposure,
                    closed: &|cves, began| closed(engine, &builds, cves, began),
                    kind_of: &kind_of,
                },
                &mut names,
            );
            dropped += told.dropped;
            ServerReport {
                aliases,
                name,
                verdict: told.verdict,
                exposure,
                windows,
                builds,
                incidents: told.incidents,
                findings: told.findings,
                coverage,
            }
        })
        .collect();
    reports.sort_by(|a, b| {
        let gravity = |report: &ServerReport| (report.verdict.foothold, report.verdict.compromise, report.verdict.exposure);
        gravity(b).cmp(&gravity(a)).then_with(|| a.name.cmp(&b.name))
    });
    (reports, dropped)
}

/// The time from which the way in of an incident was closed on this server: all of its CVEs, or, where none is known, the holes
/// that were exploited somewhere by the time it began and stood open here then.
fn closed(engine: &Engine, builds: &[BuildPeriod], cves: &[String], began: Option<Timestamp>) -> Option<Timestamp> {
    let facts = &engine.facts;
    let open_then = || {
        let build = builds.iter().rev().find(|period| began.is_none_or(|began| period.first <= began)).or(builds.first())?.build;
        let exploited = |cve: &&String| facts.exploited_from(cve).is_some_and(|from| began.is_none_or(|began| from <= began));
        let open = |cve: &&String| facts.assess(cve, build) == ExposureState::Open;
        Some(engine.judged.iter().filter(exploited).filter(open).collect::<Vec<_>>())
    };
    let known: Vec<&String> = cves.iter().filter(|cve| facts.knows(cve)).collect();
    let ways = if known.is_empty() { open_then()? } else { known };
    ways.into_iter().map(|cve| fixed_from(facts, cve, builds)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// A scanner that came every day is one line, not thirty.
fn merge_scans(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::new();
    let mut scans: HashMap<(String, Vec<String>), usize> = HashMap::new();
    for finding in findings {
        if finding.grade == Grade::Scan {
            let addresses = finding.things_of(afterpatch_model::ThingKind::Address).map(str::to_owned).collect();
            match scans.entry((finding.kind.clone(), addresses)) {
                std::collections::hash_map::Entry::Occupied(entry) => {
                    if let Some(earlier) = merged.get_mut(*entry.get()) {
                        earlier.count += finding.count;
                        earlier.first = [earlier.first, finding.first].into_iter().flatten().min();
                        earlier.last = [earlier.last, finding.last].into_iter().flatten().max();
                        let room = 10usize.saturating_sub(earlier.evidence.len());
                        earlier.evidence.extend(finding.evidence.into_iter().take(room));
                    }
                    continue;
                }
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(merged.len());
                }
            }
        }
        merged.push(finding);
    }
    merged
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::{ArtifactId, Place};

    use super::*;

    #[test]
    fn the_installed_build_is_seen_at_the_end() {
        let time = |second| Timestamp::from_second(second).unwrap();
        let place = |artifact| Pointer { artifact: ArtifactId(artifact), place: Place::Whole };
        let (old, new) = (Build::new(15, 1, 2176, 2), Build::new(15, 1, 2176, 9));
        let mut seen = Seen::default();
        seen.count(Some(time(900)), ArtifactKind::IisW3c, false);
        let mut server = Gathered { builds: vec![(time(500), old, place(0))], ..Gathered::default() };
        server.installed.push((Some(time(100)), new, place(1)));
        server.sources.add(ArtifactKind::IisW3c, "", &seen, false);
        assert_eq!(server.sightings(), [(time(500), old, place(0)), (time(900), new, place(1))]);
        // Alone it is as old as its file, or unknown.
        let mut server =
            Gathered { installed: vec![(Some(time(100)), new, place(1)), (None, old, place(2))], ..Gathered::default() };
        assert_eq!(server.sightings(), [(time(100), new, place(1))]);
    }
}
