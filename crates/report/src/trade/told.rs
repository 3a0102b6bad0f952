//! A finding with all it belongs to, as the formats of the trade need it.

use std::io::Write;
use std::net::IpAddr;

use afterpatch_model::{Evidence, Finding, Incident, Report, ServerReport, ThingKind, Timestamp};
use serde_json::ser::CompactFormatter;
use serde_json::{Map, Value, json};

use super::{ids, indicators::is_sha256};
use crate::json::write_value;
use crate::ndjson::incident_of_finding;
use crate::words::{place, story};
use crate::{Language, ReportError, texts::Texts};

/// A name in a message is cut at so many characters; the fields beside it have it whole.
const MESSAGE_CHARS: usize = 200;

/// One finding and its server.
#[derive(Clone, Copy)]
pub(crate) struct Told<'r> {
    pub(crate) report: &'r Report,
    pub(crate) server: &'r ServerReport,
    /// The incident that tells it; `None` when it stands alone.
    pub(crate) incident: Option<&'r Incident>,
    pub(crate) finding: &'r Finding,
}

/// All findings of a report, server by server, in order of time.
pub(super) fn findings(report: &Report) -> impl Iterator<Item = Told<'_>> {
    report.servers.iter().flat_map(move |server| {
        let incidents = incident_of_finding(server);
        server.findings.iter().map(move |finding| Told {
            report,
            server,
            incident: incidents.get(finding.id.as_str()).copied(),
            finding,
        })
    })
}

impl<'r> Told<'r> {
    /// One line in English: what, who, where.
    pub(super) fn message(&self, texts: &Texts) -> String {
        let who_where = story::finding_who_where(texts, self.finding, MESSAGE_CHARS);
        std::iter::once(self.finding.title.clone()).chain(who_where).collect::<Vec<_>>().join(" · ")
    }

    /// The values of its things of one kind.
    pub(super) fn all(&self, kind: ThingKind) -> Vec<&'r str> {
        self.finding.things_of(kind).collect()
    }

    /// The first thing of a kind.
    pub(super) fn first(&self, kind: ThingKind) -> Option<&'r str> {
        self.finding.things_of(kind).next()
    }

    /// Its addresses that are addresses: a field for addresses takes nothing else.
    pub(super) fn addresses(&self) -> Vec<IpAddr> {
        self.finding.things_of(ThingKind::Address).filter_map(|text| text.parse::<IpAddr>().ok()).collect()
    }

    /// The hash of its file, where it speaks of one file and one hash: of several nobody knows which is whose.
    pub(super) fn hash_of_the_file(&self) -> Option<&'r str> {
        let (files, hashes) = (self.all(ThingKind::File), self.all(ThingKind::Hash));
        match (files.as_slice(), hashes.as_slice()) {
            ([file, more @ ..], [hash]) if more.iter().all(|other| other.eq_ignore_ascii_case(file)) => {
                is_sha256(hash).then_some(*hash)
            }
            _ => None,
        }
    }

    /// Where a record of it stands: `path:17`.
    pub(super) fn pointer(&self, evidence: &Evidence) -> String {
        let pointer = afterpatch_model::Pointer { artifact: evidence.artifact, place: evidence.place };
        place::of_pointer(&self.report.artifacts, pointer)
    }
}

/// Path and query of a URL as a log has it; `None` for whole addresses, of which a log says nothing that must be so.
pub(super) fn path_and_query(url: &str) -> Option<(&str, &str)> {
    url.starts_with('/').then(|| url.split_once('?').unwrap_or((url, "")))
}

/// The texts of machine output.
pub(super) fn english() -> Result<Texts, ReportError> {
    Texts::new(Language::English)
}

/// A time as all JSON formats write it: RFC 3339, UTC, milliseconds.
pub(super) fn time(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Domain and name of an account as Windows writes it (`DOMAIN\name`).
pub(super) fn account(text: &str) -> (Option<&str>, &str) {
    match text.split_once('\\') {
        Some((domain, name)) if !domain.is_empty() && !name.is_empty() => (Some(domain), name),
        _ => (None, text),
    }
}

/// The same value without what is empty: nulls, empty texts, lists and objects.
pub(super) fn lean(value: Value) -> Value {
    fn kept(value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(values) => !values.is_empty(),
            Value::Object(fields) => !fields.is_empty(),
            _ => true,
        }
    }
    match value {
        Value::Array(values) => values.into_iter().map(lean).filter(kept).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (name, lean(value)));
            Value::Object(fields.filter(|(_, value)| kept(value)).collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Writes one JSON object on a line of its own.
pub(super) fn line(value: Value, out: &mut dyn Write) -> Result<(), ReportError> {
    write_value(&lean(value), &mut *out, CompactFormatter)?;
    Ok(writeln!(out)?)
}

/// The finding's id wherever it is sent: the same as long as it says the same, whatever else a later scan finds.
pub(super) fn uid(told: &Told<'_>) -> String {
    let Finding { kind, step, first, things, evidence, .. } = told.finding;
    let record = evidence.first().map(|evidence| (evidence.time, &evidence.text));
    ids::own("finding", &json!([told.server.name, kind, step, first, things, record])).to_string()
}

/// The verdict of a server in its fixed words.
pub(super) fn verdict(server: &ServerReport) -> Value {
    let verdict = &server.verdict;
    json!({ "exposure": verdict.exposure, "compromise": verdict.compromise, "foothold": verdict.foothold })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_goes_and_what_is_zero_stays() {
        let value = json!({ "a": null, "b": "", "c": [], "d": { "e": [null, ""] }, "f": 0, "g": false, "h": ["x", null] });
        assert_eq!(lean(value), json!({ "f": 0, "g": false, "h": ["x"] }));
    }

    #[test]
    fn urls() {
        assert_eq!(path_and_query("/ecp/x.js?a=?b"), Some(("/ecp/x.js", "a=?b")));
        assert_eq!(path_and_query("/"), Some(("/", "")));
        assert_eq!(path_and_query("https://ex:444/ecp/"), None);
    }

    #[test]
    fn accounts() {
        for (text, parts) in [
            (r"CORP\jdoe", (Some("CORP"), "jdoe")),
            ("S-1-5-18", (None, "S-1-5-18")),
            (r"\jdoe", (None, r"\jdoe")),
            (r"CORP\", (None, r"CORP\")),
        ] {
            assert_eq!(account(text), parts, "{text}");
        }
    }
}
