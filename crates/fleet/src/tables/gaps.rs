//! `gaps`: one row a thing that could not be read, also of packages that failed.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{Column, PACKAGE, Scanned, Table, count, text};

const COLUMNS: &[Column] = &[
    PACKAGE,
    text("path", "where, as the evidence names it (hostile text)"),
    text("artifact_kind", "the kind of artifact, when it was recognised as one"),
    text("kind", "unreadable, truncated, malformed, encrypted, not_read, capped ..."),
    text("detail", "why, in English (may hold text from the evidence)"),
    count("count", "how many times in this file"),
];

pub(super) const TABLE: Table =
    Table { name: "gaps", about: "one row a thing that could not be read, also of packages that failed", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    path: &'s str,
    artifact_kind: Option<&'static str>,
    kind: &'static str,
    detail: &'s str,
    count: u64,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    if let Some(report) = scanned.report {
        let kind_of = |id| report.artifacts.iter().find(|artifact| Some(artifact.id) == id).map(|artifact| artifact.kind.slug());
        rows.extend(report.gaps.iter().map(|gap| Row {
            package: scanned.id(),
            path: &gap.path,
            artifact_kind: kind_of(gap.artifact),
            kind: gap.kind.slug(),
            detail: &gap.detail,
            count: gap.count,
        }));
    }
    table.batch(&rows)
}
