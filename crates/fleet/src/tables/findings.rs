//! `findings`: one row a finding.

use std::collections::{BTreeSet, HashMap};

use afterpatch_model::{ArtifactKind, Confidence, Finding, Grade, Origin, Report, ServerReport, Severity, Standing, Step};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, flag, number, place, rank, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("finding", "its id in the report of this package"),
    text("incident", "the incident that tells it; none when it stands alone"),
    text("kind", "the detector's or rule's slug"),
    text("title", "one line in English"),
    text("campaign", "the attack it belongs to, when that is known"),
    text("step", "what part of the story it tells"),
    text("grade", "how far it got: unclear, scan, attempt, success, compromise, post_patch_use"),
    count("grade_rank", "the grade as a number, 0 to 5"),
    text("severity", "how bad it would be if true: info, low, medium, high, critical"),
    text("confidence", "how sure the detector is: low, medium, high"),
    text("standing", "alone, or told only beside something strong"),
    time("first", "first time"),
    time("last", "last time"),
    count("count", "records that say the same"),
    count("bytes_out", "bytes that these records sent out"),
    texts("attack", "ATT&CK technique ids"),
    texts("cves", "CVE ids"),
    text("author", "author of the rule"),
    text("origin", "built_in or user"),
    flag("acknowledged", "somebody vouches for it: it does not count"),
    count("evidence", "records kept in the report"),
    text("evidence_path", "the file of the first of them"),
    text("evidence_place", "the place in it"),
    time("evidence_time", "its time"),
    text("evidence_text", "its telling part (hostile text)"),
    texts("sources", "kinds of artifacts that these records stand in"),
];

pub(super) const TABLE: Table = Table { name: "findings", about: "one row a finding", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    finding: &'s str,
    incident: Option<&'s str>,
    kind: &'s str,
    title: &'s str,
    campaign: Option<&'s str>,
    step: Step,
    grade: Grade,
    grade_rank: u64,
    severity: Severity,
    confidence: Confidence,
    standing: Standing,
    first: Option<At>,
    last: Option<At>,
    count: u64,
    bytes_out: Option<u64>,
    attack: &'s [String],
    cves: &'s [String],
    author: Option<&'s str>,
    origin: Origin,
    acknowledged: bool,
    evidence: u64,
    evidence_path: Option<&'s str>,
    evidence_place: Option<String>,
    evidence_time: Option<At>,
    evidence_text: Option<&'s str>,
    sources: BTreeSet<&'static str>,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    if let Some(report) = scanned.report {
        for server in &report.servers {
            let incidents = incident_of_finding(server);
            rows.extend(server.findings.iter().map(|finding| row(scanned.id(), report, server, finding, &incidents)));
        }
    }
    table.batch(&rows)
}

fn row<'s>(
    package: &'s str,
    report: &'s Report,
    server: &'s ServerReport,
    finding: &'s Finding,
    incidents: &HashMap<&'s str, &'s str>,
) -> Row<'s> {
    let evidence = finding.evidence.first();
    Row {
        package,
        server: &server.name,
        finding: &finding.id,
        incident: incidents.get(finding.id.as_str()).copied(),
        kind: &finding.kind,
        title: &finding.title,
        campaign: finding.campaign.as_deref(),
        step: finding.step,
        grade: finding.grade,
        grade_rank: rank(finding.grade),
        severity: finding.severity,
        confidence: finding.confidence,
        standing: finding.standing,
        first: at(finding.first),
        last: at(finding.last),
        count: finding.count,
        bytes_out: finding.bytes_out,
        attack: &finding.attack,
        cves: &finding.cves,
        author: finding.author.as_deref(),
        origin: finding.origin,
        acknowledged: finding.acknowledged.is_some(),
        evidence: number(finding.evidence.len()),
        evidence_path: evidence.and_then(|evidence| place::path(report, evidence)),
        evidence_place: evidence.and_then(place::place),
        evidence_time: evidence.and_then(|evidence| at(evidence.time)),
        evidence_text: evidence.map(|evidence| evidence.text.as_str()),
        sources: finding.evidence.iter().filter_map(|evidence| place::kind(report, evidence)).map(ArtifactKind::slug).collect(),
    }
}

/// The incident of each finding, by the ids they have in the report.
pub(super) fn incident_of_finding(server: &ServerReport) -> HashMap<&str, &str> {
    let mut incidents = HashMap::new();
    for incident in &server.incidents {
        for finding in incident.timeline.iter().flat_map(|step| &step.findings) {
            incidents.entry(finding.as_str()).or_insert(incident.id.as_str());
        }
    }
    incidents
}
