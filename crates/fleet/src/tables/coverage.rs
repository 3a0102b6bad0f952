//! `coverage`: one row a source and server: what was seen, and what would have decided and was not there.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, flag, text, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("source", "kind of artifact, or `event:` and the channel"),
    text("part", "the part of it that is counted apart: protocol folder, channel"),
    flag("present", "no: it would have decided and was not there"),
    count("files", "files read"),
    count("records", "records read"),
    time("first", "first record"),
    time("last", "last record"),
    count("missing_hours", "hours between them without a record, where the source is written every hour"),
    count("unreadable", "files that could not be read, or not to their end"),
];

pub(super) const TABLE: Table = Table {
    name: "coverage",
    about: "one row a source and server: what was seen, and what was not there",
    columns: COLUMNS,
    rows,
};

#[derive(Default, Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    source: &'s str,
    part: &'s str,
    present: bool,
    files: u64,
    records: u64,
    first: Option<At>,
    last: Option<At>,
    missing_hours: Option<u64>,
    unreadable: u64,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        let (package, name) = (scanned.id(), server.name.as_str());
        rows.extend(server.coverage.sources.iter().map(|source| Row {
            package,
            server: name,
            source: source.kind.slug(),
            part: &source.part,
            present: true,
            files: source.files,
            records: source.records,
            first: at(source.first),
            last: at(source.last),
            missing_hours: source.missing_hours,
            unreadable: source.unreadable,
        }));
        rows.extend(server.coverage.missing.iter().map(|source| Row { package, server: name, source, ..Row::default() }));
    }
    table.batch(&rows)
}
