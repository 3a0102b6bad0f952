//! JSON lines for Timesketch: one event a record that a finding rests on, and one for the first sight of each build, so that the
//! story stands in a timeline among other sources.
//!
//! `message`, `datetime` and `timestamp_desc` are what Timesketch requires of each line
//! (github.com/google/timesketch, docs/guides/user/import-from-json-csv.md). A record without a time has no place in a timeline; a
//! finding of which no record has one stands at its own first time, and is left out where it has none either.

use std::io::Write;

use afterpatch_model::{BuildPeriod, Evidence, Report, ServerReport, ThingKind, Timestamp};
use serde_json::{Value, json};

use super::told::{Told, english, findings, lean, line};
use crate::words::place;
use crate::{ReportError, texts::Texts};

/// Writes the events, in order of time.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    let mut events: Vec<(Timestamp, Value)> = Vec::new();
    for told in findings(report) {
        let timed: Vec<(Timestamp, &Evidence)> =
            told.finding.evidence.iter().filter_map(|evidence| Some((evidence.time?, evidence))).collect();
        match told.finding.first {
            Some(first) if timed.is_empty() => events.push((first, of_finding(&told, &texts, None))),
            _ => events.extend(timed.into_iter().map(|(time, evidence)| (time, of_finding(&told, &texts, Some(evidence))))),
        }
    }
    for server in &report.servers {
        events.extend(server.builds.iter().map(|period| (period.first, of_build(report, server, period))));
    }
    events.sort_by_key(|(time, _)| *time);
    for (time, fields) in events {
        let head = json!({ "datetime": datetime(time), "timestamp": time.as_microsecond() });
        line(joined(head, fields), out)?;
    }
    Ok(())
}

/// ISO 8601 with the offset of UTC.
fn datetime(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}

fn of_finding(told: &Told<'_>, texts: &Texts, evidence: Option<&Evidence>) -> Value {
    let finding = told.finding;
    let source = evidence.and_then(|evidence| place::artifact(told.report, evidence.artifact)).map(|artifact| artifact.kind);
    let addresses: Vec<String> = told.addresses().iter().map(ToString::to_string).collect();
    let files = told.all(ThingKind::File);
    let tags = std::iter::once("afterpatch").chain(finding.campaign.as_deref()).chain(finding.attack.iter().map(String::as_str));
    lean(json!({
        "timestamp_desc": match source {
            Some(kind) => format!("{}: record", texts.word("artifact-kind", kind)),
            None => "First seen".to_owned(),
        },
        "message": format!("{}: {}", told.server.name, told.message(texts)),
        "data_type": "afterpatch:finding",
        // Timesketch knows a tag as a list.
        "tag": tags.collect::<Vec<_>>(),
        "hostname": told.server.name,
        "finding": finding.id,
        "incident": told.incident.map(|incident| incident.id.as_str()),
        "rule": finding.kind,
        "campaign": finding.campaign,
        "step": finding.step,
        "grade": finding.grade,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "acknowledged": finding.acknowledged.as_ref().map(|it| it.why.as_str()),
        "count": finding.count,
        "source_ip": addresses.first(),
        "source_ips": if addresses.len() > 1 { addresses.as_slice() } else { &[] },
        "url": told.all(ThingKind::Url),
        "page": told.all(ThingKind::Page),
        "filename": files,
        "username": told.all(ThingKind::Account),
        "mailbox": told.all(ThingKind::Mailbox),
        "process": told.all(ThingKind::Process),
        "command_line": told.all(ThingKind::Command),
        "user_agent": told.all(ThingKind::UserAgent),
        "sha256": told.all(ThingKind::Hash),
        "attack": finding.attack,
        "cve": finding.cves,
        "source_file": evidence.map(|evidence| told.pointer(evidence)),
        "record": evidence.map(|evidence| evidence.text.as_str()),
    }))
}

fn of_build(report: &Report, server: &ServerReport, period: &BuildPeriod) -> Value {
    json!({
        "timestamp_desc": "First seen",
        "message": format!("{}: build {} is installed", server.name, period.build),
        "data_type": "afterpatch:build",
        "tag": ["afterpatch", "build"],
        "hostname": server.name,
        "build": period.build.to_string(),
        "source_file": place::of_pointer(&report.artifacts, period.seen_in),
    })
}

fn joined(head: Value, fields: Value) -> Value {
    match (head, fields) {
        (Value::Object(mut head), Value::Object(fields)) => {
            head.extend(fields);
            Value::Object(head)
        }
        (_, fields) => fields,
    }
}
