//! The answers.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use afterpatch_report::{
    DashboardCount, DashboardDay, DashboardFrame, DashboardGroup, DashboardIncident, DashboardLine, DashboardOverview,
    DashboardPackage, DashboardPage, DashboardRows, DashboardServer, DashboardServers, Language, NoticeStep, Options,
};
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use datafusion::arrow::array::{RecordBatch, UInt64Array};
use datafusion::arrow::compute::take_record_batch;
use datafusion::prelude::{DataFrame, Expr, col, lit};
use futures::future::try_join_all;
use jiff::ToSpan;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::Shared;
use super::filter::{Filter, link};
use super::snapshot::{Line, Part, Snapshot};
use crate::ask::collect;
use crate::output;
use crate::rows::{Format, Rows, each_row};
use crate::tables::{DAY, slug};

/// Servers or rows of a page.
const A_PAGE: usize = 100;
/// Servers on the first page.
const WORST: usize = 20;
/// Rows of a table about one server.
const MOST_ROWS: usize = 1000;
/// More days than these are counted by the month.
const MOST_DAYS: usize = 92;
/// Endings of what can be taken away.
const EXPORTS: [&str; 4] = ["csv", "ndjson", "json", "parquet"];
/// Tables with rows about one server, as its page shows them.
const ABOUT_ONE: [&str; 6] = ["exposure", "findings", "pages", "builds", "coverage", "doubts"];

/// A fault of ours, or of the lake: told on standard error, and to the browser without its words.
pub(super) struct Fault(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        output::complain(&self.0);
        (StatusCode::INTERNAL_SERVER_ERROR, "This could not be answered; the program's log says why.\n").into_response()
    }
}

type Answer = Result<Response, Fault>;

/// Who asks for what, and of which moment the answer tells.
pub(super) struct Asked {
    shared: Arc<Shared>,
    snapshot: Arc<Snapshot>,
    uri: Uri,
    language: Language,
}

impl FromRequestParts<Arc<Shared>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Self, Infallible> {
        let chosen = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .find_map(|(name, value)| if name == "lang" { Language::from_tag(&value) } else { None });
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepted = accepted.split(',').find_map(|part| Language::from_tag(part.split(';').next()?.trim()));
        Ok(Self {
            shared: Arc::clone(shared),
            snapshot: shared.snapshot().await,
            uri: parts.uri.clone(),
            language: chosen.or(accepted).unwrap_or(shared.language),
        })
    }
}

impl Asked {
    fn answer(&self, page: DashboardPage<'_>) -> Answer {
        let pages = [("dashboard-overview", "/".to_owned()), ("dashboard-servers", "/servers".to_owned())].into_iter().chain(
            [
                ("who_hit_many", "dashboard-view-who_hit_many"),
                ("same_shell", "dashboard-view-same_shell"),
                ("post_patch_use", "dashboard-view-post_patch_use"),
                ("unpatched", "dashboard-view-unpatched"),
                ("coverage_gaps", "dashboard-view-coverage_gaps"),
            ]
            .map(|(view, key)| (key, format!("/view/{view}"))),
        );
        let frame = DashboardFrame {
            language: self.language,
            lake: self.shared.lake.name.clone(),
            made: self.snapshot.made,
            other_language: self.in_language(if self.language == Language::German {
                Language::English
            } else {
                Language::German
            }),
            pages: pages.map(|(key, path)| (key, link(&path, &[], self.language))).collect(),
        };
        let mut out = Vec::new();
        afterpatch_report::write_dashboard(page, &frame, &mut out)?;
        let status = if matches!(page, DashboardPage::NotFound) { StatusCode::NOT_FOUND } else { StatusCode::OK };
        Ok((status, Html(out)).into_response())
    }

    /// This page in another language.
    fn in_language(&self, language: Language) -> String {
        let fields = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let fields = fields.filter(|(name, _)| name != "lang").collect::<Vec<_>>();
        let fields = fields.iter().map(|(name, value)| (&**name, &**value)).collect::<Vec<_>>();
        link(self.uri.path(), &fields, language)
    }
}

