//! One row a finding, for spreadsheets. Columns are added at the end only.

use std::io::Write;

use afterpatch_model::{Report, ThingKind, Timestamp};

use super::told::{Told, english, findings};
use crate::{ReportError, cells, clock, texts::Texts, texts::slug};

/// What stands in a column.
type Cell = fn(&Told<'_>, &Texts) -> String;

/// The columns.
const COLUMNS: [(&str, Cell); 31] = [
    ("server", |it, _| it.server.name.clone()),
    ("incident", |it, _| it.incident.map(|incident| incident.id.clone()).unwrap_or_default()),
    ("finding", |it, _| it.finding.id.clone()),
    ("first_utc", |it, _| time(it.finding.first)),
    ("last_utc", |it, _| time(it.finding.last)),
    ("count", |it, _| it.finding.count.to_string()),
    ("severity", |it, _| slug(it.finding.severity)),
    ("confidence", |it, _| slug(it.finding.confidence)),
    ("grade", |it, _| slug(it.finding.grade)),
    ("step", |it, _| slug(it.finding.step)),
    ("campaign", |it, _| it.finding.campaign.clone().unwrap_or_default()),
    ("kind", |it, _| it.finding.kind.clone()),
    ("title", |it, _| it.finding.title.clone()),
    ("message", |it, texts| it.message(texts)),
    ("addresses", |it, _| things(it, ThingKind::Address)),
    ("accounts", |it, _| things(it, ThingKind::Account)),
    ("mailboxes", |it, _| things(it, ThingKind::Mailbox)),
    ("urls", |it, _| things(it, ThingKind::Url)),
    ("pages", |it, _| things(it, ThingKind::Page)),
    ("files", |it, _| things(it, ThingKind::File)),
    ("sha256", |it, _| things(it, ThingKind::Hash)),
    ("processes", |it, _| things(it, ThingKind::Process)),
    ("commands", |it, _| things(it, ThingKind::Command)),
    ("objects", |it, _| things(it, ThingKind::Object)),
    ("user_agents", |it, _| things(it, ThingKind::UserAgent)),
    ("attack", |it, _| listed(it.finding.attack.iter().map(String::as_str))),
    ("cves", |it, _| listed(it.finding.cves.iter().map(String::as_str))),
    ("evidence", |it, _| it.finding.evidence.first().map(|evidence| it.pointer(evidence)).unwrap_or_default()),
    ("record", |it, _| it.finding.evidence.first().map(|evidence| evidence.text.clone()).unwrap_or_default()),
    ("author", |it, _| it.finding.author.clone().unwrap_or_default()),
    ("acknowledged", |it, _| it.finding.acknowledged.as_ref().map(|it| format!("{}: {}", it.who, it.why)).unwrap_or_default()),
];

/// Writes the table.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = english()?;
    cells::row(COLUMNS.map(|(name, _)| name.to_owned()), out)?;
    for told in findings(report) {
        cells::row(COLUMNS.map(|(_, cell)| cell(&told, &texts)), out)?;
    }
    Ok(())
}

/// As spreadsheets take a time for a time.
fn time(time: Option<Timestamp>) -> String {
    time.map(clock::full).unwrap_or_default()
}

fn things(told: &Told<'_>, kind: ThingKind) -> String {
    listed(told.all(kind))
}

fn listed<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    values.into_iter().collect::<Vec<_>>().join(" | ")
}
