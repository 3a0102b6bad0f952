//! `exposure`: one row a hole and server.

use afterpatch_model::ExposureState;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, text, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("cve", "CVE id"),
    text("state", "open, possibly_open, mitigated, fixed, fixed_if, not_affected, newer_than_table, unknown"),
    text("build", "the build the answer is for"),
    time("fixed_seen", "from when on every build seen has the fix"),
    text("condition", "of fixed_if: the condition"),
];

pub(super) const TABLE: Table = Table { name: "exposure", about: "one row a hole and server", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    cve: &'s str,
    state: ExposureState,
    build: Option<String>,
    fixed_seen: Option<At>,
    condition: Option<&'s str>,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        rows.extend(server.exposure.iter().map(|exposure| Row {
            package: scanned.id(),
            server: &server.name,
            cve: &exposure.cve,
            state: exposure.state,
            build: exposure.build.map(|build| build.to_string()),
            fixed_seen: at(exposure.fixed_seen),
            condition: exposure.condition.as_deref(),
        }));
    }
    table.batch(&rows)
}
