//! Findings to episodes, incidents, verdict and coverage: the joins.
//!
//! Everything here works on one server's findings. Nothing here reads evidence, a clock or a table; what is needed is handed
//! in as [`Material`].

mod cluster;
mod coverage;
mod doubts;
mod guests;
mod incident;
mod keys;
mod page_life;
mod taken;
mod temper;
mod timeline;
mod verdict;

use afterpatch_model::{ArtifactKind, Coverage, CveExposure, Finding, Grade, Incident, Standing, Timestamp, Verdict};

pub use coverage::judge as judge_coverage;
pub use doubts::{FileTimes, Numbering, Rows, doubts};
pub use keys::{exact_keys, is_remote, key};

/// The time (UTC) from which a way in was closed, by CVE ids and the time it was first used.
pub type ClosedFrom<'c> = &'c dyn Fn(&[String], Option<Timestamp>) -> Option<Timestamp>;

/// What is known of one server before its incidents are told.
pub struct Material<'m> {
    /// Its findings, in any order.
    pub findings: Vec<Finding>,
    /// Its coverage, judged by [`judge_coverage`].
    pub coverage: &'m Coverage,
    /// Its exposure per CVE.
    pub exposure: &'m [CveExposure],
    /// The time (UTC) from which a way in was closed, by the CVEs that an incident's findings name; where they name none, by the
    /// holes that stood open at the time it began.
    pub closed: ClosedFrom<'m>,
    /// The kind of an artifact, by its number.
    pub kind_of: &'m dyn Fn(afterpatch_model::ArtifactId) -> Option<ArtifactKind>,
}

/// What is told of one server.
pub struct Told {
    /// Incidents, gravest first.
    pub incidents: Vec<Incident>,
    /// Findings told, in order of time, with their names; those acknowledged come last.
    pub findings: Vec<Finding>,
    /// Weak signals beside nothing strong, which are not told.
    pub dropped: u64,
    /// The answers.
    pub verdict: Verdict,
}

/// Names given so far, so that they are unique in a report of several servers.
#[derive(Default)]
pub struct Names {
    findings: u32,
    incidents: u32,
}

/// Tells one server's incidents and answers the three questions.
pub fn tell(material: Material<'_>, names: &mut Names) -> Told {
    // What somebody vouches for is told, but joins nothing, opens nothing and decides nothing.
    let (mut acknowledged, mut findings): (Vec<_>, Vec<_>) =
        material.findings.into_iter().partition(|finding| finding.acknowledged.is_some());
    acknowledged.sort_by(|a, b| order(a).cmp(&order(b)));
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut clusters = cluster::cluster(&findings, material.kind_of);
    temper::temper(&mut findings, &clusters);
    guests::temper(&mut findings, &clusters);
    let told_once = guests::tell_once(&mut findings, &mut clusters);
    let told = told(&findings, &clusters);
    let dropped = (told.iter().filter(|told| !**told).count() as u64).saturating_sub(told_once);
    let named = findings.iter_mut().zip(&told).filter(|(_, told)| **told).map(|(finding, _)| finding);
    for finding in named.chain(&mut acknowledged) {
        names.findings += 1;
        finding.id = format!("F{}", names.findings);
    }
    let mut incidents: Vec<Incident> =
        clusters.iter().map(|cluster| incident::tell(&findings, cluster, material.closed, material.kind_of)).collect();
    incidents.sort_by(|a, b| b.grade.cmp(&a.grade).then_with(|| (a.first.is_none(), a.first).cmp(&(b.first.is_none(), b.first))));
    for incident in &mut incidents {
        names.incidents += 1;
        incident.id = format!("I{}", names.incidents);
    }
    let mut keep = told.into_iter();
    findings.retain(|_| keep.next().unwrap_or(true));
    findings.append(&mut acknowledged);
    let verdict = verdict::judge(&incidents, &findings, material.coverage, material.exposure);
    Told { incidents, findings, dropped, verdict }
}

/// Findings in order of time; those of one time in an order that hangs on nothing but what they say.
fn order(finding: &Finding) -> impl Ord {
    (
        (finding.first.is_none(), finding.first, finding.last),
        (&finding.kind, &finding.evidence, &finding.things),
        (finding.step, finding.grade, finding.standing, finding.count),
    )
}

/// A finding is told when it stands alone or belongs to an incident; a hit of a user's rule that stands alone always does.
fn told(findings: &[Finding], clusters: &[cluster::Cluster]) -> Vec<bool> {
    let alone = |finding: &Finding| finding.standing == Standing::Alone && !guests::is_guest(finding);
    let mut told: Vec<bool> = findings.iter().map(alone).collect();
    for index in clusters.iter().flat_map(|cluster| &cluster.members) {
        if let Some(told) = told.get_mut(*index) {
            *told = true;
        }
    }
    told
}

/// Findings that open an incident: those of ours that stand alone and are more than a scan.
fn opens(finding: &Finding) -> bool {
    finding.standing == Standing::Alone && finding.grade > Grade::Scan && !guests::is_guest(finding)
}
