//! Findings: the gravest with all their evidence, the others in one line each.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use afterpatch_model::{Finding, Report, ServerReport};

use crate::{
    clock,
    texts::{Texts, slug},
    words::story,
};

use super::{
    fact_list::{Fact, FactList},
    limits::Limits,
    links::{Link, Links},
    pointers::{PointerView, Pointers},
};

/// Links of one finding to its steps; more are counted.
const MOST_STEPS: usize = 12;
/// A line of a finding that is not shown whole names no more characters than these of each thing.
const LINE_CHARS: usize = 120;

/// A browser lays out findings in batches, and those out of view not at all.
const BATCH: usize = 100;

pub(super) struct FindingsView {
    /// In order of time, a hundred each.
    pub(super) batches: Vec<Vec<FindingView>>,
    /// How many have one line only; empty where none has.
    pub(super) lines_only: String,
    pub(super) more: String,
}

pub(super) struct FindingView {
    pub(super) anchor: String,
    pub(super) id: String,
    pub(super) title: String,
    /// Language of the title, where it is not the page's.
    pub(super) title_language: Option<&'static str>,
    pub(super) time: String,
    pub(super) grade: String,
    pub(super) grade_slug: String,
    pub(super) sieve: Sieve,
    /// Who vouches for it; empty where nobody does.
    pub(super) acknowledged: String,
    pub(super) body: Body,
}

/// What the page's filter chooses by: numbers and an anchor.
pub(super) struct Sieve {
    pub(super) grade: u8,
    pub(super) confidence: u8,
    /// The incident that tells it; empty where it stands alone.
    pub(super) incident: String,
}

pub(super) enum Body {
    Whole(Box<Whole>),
    Line {
        /// Everything in one text: a page of fifty thousand must be light.
        text: String,
        pointer: Option<PointerView>,
    },
}

pub(super) struct Whole {
    pub(super) facts: Vec<Fact>,
    pub(super) things: Vec<(String, Link)>,
    pub(super) evidence: Vec<EvidenceView>,
    pub(super) more_evidence: String,
}

pub(super) struct EvidenceView {
    pub(super) time: String,
    pub(super) text: String,
    pub(super) pointer: PointerView,
}

/// Positions of the gravest `most` findings.
pub(super) fn gravest(server: &ServerReport, most: usize) -> HashSet<usize> {
    let mut chosen: Vec<usize> = (0..server.findings.len()).collect();
    chosen.sort_by_key(|&at| std::cmp::Reverse(server.findings.get(at).map(|finding| finding.grade)));
    chosen.into_iter().take(most).collect()
}

pub(super) fn view(
    t: &Texts,
    report: &Report,
    pointers: &mut Pointers<'_>,
    limits: Limits,
    links: &Links<'_>,
    server: &ServerReport,
) -> FindingsView {
    let shown = gravest(server, limits.lines);
    let whole = gravest(server, limits.findings);
    let mut batches: Vec<Vec<FindingView>> = Vec::new();
    // The order of time is kept.
    for (at, finding) in server.findings.iter().enumerate().filter(|(at, _)| shown.contains(at)) {
        let anchor = links.finding_anchor(at);
        let name = if report.servers.len() > 1 { format!("{} {}", server.name, finding.id) } else { finding.id.clone() };
        let back = Link { text: name, anchor: Some(anchor.clone()) };
        for artifact in finding.evidence.iter().map(|evidence| evidence.artifact).collect::<BTreeSet<_>>() {
            pointers.found_in(artifact, &back);
        }
        let view = finding_view(t, pointers, links, finding, anchor, whole.contains(&at));
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH => batch.push(view),
            _ => batches.push(vec![view]),
        }
    }
    let lines = shown.len().saturating_sub(whole.len());
    FindingsView {
        lines_only: if lines > 0 { t.count("findings-in-a-line", lines as u64) } else { String::new() },
        more: super::facts::more(t, server.findings.len(), shown.len()),
        batches,
    }
}

