//! `incidents`: one row an incident.

use std::collections::BTreeSet;

use afterpatch_model::{Grade, Incident, ServerReport};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, number, rank, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("incident", "its id in the report of this package; I1 is the gravest"),
    text("campaign", "the attack's slug, or unknown"),
    text("grade", "highest grade of its steps"),
    count("grade_rank", "the grade as a number, 0 to 5"),
    time("first", "first step"),
    time("last", "last step"),
    time("closed", "from when on the way in was closed, when that was seen"),
    count("steps", "steps of its story"),
    texts("addresses", "client addresses seen in it"),
    texts("pages", "pages planted or used in it"),
    texts("attack", "ATT&CK technique ids"),
    texts("cves", "CVE ids"),
];

pub(super) const TABLE: Table = Table { name: "incidents", about: "one row an incident", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    incident: &'s str,
    campaign: &'s str,
    grade: Grade,
    grade_rank: u64,
    first: Option<At>,
    last: Option<At>,
    closed: Option<At>,
    steps: u64,
    addresses: BTreeSet<&'s str>,
    pages: Vec<&'s str>,
    attack: &'s [String],
    cves: &'s [String],
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let of_server = |server: &'_ ServerReport| server.incidents.len();
    let mut rows = Vec::with_capacity(scanned.servers().map(of_server).sum());
    for server in scanned.servers() {
        rows.extend(server.incidents.iter().map(|incident| row(scanned.id(), server, incident)));
    }
    table.batch(&rows)
}

fn row<'s>(package: &'s str, server: &'s ServerReport, incident: &'s Incident) -> Row<'s> {
    Row {
        package,
        server: &server.name,
        incident: &incident.id,
        campaign: &incident.campaign,
        grade: incident.grade,
        grade_rank: rank(incident.grade),
        first: at(incident.first),
        last: at(incident.last),
        closed: at(incident.closed),
        steps: number(incident.timeline.len()),
        addresses: incident.episodes.iter().flat_map(|episode| &episode.addresses).map(String::as_str).collect(),
        pages: incident.pages.iter().map(|page| page.page.as_str()).collect(),
        attack: &incident.attack,
        cves: &incident.cves,
    }
}
