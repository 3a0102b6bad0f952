//! JSON lines in the fields of the Elastic Common Schema, for Elasticsearch, OpenSearch and what reads it: one alert a finding, one
//! state a server, so that "nothing seen" and its coverage are not lost.
//!
//! Fields and their types: github.com/elastic/ecs, `generated/ecs/ecs_flat.yml`. What has no field there stands below `afterpatch`.

use std::io::Write;

use afterpatch_model::{Confidence, Grade, Report, ServerReport, Severity, Step, ThingKind, Timestamp};
use serde_json::{Value, json};

use super::attack;
use super::told::{Told, account, english, findings, line, path_and_query, time, uid, verdict};
use crate::words::{coverage, place, verdict::headline};
use crate::{ReportError, texts::Texts};

/// The version whose fields these are.
const VERSION: &str = "8.17.0";

/// Writes the documents.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    for server in &report.servers {
        line(of_server(report, server, &texts), out)?;
    }
    for told in findings(report) {
        line(of_finding(&told, &texts), out)?;
    }
    Ok(())
}

/// Where a finding has no time, the report's: the field is required.
fn timestamp(report: &Report, own: Option<Timestamp>) -> String {
    time(own.unwrap_or(report.generated))
}

fn of_server(report: &Report, server: &ServerReport, texts: &Texts) -> Value {
    let (first, last) = coverage::span(&server.coverage);
    json!({
        "@timestamp": time(report.generated),
        "ecs": { "version": VERSION },
        "message": format!("{}: {}", server.name, headline(texts, &server.verdict).1),
        "event": {
            "kind": "state",
            "category": ["host"],
            "type": ["info"],
            "module": "afterpatch",
            "dataset": "afterpatch.verdict",
            "created": time(report.generated),
        },
        "observer": observer(report),
        "host": host(server),
        "tags": ["afterpatch"],
        "afterpatch": {
            "verdict": verdict(server),
            "build": server.builds.last().map(|period| period.build.to_string()),
            "incidents": server.incidents.len(),
            "findings": server.findings.len(),
            "interrupted": report.interrupted,
            "coverage": {
                "sufficient": server.coverage.sufficient,
                "first": first.map(time),
                "last": last.map(time),
                "missing": server.coverage.missing,
                "doubts": server.coverage.doubts.len(),
                "gaps": report.gaps.len(),
            },
        },
    })
}

fn of_finding(told: &Told<'_>, texts: &Texts) -> Value {
    let Told { report, server, incident, finding } = *told;
    let (categories, types) = kinds(finding.step);
    let addresses: Vec<String> = told.addresses().iter().map(ToString::to_string).collect();
    let (domain, user) = told.first(ThingKind::Account).map_or((None, None), |text| {
        let (domain, user) = account(text);
        (domain, Some(user))
    });
    let url = told.first(ThingKind::Url);
    let path_and_query = url.and_then(path_and_query);
    let file = told.first(ThingKind::File);
    let first = finding.evidence.first();
    json!({
        "@timestamp": timestamp(report, finding.first),
        "ecs": { "version": VERSION },
        "message": told.message(texts),
        "event": {
            "kind": "alert",
            "category": categories,
            "type": types,
            "action": finding.step,
            "outcome": outcome(finding.grade),
            "module": "afterpatch",
            "dataset": "afterpatch.finding",
            "provider": "afterpatch",
            "id": uid(told),
            "severity": severity(finding.severity),
            "created": time(report.generated),
            "start": finding.first.map(time),
            "end": finding.last.map(time),
            "original": first.map(|evidence| evidence.text.as_str()),
            "reason": finding.title,
        },
        "rule": {
            "id": finding.kind,
            "name": finding.title,
            "category": finding.campaign,
            "ruleset": finding.origin,
            "author": Vec::from_iter(&finding.author),
        },
        "observer": observer(report),
        "host": host(server),
        "source": { "ip": addresses.first(), "address": told.first(ThingKind::Address) },
        "url": { "original": url, "path": path_and_query.map(|it| it.0), "query": path_and_query.map(|it| it.1) },
        "file": {
            "path": file,
            "name": file.map(place::file_name).or(told.first(ThingKind::Page)),
            "hash": { "sha256": told.hash_of_the_file() },
        },
        "user": { "name": user, "domain": domain },
        "process": { "command_line": told.first(ThingKind::Command) },
        "user_agent": { "original": told.first(ThingKind::UserAgent) },
        "vulnerability": {
            "id": finding.cves,
            "enumeration": if finding.cves.is_empty() { None } else { Some("CVE") },
        },
        "threat": threat(&finding.attack),
        "related": {
            "ip": addresses,
            "hosts": std::iter::once(&server.name).chain(&server.aliases).collect::<Vec<_>>(),
            "user": told.all(ThingKind::Account).into_iter().chain(told.all(ThingKind::Mailbox)).collect::<Vec<_>>(),
            "hash": told.all(ThingKind::Hash),
        },
        "log": { "file": { "path": first.map(|evidence| place::path(report, evidence.artifact)) } },
        "tags": std::iter::once("afterpatch").chain(finding.campaign.as_deref()).collect::<Vec<_>>(),
        "afterpatch": {
            "finding": finding.id,
            "incident": incident.map(|incident| incident.id.as_str()),
            "campaign": finding.campaign,
            "step": finding.step,
            "grade": finding.grade,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "sure": finding.confidence == Confidence::High,
            "count": finding.count,
            "bytes_out": finding.bytes_out,
            "acknowledged": finding.acknowledged.as_ref().map(|it| it.why.as_str()),
            "verdict": verdict(server),
            "url": told.all(ThingKind::Url),
            "page": told.all(ThingKind::Page),
            "file": told.all(ThingKind::File),
            "process": told.all(ThingKind::Process),
            "command": told.all(ThingKind::Command),
            "object": told.all(ThingKind::Object),
            "evidence": finding.evidence.iter().map(|evidence| told.pointer(evidence)).collect::<Vec<_>>(),
        },
    })
}

