//! The answer for one server on one screen: what is known, what to do, then the reasons, as many as fit.

use std::io::Write;

use afterpatch_model::{
    Assessment, Check, Condition, ConditionSeen, ConditionState, CveAssessment, ExposureState, NextStep, Pointer,
};

use super::{Detail, text::style, words};
use crate::{
    Options, ReportError,
    text::lines::{Lines, Style},
    texts::Texts,
    words::{extent, place},
};

/// How many lines of each kind: steps, holes, conditions, weaknesses and mitigations.
#[derive(Clone, Copy)]
struct Room {
    steps: usize,
    holes: usize,
    conditions: usize,
    others: usize,
}

/// From the fullest to the barest: the first that fits is shown.
const ROOMS: [Room; 7] = [
    Room { steps: 6, holes: 8, conditions: 6, others: 4 },
    Room { steps: 5, holes: 5, conditions: 4, others: 3 },
    Room { steps: 4, holes: 4, conditions: 3, others: 2 },
    Room { steps: 4, holes: 3, conditions: 2, others: 2 },
    Room { steps: 3, holes: 2, conditions: 1, others: 1 },
    Room { steps: 3, holes: 1, conditions: 0, others: 1 },
    Room { steps: 2, holes: 1, conditions: 0, others: 0 },
];

pub(super) fn write(
    texts: &Texts,
    check: &Check,
    one: &Assessment,
    options: &Options,
    detail: Detail,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    if detail.all {
        let all = Room { steps: usize::MAX, holes: usize::MAX, conditions: usize::MAX, others: usize::MAX };
        return page(texts, check, one, options, all, true, out);
    }
    let mut last = Vec::new();
    for room in ROOMS {
        last.clear();
        page(texts, check, one, options, room, false, &mut last)?;
        // One line is the prompt's.
        if last.iter().filter(|byte| **byte == b'\n').count() < detail.height {
            break;
        }
    }
    Ok(out.write_all(&last)?)
}

fn page(
    texts: &Texts,
    check: &Check,
    one: &Assessment,
    options: &Options,
    room: Room,
    all: bool,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let mut lines = Lines::new(out, options);
    head(&mut lines, texts, check, one)?;
    steps(&mut lines, texts, one, room.steps, all)?;
    holes(&mut lines, texts, one, room.holes, all)?;
    conditions(&mut lines, texts, check, one, room.conditions, all)?;
    others(&mut lines, texts, check, one, room.others, all)?;
    totals(&mut lines, texts, one)?;
    if all {
        rest(&mut lines, texts, check, one)?;
    }
    Ok(())
}

fn head(lines: &mut Lines<'_>, texts: &Texts, check: &Check, one: &Assessment) -> Result<(), ReportError> {
    let is_bare =
        one.builds.iter().any(|build| build.shown == one.target || build.build.is_some_and(|it| it.to_string() == one.target));
    if !is_bare {
        lines.paragraph(0, Style::Strong, &one.target)?;
    }
    for build in &one.builds {
        lines.paragraph(0, Style::Plain, &words::build(texts, build))?;
    }
    if one.builds.len() > 1 {
        lines.paragraph(0, Style::Warning, &texts.get("check-several-builds"))?;
    }
    if let Some(remote) = words::remote(texts, one) {
        lines.paragraph(0, Style::Plain, &remote)?;
    }
    for remark in one.remarks.iter().take(2) {
        lines.paragraph(0, Style::Warning, remark)?;
    }
    let answer = match one.cves.as_slice() {
        // Asked for one hole by name: its own state says it best.
        [cve] => format!("{}: {}", cve.cve, texts.word("exposure-state", cve.state)),
        _ => format!("{} {}", texts.get("question-exposure"), texts.word("exposure-answer", one.answer)),
    };
    lines.paragraph(0, style(one.answer), &answer)?;
    lines.paragraph(0, Style::Faint, &words::facts(texts, &check.tool))
}

