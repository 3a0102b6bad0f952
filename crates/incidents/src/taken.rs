//! What was taken: mail, credentials, and what planted pages answered, in numbers where a log counts them.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{ArtifactId, ArtifactKind, Finding, Step, Taken, ThingKind, Timestamp};

use crate::keys::remote_addresses;

/// Names kept of one entry.
const MAX_NAMES: usize = 50;

/// What an incident's findings say was taken: acts of one kind together, answers of planted pages by page.
pub fn taken(findings: &[&Finding], kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> Vec<Taken> {
    let mut groups: BTreeMap<(Step, &str, Option<&str>), Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let page = match finding.step {
            Step::MailTaken | Step::CredentialsTaken => None,
            Step::PageRequested if finding.bytes_out.is_some() => finding.things_of(ThingKind::Page).next(),
            _ => continue,
        };
        groups.entry((finding.step, &finding.kind, page)).or_default().push(finding);
    }
    groups.into_iter().filter_map(|((what, kind, page), findings)| entry(what, kind, page, &findings, kind_of)).collect()
}

fn entry(
    what: Step,
    kind: &str,
    page: Option<&str>,
    findings: &[&Finding],
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> Option<Taken> {
    let from: BTreeSet<&str> = match page {
        Some(page) => BTreeSet::from([page]),
        None => [ThingKind::Mailbox, ThingKind::File]
            .into_iter()
            .flat_map(|kind| findings.iter().flat_map(move |finding| finding.things_of(kind)))
            .collect(),
    };
    let accounts = findings.iter().flat_map(|finding| finding.things_of(ThingKind::Account));
    let who: BTreeSet<&str> = findings.iter().flat_map(|finding| remote_addresses(finding)).chain(accounts).collect();
    let (bytes, count) = most_seen(findings, kind_of);
    let names = |names: BTreeSet<&str>| names.into_iter().take(MAX_NAMES).map(str::to_owned).collect();
    let time = |of: fn(&Finding) -> Option<Timestamp>| findings.iter().filter_map(move |finding| of(finding));
    Some(Taken {
        what,
        kind: kind.to_owned(),
        title: findings.first()?.title.clone(),
        from: names(from),
        who: names(who),
        bytes,
        count,
        first: time(|finding| finding.first).min(),
        last: time(|finding| finding.last).max(),
        findings: findings.iter().map(|finding| finding.id.clone()).collect(),
    })
}

/// Bytes and records by the source that saw the most: IIS and HttpProxy tell of the same requests.
fn most_seen(findings: &[&Finding], kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> (Option<u64>, u64) {
    let mut of_source: BTreeMap<Option<ArtifactKind>, (Option<u64>, u64)> = BTreeMap::new();
    for finding in findings {
        let source = finding.evidence.first().and_then(|evidence| kind_of(evidence.artifact));
        let (bytes, count) = of_source.entry(source).or_default();
        *bytes = match (*bytes, finding.bytes_out) {
            (None, none_or_some) => none_or_some,
            (some, None) => some,
            (Some(before), Some(more)) => Some(before.saturating_add(more)),
        };
        *count += finding.count;
    }
    of_source.into_values().max().unwrap_or_default()
}
