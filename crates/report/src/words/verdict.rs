//! The verdict in fixed words: headline, three answers, advice.

use afterpatch_model::{
    CompromiseAnswer, CveExposure, Evidence, ExposureAnswer, ExposureState, Finding, FootholdAnswer, PageLife, Report,
    ServerReport, Verdict,
};

use crate::{clock, texts::Texts};

use super::{Tone, coverage, story};

/// One of the three questions and its answer.
pub(crate) struct Answer {
    /// `Did they get in?`
    pub(crate) question: String,
    /// The fixed words.
    pub(crate) words: String,
    /// What the answer rests on: span and sources, build, pages.
    pub(crate) basis: String,
    /// How it is to be felt.
    pub(crate) tone: Tone,
}

/// The sentence that a frightened administrator reads first.
pub(crate) fn headline(texts: &Texts, verdict: &Verdict) -> (Tone, String) {
    use CompromiseAnswer as C;
    use FootholdAnswer as F;
    let (tone, key) = match (verdict.compromise, verdict.foothold) {
        (_, F::UsedAfterFix) => (Tone::Alarm, "headline-used-after-fix"),
        (C::Compromised, F::InPlace) => (Tone::Alarm, "headline-in-place"),
        (_, F::InPlace) => (Tone::Alarm, "headline-foothold-only"),
        (C::Compromised, F::Removed) => (Tone::Alarm, "headline-removed"),
        (C::Compromised, F::NothingSeen) => (Tone::Alarm, "headline-compromised"),
        (C::Compromised, F::CannotTell) => (Tone::Alarm, "headline-compromised-foothold-unknown"),
        (_, F::Removed) => (Tone::Alarm, "headline-foothold-was-there"),
        (C::Passed, _) => (Tone::Alarm, "headline-passed"),
        (C::Attempted, _) if verdict.exposure == ExposureAnswer::Open => (Tone::Warning, "headline-attempted-open"),
        (C::Attempted, _) => (Tone::Warning, "headline-attempted"),
        (C::NothingSeen, _) if verdict.exposure == ExposureAnswer::Open => (Tone::Warning, "headline-open"),
        (C::NothingSeen, _) => (Tone::Quiet, "headline-nothing-seen"),
        (C::CannotTell, _) if verdict.exposure == ExposureAnswer::Open => (Tone::Warning, "headline-unknown-open"),
        (C::CannotTell, _) => (Tone::Unknown, "headline-unknown"),
    };
    (tone, texts.get(key))
}

/// The three answers, each with what it rests on.
pub(crate) fn answers(texts: &Texts, report: &Report, server: &ServerReport) -> [Answer; 3] {
    let verdict = &server.verdict;
    [
        Answer {
            question: texts.get("question-exposure"),
            words: texts.word("exposure-answer", verdict.exposure),
            basis: exposure_basis(texts, report, server),
            tone: exposure_tone(verdict.exposure),
        },
        Answer {
            question: texts.get("question-compromise"),
            words: texts.word("compromise-answer", verdict.compromise),
            basis: compromise_basis(texts, server),
            tone: compromise_tone(verdict.compromise),
        },
        Answer {
            question: texts.get("question-foothold"),
            words: texts.word("foothold-answer", verdict.foothold),
            basis: foothold_basis(texts, server),
            tone: foothold_tone(verdict.foothold),
        },
    ]
}

/// How an answer to the first question is to be felt.
pub(crate) fn exposure_tone(exposure: ExposureAnswer) -> Tone {
    match exposure {
        ExposureAnswer::CannotTell | ExposureAnswer::FixedIf | ExposureAnswer::NewerThanTable => Tone::Unknown,
        // Only the holes that were exploited or are looked for are judged: no reason for a green light.
        ExposureAnswer::Fixed => Tone::Quiet,
        ExposureAnswer::Mitigated | ExposureAnswer::PossiblyOpen => Tone::Warning,
        ExposureAnswer::Open => Tone::Alarm,
    }
}

/// How an answer to the second question is to be felt.
pub(crate) fn compromise_tone(compromise: CompromiseAnswer) -> Tone {
    match compromise {
        CompromiseAnswer::CannotTell => Tone::Unknown,
        CompromiseAnswer::NothingSeen => Tone::Quiet,
        CompromiseAnswer::Attempted => Tone::Warning,
        CompromiseAnswer::Passed | CompromiseAnswer::Compromised => Tone::Alarm,
    }
}

/// How an answer to the third question is to be felt.
pub(crate) fn foothold_tone(foothold: FootholdAnswer) -> Tone {
    match foothold {
        FootholdAnswer::CannotTell => Tone::Unknown,
        FootholdAnswer::NothingSeen => Tone::Quiet,
        FootholdAnswer::Removed => Tone::Warning,
        FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix => Tone::Alarm,
    }
}

