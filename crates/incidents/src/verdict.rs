//! The answers to the three questions.

use afterpatch_model::{
    CompromiseAnswer, Coverage, CveExposure, Evidence, ExposureAnswer, ExposureState, Finding, FootholdAnswer, Grade, Incident,
    PageLife, Severity, Step, ThingKind, TimelineStep, Timestamp, Verdict,
};

use crate::incident::{SWITCHED_OFF, TAKEN_AWAY};
use crate::keys::key;

/// Records named beside the verdict.
const MAX_BECAUSE: usize = 5;

/// Answers the three questions for one server. `findings` are those that are told.
pub fn judge(incidents: &[Incident], findings: &[Finding], coverage: &Coverage, exposure: &[CveExposure]) -> Verdict {
    let enough = coverage.sufficient && !findings.iter().any(leaves_open);
    let worst = incidents.iter().map(|incident| incident.grade).max();
    let compromise = match worst {
        Some(Grade::Compromise | Grade::PostPatchUse) => CompromiseAnswer::Compromised,
        Some(Grade::Success) => CompromiseAnswer::Passed,
        Some(Grade::Attempt) => CompromiseAnswer::Attempted,
        Some(Grade::Unclear | Grade::Scan) | None if enough => CompromiseAnswer::NothingSeen,
        Some(Grade::Unclear | Grade::Scan) | None => CompromiseAnswer::CannotTell,
    };
    Verdict {
        exposure: exposure_answer(exposure),
        compromise,
        foothold: foothold(incidents, enough),
        because: because(incidents),
    }
}

fn exposure_answer(exposure: &[CveExposure]) -> ExposureAnswer {
    let any = |state: ExposureState| exposure.iter().any(|cve| cve.state == state);
    if any(ExposureState::Open) {
        ExposureAnswer::Open
    } else if any(ExposureState::Unknown) || exposure.iter().all(|cve| cve.state == ExposureState::NotAffected) {
        // What came out after a product's end of life was never looked at there.
        ExposureAnswer::CannotTell
    } else if any(ExposureState::NewerThanTable) {
        ExposureAnswer::NewerThanTable
    } else if any(ExposureState::FixedIf) {
        ExposureAnswer::FixedIf
    } else {
        ExposureAnswer::Fixed
    }
}

/// Something that may be a way in, and somebody must look at: until then nobody can say that there is nothing.
fn leaves_open(finding: &Finding) -> bool {
    finding.grade == Grade::Unclear && finding.severity >= Severity::High && finding.acknowledged.is_none()
}

fn foothold(incidents: &[Incident], enough: bool) -> FootholdAnswer {
    let compromised = incidents.iter().filter(|incident| incident.grade >= Grade::Compromise);
    let unseen = if enough { FootholdAnswer::NothingSeen } else { FootholdAnswer::CannotTell };
    compromised.filter_map(incident_foothold).max().unwrap_or(unseen)
}

/// What an incident left behind; `None` when no foothold of it was seen.
fn incident_foothold(incident: &Incident) -> Option<FootholdAnswer> {
    let used_after_fix = incident.timeline.iter().filter(|step| step.after_fix);
    if used_after_fix.clone().any(|step| !taken_away_since(incident, step.last)) {
        return Some(FootholdAnswer::UsedAfterFix);
    }
    // What starts by itself and what was given to accounts stays until somebody takes it away, which no log tells but our own.
    let (mut stays, mut switched_off) = (false, false);
    for step in incident.timeline.iter().filter(|step| step.grade >= Grade::Compromise) {
        match step.step {
            Step::AccountChanged => stays = true,
            Step::PersistenceAdded if switched_off_since(incident, step) => switched_off = true,
            Step::PersistenceAdded => stays = true,
            _ => {}
        }
    }
    if stays {
        return Some(FootholdAnswer::InPlace);
    }
    let planted: Vec<&PageLife> = incident.pages.iter().filter(|page| was_there(page)).collect();
    if planted.is_empty() {
        // A changed directory setting writes a page; when the page itself was not seen, nothing says that it has gone.
        let mut steps = incident.timeline.iter();
        let changed = steps.any(|step| step.step == Step::ConfigurationChanged && step.grade >= Grade::Compromise);
        return match (changed, switched_off) {
            (true, _) => Some(FootholdAnswer::InPlace),
            (false, true) => Some(FootholdAnswer::Removed),
            (false, false) => None,
        };
    }
    let removed = planted.iter().all(|page| (page.gone.is_some() || page.deleted) && !page.file_present);
    Some(if removed { FootholdAnswer::Removed } else { FootholdAnswer::InPlace })
}

