//! The findings of a report as results.

use std::io::Write;

use afterpatch_model::{Evidence, Finding, Gap, Place, Report, Severity};
use serde_json::{Value, json};

use super::super::told::{Told, english, findings, time, uid, verdict};
use super::{Rules, Run, place};
use crate::words::{notes, place as places};
use crate::{ReportError, texts::Texts};

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    let mut rules = Rules::default();
    let results = findings(report).map(|told| result(&told, &mut rules, &texts)).collect();
    let invocation = json!({
        "executionSuccessful": !report.interrupted,
        "endTimeUtc": time(report.generated),
        "toolExecutionNotifications": report.gaps.iter().map(|gap| notification(&texts, gap)).collect::<Vec<_>>(),
        "properties": { "servers": report.servers.iter().map(|server| json!({ "name": server.name, "verdict": verdict(server) })).collect::<Vec<_>>() },
    });
    Run { version: report.tool.version.clone(), rules, results, invocation }.write(out)
}

fn result(told: &Told<'_>, rules: &mut Rules, texts: &Texts) -> Value {
    let finding = told.finding;
    let rule = || {
        json!({
            "id": finding.kind,
            "shortDescription": { "text": finding.title },
            "properties": {
                "tags": finding.attack.iter().chain(&finding.cves).chain(&finding.campaign).collect::<Vec<_>>(),
                "security-severity": security_severity(finding.severity),
            },
        })
    };
    json!({
        "ruleId": finding.kind,
        "ruleIndex": rules.position(&finding.kind, rule),
        "level": level(finding.severity),
        "message": { "text": format!("{}: {}", told.server.name, told.message(texts)) },
        "locations": finding.evidence.iter().take(1).map(|evidence| location(told, evidence)).collect::<Vec<_>>(),
        "relatedLocations": finding.evidence.iter().skip(1).map(|evidence| location(told, evidence)).collect::<Vec<_>>(),
        "partialFingerprints": { "afterpatchFinding/v1": uid(told) },
        "occurrenceCount": i64::try_from(finding.count.max(1)).unwrap_or(i64::MAX),
        "suppressions": suppressions(finding),
        "properties": {
            "finding": finding.id,
            "incident": told.incident.map(|incident| incident.id.as_str()),
            "grade": finding.grade,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "first": finding.first.map(time),
            "last": finding.last.map(time),
        },
    })
}

fn location(told: &Told<'_>, evidence: &Evidence) -> Value {
    let line = match evidence.place {
        Place::Line(line) => Some(line),
        _ => None,
    };
    json!({
        "physicalLocation": place(&places::path(told.report, evidence.artifact), line, &evidence.text),
        "message": { "text": told.pointer(evidence) },
    })
}

fn suppressions(finding: &Finding) -> Vec<Value> {
    let of = |it: &afterpatch_model::Acknowledgement| json!({ "kind": "external", "status": "accepted", "justification": format!("{}: {}", it.who, it.why) });
    finding.acknowledged.iter().map(of).collect()
}

fn notification(texts: &Texts, gap: &Gap) -> Value {
    let line = match gap.place {
        Some(Place::Line(line)) => Some(line),
        _ => None,
    };
    json!({
        "level": "warning",
        "message": { "text": notes::gap(texts, gap) },
        "locations": [{ "physicalLocation": place(&gap.path, line, "") }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info | Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

/// In the numbers by which code scanning sorts.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "0.0",
        Severity::Low => "3.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}
