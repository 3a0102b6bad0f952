//! One JSON object a line, for databases and pipes: every server with its verdict, then its findings; gaps at the end.
//!
//! Pointers are resolved to paths, so that each line stands for itself.

use std::{collections::HashMap, io::Write};

use afterpatch_model::{
    Acknowledgement, ArtifactKind, CompromiseAnswer, Evidence, ExposureAnswer, Finding, FootholdAnswer, Gap, GapKind, Incident,
    Place, Report, ServerReport, Timestamp,
};
use serde::Serialize;
use serde_json::ser::CompactFormatter;

use crate::{
    ReportError,
    json::write_value,
    words::{coverage, place},
};

/// Name and version of the lines' form; every line carries it. The number grows with every breaking change.
pub const FINDINGS_SCHEMA: &str = "afterpatch.findings/1";

/// Writes the lines.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut line = |line: &Line<'_>| -> Result<(), ReportError> {
        write_value(line, &mut *out, CompactFormatter)?;
        Ok(writeln!(out)?)
    };
    for server in &report.servers {
        let verdict = VerdictWords::of(server);
        line(&Line::new(report, Body::Server(ServerLine::of(server, verdict))))?;
        let incidents = incident_of_finding(server);
        for finding in &server.findings {
            line(&Line::new(report, Body::Finding(FindingLine::of(report, server, finding, &incidents, verdict))))?;
        }
    }
    for gap in &report.gaps {
        line(&Line::new(report, Body::Gap(GapLine::of(report, gap))))?;
    }
    Ok(())
}

/// What every line begins with.
#[derive(Serialize)]
struct Line<'r> {
    schema: &'static str,
    generated: Timestamp,
    #[serde(flatten)]
    body: Body<'r>,
}

impl<'r> Line<'r> {
    fn new(report: &Report, body: Body<'r>) -> Self {
        Self { schema: FINDINGS_SCHEMA, generated: report.generated, body }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Body<'r> {
    Server(ServerLine<'r>),
    Finding(FindingLine<'r>),
    Gap(GapLine<'r>),
}

/// The three answers in their fixed words.
#[derive(Clone, Copy, Serialize)]
struct VerdictWords {
    exposure: ExposureAnswer,
    compromise: CompromiseAnswer,
    foothold: FootholdAnswer,
}

impl VerdictWords {
    fn of(server: &ServerReport) -> Self {
        let verdict = &server.verdict;
        Self { exposure: verdict.exposure, compromise: verdict.compromise, foothold: verdict.foothold }
    }
}

#[derive(Serialize)]
struct ServerLine<'r> {
    server: &'r str,
    aliases: &'r [String],
    verdict: VerdictWords,
    build: Option<String>,
    incidents: usize,
    findings: usize,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    coverage_first: Option<Timestamp>,
    coverage_last: Option<Timestamp>,
    coverage_sufficient: bool,
    missing_sources: &'r [String],
}

impl<'r> ServerLine<'r> {
    fn of(server: &'r ServerReport, verdict: VerdictWords) -> Self {
        let (coverage_first, coverage_last) = coverage::span(&server.coverage);
        Self {
            server: &server.name,
            aliases: &server.aliases,
            verdict,
            build: server.builds.last().map(|period| period.build.to_string()),
            incidents: server.incidents.len(),
            findings: server.findings.len(),
            first: server.incidents.iter().filter_map(|incident| incident.first).min(),
            last: server.incidents.iter().filter_map(|incident| incident.last).max(),
            coverage_first,
            coverage_last,
            coverage_sufficient: server.coverage.sufficient,
            missing_sources: &server.coverage.missing,
        }
    }
}

#[derive(Serialize)]
struct FindingLine<'r> {
    server: &'r str,
    /// The incident that tells this finding; null when it stands alone.
    incident: Option<&'r str>,
    verdict: VerdictWords,
    #[serde(flatten)]
    finding: FindingFields<'r>,
    evidence: Vec<EvidenceFields<'r>>,
}

/// The finding's own fields, by their names in the report; the server and the evidence stand resolved beside it.
#[derive(Serialize)]
struct FindingFields<'r> {
    id: &'r str,
    kind: &'r str,
    campaign: Option<&'r str>,
    title: &'r str,
    step: afterpatch_model::Step,
    grade: afterpatch_model::Grade,
    severity: afterpatch_model::Severity,
    confidence: afterpatch_model::Confidence,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    count: u64,
    attack: &'r [String],
    cves: &'r [String],
    things: &'r [afterpatch_model::Thing],
    author: Option<&'r str>,
    acknowledged: Option<&'r Acknowledgement>,
}

impl<'r> FindingLine<'r> {
    fn of(
        report: &'r Report,
        server: &'r ServerReport,
        finding: &'r Finding,
        incidents: &HashMap<&'r str, &'r Incident>,
        verdict: VerdictWords,
    ) -> Self {
        Self {
            server: &server.name,
            incident: incidents.get(finding.id.as_str()).map(|incident| incident.id.as_str()),
            verdict,
            finding: FindingFields {
                id: &finding.id,
                kind: &finding.kind,
                campaign: finding.campaign.as_deref(),
                title: &finding.title,
                step: finding.step,
                grade: finding.grade,
                severity: finding.severity,
                confidence: finding.confidence,
                first: finding.first,
                last: finding.last,
                count: finding.count,
                attack: &finding.attack,
                cves: &finding.cves,
                things: &finding.things,
                author: finding.author.as_deref(),
                acknowledged: finding.acknowledged.as_ref(),
            },
            evidence: finding.evidence.iter().map(|evidence| EvidenceFields::of(report, evidence)).collect(),
        }
    }
}

#[derive(Serialize)]
struct EvidenceFields<'r> {
    path: String,
    windows_path: Option<&'r str>,
    artifact_kind: Option<ArtifactKind>,
    place: Place,
    time: Option<Timestamp>,
    text: &'r str,
}

impl<'r> EvidenceFields<'r> {
    fn of(report: &'r Report, evidence: &'r Evidence) -> Self {
        let artifact = place::artifact(report, evidence.artifact);
        Self {
            path: place::path(report, evidence.artifact),
            windows_path: artifact.and_then(|artifact| artifact.windows_path.as_deref()),
            artifact_kind: artifact.map(|artifact| artifact.kind),
            place: evidence.place,
            time: evidence.time,
            text: &evidence.text,
        }
    }
}

#[derive(Serialize)]
struct GapLine<'r> {
    path: &'r str,
    artifact_kind: Option<ArtifactKind>,
    place: Option<Place>,
    gap: GapKind,
    detail: &'r str,
    count: u64,
}

impl<'r> GapLine<'r> {
    fn of(report: &Report, gap: &'r Gap) -> Self {
        Self {
            path: &gap.path,
            artifact_kind: gap.artifact.and_then(|id| place::artifact(report, id)).map(|artifact| artifact.kind),
            place: gap.place,
            gap: gap.kind,
            detail: &gap.detail,
            count: gap.count,
        }
    }
}

/// The incident of each finding, by the ids they have in the report.
pub(crate) fn incident_of_finding(server: &ServerReport) -> HashMap<&str, &Incident> {
    let mut incidents = HashMap::new();
    for incident in &server.incidents {
        for finding in incident.timeline.iter().flat_map(|step| &step.findings) {
            incidents.entry(finding.as_str()).or_insert(incident);
        }
    }
    incidents
}
