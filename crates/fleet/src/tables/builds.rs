//! `builds`: one row a build that a server was seen with, which is its patch history.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, text, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("build", "the build"),
    text("product", "its product line: 2010, 2013, 2016, 2019, SE"),
    time("first", "first seen"),
    time("last", "last seen"),
];

pub(super) const TABLE: Table =
    Table { name: "builds", about: "one row a build that a server was seen with", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    build: String,
    product: Option<&'static str>,
    first: At,
    last: At,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        rows.extend(server.builds.iter().map(|period| Row {
            package: scanned.id(),
            server: &server.name,
            build: period.build.to_string(),
            product: period.build.product().map(afterpatch_model::Product::name),
            first: At(period.first),
            last: At(period.last),
        }));
    }
    table.batch(&rows)
}
