//! The lake as it was when it was last read.

use std::collections::{BTreeMap, HashMap};

use afterpatch_census::merge;
use afterpatch_model::Timestamp;
use anyhow::Context;
use datafusion::arrow::array::{RecordBatch, StringArray};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::prelude::{SessionContext, col};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::OnceCell;

use crate::ask::{ask, read};
use crate::identity::{Judged, earlier, keys};
use crate::inventory::{Entry, Inventory};
use crate::lake::{Lake, Told};
use crate::tables::State;
use crate::views::{self, VIEWS};

/// Columns that come from the inventory, behind those of the table.
type Said = (&'static str, fn(&Entry) -> Option<&String>);
const SAID: [Said; 4] = [
    ("organisation", |entry| entry.organisation.as_ref()),
    ("country", |entry| entry.country.as_ref()),
    ("sector", |entry| entry.sector.as_ref()),
    ("contact", |entry| entry.contact.as_ref()),
];

/// One moment of a lake.
pub(super) struct Snapshot {
    /// What tells this moment from another.
    pub(super) fingerprint: [u8; 32],
    /// When it was read.
    pub(super) made: Timestamp,
    pub(super) context: SessionContext,
    /// Every server, whatever packages speak of it.
    pub(super) lines: Vec<Line>,
    /// The table `servers`, with what the inventory says: a row for each package of a server.
    pub(super) table: RecordBatch,
    /// Packages: read, failed.
    pub(super) packages: (u64, u64),
    /// Rows of a view, kept when somebody asked for them.
    views: HashMap<&'static str, OnceCell<RecordBatch>>,
    /// Each package.
    packages_by_id: HashMap<String, Package>,
}

/// A package as it is told.
#[derive(Clone, Debug, Default)]
pub(super) struct Package {
    /// Its name (hostile text).
    pub(super) name: String,
    /// Where it lies (hostile text).
    pub(super) uri: String,
    /// Where its report lies in the lake.
    pub(super) report: Option<String>,
}

/// One server of one package.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    package: String,
    server: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(flatten)]
    judged: Judged,
    build: Option<String>,
    #[serde(default)]
    open_cves: Vec<String>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    coverage_first: Option<Timestamp>,
    coverage_last: Option<Timestamp>,
}

/// One server.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it is told of.
    pub(super) parts: Vec<Part>,
    pub(super) server: String,
    pub(super) judged: Judged,
    pub(super) build: Option<String>,
    pub(super) open_cves: Vec<String>,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) coverage_first: Option<Timestamp>,
    pub(super) coverage_last: Option<Timestamp>,
    pub(super) said: Entry,
}

/// A package that speaks of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) package: String,
    /// What it calls the server.
    pub(super) server: String,
    /// The row of the table `servers`.
    pub(super) row: usize,
}

impl Line {
    fn of(row: Row, number: usize, said: Entry) -> Self {
        Self {
            parts: vec![Part { package: row.package, server: row.server.clone(), row: number }],
            server: row.server,
            judged: row.judged,
            build: row.build,
            open_cves: row.open_cves,
            first: row.first,
            last: row.last,
            coverage_first: row.coverage_first,
            coverage_last: row.coverage_last,
            said,
        }
    }

    /// Takes in what another package says: the gravest of it counts, and of builds the newest.
    fn join(&mut self, other: Self) {
        if self.judged.join(&other.judged) {
            (self.build, self.open_cves) = (other.build, other.open_cves);
        }
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
        self.coverage_first = earlier(self.coverage_first, other.coverage_first);
        self.coverage_last = self.coverage_last.max(other.coverage_last);
        self.parts.extend(other.parts);
        if self.said == Entry::default() {
            self.said = other.said;
        }
    }

    /// Whether a package tells of it under that name.
    pub(super) fn is_of(&self, package: &str, server: &str) -> bool {
        self.parts.iter().any(|part| part.package == package && part.server == server)
    }
}

/// Each server once, in the order of its first row.
fn lines(rows: Vec<Row>, said: &[Entry]) -> Vec<Line> {
    let owned = rows.iter().zip(said);
    let units =
        merge(&owned.map(|(row, said)| keys(&row.server, &row.aliases, said.organisation.as_deref())).collect::<Vec<_>>());
    let mut lines = BTreeMap::<usize, Line>::new();
    for (number, ((row, said), unit)) in rows.into_iter().zip(said).zip(units).enumerate() {
        let line = Line::of(row, number, said.clone());
        match lines.get_mut(&unit) {
            Some(joined) => joined.join(line),
            None => drop(lines.insert(unit, line)),
        }
    }
    lines.into_values().collect()
}

#[derive(Deserialize)]
struct PackageRow {
    package: String,
    name: String,
    uri: String,
    state: State,
}

