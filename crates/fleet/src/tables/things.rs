//! `things`: one row a thing that findings of a server speak of, which is what servers can be compared by.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{Finding, Grade, ServerReport, ThingKind, Timestamp};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::findings::incident_of_finding;
use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, rank, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("kind", "address, account, mailbox, url, page, file, process, command, object, script, hash, user_agent, autostart ..."),
    text("value", "its text as the evidence has it (hostile text)"),
    text("grade", "highest grade of the findings that speak of it"),
    count("grade_rank", "the grade as a number, 0 to 5"),
    time("first", "first time"),
    time("last", "last time"),
    count("findings", "findings that speak of it"),
    texts("incidents", "incidents that it is part of"),
];

pub(super) const TABLE: Table =
    Table { name: "things", about: "one row a thing that findings of a server speak of", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    kind: ThingKind,
    value: &'s str,
    grade: Grade,
    grade_rank: u64,
    first: Option<At>,
    last: Option<At>,
    findings: u64,
    incidents: BTreeSet<&'s str>,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        let incidents = incident_of_finding(server);
        for ((kind, value), told) in told_of(server) {
            let finding_incidents = told.iter().filter_map(|finding| incidents.get(finding.id.as_str()).copied());
            let grade = told.iter().map(|finding| finding.grade).max().unwrap_or(Grade::Unclear);
            let times = |pick: fn(&Finding) -> Option<Timestamp>| told.iter().filter_map(move |finding| pick(finding));
            rows.push(Row {
                package: scanned.id(),
                server: &server.name,
                kind,
                value,
                grade,
                grade_rank: rank(grade),
                first: at(times(|finding| finding.first).min()),
                last: at(times(|finding| finding.last).max()),
                findings: super::number(told.len()),
                incidents: finding_incidents.collect(),
            });
        }
    }
    table.batch(&rows)
}

/// The findings that speak of each thing. Those that somebody vouches for accuse nobody.
fn told_of(server: &ServerReport) -> BTreeMap<(ThingKind, &str), Vec<&Finding>> {
    let mut told = BTreeMap::<_, Vec<&Finding>>::new();
    for finding in server.findings.iter().filter(|finding| finding.acknowledged.is_none()) {
        for thing in &finding.things {
            told.entry((thing.kind, thing.value.as_str())).or_default().push(finding);
        }
    }
    told
}
