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
        let (kind, page) = match finding.step {
            Step::MailTaken | Step::CredentialsTaken | Step::DataTaken => (finding.kind.as_str(), None),
            // Several detectors may tell of the same answers.
            Step::PageRequested if finding.bytes_out.is_some() => ("", finding.things_of(ThingKind::Page).next()),
            _ => continue,
        };
        groups.entry((finding.step, kind, page)).or_default().push(finding);
    }
    groups.into_iter().filter_map(|((what, _, page), findings)| entry(what, page, &findings, kind_of)).collect()
}

fn entry(
    what: Step,
    page: Option<&str>,
    findings: &[&Finding],
    kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>,
) -> Option<Taken> {
    let named = |kinds: &'static [ThingKind]| -> BTreeSet<&str> {
        kinds.iter().flat_map(|kind| findings.iter().flat_map(|finding| finding.things_of(*kind))).collect()
    };
    let mut from = page.map_or_else(|| named(&[ThingKind::Mailbox, ThingKind::File]), |page| BTreeSet::from([page]));
    if from.is_empty() {
        // What was downloaded is known by its address alone.
        from = named(&[ThingKind::Url]);
    }
    let accounts = findings.iter().flat_map(|finding| finding.things_of(ThingKind::Account));
    let who: BTreeSet<&str> = findings.iter().flat_map(|finding| remote_addresses(finding)).chain(accounts).collect();
    let (bytes, count) = most_seen(findings, kind_of);
    let names = |names: BTreeSet<&str>| names.into_iter().take(MAX_NAMES).map(str::to_owned).collect();
    let time = |of: fn(&Finding) -> Option<Timestamp>| findings.iter().filter_map(move |finding| of(finding));
    let leading = findings.iter().min_by_key(|finding| &finding.kind)?;
    Some(Taken {
        what,
        kind: leading.kind.clone(),
        title: leading.title.clone(),
        from: names(from),
        who: names(who),
        bytes,
        count,
        first: time(|finding| finding.first).min(),
        last: time(|finding| finding.last).max(),
        findings: findings.iter().map(|finding| finding.id.clone()).collect(),
    })
}

/// Bytes, where they are known, and records.
type Amount = (Option<u64>, u64);

/// The amount by the source and detector that saw the most: IIS and HttpProxy tell of the same requests.
fn most_seen(findings: &[&Finding], kind_of: &dyn Fn(ArtifactId) -> Option<ArtifactKind>) -> Amount {
    let mut of_source: BTreeMap<(Option<ArtifactKind>, &str), Amount> = BTreeMap::new();
    for finding in findings {
        let source = finding.evidence.first().and_then(|evidence| kind_of(evidence.artifact));
        let (bytes, count) = of_source.entry((source, finding.kind.as_str())).or_default();
        *bytes = match (*bytes, finding.bytes_out) {
            (None, none_or_some) => none_or_some,
            (some, None) => some,
            (Some(before), Some(more)) => Some(before.saturating_add(more)),
        };
        *count += finding.count;
    }
    of_source.into_values().max().unwrap_or_default()
}