/// All at a glance.
pub(super) async fn overview(asked: Asked) -> Answer {
    let snapshot = &*asked.snapshot;
    let language = asked.language;
    let worst = Filter::default().chosen(snapshot);
    let page = DashboardOverview {
        packages: snapshot.packages.0,
        failed: snapshot.packages.1,
        servers: snapshot.lines.len() as u64,
        exposure: counts(snapshot, |line| line.judged.exposure, |exposure| Filter { exposure, ..Filter::default() }, language),
        compromise: counts(
            snapshot,
            |line| line.judged.compromise,
            |compromise| Filter { compromise, ..Filter::default() },
            language,
        ),
        foothold: counts(snapshot, |line| line.judged.foothold, |foothold| Filter { foothold, ..Filter::default() }, language),
        days: days(&snapshot.lines),
        countries: groups(
            snapshot,
            |line| line.said.country.as_deref(),
            |country| Filter { country, ..Filter::default() },
            language,
        ),
        sectors: groups(snapshot, |line| line.said.sector.as_deref(), |sector| Filter { sector, ..Filter::default() }, language),
        worst: worst.iter().take(WORST).filter_map(|at| Some(line(snapshot.lines.get(*at)?, language))).collect(),
        all: link("/servers", &[], language),
    };
    asked.answer(DashboardPage::Overview(&page))
}

/// Servers, as the address chooses them.
pub(super) async fn servers(asked: Asked, Query(filter): Query<Filter>) -> Answer {
    let snapshot = &*asked.snapshot;
    let chosen = filter.chosen(snapshot);
    let paging = Paging::of(chosen.len(), filter.page);
    let to_page =
        |page: Option<usize>| page.map(|page| Filter { page: Some(page), ..filter.clone() }.link("/servers", asked.language));
    let whole = Filter { page: None, ..filter.clone() };
    let lines = chosen.iter().skip(paging.skip).take(A_PAGE).filter_map(|at| snapshot.lines.get(*at));
    let page = DashboardServers {
        selects: filter.selects(snapshot),
        search: filter.q.clone(),
        total: chosen.len() as u64,
        lines: lines.map(|server| line(server, asked.language)).collect(),
        page: paging.page as u64,
        pages: paging.pages as u64,
        before: to_page(paging.before()),
        after: to_page(paging.after()),
        exports: EXPORTS.map(|ending| (ending, whole.link(&format!("/export/servers.{ending}"), asked.language))).to_vec(),
    };
    asked.answer(DashboardPage::Servers(&page))
}

/// Which server.
#[derive(Deserialize)]
pub(super) struct Named {
    package: String,
    server: String,
}

/// One server.
pub(super) async fn server(asked: Asked, Query(named): Query<Named>) -> Answer {
    let snapshot = &*asked.snapshot;
    let found = snapshot.lines.iter().find(|line| line.is_of(&named.package, &named.server));
    let Some(found) = found else { return asked.answer(DashboardPage::NotFound) };
    let tables = try_join_all(ABOUT_ONE.map(|name| about(snapshot, name, found)));
    let (incidents, tables) = futures::future::try_join(incidents(snapshot, found), tables).await?;
    let page = DashboardServer {
        line: line(found, asked.language),
        packages: found.parts.iter().map(|part| package(snapshot, part, asked.language)).collect(),
        contact: found.said.contact.clone(),
        open_cves: found.open_cves.clone(),
        covered_first: found.coverage_first,
        covered_last: found.coverage_last,
        incidents,
        tables: tables.into_iter().filter(|table| table.total > 0).collect(),
    };
    asked.answer(DashboardPage::Server(&page))
}

/// Of which package.
#[derive(Deserialize)]
pub(super) struct Report {
    package: String,
}