/// What a deciding record means: the title of a finding that rests on it.
pub(crate) fn meaning(texts: &Texts, server: &ServerReport, evidence: &Evidence) -> Option<String> {
    let rests =
        |finding: &&Finding| finding.evidence.iter().any(|own| (own.artifact, own.place) == (evidence.artifact, evidence.place));
    let counted = server.findings.iter().filter(|finding| finding.acknowledged.is_none());
    counted.filter(rests).max_by_key(|finding| finding.grade).map(|finding| story::finding_title(texts, finding))
}

/// How many findings somebody vouches for, where there are any: nobody takes a verdict away in silence.
pub(crate) fn acknowledged(texts: &Texts, server: &ServerReport) -> Option<String> {
    let count = server.findings.iter().filter(|finding| finding.acknowledged.is_some()).count();
    (count > 0).then(|| texts.count("verdict-acknowledged", count as u64))
}

/// What to do now, the most urgent first.
pub(crate) fn advice(texts: &Texts, server: &ServerReport) -> Vec<String> {
    let mut out = advice_for(texts, &server.verdict);
    if !is_broken_into(&server.verdict)
        && let Some(missing) = coverage::not_there(texts, &server.coverage)
    {
        out.push(format!("{} {missing}", texts.get("advice-missing-sources")));
    }
    out
}

fn is_broken_into(verdict: &Verdict) -> bool {
    matches!(verdict.compromise, CompromiseAnswer::Passed | CompromiseAnswer::Compromised)
        || matches!(verdict.foothold, FootholdAnswer::Removed | FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix)
}

/// What to do now by the verdict alone, the most urgent first.
pub(crate) fn advice_for(texts: &Texts, verdict: &Verdict) -> Vec<String> {
    let broken_into = is_broken_into(verdict);
    let open = verdict.exposure == ExposureAnswer::Open;
    let mut keys = Vec::new();
    if broken_into {
        keys.extend(["advice-isolate", "advice-keep-evidence", "advice-get-help", "advice-patch-is-not-enough"]);
        if matches!(verdict.foothold, FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix) {
            keys.push("advice-remove-after-securing");
        }
        keys.extend(["advice-passwords", "advice-look-around"]);
    } else {
        if open {
            keys.push("advice-update-now");
        }
        match verdict.compromise {
            CompromiseAnswer::Attempted => keys.extend(["advice-attempts-go-on", "advice-keep-logs"]),
            CompromiseAnswer::NothingSeen => keys.push("advice-keep-logs"),
            _ => keys.push("advice-collect-more"),
        }
        if verdict.exposure == ExposureAnswer::CannotTell {
            keys.push("advice-check-build");
        }
    }
    keys.into_iter().map(|key| texts.get(key)).collect()
}

/// Ids of the CVEs in one state.
pub(crate) fn cves_in(exposure: &[CveExposure], state: ExposureState) -> Vec<&str> {
    exposure.iter().filter(|cve| cve.state == state).map(|cve| cve.cve.as_str()).collect()
}

fn exposure_basis(texts: &Texts, report: &Report, server: &ServerReport) -> String {
    let Some(build) =
        server.builds.last().map(|period| period.build).or_else(|| server.exposure.iter().find_map(|cve| cve.build))
    else {
        return texts.get("basis-no-build");
    };
    let product = build.product().map_or_else(|| "Exchange".to_owned(), |product| format!("Exchange {}", product.name()));
    let build = texts.with("basis-build", &[("build", &build.to_string()), ("product", &product)]);
    let open = cves_in(&server.exposure, ExposureState::Open);
    let mut out = match server.verdict.exposure {
        ExposureAnswer::Open if !open.is_empty() => {
            format!("{build} {}", texts.with("basis-open", &[("cves", &in_short(&open))]))
        }
        ExposureAnswer::Fixed | ExposureAnswer::FixedIf => {
            format!("{build} {}", texts.with("basis-table", &[("date", &report.tool.facts_date)]))
        }
        ExposureAnswer::NewerThanTable => format!("{build} {}", texts.with("basis-newer", &[("date", &report.tool.facts_date)])),
        _ => build,
    };
    if !cves_in(&server.exposure, ExposureState::FixedIf).is_empty() {
        out.push(' ');
        out.push_str(&texts.get("basis-conditional"));
    }
    out
}

/// The first few; the table has them all.
fn in_short(cves: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown = cves.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
    if cves.len() > SHOWN { format!("{shown} + {}", cves.len() - SHOWN) } else { shown }
}

fn compromise_basis(texts: &Texts, server: &ServerReport) -> String {
    let looked_at = coverage::looked_at(texts, &server.coverage);
    let first = server.incidents.iter().filter_map(|incident| incident.first).min();
    let last = server.incidents.iter().filter_map(|incident| incident.last).max();
    match server.verdict.compromise {
        CompromiseAnswer::CannotTell | CompromiseAnswer::NothingSeen => looked_at,
        _ => match (first, last) {
            (Some(first), Some(last)) => {
                let signs = texts.with("basis-signs", &[("first", &clock::full(first)), ("last", &clock::full(last))]);
                if server.verdict.compromise == CompromiseAnswer::Attempted { format!("{signs} {looked_at}") } else { signs }
            }
            _ => looked_at,
        },
    }
}