impl Snapshot {
    pub(super) async fn read(lake: &Lake, inventory: &Inventory) -> anyhow::Result<Self> {
        // Before the rest: what comes meanwhile is found by the next look.
        let fingerprint = fingerprint(lake).await?;
        let told = lake.told(None).await?;
        let context = crate::read::session(lake, &told)?;
        views::register(&context).await?;
        let servers = context.table("servers").await?.sort_by(vec![col("package"), col("server")])?;
        let schema = Arc::clone(servers.schema().inner());
        let table = concat_batches(&schema, &servers.collect().await?)?;
        let mut rows: Vec<Row> = Vec::with_capacity(table.num_rows());
        read(&table, &mut rows).context("the table of servers holds what it should not")?;
        let said = rows.iter().map(|row| inventory.of_server(&row.server, &row.aliases).cloned().unwrap_or_default());
        let said = said.collect::<Vec<_>>();
        let packages: Vec<PackageRow> = ask(&context, "SELECT package, name, uri, state FROM packages").await?;
        let done = packages.iter().filter(|package| package.state == State::Done).count() as u64;
        Ok(Self {
            fingerprint,
            made: Timestamp::now(),
            context,
            table: with_inventory(&table, &said)?,
            lines: lines(rows, &said),
            packages: (done, packages.len() as u64 - done),
            views: VIEWS.iter().map(|(name, _)| (*name, OnceCell::new())).collect(),
            packages_by_id: by_id(packages, &told),
        })
    }

    /// The rows of a view; `None` when there is no such view.
    pub(super) async fn view(&self, name: &str) -> anyhow::Result<Option<(&'static str, &RecordBatch)>> {
        let Some((name, rows)) = self.views.get_key_value(name) else { return Ok(None) };
        let rows = rows.get_or_try_init(|| async {
            let frame = self.context.table(*name).await?;
            let schema = Arc::clone(frame.schema().inner());
            anyhow::Ok(concat_batches(&schema, &frame.collect().await?)?)
        });
        Ok(Some((name, rows.await?)))
    }

    /// What is known of a package.
    pub(super) fn package(&self, id: &str) -> Package {
        let unknown = || Package { name: id.to_owned(), uri: id.to_owned(), report: None };
        self.packages_by_id.get(id).cloned().unwrap_or_else(unknown)
    }
}

fn by_id(packages: Vec<PackageRow>, told: &Told) -> HashMap<String, Package> {
    let mut reports = told.reports_by_package();
    let package = |row: PackageRow| {
        let report = reports.remove(row.package.as_str()).map(str::to_owned);
        (row.package, Package { name: row.name, uri: row.uri, report })
    };
    packages.into_iter().map(package).collect()
}

fn with_inventory(table: &RecordBatch, rows: &[Entry]) -> anyhow::Result<RecordBatch> {
    let mut fields = table.schema().fields().iter().map(|field| field.as_ref().clone()).collect::<Vec<_>>();
    let mut columns = table.columns().to_vec();
    for (name, said) in SAID {
        fields.push(Field::new(name, DataType::Utf8, true));
        columns.push(Arc::new(rows.iter().map(|entry| said(entry).cloned()).collect::<StringArray>()));
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

/// What tells one state of a lake from another: which commits and checkpoints there are.
pub(super) async fn fingerprint(lake: &Lake) -> anyhow::Result<[u8; 32]> {
    let mut names = Vec::new();
    for below in ["commits", "checkpoints"] {
        names.extend(lake.list(below).await?.into_iter().map(|object| object.location.to_string()));
    }
    names.sort_unstable();
    Ok(Sha256::digest(names.join("\n")).into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::{CompromiseAnswer, ExposureAnswer};

    use super::*;

    fn row(package: &str, server: &str, exposure: &str, compromise: &str, day: u8) -> Row {
        let at = |hour: u8| format!("2021-03-{day:02}T{hour:02}:00:00Z");
        serde_json::from_value(serde_json::json!({
            "package": package, "server": server, "exposure": exposure, "compromise": compromise, "foothold": "nothing_seen",
            "build_seen": at(9), "build": format!("build of {day}"), "first": at(10), "last": at(11),
            "coverage_first": at(0), "coverage_last": at(23)
        }))
        .unwrap()
    }

    #[test]
    fn packages_of_one_server_are_one_line_and_short_names_are_not() {
        let rows = vec![
            row("a", "mail.city.example", "open", "compromised", 3),
            row("b", "EX01", "open", "attempted", 4),
            row("c", "Mail.City.Example", "fixed", "nothing_seen", 9),
            row("d", "EX01", "fixed", "nothing_seen", 5),
        ];
        let lines = lines(rows, &vec![Entry::default(); 4]);
        let told = lines.iter().map(|line| line.parts.iter().map(|part| part.row).collect::<Vec<_>>()).collect::<Vec<_>>();
        assert_eq!(told, [vec![0, 2], vec![1], vec![3]]);
        let mail = lines.first().unwrap();
        assert_eq!((mail.judged.exposure, mail.judged.compromise), (ExposureAnswer::Fixed, CompromiseAnswer::Compromised));
        assert_eq!((mail.server.as_str(), mail.build.as_deref()), ("mail.city.example", Some("build of 9")));
        assert_eq!(mail.first, Some("2021-03-03T10:00:00Z".parse().unwrap()));
        assert_eq!(mail.coverage_last, Some("2021-03-09T23:00:00Z".parse().unwrap()));
        assert!(mail.is_of("c", "Mail.City.Example") && !mail.is_of("c", "EX01"));
    }

    #[test]
    fn short_names_of_one_organisation_are_one_server() {
        let city = Entry { organisation: Some("City".to_owned()), ..Entry::default() };
        let rows = vec![row("a", "EX01", "open", "attempted", 3), row("b", "EX01", "open", "compromised", 2)];
        let lines = lines(rows, &[city.clone(), city]);
        assert_eq!(lines.first().unwrap().build.as_deref(), Some("build of 3"));
        assert_eq!(lines.len(), 1);
    }
}
