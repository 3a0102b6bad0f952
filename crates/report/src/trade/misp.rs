//! A MISP event with the indicators as attributes, to import into MISP or whatever reads its core format.
//!
//! Form: github.com/MISP/misp-rfc, misp-core-format. `to_ids` (others may block by it) is set for sure indicators only, see
//! [`super::indicators`]. MISP events are shared, so this one names neither the server nor whose it is.

use std::io::Write;

use afterpatch_model::{Report, Timestamp};
use serde_json::{Value, json};

use super::indicators::{Indicator, Sought, indicators};
use super::told::lean;
use super::{attack, ids};
use crate::{ReportError, clock, json::write_pretty};

/// Distribution `this organisation only`, threat level `undefined` or `high`, analysis `initial`: people decide about the rest.
const OWN_ORGANISATION: &str = "0";
const HIGH: &str = "1";
const UNDEFINED: &str = "4";
const INITIAL: &str = "0";

/// Writes the event.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let all = indicators(report);
    let incidents = || report.servers.iter().flat_map(|server| &server.incidents);
    let names = |of: fn(&afterpatch_model::Incident) -> &[String]| {
        let mut names: Vec<&String> = incidents().flat_map(of).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        names
    };
    let mut campaigns: Vec<&str> = incidents().map(|incident| incident.campaign.as_str()).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    let cves = names(|incident| &incident.cves);
    let attributes: Vec<Value> = all.iter().map(of_indicator).chain(cves.iter().map(|cve| of_cve(cve))).collect();
    let first = incidents().filter_map(|incident| incident.first).min().unwrap_or(report.generated);
    let title = if campaigns.is_empty() { "no incident".to_owned() } else { campaigns.join(", ") };
    let event = json!({
        "uuid": ids::own("misp-event", &json!([title, first, attributes])).to_string(),
        "info": format!("afterpatch: {title}"),
        "date": clock::day(first),
        "timestamp": seconds(report.generated),
        "published": false,
        "distribution": OWN_ORGANISATION,
        "threat_level_id": if all.iter().any(|indicator| indicator.sure) { HIGH } else { UNDEFINED },
        "analysis": INITIAL,
        "Attribute": attributes.into_iter().map(|own| with_time(own, report.generated)).collect::<Vec<_>>(),
        "Tag": names(|incident| &incident.attack).into_iter().filter_map(|id| tag(id)).collect::<Vec<_>>(),
    });
    write_pretty(&lean(json!({ "Event": event })), out)
}

fn of_indicator(indicator: &Indicator<'_>) -> Value {
    let (kind, category, value) = match &indicator.sought {
        Sought::Address(address) => ("ip-src", "Network activity", address.to_string()),
        Sought::Hash(hash) => ("sha256", "Artifacts dropped", hash.clone()),
        Sought::File(path) => ("filename", "Artifacts dropped", path.clone()),
    };
    let mut kinds: Vec<&str> = indicator.told.iter().map(|told| told.finding.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let worth = if indicator.sure { "got through" } else { "seen beside an attack, not sure" };
    let (first, last) = (indicator.first(), indicator.last());
    json!({
        "uuid": ids::own("misp-attribute", &json!([kind, value])).to_string(),
        "type": kind,
        "category": category,
        "value": value,
        "to_ids": indicator.sure,
        "comment": format!("{worth}: {}", kinds.join(", ")),
        "first_seen": first.map(microseconds),
        "last_seen": last.max(first).map(microseconds),
    })
}

fn of_cve(cve: &str) -> Value {
    json!({
        "uuid": ids::own("misp-attribute", &json!(["vulnerability", cve])).to_string(),
        "type": "vulnerability",
        "category": "External analysis",
        "value": cve,
        "to_ids": false,
    })
}

fn with_time(mut attribute: Value, generated: Timestamp) -> Value {
    if let Some(fields) = attribute.as_object_mut() {
        fields.insert("timestamp".to_owned(), json!(seconds(generated)));
    }
    attribute
}

/// The name that MISP's galaxy of techniques has: a cluster that it knows is linked, any other tag is none.
fn tag(id: &str) -> Option<Value> {
    let known = attack::technique(id)?;
    Some(json!({ "name": format!("misp-galaxy:mitre-attack-pattern=\"{} - {id}\"", known.name) }))
}

fn seconds(time: Timestamp) -> String {
    time.as_second().to_string()
}

/// As MISP writes it: ISO 8601 with microseconds and offset.
fn microseconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string()
}
