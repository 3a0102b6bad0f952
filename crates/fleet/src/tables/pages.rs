//! `pages`: one row a page that was planted or used in an incident, with what is known of its life.

use afterpatch_model::{Incident, PageLife, ServerReport};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, flag, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("incident", "the incident"),
    text("page", "its file name in lower case"),
    text("path", "its path on the server"),
    time("written", "when it was written"),
    time("compiled", "when it was first compiled, which is the first request"),
    time("first_answered", "first request that was answered"),
    time("last_answered", "last request that was answered"),
    time("gone", "first request after that which was not answered any more"),
    count("requests", "answered requests"),
    texts("visitors", "addresses of visitors"),
    flag("file_present", "the file was found in the evidence"),
    flag("deleted", "the file table has it as a deleted file"),
    count("after_fix", "requests answered after the fix was installed"),
];

pub(super) const TABLE: Table =
    Table { name: "pages", about: "one row a page that was planted or used in an incident", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    incident: &'s str,
    page: &'s str,
    path: Option<&'s str>,
    written: Option<At>,
    compiled: Option<At>,
    first_answered: Option<At>,
    last_answered: Option<At>,
    gone: Option<At>,
    requests: u64,
    visitors: &'s [String],
    file_present: bool,
    deleted: bool,
    after_fix: u64,
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        for incident in &server.incidents {
            rows.extend(incident.pages.iter().map(|page| row(scanned.id(), server, incident, page)));
        }
    }
    table.batch(&rows)
}

fn row<'s>(package: &'s str, server: &'s ServerReport, incident: &'s Incident, page: &'s PageLife) -> Row<'s> {
    Row {
        package,
        server: &server.name,
        incident: &incident.id,
        page: &page.page,
        path: page.path.as_deref(),
        written: at(page.written),
        compiled: at(page.compiled),
        first_answered: at(page.first_answered),
        last_answered: at(page.last_answered),
        gone: at(page.gone),
        requests: page.requests,
        visitors: &page.visitors,
        file_present: page.file_present,
        deleted: page.deleted,
        after_fix: page.after_fix,
    }
}