/// Whether every planted page was taken away by ourselves, with nothing left of it, and since then.
fn taken_away_since(incident: &Incident, last_use: Option<Timestamp>) -> bool {
    let taken: Vec<_> = incident.timeline.iter().filter(|step| step.kind == TAKEN_AWAY && step.first > last_use).collect();
    let is_taken = |page: &PageLife| {
        let names = taken.iter().flat_map(|step| &step.things).filter(|thing| thing.kind == ThingKind::Page);
        !page.file_present && names.into_iter().any(|thing| thing.value == page.page)
    };
    let mut planted = incident.pages.iter().filter(|page| was_there(page)).peekable();
    planted.peek().is_some() && planted.all(is_taken)
}

/// Whether all that starts by itself by this step was switched off by ourselves, and since then.
fn switched_off_since(incident: &Incident, added: &TimelineStep) -> bool {
    let of = |step: &TimelineStep, kind| -> Vec<String> {
        step.things.iter().filter(|thing| thing.kind == kind).map(|thing| key(thing).1).collect()
    };
    let ours = incident.timeline.iter().filter(|step| step.kind == SWITCHED_OFF && step.first > added.last);
    let off: Vec<String> = ours.flat_map(|step| of(step, ThingKind::Autostart)).collect();
    let names = of(added, ThingKind::Autostart);
    if !names.is_empty() {
        return names.iter().all(|name| off.contains(name));
    }
    // What was added by a command line has its name among the words of that: each line must name what was switched off.
    let lines = of(added, ThingKind::Command);
    !lines.is_empty() && lines.iter().all(|line| off.iter().any(|name| has_word(line, name)))
}

/// Whether a command line has this name as a word; a task's may stand there without the `\` before it.
fn has_word(line: &str, name: &str) -> bool {
    let bare = |word: &str| word.trim_matches(['"', '\'', '\\']).to_owned();
    let name = bare(name);
    !name.is_empty() && (line.split_whitespace().any(|word| bare(word) == name) || line.contains(&format!("\"{name}\"")))
}

fn was_there(page: &PageLife) -> bool {
    page.file_present || page.written.is_some() || page.compiled.is_some() || page.first_answered.is_some()
}

/// Steps in the order in which they decide: a changed setting or a written file says more than one visit more.
const DECIDING: [Step; 13] = [
    Step::ConfigurationChanged,
    Step::FileWritten,
    Step::CommandRun,
    Step::PersistenceAdded,
    Step::AccountChanged,
    Step::MailTaken,
    Step::DataTaken,
    Step::CredentialsTaken,
    Step::FilePresent,
    Step::PageRequested,
    Step::PageCompiled,
    Step::SessionOpened,
    Step::ForgedRequest,
];

/// The records that decide: of the gravest incident, the first record of each kind of step that is as grave as the answer,
/// and of the first use after the fix; in order of time. Without incidents, nothing decides.
fn because(incidents: &[Incident]) -> Vec<Evidence> {
    let Some(incident) = incidents.first() else { return Vec::new() };
    let as_grave = incident.grade.min(Grade::Compromise);
    let first_of = |step: Step, after_fix: bool| {
        let mut timeline = incident.timeline.iter();
        timeline.find(|it| it.step == step && it.grade >= as_grave && it.after_fix == after_fix)
    };
    let use_after_fix = DECIDING.iter().find_map(|&step| first_of(step, true));
    let before = DECIDING.iter().filter_map(|&step| first_of(step, false));
    let mut records: Vec<Evidence> =
        use_after_fix.into_iter().chain(before).filter_map(|step| step.evidence.first().cloned()).take(MAX_BECAUSE).collect();
    records.sort_by_key(|it| (it.time.is_none(), it.time, it.artifact, it.place));
    records
}
