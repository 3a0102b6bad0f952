//! What is known of the life of planted pages.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{ArtifactId, ArtifactKind, Finding, PageLife, Step, ThingKind, Timestamp};

use crate::keys::remote_addresses;

/// Visitors named per page.
const MAX_VISITORS: usize = 50;

/// The lives of all pages that an incident's findings speak of, by name.
pub fn lives(
    findings: &[&Finding],
    fixed_from: Option<Timestamp>,
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> Vec<PageLife> {
    let mut of_page: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        for page in finding.things_of(ThingKind::Page) {
            of_page.entry(page).or_default().push(finding);
        }
    }
    of_page.into_iter().map(|(page, findings)| life(page, &findings, fixed_from, kind_of)).collect()
}

fn life(
    page: &str,
    findings: &[&Finding],
    fixed_from: Option<Timestamp>,
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> PageLife {
    let of = |step: Step| findings.iter().copied().filter(move |finding| finding.step == step);
    let earliest = |step: Step| of(step).filter_map(|finding| finding.first).min();
    let answered: Vec<&Finding> = of(Step::PageRequested).collect();
    let (requests, after_fix) = requests(&answered, fixed_from, kind_of);
    let in_table = of(Step::FilePresent).filter(|finding| is_of(finding, ArtifactKind::NtfsMft, kind_of));
    let written = earliest(Step::FileWritten).or(in_table.filter_map(|finding| finding.first).min());
    let compiled = earliest(Step::PageCompiled);
    let last_answered = answered.iter().filter_map(|finding| finding.last).max();
    let last_seen = sightings(&of(Step::FilePresent).collect::<Vec<_>>(), kind_of);
    let lived_until = [last_answered, compiled, written, last_seen].into_iter().flatten().max();
    let gone = of(Step::PageGone)
        .chain(of(Step::Removed))
        .filter_map(|finding| finding.first)
        .filter(|gone| lived_until.is_some_and(|lived| *gone > lived))
        .min();
    let visitors: BTreeSet<&str> = answered.iter().flat_map(|finding| remote_addresses(finding)).collect();
    let file_present = of(Step::FilePresent).any(|finding| !is_sighting(finding, kind_of));
    // Somebody may have written it again.
    let deleted = !file_present && of(Step::Removed).any(|finding| finding.first.is_none());
    let path = [Step::FilePresent, Step::FileWritten]
        .into_iter()
        .find_map(|step| {
            of(step).flat_map(|finding| finding.things_of(ThingKind::File)).find(|path| path.to_lowercase().ends_with(page))
        })
        .or_else(|| {
            findings.iter().flat_map(|finding| finding.things_of(ThingKind::Url)).find(|url| url.to_lowercase().ends_with(page))
        });
    PageLife {
        page: page.to_owned(),
        path: path.map(str::to_owned),
        written,
        compiled,
        first_answered: answered.iter().filter_map(|finding| finding.first).min(),
        last_answered,
        gone,
        requests,
        visitors: visitors.into_iter().take(MAX_VISITORS).map(str::to_owned).collect(),
        file_present,
        deleted,
        after_fix,
    }
}

/// When a log (an antivirus's) last says that it saw the file: it was there then, which does not mean that it is there now.
fn sightings(findings: &[&Finding], kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> Option<Timestamp> {
    findings.iter().filter(|finding| is_sighting(finding, kind_of)).filter_map(|finding| finding.last).max()
}

fn is_of(finding: &Finding, kind: ArtifactKind, kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> bool {
    finding.evidence.iter().all(|evidence| kind_of(evidence.artifact) == Some(kind))
}

fn is_sighting(finding: &Finding, kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> bool {
    finding.evidence.iter().all(|evidence| kind_of(evidence.artifact).is_some_and(ArtifactKind::is_log))
}

/// Answered requests, in all and after the fix. IIS and HttpProxy may tell of the same requests, and so may two detectors, so
/// the one that saw more counts. A visit that began before the fix and ended after it counts by the records kept of it.
fn requests(
    answered: &[&Finding],
    fixed_from: Option<Timestamp>,
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> (u64, u64) {
    let mut of_source: BTreeMap<(Option<ArtifactKind>, &str), (u64, u64)> = BTreeMap::new();
    for finding in answered {
        let source = finding.evidence.first().and_then(|evidence| kind_of(evidence.artifact));
        let (requests, after_fix) = of_source.entry((source, &finding.kind)).or_default();
        *requests += finding.count;
        *after_fix += match (fixed_from, finding.first) {
            (Some(fixed), Some(first)) if first > fixed => finding.count,
            (Some(fixed), _) => {
                finding.evidence.iter().filter(|evidence| evidence.time.is_some_and(|time| time > fixed)).count() as u64
            }
            (None, _) => 0,
        };
    }
    of_source.into_values().max().unwrap_or_default()
}
