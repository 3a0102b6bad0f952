//! What to do now, the most urgent first.

use afterpatch_model::{
    Assessment, Build, ConditionState, CveAssessment, ExposureState, NextStep, Product, RemoteOutcome, Timestamp, WeaknessKind,
};

use crate::{Facts, assessment::SeenBuild};

/// The steps for one server.
pub(crate) fn of(facts: &Facts, assessment: &Assessment, seen: &[SeenBuild]) -> Vec<NextStep> {
    let mut steps = Vec::new();
    if assessment.builds.is_empty() {
        return vec![NextStep::FindBuild];
    }
    let may_be_open =
        |it: &&CveAssessment| matches!(it.state, ExposureState::Open | ExposureState::PossiblyOpen | ExposureState::Mitigated);
    if assessment.builds.iter().any(|build| build.newer_than_table) {
        steps.push(NextStep::RenewTable);
    }
    let is_open = assessment.cves.iter().any(|it| may_be_open(&it));
    if is_open && let Some(update) = seen.iter().filter_map(|seen| update_for(facts, *seen)).next() {
        steps.push(update);
    }
    let unsupported = assessment.weaknesses.iter().any(|it| it.kind == WeaknessKind::ProductUnsupported);
    if let Some(product) = assessment.builds.iter().filter_map(|build| build.product).find(|_| unsupported) {
        steps.push(NextStep::ReplaceProduct { product });
    }
    if let Some(since) = exploited_since(assessment) {
        steps.push(NextStep::LookForBreakIn { since });
    }
    if assessment.builds.iter().any(|build| build.build.is_none()) && is_open {
        steps.push(NextStep::AskInside);
    }
    if assessment.cves.iter().any(|it| it.state == ExposureState::Mitigated) {
        steps.push(NextStep::ReplaceMitigation);
    }
    for (state, step) in [
        (ConditionState::Fails, (|condition| NextStep::MeetCondition { condition }) as fn(_) -> _),
        (ConditionState::NotSeen, |condition| NextStep::AnswerCondition { condition }),
    ] {
        for condition in assessment.conditions.iter().filter(|it| it.state == state).map(|it| it.condition) {
            let step = step(condition);
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    for weakness in assessment.weaknesses.iter().map(|it| it.kind) {
        let mends = matches!(
            weakness,
            WeaknessKind::AntivirusExclusion
                | WeaknessKind::MachineKeyKnown
                | WeaknessKind::MachineKeyShared
                | WeaknessKind::MitigationServiceOff
        );
        if mends {
            steps.push(NextStep::MendWeakness { weakness });
        }
    }
    if steps.is_empty() {
        steps.push(NextStep::StayUpToDate);
    }
    steps
}

/// The steps for a target of which the network told no build.
pub fn of_hidden(outcome: RemoteOutcome) -> Vec<NextStep> {
    match outcome {
        RemoteOutcome::Hidden => vec![NextStep::FindBuild],
        _ => Vec::new(),
    }
}

/// The first exploitation known of a hole that is open here, or stood open here before its fix came.
fn exploited_since(assessment: &Assessment) -> Option<Timestamp> {
    let open = |it: &&CveAssessment| matches!(it.state, ExposureState::Open | ExposureState::Mitigated);
    let now = assessment.cves.iter().filter(open).filter_map(|it| it.exploited_from);
    now.chain(assessment.windows.iter().map(|window| window.exploited_from)).min()
}

/// The update that closes what an update can close: of the same cumulative update when that is enough, else of the product's newest.
fn update_for(facts: &Facts, seen: SeenBuild) -> Option<NextStep> {
    let (own, product) = match seen {
        SeenBuild::Whole(build) => (build, build.product()?),
        SeenBuild::Update(major, minor, update) => {
            let first = Build::new(major, minor, update, 0);
            (first, first.product()?)
        }
    };
    // Of the whole table, whatever was asked for: an update is installed for all it brings.
    let left_open = |build: Build| facts.cves().filter(|cve| facts.assess(&cve.id, build) == ExposureState::Open).count();
    let here = facts.builds.newest_of_same_update(own).filter(|newest| *newest > own);
    let newest = newest_of(facts, product).filter(|newest| *newest > own);
    let best = match (here, newest) {
        (Some(here), Some(newest)) if left_open(here) > left_open(newest) => newest,
        (Some(here), _) => here,
        (None, newest) => newest?,
    };
    let known = facts.build(best)?;
    let label = known.label.to_owned();
    if best.cumulative_update() == own.cumulative_update() {
        Some(NextStep::InstallUpdate { label, build: best, kb: known.kb.map(str::to_owned) })
    } else {
        let update = format!("{} {}", product.name(), known.update);
        Some(NextStep::InstallCumulativeUpdate { update, label, build: best })
    }
}

fn newest_of(facts: &Facts, product: Product) -> Option<Build> {
    let first = facts.builds.newest_update(product)?;
    facts.builds.newest_of_same_update(first)
}
