//! `doubts`: one row a sign that logs were edited or removed.

use afterpatch_model::DoubtKind;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, text, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("kind", "hours_missing, days_missing, fewer_rows, numbers_missing, written_before_its_end"),
    text("source", "the source that lacks something"),
    text("part", "the part of it"),
    count("count", "hours, days, numbers or files, by the kind"),
    time("first", "first time concerned"),
    time("last", "last time concerned"),
];

pub(super) const TABLE: Table = Table {
    name: "doubts",
    about: "one row a sign that logs were edited or removed; each has harmless explanations",
    columns: COLUMNS,
    rows,
};

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    kind: DoubtKind,
    source: &'static str,
    part: &'s str,
    count: u64,
    first: Option<At>,
    last: Option<At>,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        rows.extend(server.coverage.doubts.iter().map(|doubt| Row {
            package: scanned.id(),
            server: &server.name,
            kind: doubt.kind,
            source: doubt.source.slug(),
            part: &doubt.part,
            count: doubt.count,
            first: at(doubt.first),
            last: at(doubt.last),
        }));
    }
    table.batch(&rows)
}