/// The whole report of a package, as `afterpatch scan` writes it.
pub(super) async fn report(asked: Asked, Query(of): Query<Report>) -> Answer {
    let Some(path) = asked.snapshot.package(&of.package).report else { return asked.answer(DashboardPage::NotFound) };
    let report = asked.shared.lake.report(&path).await?;
    let options = Options { language: asked.language, ..Options::default() };
    // Of tens of thousands of findings a page takes a while.
    let written = tokio::task::spawn_blocking(move || {
        let mut out = Vec::new();
        afterpatch_report::write(&report, afterpatch_report::Format::Html, &options, &mut out).map(|()| out)
    });
    let policy = format!("{}; frame-ancestors 'none'", afterpatch_report::html_policy());
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(written.await??)).into_response())
}

/// Which page of a view.
#[derive(Deserialize)]
pub(super) struct PageOf {
    page: Option<usize>,
}

/// Rows of a ready-made view.
pub(super) async fn view(asked: Asked, Path(name): Path<String>, Query(PageOf { page }): Query<PageOf>) -> Answer {
    let snapshot = &*asked.snapshot;
    let Some((name, rows)) = snapshot.view(&name).await? else { return asked.answer(DashboardPage::NotFound) };
    let paging = Paging::of(rows.num_rows(), page);
    let shown = rows.slice(paging.skip, A_PAGE.min(rows.num_rows().saturating_sub(paging.skip)));
    let path = format!("/view/{name}");
    let to_page = |page: Option<usize>| page.map(|page| link(&path, &[("page", &page.to_string())], asked.language));
    let page = DashboardRows {
        page: paging.page as u64,
        pages: paging.pages as u64,
        before: to_page(paging.before()),
        after: to_page(paging.after()),
        exports: EXPORTS.map(|ending| (ending, link(&format!("/export/{name}.{ending}"), &[], asked.language))).to_vec(),
        total: rows.num_rows() as u64,
        ..table(name, &format!("fleet-view-{name}"), &shown)?
    };
    asked.answer(DashboardPage::Rows(&page))
}

/// The rows of a view, or of the servers that the address chooses, to take away.
pub(super) async fn export(asked: Asked, Path(file): Path<String>, Query(filter): Query<Filter>) -> Answer {
    let snapshot = &*asked.snapshot;
    let named = file.rsplit_once('.').filter(|(_, ending)| EXPORTS.contains(ending));
    let Some((name, format)) = named.and_then(|(name, _)| Some((name, Format::from_extension(file.as_ref())?))) else {
        return asked.answer(DashboardPage::NotFound);
    };
    let rows = if name == "servers" {
        let lines = filter.chosen(snapshot).into_iter().filter_map(|at| snapshot.lines.get(at));
        let chosen = lines.flat_map(|line| &line.parts).map(|part| part.row as u64).collect::<UInt64Array>();
        take_record_batch(&snapshot.table, &chosen)?
    } else {
        match snapshot.view(name).await? {
            Some((_, rows)) => rows.clone(),
            None => return asked.answer(DashboardPage::NotFound),
        }
    };
    let mut out = Vec::new();
    let mut writer = Rows::begin(format, &rows.schema(), &mut out)?;
    writer.write(&rows)?;
    writer.end()?;
    // The name is one of ours, and its ending too: nothing in it has to be quoted.
    let disposition = format!("attachment; filename=\"{file}\"");
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)], out)
        .into_response())
}

/// Any other address.
pub(super) async fn not_found(asked: Asked) -> Answer {
    asked.answer(DashboardPage::NotFound)
}

/// Which page of how many.
struct Paging {
    page: usize,
    pages: usize,
    skip: usize,
}

impl Paging {
    fn of(rows: usize, asked: Option<usize>) -> Self {
        let pages = rows.div_ceil(A_PAGE).max(1);
        let page = asked.unwrap_or(1).clamp(1, pages);
        Self { page, pages, skip: (page - 1) * A_PAGE }
    }

    fn before(&self) -> Option<usize> {
        (self.page > 1).then(|| self.page - 1)
    }

    fn after(&self) -> Option<usize> {
        (self.page < self.pages).then_some(self.page + 1)
    }
}

