//! Findings with their evidence.

use afterpatch_model::{Finding, ServerReport};

use crate::{
    clock,
    ndjson::incident_of_finding,
    texts::{Texts, slug},
    words::story,
};

use super::{
    fact_list::{Fact, FactList},
    limits::Limits,
    pointers::{PointerView, Pointers},
};

pub(super) struct FindingsView {
    pub(super) list: Vec<FindingView>,
    pub(super) more: String,
}

pub(super) struct FindingView {
    pub(super) anchor: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) time: String,
    pub(super) grade: String,
    pub(super) grade_slug: String,
    /// Who vouches for it; empty where nobody does.
    pub(super) acknowledged: String,
    pub(super) facts: Vec<Fact>,
    pub(super) things: Vec<(String, String)>,
    pub(super) evidence: Vec<EvidenceView>,
    pub(super) more_evidence: String,
}

pub(super) struct EvidenceView {
    pub(super) time: String,
    pub(super) text: String,
    pub(super) pointer: PointerView,
}

pub(super) fn view(t: &Texts, pointers: &mut Pointers<'_>, limits: Limits, server: &ServerReport, number: usize) -> FindingsView {
    let incidents = incident_of_finding(server);
    // The gravest are chosen, the order of time is kept.
    let mut chosen: Vec<usize> = (0..server.findings.len()).collect();
    chosen.sort_by_key(|&at| std::cmp::Reverse(server.findings.get(at).map(|finding| finding.grade)));
    chosen.truncate(limits.findings);
    chosen.sort_unstable();
    FindingsView {
        list: chosen
            .into_iter()
            .filter_map(|at| Some((at, server.findings.get(at)?)))
            .map(|(at, finding)| {
                let anchor = format!("s{number}-f{}", at + 1);
                let incident = incidents.get(finding.id.as_str()).map(|incident| incident.id.as_str());
                finding_view(t, pointers, finding, incident, anchor)
            })
            .collect(),
        more: super::facts::more(t, server.findings.len(), limits.findings),
    }
}

fn finding_view(
    t: &Texts,
    pointers: &mut Pointers<'_>,
    finding: &Finding,
    incident: Option<&str>,
    anchor: String,
) -> FindingView {
    let mut facts = FactList::new(t);
    facts.one(&t.get("label-step"), t.word("step", finding.step));
    facts.one(&t.get("label-grade"), format!("{}: {}", t.word("grade", finding.grade), t.word("grade-meaning", finding.grade)));
    facts.one(&t.get("label-severity"), t.word("severity", finding.severity));
    facts.one(&t.get("label-confidence"), t.word("confidence", finding.confidence));
    facts.one(&t.get("label-first"), finding.first.map_or_else(|| t.get("label-no-time"), clock::full));
    if let Some(last) = finding.last.filter(|last| finding.first != Some(*last)) {
        facts.one(&t.get("label-last"), clock::full(last));
    }
    let belongs = incident.map_or_else(|| t.get("label-alone"), |id| t.with("label-in-incident", &[("id", id)]));
    facts.one(&t.get("label-records"), format!("{}, {belongs}", t.number(finding.count)));
    let why: Vec<String> =
        finding.why.iter().map(|reason| format!("{} ({:+})", t.word("why", &reason.sign), reason.weight)).collect();
    facts.list(&t.get("label-why"), &why, 30);
    facts.list(&t.get("label-cves"), &finding.cves, 24);
    facts.list(&t.get("label-attack"), &finding.attack, 24);
    facts.one(&t.get("label-kind"), finding.kind.clone());
    facts.one(&t.get("label-rule-author"), finding.author.clone().unwrap_or_default());
    let shown = finding.evidence.len() as u64;
    FindingView {
        anchor,
        id: finding.id.clone(),
        title: story::finding_title(t, finding),
        time: finding.first.map_or_else(|| t.get("label-no-time"), clock::full),
        grade: t.word("grade", finding.grade),
        grade_slug: slug(finding.grade),
        acknowledged: story::acknowledged(t, finding).unwrap_or_default(),
        facts: facts.done(),
        things: finding.things.iter().map(|thing| (t.word("thing", thing.kind), thing.value.clone())).collect(),
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