fn steps(lines: &mut Lines<'_>, texts: &Texts, one: &Assessment, most: usize, all: bool) -> Result<(), ReportError> {
    if one.next_steps.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-advice"))?;
    // Questions are one step on the screen: each stands below, with what to type.
    let questions = one.next_steps.iter().filter(|step| matches!(step, NextStep::AnswerCondition { .. })).count();
    let mut told: Vec<String> = Vec::new();
    for step in &one.next_steps {
        match step {
            NextStep::AnswerCondition { .. } if questions > 1 && !all => {
                let text = texts.count("check-step-questions", questions as u64);
                if !told.contains(&text) {
                    told.push(text);
                }
            }
            step => told.push(words::step(texts, step)),
        }
    }
    for (number, step) in (1..).zip(told.iter().take(most)) {
        lines.item(&format!("{number}."), 2, Style::Plain, step)?;
    }
    Ok(())
}

fn holes(lines: &mut Lines<'_>, texts: &Texts, one: &Assessment, most: usize, all: bool) -> Result<(), ReportError> {
    for state in [ExposureState::Open, ExposureState::PossiblyOpen, ExposureState::Mitigated] {
        let mut of_state: Vec<&CveAssessment> = one.cves.iter().filter(|cve| cve.state == state).collect();
        if of_state.is_empty() {
            continue;
        }
        // What is used in the wild comes first, then the newest.
        of_state.sort_by(|a, b| b.exploited.is_some().cmp(&a.exploited.is_some()).then_with(|| b.cve.cmp(&a.cve)));
        let exploited = of_state.iter().filter(|cve| cve.exploited.is_some()).count();
        let mut heading =
            format!("{}: {}", texts.word("exposure-state", state), texts.count("check-holes", of_state.len() as u64));
        if exploited > 0 {
            heading.push_str(&texts.with("check-of-them-exploited", &[("n", &texts.number(exploited as u64))]));
        }
        lines.paragraph(0, words::tone(state).into(), &heading)?;
        for cve in of_state.iter().take(most) {
            let text = if all {
                words::hole_long(texts, cve)
            } else {
                crate::words::cut(&words::hole(texts, cve), lines.width().saturating_sub(5))
            };
            lines.paragraph(2, Style::Plain, &text)?;
        }
        let more = of_state.len().saturating_sub(most);
        if more > 0 {
            lines.paragraph(2, Style::Faint, &texts.count("check-more", more as u64))?;
        }
    }
    Ok(())
}

fn conditions(
    lines: &mut Lines<'_>,
    texts: &Texts,
    check: &Check,
    one: &Assessment,
    most: usize,
    all: bool,
) -> Result<(), ReportError> {
    let open: Vec<ConditionSeen> = match all {
        true => one.conditions.clone(),
        false => in_short(&one.conditions),
    };
    if open.is_empty() || most == 0 {
        return Ok(());
    }
    lines.paragraph(0, Style::Warning, &texts.get("check-heading-conditions"))?;
    let mut commands: Vec<Condition> = Vec::new();
    for seen in open.iter().take(most) {
        lines.paragraph(2, Style::Plain, &words::condition(texts, seen))?;
        if all {
            for detail in &seen.details {
                lines.paragraph(6, Style::Plain, detail)?;
            }
            places(lines, check, &seen.evidence)?;
            if seen.state != ConditionState::Holds && !commands.contains(&seen.condition) {
                commands.push(seen.condition);
                lines.paragraph(6, Style::Plain, &texts.word("check-question", seen.condition))?;
                if let Some(command) = words::command(seen.condition) {
                    lines.paragraph(6, Style::Strong, command)?;
                }
            }
            if seen.condition == Condition::SettingOverride || seen.condition == Condition::Other {
                let words =
                    one.cves.iter().find(|cve| seen.cves.contains(&cve.cve)).and_then(|cve| cve.condition_words.as_deref());
                lines.paragraph(6, Style::Faint, words.unwrap_or_default())?;
            }
        }
    }
    let more = open.len().saturating_sub(most);
    if more > 0 {
        lines.paragraph(2, Style::Faint, &texts.count("check-more", more as u64))?;
    }
    Ok(())
}

/// What is not in order or not seen, each condition once: overrides are many, and one list of them answers for all.
fn in_short(conditions: &[ConditionSeen]) -> Vec<ConditionSeen> {
    let mut told: Vec<ConditionSeen> = Vec::new();
    for seen in conditions.iter().filter(|it| it.state != ConditionState::Holds) {
        match told.iter_mut().find(|own| (own.condition, own.state) == (seen.condition, seen.state)) {
            Some(own) => own.cves.extend(seen.cves.iter().cloned()),
            None => told.push(seen.clone()),
        }
    }
    // What is known to be wrong comes first.
    told.sort_by_key(|it| it.state != ConditionState::Fails);
    told
}

