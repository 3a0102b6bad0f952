//! One incident from one cluster of findings.

use std::collections::BTreeSet;

use afterpatch_model::{ArtifactId, ArtifactKind, Episode, Finding, Grade, Incident, Thing, ThingKind, TimelineStep};

use crate::ClosedFrom;
use crate::cluster::{CLOSE_SECONDS, Cluster};
use crate::keys::is_remote;
use crate::{page_life, taken, timeline};

/// Things kept per incident.
const MAX_THINGS: usize = 500;

/// Tells one incident; its name comes later, when all are sorted.
pub fn tell(
    findings: &[Finding],
    cluster: &Cluster,
    closed: ClosedFrom<'_>,
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> Incident {
    let members: Vec<&Finding> = cluster.members.iter().filter_map(|&index| findings.get(index)).collect();
    let unique = |of: fn(&Finding) -> &[String]| -> Vec<String> {
        members.iter().flat_map(|finding| of(finding).iter().cloned()).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let cves = unique(|finding| &finding.cves);
    let first = members.iter().filter_map(|finding| finding.first).min();
    let closed = closed(&cves, first);
    let timeline = timeline::steps(&members, closed);
    let grade = timeline.iter().map(|step| step.grade).max().unwrap_or(Grade::Attempt);
    let things: BTreeSet<Thing> = members.iter().flat_map(|finding| finding.things.iter().cloned()).collect();
    Incident {
        id: String::new(),
        campaign: campaign(&members),
        grade,
        first,
        last: members.iter().filter(|finding| !is_ours(&finding.kind)).filter_map(|finding| finding.last).max(),
        episodes: episodes(&timeline),
        closed,
        taken: taken::taken(&members, kind_of),
        pages: page_life::lives(&members, closed, kind_of),
        timeline,
        things: things.into_iter().take(MAX_THINGS).collect(),
        joined_by: cluster.joined_by.clone(),
        attack: unique(|finding| &finding.attack),
        cves,
    }
}

/// The kind of the finding that a page was taken away by `afterpatch` itself (detection's `page_written`).
pub(crate) const TAKEN_AWAY: &str = "page-taken-away";
/// The kind of the finding that `afterpatch` switched off what starts by itself (detection's `autostart_switched_off`).
pub(crate) const SWITCHED_OFF: &str = "autostart-switched-off";

/// Whether a finding of this kind is about what we did ourselves: part of the story, and no sign of the attack.
fn is_ours(kind: &str) -> bool {
    [TAKEN_AWAY, SWITCHED_OFF].contains(&kind)
}

/// The attack that its gravest finding with a known attack belongs to.
fn campaign(members: &[&Finding]) -> String {
    members
        .iter()
        .filter_map(|finding| finding.campaign.as_deref().map(|campaign| (finding.grade, campaign)))
        .max()
        .map_or_else(|| "unknown".to_owned(), |(_, campaign)| campaign.to_owned())
}

/// Steps of one actor close in time: a new episode begins after a pause, or when another client acts.
fn episodes(timeline: &[TimelineStep]) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    for (index, step) in timeline.iter().enumerate() {
        let (Some(first), Some(last)) = (step.first, step.last) else { continue };
        if is_ours(&step.kind) {
            continue;
        }
        let addresses: BTreeSet<String> = step
            .things
            .iter()
            .filter(|thing| thing.kind == ThingKind::Address && is_remote(&thing.value))
            .map(|thing| thing.value.clone())
            .collect();
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        match episodes.last_mut() {
            Some(episode)
                if episode.last.is_some_and(|before| first.as_second() - before.as_second() <= CLOSE_SECONDS)
                    && (addresses.is_empty()
                        || episode.addresses.is_empty()
                        || episode.addresses.iter().any(|known| addresses.contains(known))) =>
            {
                episode.last = episode.last.max(Some(last));
                episode.grade = episode.grade.max(step.grade);
                episode.steps.push(index);
                let all: BTreeSet<String> = episode.addresses.drain(..).chain(addresses).collect();
                episode.addresses = all.into_iter().collect();
            }
            _ => episodes.push(Episode {
                first: Some(first),
                last: Some(last),
                addresses: addresses.into_iter().collect(),
                grade: step.grade,
                steps: vec![index],
            }),
        }
    }
    episodes
}
