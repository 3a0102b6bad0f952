//! The exposure check on evidence: which builds a server had, and what its settings say. Nobody looks for attacks here.

use std::collections::BTreeMap;

use afterpatch_evidence::Evidence;
use afterpatch_exposure::{Facts, Observed, SeenBuild, Subject, patch_history, shared_keys};
use afterpatch_model::{
    ArtifactInfo, ArtifactKind, Assessment, Basis, Build, CHECK_SCHEMA, Check, CheckTool, Gap, GapKind, Pointer, Timestamp,
};

use crate::assemble::{groups, groups_of, info, is_damage};
use crate::coverage::{Seen, Sources};
use crate::read::Reads;
use crate::servers::Servers;
use crate::{Options, Progress, survey};

/// Checks the servers of the evidence that [`Options::inputs`] names. `only` narrows the answer to these CVEs; empty means all.
/// Whatever goes wrong with evidence is a gap.
pub fn check(facts: &Facts, only: &[String], options: &Options, progress: &Progress) -> Check {
    let (evidence, mut gaps) = crate::open_all(&options.inputs);
    let mut check = check_on(facts, only, &evidence, options, progress);
    gaps.append(&mut check.gaps);
    Check { gaps, ..check }
}

/// As [`check`], on evidence that is open already.
pub fn check_on(facts: &Facts, only: &[String], evidence: &[Evidence], options: &Options, progress: &Progress) -> Check {
    let mut survey = survey::survey(evidence, options.threads, progress);
    survey.artifacts.retain(|artifact| tells_of_exposure(artifact.format.kind()));
    // Numbers are positions in the list of artifacts.
    for (number, artifact) in (0..).zip(&mut survey.artifacts) {
        artifact.id = afterpatch_model::ArtifactId(number);
    }
    let group_of = groups_of(&survey.artifacts);
    // Settings are gathered in the order of the artifact.
    let reads = Reads { detectors: None, options, progress, section_bytes: u64::MAX, kept: None };
    let (readings, _) = reads.all(&survey.artifacts, &group_of);
    let servers = Servers::identify(&groups(evidence, &survey.artifacts, &readings, &group_of));
    let artifacts: Vec<ArtifactInfo> =
        survey.artifacts.iter().zip(&readings).map(|(artifact, reading)| info(artifact, reading)).collect();
    let traces = script_traces(evidence, &survey.artifacts, &group_of);
    let mut gaps = survey.gaps;
    let mut gathered: BTreeMap<String, Gathered> = BTreeMap::new();
    for ((artifact, reading), &group) in survey.artifacts.iter().zip(readings).zip(&group_of) {
        let own = reading.own_name().map(str::to_owned).unwrap_or_default();
        let server_of = |name: &str| servers.of(group, if name.is_empty() { &own } else { name });
        let damaged = reading.gaps.iter().any(|gap| is_damage(gap.kind));
        let mut seen_on: BTreeMap<(String, &str), Seen> = BTreeMap::new();
        for (name, part, seen) in reading.seen.iter() {
            seen_on.entry((server_of(name), part)).or_default().add(seen);
        }
        for ((server, part), seen) in &seen_on {
            gathered.entry(server.clone()).or_default().sources.add(artifact.format.kind(), part, seen, damaged);
        }
        for (name, time, build, place) in reading.builds {
            let (place, of) = (Pointer { artifact: artifact.id, place }, gathered.entry(server_of(&name)).or_default());
            match time {
                Some(time) => of.builds.push((time, build, place)),
                None => of.installed.push((artifact.entry.modified(), build, place)),
            }
        }
        if !reading.observed.is_empty() && !is_old_copy(artifact.entry.location()) {
            gathered.entry(server_of("")).or_default().observed.merge(reading.observed);
        }
        gaps.extend(reading.gaps);
    }
    for (group, path, modified) in traces {
        if let Some(of) = gathered.get_mut(&servers.of(group, "")) {
            of.observed.script_trace(&path, modified);
        }
    }
    for (server, of) in &gathered {
        if of.observed.left_out() > 0 {
            let gap = Gap::new(server, GapKind::Capped, "more settings than are weighed");
            gaps.push(Gap { count: of.observed.left_out(), ..gap });
        }
    }
    gaps.sort();
    let day = options.now.strftime("%Y-%m-%d").to_string();
    Check {
        schema: CHECK_SCHEMA.to_owned(),
        tool: CheckTool {
            name: "afterpatch".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            facts_date: facts.date().to_owned(),
            facts_age_days: facts.age_days(options.now),
        },
        generated: options.now,
        interrupted: progress.is_stopped(),
        targets: assess(facts, only, gathered, &day),
        artifacts,
        gaps,
        notes: servers.notes,
    }
}