/// A package that speaks of a server.
fn package(snapshot: &Snapshot, part: &Part, language: Language) -> DashboardPackage {
    let package = snapshot.package(&part.package);
    DashboardPackage {
        report: package.report.is_some().then(|| link("/report", &[("package", &part.package)], language)),
        uri: package.uri,
    }
}

fn line(line: &Line, language: Language) -> DashboardLine {
    // No server is without a package.
    let address = |part: &Part| link("/server", &[("package", &part.package), ("server", &part.server)], language);
    DashboardLine {
        server: line.server.clone(),
        link: line.parts.first().map(address).unwrap_or_default(),
        organisation: line.said.organisation.clone(),
        country: line.said.country.clone(),
        sector: line.said.sector.clone(),
        exposure: line.judged.exposure,
        compromise: line.judged.compromise,
        foothold: line.judged.foothold,
        build: line.build.clone(),
        first: line.first,
        last: line.last,
    }
}

/// Servers by answer, the worst first: the answers are ordered by how bad they are.
fn counts<A: Ord + Copy + Serialize>(
    snapshot: &Snapshot,
    answer: impl Fn(&Line) -> A,
    filter: impl Fn(String) -> Filter,
    language: Language,
) -> Vec<DashboardCount<A>> {
    let mut counted = BTreeMap::<A, u64>::new();
    for line in &snapshot.lines {
        *counted.entry(answer(line)).or_default() += 1;
    }
    let count =
        |(answer, servers): (A, u64)| DashboardCount { answer, servers, link: filter(slug(answer)).link("/servers", language) };
    counted.into_iter().rev().map(count).collect()
}

/// Servers by what the inventory says; nothing when it says nothing.
fn groups(
    snapshot: &Snapshot,
    said: impl Fn(&Line) -> Option<&str>,
    filter: impl Fn(String) -> Filter,
    language: Language,
) -> Vec<DashboardGroup> {
    let mut groups = BTreeMap::<&str, DashboardGroup>::new();
    for line in &snapshot.lines {
        let name = said(line).unwrap_or_default();
        let group = groups.entry(name).or_insert_with(|| DashboardGroup {
            name: name.to_owned(),
            link: filter(name.to_owned()).link("/servers", language),
            servers: 0,
            open: 0,
            compromised: 0,
            foothold: 0,
        });
        group.servers += 1;
        group.open += u64::from(line.judged.exposure == ExposureAnswer::Open);
        group.compromised += u64::from(line.judged.compromise == CompromiseAnswer::Compromised);
        group.foothold += u64::from(matches!(line.judged.foothold, FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix));
    }
    let mut groups = groups.into_values().collect::<Vec<_>>();
    groups.retain(|group| !group.name.is_empty() || group.servers < snapshot.lines.len() as u64);
    groups.sort_by(|one, other| {
        (other.foothold, other.compromised, other.servers)
            .cmp(&(one.foothold, one.compromised, one.servers))
            .then_with(|| one.name.cmp(&other.name))
    });
    groups
}

/// Servers by the day of their first incident, with the days between on which nothing happened.
fn days(lines: &[Line]) -> Vec<DashboardDay> {
    let dated = lines.iter().filter_map(|line| {
        let hit = matches!(line.judged.compromise, CompromiseAnswer::Compromised | CompromiseAnswer::Passed);
        Some((line.first?, hit))
    });
    let dated = dated.collect::<Vec<(Timestamp, bool)>>();
    let date = |time: &Timestamp| Offset::UTC.to_datetime(*time).date();
    let (Some(first), Some(last)) =
        (dated.iter().map(|(time, _)| date(time)).min(), dated.iter().map(|(time, _)| date(time)).max())
    else {
        return Vec::new();
    };
    let days = first.series(1.day()).take_while(|day| *day <= last);
    let by_month = days.clone().nth(MOST_DAYS).is_some();
    let name = |day: jiff::civil::Date| day.strftime(if by_month { "%Y-%m" } else { "%Y-%m-%d" }).to_string();
    let mut counted = BTreeMap::<String, (u64, u64)>::new();
    for day in days {
        counted.entry(name(day)).or_default();
    }
    for (time, hit) in &dated {
        let (hits, tries) = counted.entry(name(date(time))).or_default();
        *if *hit { hits } else { tries } += 1;
    }
    counted.into_iter().map(|(day, (hit, tried))| DashboardDay { day, hit, tried }).collect()
}

