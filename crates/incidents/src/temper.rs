//! Visits mean no more than what found the page.

use afterpatch_model::{Confidence, Finding, Grade, Standing, Step};

use crate::cluster::Cluster;
use crate::opens;

/// That a page was answered says that state was changed when something sure says that the page is a shell. Where an incident
/// was opened only by what is not sure (the page behaves like one), visits that stand beside are as grave as that.
pub fn temper(findings: &mut [Finding], clusters: &[Cluster]) {
    for cluster in clusters {
        let others: Vec<&Finding> =
            cluster.members.iter().filter_map(|&index| findings.get(index)).filter(|finding| !is_visit(finding)).collect();
        if others.iter().any(|finding| is_sure(finding)) {
            continue;
        }
        let Some(gravest) = others.iter().filter(|finding| opens(finding)).map(|finding| finding.grade).max() else { continue };
        for &index in &cluster.members {
            if let Some(visit) = findings.get_mut(index).filter(|finding| is_visit(finding)) {
                visit.grade = visit.grade.min(gravest);
            }
        }
    }
}

/// A visit that means nothing by itself.
fn is_visit(finding: &Finding) -> bool {
    finding.standing == Standing::Beside && finding.step == Step::PageRequested
}

fn is_sure(finding: &Finding) -> bool {
    finding.confidence == Confidence::High && (opens(finding) || finding.grade >= Grade::Compromise)
}
