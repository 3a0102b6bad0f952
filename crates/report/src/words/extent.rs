//! How far it went, for somebody who has never seen a CVE number: how long the door stood open and what logs show of that
//! time, what was taken, what is still there.

use afterpatch_model::{
    CompromiseAnswer, ExposureWindow, FootholdAnswer, Incident, ServerReport, Step, Taken, ThingKind, TimelineStep,
};

use crate::{clock, texts::Texts};

use super::{cut_middle, story, verdict};

/// Lines of one part beyond these are counted.
const MOST_LINES: usize = 12;
/// Names in one line beyond these are counted.
const MOST_NAMES: usize = 3;
/// Names longer than this are cut in the middle.
const NAME_CHARS: usize = 80;

/// One part: a heading and its sentences.
pub(crate) struct Part {
    /// What it is about.
    pub(crate) heading: String,
    /// At least one sentence. They hold text from evidence.
    pub(crate) lines: Vec<String>,
}

/// The three parts; a part of which nothing can be said is left out.
pub(crate) fn parts(texts: &Texts, server: &ServerReport) -> Vec<Part> {
    let part =
        |key: &str, lines: Vec<String>| (!lines.is_empty()).then(|| Part { heading: texts.get(key), lines: few(texts, lines) });
    [
        part("heading-open-time", open_time(texts, &server.windows)),
        part("heading-taken", taken(texts, server)),
        part("heading-left", left(texts, server)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How long it stood open, and what the logs show of that time.
pub(crate) fn open_time(texts: &Texts, windows: &[ExposureWindow]) -> Vec<String> {
    // Holes of one attack that differ by days in when they became known are one story; the longest tells it.
    let mut told: Vec<&ExposureWindow> = Vec::new();
    for window in windows {
        match told.iter_mut().find(|other| other.name.is_some() && other.name == window.name) {
            Some(other) if window.days > other.days => *other = window,
            Some(_) => {}
            None => told.push(window),
        }
    }
    told.into_iter().map(|window| format!("{} {}", stood_open(texts, window), covered(texts, window))).collect()
}

fn stood_open(texts: &Texts, window: &ExposureWindow) -> String {
    let what = match &window.name {
        Some(name) => format!("{name} ({})", window.cves.join(", ")),
        None => window.cves.join(", "),
    };
    let (from, until) = (clock::day(window.exploited_from), clock::day(window.seen_until));
    let key = if window.until.is_some() { "open-time-closed" } else { "open-time-open" };
    texts.with(key, &[("what", &what), ("from", &from), ("until", &until), ("days", &texts.number(window.days))])
}

fn covered(texts: &Texts, window: &ExposureWindow) -> String {
    let (days, covered) = (window.days.max(1), window.days_covered.min(window.days));
    match covered {
        0 => texts.get("open-time-covered-none"),
        all if all == days => texts.get("open-time-covered-all"),
        _ => {
            let percent = (covered * 100 / days).clamp(1, 99);
            let [covered, percent, rest] = [covered, percent, 100 - percent].map(|number| texts.number(number));
            texts.with("open-time-covered-part", &[("covered", &covered), ("percent", &percent), ("rest", &rest)])
        }
    }
}

/// What was taken, in numbers.
pub(crate) fn taken(texts: &Texts, server: &ServerReport) -> Vec<String> {
    let taken: Vec<String> = server.incidents.iter().flat_map(|it| &it.taken).map(|taken| one_taken(texts, taken)).collect();
    if !taken.is_empty() || server.verdict.compromise < CompromiseAnswer::Compromised {
        return taken;
    }
    vec![texts.get("taken-nothing-seen")]
}

fn one_taken(texts: &Texts, taken: &Taken) -> String {
    let mut line = match taken.what {
        Step::PageRequested => texts.get("taken-answers"),
        _ => story::title(texts, &taken.kind, &taken.title),
    };
    if !taken.from.is_empty() {
        line.push_str(&format!(": {}", names(&taken.from)));
    }
    let mut facts = Vec::new();
    if let Some(bytes) = taken.bytes {
        facts.push(texts.with("taken-bytes", &[("size", &texts.size(bytes))]));
    }
    facts.push(texts.count("records", taken.count));
    if !taken.who.is_empty() {
        facts.push(texts.with("taken-by", &[("names", &names(&taken.who))]));
    }
    let span = clock::span(taken.first, taken.last);
    if !span.is_empty() {
        facts.push(format!("{span} UTC"));
    }
    format!("{line} – {}", facts.join(", "))
}

/// What is still there, as far as can be told.
fn left(texts: &Texts, server: &ServerReport) -> Vec<String> {
    if !matches!(server.verdict.foothold, FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix | FootholdAnswer::Removed) {
        return Vec::new();
    }
    let mut lines: Vec<String> = Vec::new();
    for incident in &server.incidents {
        lines.extend(incident.pages.iter().map(|page| verdict::page_in_short(texts, page)));
        lines.extend(stays(texts, incident));
    }
    lines
}

/// Accounts, services, tasks and modules: nothing logs that they were taken away. Several logs tell of one, so it is told once.
fn stays(texts: &Texts, incident: &Incident) -> Vec<String> {
    let steps = incident.timeline.iter().filter(|step| matches!(step.step, Step::PersistenceAdded | Step::AccountChanged));
    let mut of_kind: Vec<(&TimelineStep, Vec<String>)> = Vec::new();
    for step in steps {
        let things = things_that_stay(step);
        match of_kind.iter_mut().find(|(first, _)| first.kind == step.kind) {
            Some((_, known)) => {
                let new = |thing: &String| !known.iter().any(|it| it.eq_ignore_ascii_case(thing));
                let more: Vec<String> = things.into_iter().filter(new).collect();
                known.extend(more);
            }
            None => of_kind.push((step, things)),
        }
    }
    of_kind
        .into_iter()
        .map(|(first, things)| {
            let title = story::title(texts, &first.kind, &first.title);
            let since = first.first.map_or_else(|| texts.get("label-no-time"), clock::minute);
            let named = if things.is_empty() { title } else { format!("{title}: {}", names(&things)) };
            format!("{named} – {}", texts.with("left-since", &[("since", &since)]))
        })
        .collect()
}

fn things_that_stay(step: &TimelineStep) -> Vec<String> {
    let kinds: &[ThingKind] = match step.step {
        Step::AccountChanged => &[ThingKind::Account, ThingKind::Object],
        _ => &[ThingKind::Autostart, ThingKind::File, ThingKind::Object],
    };
    let of_kind = kinds.iter().flat_map(|kind| step.things.iter().filter(move |thing| thing.kind == *kind));
    of_kind.map(|thing| thing.value.clone()).collect()
}

/// The first few names; the others are counted.
fn names(all: &[String]) -> String {
    let mut out = all.iter().take(MOST_NAMES).map(|name| cut_middle(name, NAME_CHARS)).collect::<Vec<_>>().join(", ");
    if all.len() > MOST_NAMES {
        out.push_str(&format!(" + {}", all.len() - MOST_NAMES));
    }
    out
}

fn few(texts: &Texts, mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("… + {}", texts.number(more as u64)));
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Language;

    fn window(name: Option<&str>, closed: bool, days: u64, days_covered: u64) -> ExposureWindow {
        let time = |text: &str| format!("{text}T00:00:00Z").parse().unwrap();
        ExposureWindow {
            cves: vec!["CVE-2021-26855".to_owned()],
            name: name.map(str::to_owned),
            exploited_from: time("2021-01-03"),
            until: closed.then(|| time("2021-03-13")),
            seen_until: time("2021-03-13"),
            days,
            days_covered,
        }
    }

    #[test]
    fn a_window_says_how_long_and_how_much_of_it_can_be_seen() {
        let texts = Texts::new(Language::English).unwrap();
        let told = open_time(&texts, &[window(Some("ProxyLogon"), true, 70, 22), window(Some("ProxyLogon"), true, 12, 12)]);
        assert_eq!(told.len(), 1, "the longest of one attack");
        for words in ["ProxyLogon (CVE-2021-26855)", "2021-01-03", "2021-03-13", "70 days", "22 of these days", "31 %", "69 %"] {
            assert!(told[0].contains(words), "{words}: {}", told[0]);
        }
        assert!(!open_time(&texts, &[window(None, false, 70, 70)])[0].contains('%'));
        assert!(open_time(&texts, &[window(None, false, 70, 0)])[0].contains("None of these days"));
        // One day in a thousand is not nothing, and all but one is not all.
        assert!(open_time(&texts, &[window(None, false, 1000, 1)])[0].contains("1 %"));
        assert!(open_time(&texts, &[window(None, false, 1000, 999)])[0].contains("99 %"));
    }
}