/// Weaknesses and mitigations.
fn others(
    lines: &mut Lines<'_>,
    texts: &Texts,
    check: &Check,
    one: &Assessment,
    most: usize,
    all: bool,
) -> Result<(), ReportError> {
    let mut told = Vec::new();
    for seen in one.mitigations.iter().filter(|it| all || matters(one, &it.cves)) {
        told.push((words::mitigation(texts, seen), &seen.details, &seen.evidence));
    }
    for weakness in &one.weaknesses {
        told.push((words::weakness(texts, weakness), &weakness.details, &weakness.evidence));
    }
    if told.is_empty() || most == 0 {
        return Ok(());
    }
    lines.paragraph(0, Style::Strong, &texts.get("check-heading-others"))?;
    for (text, details, evidence) in told.iter().take(most) {
        lines.paragraph(2, Style::Plain, text)?;
        if all {
            for detail in details.iter() {
                lines.paragraph(6, Style::Faint, detail)?;
            }
            places(lines, check, evidence)?;
        }
    }
    Ok(())
}

/// A mitigation of a hole that is closed anyway is told only when everything is.
fn matters(one: &Assessment, cves: &[String]) -> bool {
    let open =
        |cve: &&CveAssessment| matches!(cve.state, ExposureState::Open | ExposureState::Mitigated | ExposureState::PossiblyOpen);
    one.cves.iter().filter(open).any(|cve| cves.contains(&cve.cve))
}

fn totals(lines: &mut Lines<'_>, texts: &Texts, one: &Assessment) -> Result<(), ReportError> {
    let mut parts = Vec::new();
    for state in [
        ExposureState::FixedIf,
        ExposureState::NewerThanTable,
        ExposureState::Unknown,
        ExposureState::Fixed,
        ExposureState::NotAffected,
    ] {
        let count = one.cves.iter().filter(|cve| cve.state == state).count();
        if count > 0 && one.cves.len() > 1 {
            parts.push(format!("{}: {}", texts.word("exposure-state", state), texts.number(count as u64)));
        }
    }
    if parts.is_empty() { Ok(()) } else { lines.paragraph(0, Style::Faint, &parts.join(" · ")) }
}

/// What only the long answer has: every other CVE, the history, the windows, the requests made.
fn rest(lines: &mut Lines<'_>, texts: &Texts, check: &Check, one: &Assessment) -> Result<(), ReportError> {
    for state in [
        ExposureState::FixedIf,
        ExposureState::NewerThanTable,
        ExposureState::Unknown,
        ExposureState::Fixed,
        ExposureState::NotAffected,
    ] {
        let of_state: Vec<&CveAssessment> = one.cves.iter().filter(|cve| cve.state == state).collect();
        if of_state.is_empty() || one.cves.len() < 2 {
            continue;
        }
        lines.heading(&texts.word("exposure-state", state))?;
        for cve in of_state {
            lines.paragraph(2, Style::Plain, &words::hole_long(texts, cve))?;
        }
    }
    if !one.history.is_empty() {
        lines.heading(&texts.get("heading-builds"))?;
        for period in &one.history {
            let span = crate::clock::span(Some(period.first), Some(period.last));
            lines.paragraph(2, Style::Plain, &format!("{}  {span}", period.build))?;
            places(lines, check, &[period.seen_in])?;
        }
    }
    let open_time = extent::open_time(texts, &one.windows);
    if !open_time.is_empty() {
        lines.heading(&texts.get("heading-open-time"))?;
        for line in open_time {
            lines.item("·", 2, Style::Plain, &line)?;
        }
    }
    if let Some(look) = &one.remote {
        lines.heading(&texts.get("check-heading-requests"))?;
        for request in &look.requests {
            let status = request.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
            lines.paragraph(2, Style::Plain, &format!("GET {} → {status}", request.url))?;
        }
    }
    Ok(())
}

fn places(lines: &mut Lines<'_>, check: &Check, pointers: &[Pointer]) -> Result<(), ReportError> {
    for pointer in pointers {
        lines.paragraph(6, Style::Faint, &place::of_pointer(&check.artifacts, *pointer))?;
    }
    Ok(())
}