/// What was read of one server.
#[derive(Default)]
struct Gathered {
    builds: Vec<(Timestamp, Build, Pointer)>,
    /// Builds that the server had when the evidence was collected: the last word on what is there now.
    installed: Vec<(Option<Timestamp>, Build, Pointer)>,
    sources: Sources,
    observed: Observed,
}

/// The answer for each server. Keys that stand on several are told to all of them.
fn assess(facts: &Facts, only: &[String], gathered: BTreeMap<String, Gathered>, day: &str) -> Vec<Assessment> {
    let mut judged: Vec<(Assessment, Observed)> = Vec::new();
    for (server, of) in gathered {
        let end = [of.sources.last(), of.builds.iter().map(|(time, ..)| *time).max()].into_iter().flatten().max();
        // The program on the disk is what is there, whatever the last log says.
        let installed = of.installed.iter().map(|(_, build, _)| *build).filter(|build| build.product().is_some()).max();
        let sightings = of.installed.iter().filter_map(|(modified, build, at)| Some((end.or(*modified)?, *build, *at)));
        let history = patch_history(of.builds.iter().copied().chain(sightings));
        let build = installed.or_else(|| history.last().map(|period| period.build));
        let (request_days, last_request) = of.sources.requests();
        let subject = Subject {
            target: server,
            basis: Basis::Evidence,
            builds: build.map(SeenBuild::Whole).into_iter().collect(),
            history,
            observed: Some(&of.observed),
            request_days,
            seen_until: last_request.or(end),
        };
        let assessment = facts.judge(subject, only, day);
        judged.push((assessment, of.observed));
    }
    let mut servers: Vec<(Assessment, &Observed)> = judged.iter().map(|(assessment, of)| (assessment.clone(), of)).collect();
    shared_keys(&mut servers);
    servers.into_iter().map(|(assessment, _)| assessment).collect()
}

/// Whether artifacts of a kind name builds or settings, or days of which requests are logged. What is left out is what is large and
/// says nothing of either.
fn tells_of_exposure(kind: ArtifactKind) -> bool {
    !matches!(
        kind,
        ArtifactKind::NtfsMft
            | ArtifactKind::NtfsUsn
            | ArtifactKind::ServedScript
            | ArtifactKind::AspnetCompiled
            | ArtifactKind::DefenderHistory
            | ArtifactKind::ScheduledTask
            | ArtifactKind::AccessLog
            | ArtifactKind::KnownUnread
    )
}

/// Whether a hive is one of the copies that Windows keeps, or of a shadow copy: what stands there was so once. (Configuration of IIS knows
/// its own copies, whose rules tell what was there.)
fn is_old_copy(location: &str) -> bool {
    let location = location.to_ascii_lowercase().replace('/', r"\");
    let in_config = location.contains(r"\config\regback\") || location.contains(r"\windows\repair\");
    in_config || location.contains("harddiskvolumeshadowcopy") || location.contains(r"\windows.old\")
}

/// Files that Microsoft's mitigation script left, with the group of the host that they lie on.
fn script_traces(
    evidence: &[Evidence],
    artifacts: &[survey::Artifact<'_>],
    group_of: &[usize],
) -> Vec<(usize, String, Option<Timestamp>)> {
    let mut traces = Vec::new();
    for (input, of) in evidence.iter().enumerate() {
        for entry in of.entries().iter().filter(|entry| Observed::is_script_trace(entry.file_name())) {
            let same_host =
                |artifact: &&survey::Artifact<'_>| artifact.input == input && artifact.entry.host_root() == entry.host_root();
            let group = artifacts.iter().position(|artifact| same_host(&artifact)).and_then(|at| group_of.get(at));
            if let Some(group) = group {
                traces.push((*group, entry.location().to_owned(), entry.modified()));
            }
        }
    }
    traces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_of_hives_say_nothing_of_today() {
        for (location, old) in [
            (r"C:\Windows\System32\config\SYSTEM", false),
            ("C/Windows/System32/config/RegBack/SYSTEM", true),
            (r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3\Windows\System32\config\SYSTEM", true),
            (r"C:\Windows.old\Windows\System32\config\SYSTEM", true),
            ("SYSTEM", false),
        ] {
            assert_eq!(is_old_copy(location), old, "{location}");
        }
    }
}