fn finding_view(
    t: &Texts,
    pointers: &mut Pointers<'_>,
    links: &Links<'_>,
    finding: &Finding,
    anchor: String,
    whole: bool,
) -> FindingView {
    FindingView {
        anchor,
        id: finding.id.clone(),
        title: story::finding_title(t, finding),
        title_language: story::title_language(t, &finding.kind),
        time: finding.first.map_or_else(|| t.get("label-no-time"), clock::full),
        grade: t.word("grade", finding.grade),
        grade_slug: slug(finding.grade),
        sieve: Sieve {
            grade: finding.grade as u8,
            confidence: finding.confidence as u8,
            incident: links.incident_anchor_of(finding).unwrap_or_default(),
        },
        acknowledged: story::acknowledged(t, finding).unwrap_or_default(),
        body: if whole {
            Body::Whole(Box::new(whole_view(t, pointers, links, finding)))
        } else {
            let mut parts = vec![story::finding_title(t, finding), t.word("grade", finding.grade)];
            parts.push(finding.first.map_or_else(|| t.get("label-no-time"), clock::full));
            parts.extend(story::finding_who_where(t, finding, LINE_CHARS));
            parts.extend(story::acknowledged(t, finding));
            Body::Line {
                text: parts.join(" · "),
                pointer: finding.evidence.first().map(|evidence| pointers.view(evidence.artifact, evidence.place)),
            }
        },
    }
}

fn whole_view(t: &Texts, pointers: &mut Pointers<'_>, links: &Links<'_>, finding: &Finding) -> Whole {
    let mut facts = FactList::new(t);
    facts.one(&t.get("label-step"), t.word("step", finding.step));
    facts.one(&t.get("label-grade"), format!("{}: {}", t.word("grade", finding.grade), t.word("grade-meaning", finding.grade)));
    facts.one(&t.get("label-severity"), t.word("severity", finding.severity));
    facts.one(&t.get("label-confidence"), t.word("confidence", finding.confidence));
    facts.one(&t.get("label-first"), finding.first.map_or_else(|| t.get("label-no-time"), clock::full));
    if let Some(last) = finding.last.filter(|last| finding.first != Some(*last)) {
        facts.one(&t.get("label-last"), clock::full(last));
    }
    facts.one(&t.get("label-records"), t.number(finding.count));
    match links.steps_of(t, finding) {
        steps if steps.is_empty() => facts.one(&t.get("label-told-in"), t.get("label-alone")),
        steps => facts.links(&t.get("label-told-in"), steps, MOST_STEPS),
    }
    let why: Vec<String> =
        finding.why.iter().map(|reason| format!("{} ({:+})", t.word("why", &reason.sign), reason.weight)).collect();
    facts.list(&t.get("label-why"), &why, 30);
    facts.list(&t.get("label-cves"), &finding.cves, 24);
    facts.list(&t.get("label-attack"), &finding.attack, 24);
    facts.one(&t.get("label-kind"), finding.kind.clone());
    facts.one(&t.get("label-rule-author"), finding.author.clone().unwrap_or_default());
    let thing = |thing: &afterpatch_model::Thing| {
        let link = Link { text: thing.value.clone(), anchor: links.thing_anchor(finding, thing) };
        (t.word("thing", thing.kind), link)
    };
    let shown = finding.evidence.len() as u64;
    Whole {
        facts: facts.done(),
        things: finding.things.iter().map(thing).collect(),
        evidence: finding
            .evidence
            .iter()
            .map(|evidence| EvidenceView {
                time: evidence.time.map_or_else(|| t.get("label-no-time"), clock::full),
                text: evidence.text.clone(),
                pointer: pointers.view(evidence.artifact, evidence.place),
            })
            .collect(),
        more_evidence: match finding.count.saturating_sub(shown) {
            0 => String::new(),
            more => t.count("label-more-evidence", more),
        },
    }
}

/// What the page's filter offers to choose from: only what there is.
pub(super) struct FilterView {
    /// Grades by rank.
    pub(super) grades: Vec<(u8, String)>,
    /// How sure, by rank.
    pub(super) confidences: Vec<(u8, String)>,
    /// Anchors of incidents with their names.
    pub(super) incidents: Vec<(String, String)>,
}

pub(super) fn filter(t: &Texts, links: &Links<'_>, server: &ServerReport) -> FilterView {
    let steps = server.incidents.iter().flat_map(|incident| &incident.timeline).map(|step| step.grade);
    let grades: BTreeMap<_, _> =
        steps.chain(server.findings.iter().map(|it| it.grade)).map(|grade| (grade, t.word("grade", grade))).collect();
    let confidences: BTreeMap<_, _> =
        server.findings.iter().map(|it| (it.confidence, t.word("confidence", it.confidence))).collect();
    FilterView {
        grades: grades.into_iter().map(|(grade, word)| (grade as u8, word)).collect(),
        confidences: confidences.into_iter().map(|(confidence, word)| (confidence as u8, word)).collect(),
        incidents: server
            .incidents
            .iter()
            .enumerate()
            .map(|(at, it)| (links.incident_anchor(at), format!("{}: {}", it.id, story::campaign(t, &it.campaign))))
            .collect(),
    }
}
