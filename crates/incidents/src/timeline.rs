//! The story: findings of one incident as steps in order of time, each act told once whichever sources saw it.

use std::collections::BTreeSet;

use afterpatch_model::{Finding, Grade, Step, Thing, ThingKind, TimelineStep, Timestamp};

/// Two sources' times of one act differ by at most this (Sysmon writes its event a few milliseconds after the act; logs of
/// requests are written when the request ends).
const SAME_ACT_MILLISECONDS: i64 = 2_000;
/// Records kept per step.
const MAX_EVIDENCE: usize = 20;
/// Things kept per step.
const MAX_THINGS: usize = 80;

/// The steps of the findings, which must be sorted by time.
pub fn steps(findings: &[&Finding], fixed_from: Option<Timestamp>) -> Vec<TimelineStep> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    for &finding in findings {
        match groups.iter_mut().rev().find(|group| group.iter().any(|other| same_act(other, finding))) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    let mut steps: Vec<TimelineStep> = groups.iter().filter_map(|group| step(group, fixed_from)).collect();
    steps.sort_by_key(|step| (step.first.is_none(), step.first, step.step));
    steps
}

fn same_act(a: &Finding, b: &Finding) -> bool {
    if a.step != b.step {
        return false;
    }
    let near = match (a.first, b.first) {
        (Some(a), Some(b)) => (b.as_millisecond() - a.as_millisecond()).abs() <= SAME_ACT_MILLISECONDS,
        (None, None) => true,
        _ => false,
    };
    near && share(a, b, target(a.step)) && (a.step != Step::DirectoryReset || a.kind == b.kind)
}

/// By what things two findings of a step are seen to tell the same act.
fn target(step: Step) -> &'static [ThingKind] {
    match step {
        Step::CommandRun | Step::CredentialsTaken => &[ThingKind::Command, ThingKind::File],
        Step::AccountChanged => &[ThingKind::Account],
        Step::MailTaken => &[ThingKind::Mailbox],
        Step::DataTaken => &[ThingKind::Url],
        Step::PersistenceAdded => &[ThingKind::Autostart, ThingKind::File],
        Step::ConfigurationChanged | Step::DirectoryReset => &[ThingKind::Object, ThingKind::RequestId],
        Step::ForgedRequest | Step::SessionOpened | Step::ConfigurationRead => &[ThingKind::RequestId],
        _ => &[ThingKind::Page, ThingKind::File],
    }
}

fn share(a: &Finding, b: &Finding, kinds: &[ThingKind]) -> bool {
    kinds.iter().any(|&kind| a.things_of(kind).any(|value| b.things_of(kind).any(|other| value.eq_ignore_ascii_case(other))))
}

fn step(group: &[&Finding], fixed_from: Option<Timestamp>) -> Option<TimelineStep> {
    let leading = group
        .iter()
        .copied()
        .reduce(|best, it| if (it.grade, it.confidence) > (best.grade, best.confidence) { it } else { best })?;
    let first = group.iter().filter_map(|finding| finding.first).min();
    let last = group.iter().filter_map(|finding| finding.last).max();
    let mut evidence: Vec<_> = group.iter().flat_map(|finding| finding.evidence.iter().cloned()).collect();
    evidence.sort_by_key(|it| (it.time.is_none(), it.time, it.artifact, it.place));
    evidence.dedup();
    if evidence.len() > MAX_EVIDENCE {
        // Both ends matter: how it began and when it was seen last.
        let tail = evidence.split_off(evidence.len() - MAX_EVIDENCE / 2);
        evidence.truncate(MAX_EVIDENCE / 2);
        evidence.extend(tail);
    }
    // What may be no more than an attempt proves no use.
    let after_fix = is_use(leading.step)
        && leading.grade > Grade::Attempt
        && matches!((fixed_from, last), (Some(fixed), Some(last)) if last > fixed);
    let things: BTreeSet<Thing> = group.iter().flat_map(|finding| finding.things.iter().cloned()).collect();
    Some(TimelineStep {
        step: leading.step,
        kind: leading.kind.clone(),
        title: leading.title.clone(),
        grade: if after_fix && leading.grade == Grade::Compromise { Grade::PostPatchUse } else { leading.grade },
        first,
        last,
        count: group.iter().map(|finding| finding.count).sum(),
        after_fix,
        findings: group.iter().map(|finding| finding.id.clone()).collect(),
        things: things.into_iter().take(MAX_THINGS).collect(),
        evidence,
    })
}

/// Steps that use what was planted or go on from there. A forged request after the fix is only a knock at a closed door.
fn is_use(step: Step) -> bool {
    matches!(
        step,
        Step::PageRequested
            | Step::PageCompiled
            | Step::CommandRun
            | Step::CredentialsTaken
            | Step::MailTaken
            | Step::DataTaken
            | Step::AccountChanged
            | Step::PersistenceAdded
            | Step::DefencesWeakened
    )
}
