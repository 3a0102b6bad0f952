//! Pages of the dashboard of `afterpatch-fleet serve`: the same hand as the HTML report, without scripts, and with nothing of the
//! evidence alive. Links come ready from whoever serves the pages.

use std::fmt::Write as _;
use std::io::Write;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use askama::Template;

use crate::html::{csp, style};
use crate::texts::Texts;
use crate::words::{Tone, story, verdict};
use crate::{Language, NoticeStep, ReportError, clock};

/// What stands around every page.
#[derive(Clone, Debug)]
pub struct DashboardFrame {
    /// Its language.
    pub language: Language,
    /// The lake, as it was named.
    pub lake: String,
    /// When the lake was last read, UTC.
    pub made: Timestamp,
    /// This page in the other language.
    pub other_language: String,
    /// Links to the other pages: key of the text, address.
    pub pages: Vec<(&'static str, String)>,
}

/// A page.
#[derive(Clone, Copy, Debug)]
pub enum DashboardPage<'d> {
    /// All at a glance.
    Overview(&'d DashboardOverview),
    /// Servers, as a filter chooses them.
    Servers(&'d DashboardServers),
    /// One server.
    Server(&'d DashboardServer),
    /// Rows of a view.
    Rows(&'d DashboardRows),
    /// There is no such page or server.
    NotFound,
}

/// All at a glance.
#[derive(Clone, Debug, Default)]
pub struct DashboardOverview {
    /// Packages that were read.
    pub packages: u64,
    /// Packages that could not be, and where they stand.
    pub failed: u64,
    /// Servers.
    pub servers: u64,
    /// Servers by answer, the worst first.
    pub exposure: Vec<DashboardCount<ExposureAnswer>>,
    /// The same.
    pub compromise: Vec<DashboardCount<CompromiseAnswer>>,
    /// The same.
    pub foothold: Vec<DashboardCount<FootholdAnswer>>,
    /// Servers by the day of their first incident, in order.
    pub days: Vec<DashboardDay>,
    /// By country, if the inventory names any.
    pub countries: Vec<DashboardGroup>,
    /// By sector, if the inventory names any.
    pub sectors: Vec<DashboardGroup>,
    /// The worst servers.
    pub worst: Vec<DashboardLine>,
    /// Link to all.
    pub all: String,
}

/// How many have an answer.
#[derive(Clone, Debug)]
pub struct DashboardCount<A> {
    /// The answer.
    pub answer: A,
    /// Servers.
    pub servers: u64,
    /// Link to them.
    pub link: String,
}

/// A day or month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DashboardDay {
    /// `2021-03-03` or `2021-03`.
    pub day: String,
    /// Servers whose first incident is of it, and which were broken into.
    pub hit: u64,
    /// Servers whose first incident is of it, and of which no success was seen.
    pub tried: u64,
}

/// A country or sector.
#[derive(Clone, Debug)]
pub struct DashboardGroup {
    /// Its name; empty where the inventory has none.
    pub name: String,
    /// Link to its servers.
    pub link: String,
    /// Servers.
    pub servers: u64,
    /// With an open hole.
    pub open: u64,
    /// Broken into.
    pub compromised: u64,
    /// With a back door in place.
    pub foothold: u64,
}

/// A server in a list.
#[derive(Clone, Debug)]
pub struct DashboardLine {
    /// Its name.
    pub server: String,
    /// Link to its page.
    pub link: String,
    /// Whose it is.
    pub organisation: Option<String>,
    /// Where.
    pub country: Option<String>,
    /// In which sector.
    pub sector: Option<String>,
    /// Can they get in.
    pub exposure: ExposureAnswer,
    /// Did they get in.
    pub compromise: CompromiseAnswer,
    /// Are they still in.
    pub foothold: FootholdAnswer,
    /// Last build seen.
    pub build: Option<String>,
    /// First step of an incident, UTC.
    pub first: Option<Timestamp>,
    /// Last step of an incident, UTC.
    pub last: Option<Timestamp>,
}

/// A choice of a filter.
#[derive(Clone, Debug)]
pub struct DashboardSelect {
    /// Its name in the address; the text is `dashboard-filter-<name>`.
    pub name: &'static str,
    /// Values, and whether it is chosen. The first is empty: all.
    pub values: Vec<(String, bool)>,
    /// Where the values are words: the prefix of their texts.
    pub words: Option<&'static str>,
}

/// Servers, as a filter chooses them.
#[derive(Clone, Debug)]
pub struct DashboardServers {
    /// The choices.
    pub selects: Vec<DashboardSelect>,
    /// What is searched for.
    pub search: String,
    /// How many there are.
    pub total: u64,
    /// Those of this page.
    pub lines: Vec<DashboardLine>,
    /// Its number, from 1.
    pub page: u64,
    /// How many pages there are.
    pub pages: u64,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// The same rows to take away: ending, address.
    pub exports: Vec<(&'static str, String)>,
}

/// One server.
#[derive(Clone, Debug)]
pub struct DashboardServer {
    /// What the list says of it.
    pub line: DashboardLine,
    /// Its packages.
    pub packages: Vec<DashboardPackage>,
    /// Whom to tell.
    pub contact: Option<String>,
    /// Open holes.
    pub open_cves: Vec<String>,
    /// First record read, UTC.
    pub covered_first: Option<Timestamp>,
    /// Last record read, UTC.
    pub covered_last: Option<Timestamp>,
    /// Its incidents.
    pub incidents: Vec<DashboardIncident>,
    /// The rows of other tables about it: name of the table, rows.
    pub tables: Vec<DashboardRows>,
}

/// A package that speaks of a server.
#[derive(Clone, Debug)]
pub struct DashboardPackage {
    /// Where it lies (hostile text).
    pub uri: String,
    /// Link to its whole report, if the lake has it.
    pub report: Option<String>,
}

/// One incident.
#[derive(Clone, Debug)]
pub struct DashboardIncident {
    /// The package that tells it, where there are several (hostile text).
    pub package: Option<String>,
    /// Its id.
    pub incident: String,
    /// The attack's slug.
    pub campaign: String,
    /// Its steps.
    pub steps: Vec<NoticeStep>,
}

/// Rows of a view or table.
#[derive(Clone, Debug, Default)]
pub struct DashboardRows {
    /// Its name.
    pub name: String,
    /// Key of the text that says what a row is.
    pub about: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows (hostile text).
    pub rows: Vec<Vec<String>>,
    /// How many there are.
    pub total: u64,
    /// Number of this page, from 1.
    pub page: u64,
    /// How many pages there are.
    pub pages: u64,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// The same rows to take away: ending, address.
    pub exports: Vec<(&'static str, String)>,
}

/// The policy that goes with every page, for the server's own header.
pub fn policy() -> String {
    csp::policy_with(&whole_style(), "form-action 'self'; frame-ancestors 'none'")
}

/// Writes a page.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write(page: DashboardPage<'_>, frame: &DashboardFrame, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(frame.language)?;
    let (t, f) = (&texts, Around { frame, style: whole_style() });
    match page {
        DashboardPage::Overview(page) => Overview { t, f, page, chart: Chart::of(&texts, &page.days) }.write_into(out)?,
        DashboardPage::Servers(page) => Servers { t, f, page }.write_into(out)?,
        DashboardPage::Server(page) => Server { t, f, page, headline: headline(&texts, &page.line) }.write_into(out)?,
        DashboardPage::Rows(page) => RowsPage { t, f, page }.write_into(out)?,
        DashboardPage::NotFound => NotFound { t, f }.write_into(out)?,
    }
    Ok(())
}

fn whole_style() -> String {
    let mut style = style();
    style += &include_str!("dashboard.css").replace('\r', "");
    style
}

/// Frame and style, for the template around all pages.
struct Around<'d> {
    frame: &'d DashboardFrame,
    style: String,
}

impl Around<'_> {
    fn made(&self, t: &Texts) -> String {
        t.with("dashboard-made", &[("lake", &self.frame.lake), ("time", &clock::minute(self.frame.made))])
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview<'d> {
    t: &'d Texts,
    f: Around<'d>,
    page: &'d DashboardOverview,
    chart: Chart,
}

#[derive(Template)]
#[template(path = "servers.html")]
struct Servers<'d> {
    t: &'d Texts,
    f: Around<'d>,
    page: &'d DashboardServers,
}

#[derive(Template)]
#[template(path = "one-server.html")]
struct Server<'d> {
    t: &'d Texts,
    f: Around<'d>,
    page: &'d DashboardServer,
    headline: (Tone, String),
}

#[derive(Template)]
#[template(path = "rows.html")]
struct RowsPage<'d> {
    t: &'d Texts,
    f: Around<'d>,
    page: &'d DashboardRows,
}

