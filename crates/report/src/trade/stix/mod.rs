//! A STIX 2.1 bundle: the servers as identities with a note of their verdict, each incident as a report, its findings as observed
//! data, its sure indicators with where they were sighted, techniques and vulnerabilities with their public names.
//!
//! Form: docs.oasis-open.org/cti/stix/v2.1. Ids are made of what they name ([`super::ids`]); `created` and `modified` are the time of
//! the report.

mod observables;

use std::collections::HashSet;
use std::io::Write;

use afterpatch_model::{Confidence, Finding, Incident, Report, ServerReport, Timestamp};
use serde_json::{Value, json};

use self::observables::{Observables, pattern};
use super::indicators::{Indicator, indicators};
use super::told::{Told, english, findings, lean, time, uid};
use super::{attack, ids};
use crate::words::{coverage, story, verdict};
use crate::{ReportError, json::write_pretty, texts::Texts};

/// The greatest number that `number_observed` and `count` may have.
const MOST_OBSERVED: u64 = 999_999_999;

/// Writes the bundle.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    let mut bundle = Bundle::new(report);
    for server in &report.servers {
        bundle.server(server, &texts);
    }
    let mut observed = Vec::new();
    for told in findings(report) {
        observed.push((told, bundle.finding(&told)));
    }
    for indicator in indicators(report).iter().filter(|indicator| indicator.sure) {
        let ids = bundle.indicator(indicator, &observed);
        observed.extend(indicator.told.iter().map(|told| (*told, ids.clone())));
    }
    for server in &report.servers {
        for incident in &server.incidents {
            bundle.incident(server, incident, &observed, &texts);
        }
    }
    let id = format!("bundle--{}", ids::own("bundle", &json!(bundle.ids().collect::<Vec<_>>())));
    write_pretty(&lean(json!({ "type": "bundle", "id": id, "objects": bundle.objects })), out)
}

/// A finding with the ids of the objects that tell it.
type Observed<'r> = (Told<'r>, Vec<String>);

/// The objects so far, each once.
struct Bundle<'r> {
    report: &'r Report,
    /// The id of ourselves as the author.
    author: String,
    known: HashSet<String>,
    objects: Vec<Value>,
}

impl<'r> Bundle<'r> {
    fn new(report: &'r Report) -> Self {
        let author = id("identity", &json!(["afterpatch"]));
        let mut bundle = Self { report, author: author.clone(), known: HashSet::new(), objects: Vec::new() };
        bundle.add(json!({ "type": "identity", "id": author, "name": "afterpatch", "identity_class": "system" }));
        bundle
    }

    fn ids(&self) -> impl Iterator<Item = &str> {
        self.objects.iter().filter_map(|object| object.get("id")?.as_str())
    }

    /// Adds an object of ours with what all of them have, and gives its id.
    fn add(&mut self, own: Value) -> String {
        let id = own.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.known.insert(id.clone()) {
            let now = time(self.report.generated);
            let mut object = json!({ "spec_version": "2.1" });
            if let (Value::Object(fields), Value::Object(own)) = (&mut object, own) {
                let author = own.get("id").is_some_and(|id| *id == *self.author);
                fields.extend(own);
                fields.insert("created".to_owned(), json!(now));
                fields.insert("modified".to_owned(), json!(now));
                if !author {
                    fields.insert("created_by_ref".to_owned(), json!(self.author));
                }
            }
            self.objects.push(object);
        }
        id
    }

    /// Adds what was observed. Such objects have no author and no times.
    fn add_observables(&mut self, observables: Observables) -> Vec<String> {
        for object in observables.objects {
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            if self.known.insert(id) {
                self.objects.push(object);
            }
        }
        observables.refs
    }

