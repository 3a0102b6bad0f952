//! JSON lines of the Open Cybersecurity Schema Framework: one Detection Finding (class 2004) a finding.
//!
//! Classes, objects and numbers: schema.ocsf.io, version 1.5.0. Times are milliseconds since 1970, UTC. What has no attribute there
//! stands below `unmapped`, which the framework keeps for that.

use std::io::Write;

use afterpatch_model::{Confidence, Finding, Report, Severity, Standing, Thing, ThingKind, Timestamp};
use serde_json::{Value, json};

use super::attack;
use super::told::{Told, account, english, findings, line, path_and_query, time, uid, verdict};
use crate::words::place;
use crate::{ReportError, texts::Texts};

/// The version of the framework.
const VERSION: &str = "1.5.0";
/// Detection Finding in the category Findings; its activity Create.
const CLASS: u32 = 2004;
const CATEGORY: u32 = 2;
const CREATE: u32 = 1;

/// Writes the findings.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    findings(report).try_for_each(|told| line(of_finding(&told, &texts), out))
}

fn of_finding(told: &Told<'_>, texts: &Texts) -> Value {
    let Told { report, server, incident, finding } = *told;
    let acknowledged = finding.acknowledged.as_ref();
    json!({
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "activity_id": CREATE,
        "activity_name": "Create",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Detection Finding: Create",
        "time": finding.first.unwrap_or(report.generated).as_millisecond(),
        "start_time": finding.first.map(Timestamp::as_millisecond),
        "end_time": finding.last.map(Timestamp::as_millisecond),
        "count": i64::try_from(finding.count).unwrap_or(i64::MAX),
        "severity_id": severity(finding.severity),
        "confidence_id": confidence(finding.confidence),
        "status_id": if acknowledged.is_some() { 3 } else { 1 },
        "status_detail": acknowledged.map(|it| format!("{}: {}", it.who, it.why)),
        "is_alert": finding.standing == Standing::Alone && acknowledged.is_none(),
        "message": told.message(texts),
        "metadata": {
            "version": VERSION,
            "uid": uid(told),
            "correlation_uid": incident.map(|incident| format!("{}/{}", server.name, incident.id)),
            "product": { "name": report.tool.name, "vendor_name": "afterpatch", "version": report.tool.version },
            "log_name": "findings",
            "logged_time": report.generated.as_millisecond(),
        },
        "finding_info": finding_info(told),
        "device": { "type_id": 1, "type": "Server", "name": server.name, "hostname": server.name },
        "resources": [{ "type": "Server", "name": server.name, "hostname": server.name }],
        "evidences": evidences(told),
        "observables": observables(finding),
        "vulnerabilities": finding.cves.iter().map(|cve| json!({ "cve": { "uid": cve } })).collect::<Vec<_>>(),
        "unmapped": {
            "finding": finding.id,
            "incident": incident.map(|incident| incident.id.as_str()),
            "campaign": finding.campaign,
            "grade": finding.grade,
            "step": finding.step,
            "bytes_out": finding.bytes_out,
            "commands": told.all(ThingKind::Command),
            "verdict": verdict(server),
        },
    })
}

fn finding_info(told: &Told<'_>) -> Value {
    let Told { report, finding, .. } = *told;
    json!({
        "uid": uid(told),
        "title": finding.title,
        "types": [finding.step],
        "created_time": report.generated.as_millisecond(),
        "first_seen_time": finding.first.map(Timestamp::as_millisecond),
        "last_seen_time": finding.last.map(Timestamp::as_millisecond),
        "product_uid": "afterpatch",
        "analytic": { "uid": finding.kind, "name": finding.kind, "type_id": 1, "type": "Rule", "category": finding.campaign },
        "attacks": finding.attack.iter().filter(|id| attack::is_id(id)).flat_map(|id| attacks_of(id)).collect::<Vec<_>>(),
    })
}

/// One entry a tactic: a technique may serve several.
fn attacks_of(id: &str) -> Vec<Value> {
    let named = |id: &str| json!({ "uid": id, "name": attack::technique(id).map(|technique| technique.name), "src_url": attack::address(id) });
    let of_tactic = |tactic: Option<attack::Tactic>| {
        json!({
            "tactic": tactic.map(|tactic| json!({ "uid": tactic.id, "name": tactic.name })),
            "technique": named(attack::parent(id)),
            "sub_technique": id.contains('.').then(|| named(id)),
        })
    };
    match attack::technique(id) {
        Some(known) => known.tactics().map(|tactic| of_tactic(Some(tactic))).collect(),
        None => vec![of_tactic(None)],
    }
}

/// One entry a thing of which the framework has an object, then one a record.
fn evidences(told: &Told<'_>) -> Vec<Value> {
    let hash = told.hash_of_the_file();
    let of_thing = |thing: &Thing| {
        let value = thing.value.as_str();
        Some(match thing.kind {
            ThingKind::Address => json!({ "src_endpoint": { "ip": ip(value)? } }),
            ThingKind::Url => {
                let (path, query) = path_and_query(value).unzip();
                json!({ "url": { "url_string": value, "path": path, "query_string": query } })
            }
            ThingKind::File => json!({ "file": {
                "name": place::file_name(value),
                "path": value,
                "type_id": 1,
                "hashes": hash.map(|hash| json!([{ "algorithm_id": 3, "algorithm": "SHA-256", "value": hash }])),
            } }),
            ThingKind::Account => {
                let (domain, name) = account(value);
                json!({ "user": { "name": name, "domain": domain } })
            }
            _ => return None,
        })
    };
    // A name that is empty makes no object.
    let things = told.finding.things.iter().filter(|thing| !thing.value.is_empty()).filter_map(of_thing);
    let records = told.finding.evidence.iter().map(|evidence| {
        json!({ "data": { "source": told.pointer(evidence), "record": evidence.text, "time": evidence.time.map(time) } })
    });
    things.chain(records).collect()
}

fn observables(finding: &Finding) -> Vec<Value> {
    let observable = |thing: &Thing| {
        let value = thing.value.as_str();
        let (name, type_id, kind) = match thing.kind {
            ThingKind::Address => ("evidences.src_endpoint.ip", 2, "IP Address"),
            ThingKind::Account => ("evidences.user.name", 4, "User Name"),
            ThingKind::Url => ("evidences.url.url_string", 6, "URL String"),
            ThingKind::Page => ("page", 7, "File Name"),
            ThingKind::Hash => ("sha256", 8, "Hash"),
            ThingKind::Command => ("unmapped.commands", 13, "Command Line"),
            ThingKind::UserAgent => ("user_agent", 16, "HTTP User-Agent"),
            ThingKind::Script => ("script", 36, "Script Content"),
            ThingKind::File => ("evidences.file.path", 45, "File Path"),
            _ => return None,
        };
        let fits = !value.is_empty() && (thing.kind != ThingKind::Address || ip(value).is_some());
        fits.then(|| json!({ "name": name, "type_id": type_id, "type": kind, "value": value }))
    };
    finding.things.iter().filter_map(observable).collect()
}

fn ip(text: &str) -> Option<String> {
    text.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
}

fn severity(severity: Severity) -> u8 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

fn confidence(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::Low => 1,
        Confidence::Medium => 2,
        Confidence::High => 3,
    }
}