#[derive(Template)]
#[template(path = "not-found.html")]
struct NotFound<'d> {
    t: &'d Texts,
    f: Around<'d>,
}

fn headline(t: &Texts, line: &DashboardLine) -> (Tone, String) {
    let DashboardLine { exposure, compromise, foothold, .. } = *line;
    verdict::headline(t, &afterpatch_model::Verdict { exposure, compromise, foothold, because: Vec::new() })
}

/// The tone of a line: the worst of its three answers that says something.
fn tone(line: &DashboardLine) -> &'static str {
    let tones =
        [verdict::foothold_tone(line.foothold), verdict::compromise_tone(line.compromise), verdict::exposure_tone(line.exposure)];
    let order = [Tone::Alarm, Tone::Warning, Tone::Unknown, Tone::Quiet, Tone::Good];
    order.into_iter().find(|tone| tones.contains(tone)).unwrap_or(Tone::Unknown).slug()
}

/// The days as bars.
struct Chart {
    bars: Vec<Bar>,
    /// The highest, as the language writes it.
    most: String,
    first: String,
    last: String,
}

struct Bar {
    x: f64,
    width: f64,
    hit_y: f64,
    hit_height: f64,
    tried_y: f64,
    tried_height: f64,
    says: String,
}

impl Chart {
    /// Width and height of the picture in its own units.
    const WIDTH: f64 = 1000.0;
    const HEIGHT: f64 = 140.0;