    /// The server, and what is said of it: a verdict never goes without its coverage.
    fn server(&mut self, server: &ServerReport, texts: &Texts) {
        let identity = self.identity(server);
        let answers = verdict::answers(texts, self.report, server);
        let mut content: Vec<String> =
            answers.iter().map(|answer| format!("{} {} ({})", answer.question, answer.words, answer.basis)).collect();
        let looked_at = coverage::looked_at(texts, &server.coverage);
        if !content.iter().any(|line| line.contains(&looked_at)) {
            content.push(looked_at);
        }
        content.extend(coverage::not_there(texts, &server.coverage));
        content.extend(coverage::doubts(texts, &server.coverage));
        if !self.report.gaps.is_empty() {
            content.push(texts.count("summary-gaps", self.report.gaps.len() as u64));
        }
        self.add(json!({
            "type": "note",
            "id": id("note", &json!([server.name, "verdict"])),
            "abstract": verdict::headline(texts, &server.verdict).1,
            "content": content.join("\n"),
            "object_refs": [identity],
        }));
    }

    fn identity(&mut self, server: &ServerReport) -> String {
        let name = if server.name.is_empty() { "(a server without a name)" } else { &server.name };
        self.add(json!({
            "type": "identity",
            "id": id("identity", &json!([name, "server"])),
            "name": name,
            "identity_class": "system",
            "roles": ["mail or web server"],
            "description": (!server.aliases.is_empty()).then(|| format!("Also known as {}", server.aliases.join(", "))),
        }))
    }

    /// What a finding tells: the things as observed, techniques and holes. Gives the ids of all of it.
    fn finding(&mut self, told: &Told<'_>) -> Vec<String> {
        let finding = told.finding;
        let mut refs = Vec::new();
        let observed = self.add_observables(Observables::of(told));
        // What lies there without a time of its own was observed when it was looked at.
        let first = finding.first.unwrap_or(self.report.generated);
        let last = finding.last.map_or(first, |last| last.max(first));
        if !observed.is_empty() {
            refs.push(self.add(json!({
                "type": "observed-data",
                "id": format!("observed-data--{}", uid(told)),
                "first_observed": time(first),
                "last_observed": time(last),
                "number_observed": finding.count.clamp(1, MOST_OBSERVED),
                "object_refs": observed,
                "confidence": confidence(finding.confidence),
                "labels": labels(finding),
            })));
        }
        refs.extend(observed);
        refs.extend(finding.attack.iter().filter(|id| attack::is_id(id)).map(|id| self.technique(id)));
        refs.extend(finding.cves.iter().filter(|cve| !cve.is_empty()).map(|cve| self.vulnerability(cve)));
        refs
    }

    fn technique(&mut self, technique: &str) -> String {
        let known = attack::technique(technique);
        let phases = known.into_iter().flat_map(attack::Technique::tactics);
        let phases: Vec<Value> = phases.map(|it| json!({ "kill_chain_name": "mitre-attack", "phase_name": it.slug })).collect();
        self.add(json!({
            "type": "attack-pattern",
            "id": id("attack-pattern", &json!([technique])),
            "name": known.map_or(technique, |technique| technique.name),
            "kill_chain_phases": phases,
            "external_references": [
                { "source_name": "mitre-attack", "external_id": technique, "url": attack::address(technique) }
            ],
        }))
    }

    fn vulnerability(&mut self, cve: &str) -> String {
        self.add(json!({
            "type": "vulnerability",
            "id": id("vulnerability", &json!([cve])),
            "name": cve,
            // Only what has the form of an id may be called one.
            "external_references": is_cve(cve).then(|| json!([{ "source_name": "cve", "external_id": cve }])),
        }))
    }

