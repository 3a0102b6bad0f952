//! `steps`: one row a step of an incident's story.

use afterpatch_model::{Grade, Incident, ServerReport, Step, ThingKind, TimelineStep};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, flag, number, rank, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("incident", "the incident"),
    count("number", "its place in the story, from 1"),
    text("step", "what happened"),
    text("kind", "slug of the leading finding"),
    text("title", "one line in English"),
    text("grade", "how far this act got"),
    count("grade_rank", "the grade as a number, 0 to 5"),
    time("first", "when it began"),
    time("last", "when it was last seen"),
    count("count", "records that tell it"),
    flag("after_fix", "after the fix was installed"),
    texts("addresses", "client addresses it speaks of"),
    texts("pages", "pages it speaks of"),
    texts("findings", "ids of the findings behind it"),
];

pub(super) const TABLE: Table = Table { name: "steps", about: "one row a step of an incident's story", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    incident: &'s str,
    number: u64,
    step: Step,
    kind: &'s str,
    title: &'s str,
    grade: Grade,
    grade_rank: u64,
    first: Option<At>,
    last: Option<At>,
    count: u64,
    after_fix: bool,
    addresses: Vec<&'s str>,
    pages: Vec<&'s str>,
    findings: &'s [String],
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::new();
    for server in scanned.servers() {
        for incident in &server.incidents {
            let steps = (1..).zip(&incident.timeline);
            rows.extend(steps.map(|(at, step)| row(scanned.id(), server, incident, at, step)));
        }
    }
    table.batch(&rows)
}

fn row<'s>(package: &'s str, server: &'s ServerReport, incident: &'s Incident, place: usize, step: &'s TimelineStep) -> Row<'s> {
    let things = |kind| step.things.iter().filter(move |thing| thing.kind == kind).map(|thing| thing.value.as_str()).collect();
    Row {
        package,
        server: &server.name,
        incident: &incident.id,
        number: number(place),
        step: step.step,
        kind: &step.kind,
        title: &step.title,
        grade: step.grade,
        grade_rank: rank(step.grade),
        first: at(step.first),
        last: at(step.last),
        count: step.count,
        after_fix: step.after_fix,
        addresses: things(ThingKind::Address),
        pages: things(ThingKind::Page),
        findings: &step.findings,
    }
}
