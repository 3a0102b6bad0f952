//! `servers`: one row a server of a package, with the answers to the three questions.

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, ExposureState, FootholdAnswer, ServerReport, Timestamp};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use serde::Serialize;

use super::{At, Column, PACKAGE, SERVER, Scanned, Table, at, count, flag, number, text, texts, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    SERVER,
    text("domain", "what follows the first dot of the name, in lower case"),
    texts("aliases", "other names taken as the same server"),
    text("exposure", "can they get in: cannot_tell, fixed, fixed_if, newer_than_table, mitigated, possibly_open, open"),
    text("compromise", "did they get in: cannot_tell, nothing_seen, attempted, passed, compromised"),
    text("foothold", "are they still in: cannot_tell, nothing_seen, removed, in_place, used_after_fix"),
    text("build", "the last build seen"),
    text("product", "its product line: 2010, 2013, 2016, 2019, SE"),
    time("build_seen", "when it was last seen"),
    texts("open_cves", "holes that are open in it"),
    count("incidents", "incidents told"),
    count("findings", "findings told"),
    time("first", "first step of an incident"),
    time("last", "last step of an incident"),
    time("coverage_first", "first record of any source"),
    time("coverage_last", "last record of any source"),
    flag("coverage_sufficient", "enough was read to say that nothing was seen"),
    texts("missing_sources", "sources that would have decided and were not there"),
];

pub(super) const TABLE: Table =
    Table { name: "servers", about: "one row a server of a package, with the answers", columns: COLUMNS, rows };

#[derive(Serialize)]
struct Row<'s> {
    package: &'s str,
    server: &'s str,
    domain: Option<String>,
    aliases: &'s [String],
    exposure: ExposureAnswer,
    compromise: CompromiseAnswer,
    foothold: FootholdAnswer,
    build: Option<String>,
    product: Option<&'static str>,
    build_seen: Option<At>,
    open_cves: Vec<&'s str>,
    incidents: u64,
    findings: u64,
    first: Option<At>,
    last: Option<At>,
    coverage_first: Option<At>,
    coverage_last: Option<At>,
    coverage_sufficient: bool,
    missing_sources: &'s [String],
}

fn rows(table: &Table, scanned: &Scanned<'_>) -> Result<RecordBatch, ArrowError> {
    table.batch(&scanned.servers().map(|server| row(scanned.id(), server)).collect::<Vec<_>>())
}

fn row<'s>(package: &'s str, server: &'s ServerReport) -> Row<'s> {
    let last_build = server.builds.last();
    let sources = || server.coverage.sources.iter().filter(|source| source.kind.is_log());
    let incident_times = |pick: fn(&afterpatch_model::Incident) -> Option<Timestamp>| server.incidents.iter().filter_map(pick);
    Row {
        package,
        server: &server.name,
        domain: server.name.split_once('.').map(|(_, domain)| domain.to_lowercase()),
        aliases: &server.aliases,
        exposure: server.verdict.exposure,
        compromise: server.verdict.compromise,
        foothold: server.verdict.foothold,
        build: last_build.map(|period| period.build.to_string()),
        product: last_build.and_then(|period| period.build.product()).map(afterpatch_model::Product::name),
        build_seen: last_build.map(|period| At(period.last)),
        open_cves: server
            .exposure
            .iter()
            .filter(|exposure| exposure.state == ExposureState::Open)
            .map(|exposure| exposure.cve.as_str())
            .collect(),
        incidents: number(server.incidents.len()),
        findings: number(server.findings.len()),
        first: at(incident_times(|incident| incident.first).min()),
        last: at(incident_times(|incident| incident.last).max()),
        coverage_first: at(sources().filter_map(|source| source.first).min()),
        coverage_last: at(sources().filter_map(|source| source.last).max()),
        coverage_sufficient: server.coverage.sufficient,
        missing_sources: &server.coverage.missing,
    }
}