    /// A sure indicator, what it is based on, and where it was sighted. Gives the ids of all of it.
    fn indicator(&mut self, indicator: &Indicator<'r>, observed: &[Observed<'r>]) -> Vec<String> {
        let (name, pattern) = pattern(&indicator.sought);
        let first = indicator.first().unwrap_or(self.report.generated);
        let titles = unique(indicator.told.iter().map(|told| told.finding.title.as_str()));
        let mut labels: Vec<&str> =
            indicator.told.iter().filter_map(|told| told.finding.campaign.as_deref()).filter(|it| !it.is_empty()).collect();
        labels.sort_unstable();
        labels.dedup();
        let own = self.add(json!({
            "type": "indicator",
            "id": id("indicator", &json!([pattern])),
            "name": name,
            "description": titles.join("; "),
            "indicator_types": ["malicious-activity"],
            "pattern": pattern,
            "pattern_type": "stix",
            "valid_from": time(first),
            "confidence": confidence(Confidence::High),
            "labels": labels,
        }));
        let based_on = |told: &Told<'r>| observed.iter().filter(|(other, _)| std::ptr::eq(other.finding, told.finding));
        let refs = indicator.told.iter().flat_map(based_on).flat_map(|(_, refs)| refs).map(String::as_str);
        let refs: Vec<&str> = unique(refs);
        let data: Vec<&str> = refs.iter().copied().filter(|id| id.starts_with("observed-data--")).collect();
        let techniques = refs.iter().copied().filter(|id| id.starts_with("attack-pattern--"));
        let targets = data.iter().map(|id| ("based-on", *id)).chain(techniques.map(|id| ("indicates", id)));
        let mut all: Vec<String> = targets.map(|(kind, target)| self.relationship(&own, kind, target)).collect();
        let places: Vec<String> = indicator.told.iter().map(|told| self.identity(told.server)).collect();
        let places = unique(places.iter().map(String::as_str));
        all.push(self.add(json!({
            "type": "sighting",
            "id": id("sighting", &json!([pattern, places, data])),
            "sighting_of_ref": own,
            "where_sighted_refs": places,
            "observed_data_refs": data,
            "first_seen": time(first),
            "last_seen": indicator.last().map(|last| time(last.max(first))),
            "count": indicator.count().clamp(1, MOST_OBSERVED),
        })));
        all.push(own);
        all
    }

    fn relationship(&mut self, from: &str, kind: &str, to: &str) -> String {
        self.add(json!({
            "type": "relationship",
            "id": id("relationship", &json!([from, kind, to])),
            "relationship_type": kind,
            "source_ref": from,
            "target_ref": to,
        }))
    }

    fn incident(&mut self, server: &ServerReport, incident: &Incident, observed: &[Observed<'r>], texts: &Texts) {
        let identity = self.identity(server);
        let of_incident = |(told, _): &&Observed<'r>| {
            std::ptr::eq(told.server, server) && told.incident.is_some_and(|own| std::ptr::eq(own, incident))
        };
        let told = observed.iter().filter(of_incident).flat_map(|(_, refs)| refs).map(String::as_str);
        let refs = unique(std::iter::once(identity.as_str()).chain(told));
        let name = format!("{} on {}", story::campaign(texts, &incident.campaign), server.name);
        self.add(json!({
            "type": "report",
            "id": id("report", &json!([server.name, incident.campaign, incident.first.map(moment), refs])),
            "name": name,
            "description": verdict::headline(texts, &server.verdict).1,
            "report_types": ["threat-report"],
            "published": time(self.report.generated),
            "object_refs": refs,
            "labels": [crate::texts::slug(incident.grade)],
        }));
    }
}

/// The id of an object of ours: its type and all that makes it itself.
fn id(kind: &str, of: &Value) -> String {
    format!("{kind}--{}", ids::own(kind, of))
}

/// A time as part of an id: a number, and a text where JSON has no number for it (before 1678, after 2262), as a forged log can name it.
fn moment(time: Timestamp) -> Value {
    i64::try_from(time.as_nanosecond()).map_or_else(|_| Value::from(time.to_string()), Value::from)
}

/// `CVE-2021-26855`: a user's rule may name anything.
fn is_cve(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = text.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    rest.is_some_and(|(year, number)| year.len() == 4 && number.len() >= 4 && digits(year) && digits(number))
}

/// In the scale of the standard (None/Low/Med/High, appendix A).
fn confidence(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::Low => 15,
        Confidence::Medium => 50,
        Confidence::High => 85,
    }
}

fn labels(finding: &Finding) -> Vec<String> {
    let words = [finding.kind.clone(), crate::texts::slug(finding.grade), crate::texts::slug(finding.step)];
    let acknowledged = finding.acknowledged.as_ref().map(|_| "acknowledged".to_owned());
    words.into_iter().chain(acknowledged).collect()
}

fn unique<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(*text)).collect()
}