fn observer(report: &Report) -> Value {
    json!({ "vendor": "afterpatch", "product": report.tool.name, "version": report.tool.version })
}

fn host(server: &ServerReport) -> Value {
    json!({ "name": server.name, "hostname": server.name })
}

/// `event.category` and `event.type`, of which the schema allows only some with each other.
fn kinds(step: Step) -> (&'static [&'static str], &'static [&'static str]) {
    match step {
        Step::Scan | Step::ForgedRequest | Step::PageRequested | Step::PageGone | Step::DataTaken => {
            (&["intrusion_detection", "web"], &["access"])
        }
        Step::SessionOpened => (&["intrusion_detection", "session"], &["start"]),
        Step::ConfigurationRead => (&["intrusion_detection", "configuration"], &["access"]),
        Step::ConfigurationChanged | Step::DirectoryReset | Step::PersistenceAdded | Step::DefencesWeakened => {
            (&["intrusion_detection", "configuration"], &["change"])
        }
        Step::FileWritten | Step::PageCompiled => (&["intrusion_detection", "file"], &["creation"]),
        Step::FilePresent => (&["intrusion_detection", "file"], &["info"]),
        Step::Removed => (&["intrusion_detection", "file"], &["deletion"]),
        Step::CommandRun => (&["intrusion_detection", "process"], &["start"]),
        Step::MailTaken => (&["intrusion_detection", "email"], &["info"]),
        Step::AccountChanged => (&["intrusion_detection", "iam"], &["change"]),
        _ => (&["intrusion_detection"], &["info"]),
    }
}

fn outcome(grade: Grade) -> &'static str {
    match grade {
        Grade::Unclear | Grade::Scan => "unknown",
        Grade::Attempt => "failure",
        Grade::Success | Grade::Compromise | Grade::PostPatchUse => "success",
    }
}

/// The numbers that Elastic's own rules use.
fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 0,
        Severity::Low => 21,
        Severity::Medium => 47,
        Severity::High => 73,
        Severity::Critical => 99,
    }
}

fn threat(ids: &[String]) -> Value {
    let known: Vec<&str> = ids.iter().map(String::as_str).filter(|id| attack::is_id(id)).collect();
    if known.is_empty() {
        return Value::Null;
    }
    let each = |ids: &[&str]| {
        let mut ids: Vec<&str> = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let names: Vec<&str> = ids.iter().filter_map(|id| attack::technique(id)).map(|technique| technique.name).collect();
        json!({ "id": ids, "name": names, "reference": ids.iter().map(|id| attack::address(id)).collect::<Vec<_>>() })
    };
    let parents: Vec<&str> = known.iter().map(|id| attack::parent(id)).collect();
    let subs: Vec<&str> = known.iter().copied().filter(|id| id.contains('.')).collect();
    let mut technique = each(&parents);
    if let Some(fields) = technique.as_object_mut() {
        fields.insert("subtechnique".to_owned(), each(&subs));
    }
    let mut tactics = Vec::new();
    for tactic in known.iter().filter_map(|id| attack::technique(id)).flat_map(attack::Technique::tactics) {
        if !tactics.contains(&tactic) {
            tactics.push(tactic);
        }
    }
    json!({
        "framework": "MITRE ATT&CK",
        "technique": technique,
        "tactic": {
            "id": tactics.iter().map(|tactic| tactic.id).collect::<Vec<_>>(),
            "name": tactics.iter().map(|tactic| tactic.name).collect::<Vec<_>>(),
        },
    })
}