/// What one table says of a server.
async fn about(snapshot: &Snapshot, name: &'static str, line: &Line) -> Result<DashboardRows, Fault> {
    let rows = of_server(snapshot, name, line).await?.drop_columns(&["server", DAY])?.limit(0, Some(MOST_ROWS))?;
    let mut shown = DashboardRows::default();
    for batch in rows.collect().await? {
        let more = table(name, &format!("fleet-table-{name}"), &batch)?;
        let rows = std::mem::take(&mut shown.rows);
        shown = DashboardRows { rows: rows.into_iter().chain(more.rows).collect(), ..more };
    }
    // Which package says so is told where there are several.
    if let Some(at) = shown.columns.iter().position(|column| column == "package") {
        if line.parts.len() > 1 {
            let cells = shown.rows.iter_mut().filter_map(|row| row.get_mut(at));
            cells.for_each(|cell| *cell = snapshot.package(cell).name);
        } else {
            drop(shown.columns.remove(at));
            shown.rows.iter_mut().filter(|row| row.len() > at).for_each(|row| drop(row.remove(at)));
        }
    }
    shown.total = shown.rows.len() as u64;
    Ok(shown)
}

/// The rows of one server. What the browser sent is compared, never made part of a question's text.
async fn of_server(snapshot: &Snapshot, table: &str, line: &Line) -> Result<DataFrame, Fault> {
    let of_part = |part: &Part| col("package").eq(lit(part.package.as_str())).and(col("server").eq(lit(part.server.as_str())));
    let of_server = line.parts.iter().map(of_part).reduce(Expr::or).unwrap_or_else(|| lit(false));
    Ok(snapshot.context.table(table).await?.filter(of_server)?)
}

#[derive(Deserialize)]
struct StepRow {
    incident: String,
    #[serde(flatten)]
    step: crate::notify::StepRow,
}

#[derive(Deserialize)]
struct IncidentRow {
    package: String,
    incident: String,
    campaign: String,
}

async fn incidents(snapshot: &Snapshot, line: &Line) -> Result<Vec<DashboardIncident>, Fault> {
    let order = |columns: [&str; 3]| columns.map(col).to_vec();
    let steps = of_server(snapshot, "steps", line).await?.sort_by(order(["package", "incident", "number"]))?;
    let steps: Vec<StepRow> = collect(steps).await?;
    let incidents = of_server(snapshot, "incidents", line).await?.sort_by(order(["first", "package", "incident"]))?;
    let incidents: Vec<IncidentRow> = collect(incidents).await?;
    let steps_of = |of: &IncidentRow| {
        let own = steps.iter().filter(|row| row.incident == of.incident && row.step.package == of.package);
        own.map(|row| NoticeStep::from(row.step.clone())).collect()
    };
    let told = incidents.into_iter().map(|row| DashboardIncident {
        steps: steps_of(&row),
        package: (line.parts.len() > 1).then(|| snapshot.package(&row.package).name),
        incident: row.incident,
        campaign: row.campaign,
    });
    Ok(told.collect())
}

/// Rows as texts.
fn table(name: &str, about: &str, rows: &RecordBatch) -> Result<DashboardRows, Fault> {
    let mut texts = Vec::with_capacity(rows.num_rows());
    each_row(rows, |row| {
        texts.push(row.to_vec());
        Ok(())
    })?;
    Ok(DashboardRows {
        name: name.to_owned(),
        about: about.to_owned(),
        columns: rows.schema().fields().iter().map(|field| field.name().clone()).collect(),
        rows: texts,
        ..DashboardRows::default()
    })
}