    fn of(t: &Texts, days: &[DashboardDay]) -> Self {
        let most = days.iter().map(|day| day.hit + day.tried).max().unwrap_or(0);
        let step = Self::WIDTH / days.len().max(1) as f64;
        let high = |count: u64| Self::HEIGHT * count as f64 / most.max(1) as f64;
        let bars = days.iter().enumerate().map(|(number, day)| {
            let (hit, tried) = (high(day.hit), high(day.tried));
            Bar {
                x: number as f64 * step,
                width: (step * 0.8).min(40.0),
                hit_y: Self::HEIGHT - hit,
                hit_height: hit,
                tried_y: Self::HEIGHT - hit - tried,
                tried_height: tried,
                says: t.with("dashboard-day", &[("day", &day.day), ("hit", &t.number(day.hit)), ("tried", &t.number(day.tried))]),
            }
        });
        let end = |day: Option<&DashboardDay>| day.map(|day| day.day.clone()).unwrap_or_default();
        Self { bars: bars.collect(), most: t.number(most), first: end(days.first()), last: end(days.last()) }
    }
}

/// What a step says, in one line.
fn step(t: &Texts, step: &NoticeStep) -> String {
    let mut line = story::title(t, &step.kind, &step.title);
    for (key, name, values) in [("notice-addresses", "addresses", &step.addresses), ("notice-pages", "pages", &step.pages)] {
        if !values.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(line, " · {}", t.with(key, &[(name, &values.join(", "))]));
        }
    }
    line
}

mod filters {
    use afterpatch_model::Timestamp;

    /// A coordinate of a picture.
    #[askama::filter_fn]
    pub(super) fn coordinate(value: &f64, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(format!("{value:.1}"))
    }

    /// A time to the minute, UTC; nothing where there is none.
    #[askama::filter_fn]
    pub(super) fn minute(value: &Option<Timestamp>, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(value.map(crate::clock::minute).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