fn foothold_basis(texts: &Texts, server: &ServerReport) -> String {
    let pages: Vec<&PageLife> = server.incidents.iter().flat_map(|incident| &incident.pages).collect();
    match server.verdict.foothold {
        FootholdAnswer::CannotTell | FootholdAnswer::NothingSeen => coverage::looked_at_same(texts, &server.coverage),
        _ if pages.is_empty() => texts.get("basis-foothold-no-page"),
        _ => pages.iter().take(3).map(|page| page_in_short(texts, page)).collect::<Vec<_>>().join(" "),
    }
}

/// One sentence on a page: when it was last used and whether it is gone.
pub(crate) fn page_in_short(texts: &Texts, page: &PageLife) -> String {
    let state = match (page.file_present, page.gone, page.last_answered.or(page.first_answered)) {
        (true, _, Some(last)) => texts.with("page-present-used", &[("last", &clock::minute(last))]),
        (true, _, None) => texts.get("page-present"),
        (false, None, Some(last)) if page.deleted => texts.with("page-deleted-used", &[("last", &clock::minute(last))]),
        (false, None, None) if page.deleted => texts.get("page-deleted"),
        (false, Some(gone), _) => texts.with("page-gone", &[("gone", &clock::minute(gone))]),
        (false, None, Some(last)) => texts.with("page-used", &[("last", &clock::minute(last))]),
        (false, None, None) => texts.get("page-no-removal"),
    };
    let mut out = format!("{}: {state}", page.page);
    if page.after_fix > 0 {
        out.push(' ');
        out.push_str(&texts.count("page-after-fix", page.after_fix));
    }
    out
}

/// Whether the page's file was found.
pub(crate) fn there(texts: &Texts, page: &PageLife) -> String {
    texts.get(match (page.file_present, page.deleted) {
        (true, _) => "label-yes",
        (false, true) => "label-deleted",
        (false, false) => "label-no",
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Language;

    const EXPOSURE: [ExposureAnswer; 7] = [
        ExposureAnswer::CannotTell,
        ExposureAnswer::Fixed,
        ExposureAnswer::FixedIf,
        ExposureAnswer::NewerThanTable,
        ExposureAnswer::Mitigated,
        ExposureAnswer::PossiblyOpen,
        ExposureAnswer::Open,
    ];
    const COMPROMISE: [CompromiseAnswer; 5] = [
        CompromiseAnswer::CannotTell,
        CompromiseAnswer::NothingSeen,
        CompromiseAnswer::Attempted,
        CompromiseAnswer::Passed,
        CompromiseAnswer::Compromised,
    ];
    const FOOTHOLD: [FootholdAnswer; 5] = [
        FootholdAnswer::CannotTell,
        FootholdAnswer::NothingSeen,
        FootholdAnswer::Removed,
        FootholdAnswer::InPlace,
        FootholdAnswer::UsedAfterFix,
    ];

    fn server(exposure: ExposureAnswer, compromise: CompromiseAnswer, foothold: FootholdAnswer) -> ServerReport {
        ServerReport {
            name: "MAIL".to_owned(),
            aliases: Vec::new(),
            verdict: Verdict { exposure, compromise, foothold, because: Vec::new() },
            exposure: Vec::new(),
            windows: Vec::new(),
            builds: Vec::new(),
            incidents: Vec::new(),
            findings: Vec::new(),
            coverage: afterpatch_model::Coverage::default(),
        }
    }

    #[test]
    fn every_verdict_has_a_headline_and_advice_that_fit_it() {
        for language in Language::ALL {
            let texts = Texts::new(language).unwrap();
            for exposure in EXPOSURE {
                for compromise in COMPROMISE {
                    for foothold in FOOTHOLD {
                        let server = server(exposure, compromise, foothold);
                        let (tone, headline) = headline(&texts, &server.verdict);
                        assert!(headline.ends_with('.') && headline.contains(' '), "{headline}");
                        let advice = advice(&texts, &server);
                        assert!(!advice.is_empty());
                        assert!(advice.iter().all(|line| line.contains(' ')), "{advice:?}");
                        let grave = compromise >= CompromiseAnswer::Passed || foothold >= FootholdAnswer::Removed;
                        assert_eq!(tone == Tone::Alarm, grave);
                        assert!(tone != Tone::Good, "no headline gives an all-clear");
                        let isolate = texts.get("advice-isolate");
                        assert_eq!(advice.contains(&isolate), grave);
                    }
                }
            }
        }
    }
}
