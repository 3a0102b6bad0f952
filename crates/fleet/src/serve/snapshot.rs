//! The lake as it was when it was last read.

use std::collections::HashMap;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use anyhow::Context;
use datafusion::arrow::array::{RecordBatch, StringArray};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::prelude::SessionContext;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::OnceCell;

use crate::ask::{ask, read};
use crate::inventory::{Entry, Inventory};
use crate::lake::Lake;
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
    /// Every server, and at the same place its row in `table`.
    pub(super) lines: Vec<Line>,
    /// The table `servers`, with what the inventory says.
    pub(super) table: RecordBatch,
    /// Packages: read, failed.
    pub(super) packages: (u64, u64),
    /// Rows of a view, kept when somebody asked for them.
    views: HashMap<&'static str, OnceCell<RecordBatch>>,
    /// Where each package lies.
    uris: HashMap<String, String>,
}

/// One server of one package.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Line {
    pub(super) package: String,
    pub(super) server: String,
    #[serde(default)]
    aliases: Vec<String>,
    pub(super) exposure: ExposureAnswer,
    pub(super) compromise: CompromiseAnswer,
    pub(super) foothold: FootholdAnswer,
    pub(super) build: Option<String>,
    #[serde(default)]
    pub(super) open_cves: Vec<String>,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) coverage_first: Option<Timestamp>,
    pub(super) coverage_last: Option<Timestamp>,
    #[serde(skip)]
    pub(super) said: Entry,
}

#[derive(Deserialize)]
struct PackageRow {
    package: String,
    uri: String,
    state: State,
}

impl Snapshot {
    pub(super) async fn read(lake: &Lake, inventory: &Inventory) -> anyhow::Result<Self> {
        // Before the rest: what comes meanwhile is found by the next look.
        let fingerprint = fingerprint(lake).await?;
        let context = crate::read::session(lake, &lake.told(None).await?)?;
        views::register(&context).await?;
        let servers = context.table("servers").await?;
        let schema = Arc::clone(servers.schema().inner());
        let table = concat_batches(&schema, &servers.collect().await?)?;
        let mut lines: Vec<Line> = Vec::with_capacity(table.num_rows());
        read(&table, &mut lines).context("the table of servers holds what it should not")?;
        for line in &mut lines {
            line.said = inventory.of_server(&line.server, &line.aliases).cloned().unwrap_or_default();
        }
        let packages: Vec<PackageRow> = ask(&context, "SELECT package, uri, state FROM packages").await?;
        let done = packages.iter().filter(|package| package.state == State::Done).count() as u64;
        Ok(Self {
            fingerprint,
            made: Timestamp::now(),
            context,
            table: with_inventory(&table, &lines)?,
            lines,
            packages: (done, packages.len() as u64 - done),
            views: VIEWS.iter().map(|(name, _)| (*name, OnceCell::new())).collect(),
            uris: packages.into_iter().map(|package| (package.package, package.uri)).collect(),
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

    /// Where a package lies.
    pub(super) fn uri<'s>(&'s self, package: &'s str) -> &'s str {
        self.uris.get(package).map_or(package, String::as_str)
    }
}

fn with_inventory(table: &RecordBatch, lines: &[Line]) -> anyhow::Result<RecordBatch> {
    let mut fields = table.schema().fields().iter().map(|field| field.as_ref().clone()).collect::<Vec<_>>();
    let mut columns = table.columns().to_vec();
    for (name, said) in SAID {
        fields.push(Field::new(name, DataType::Utf8, true));
        columns.push(Arc::new(lines.iter().map(|line| said(&line.said).cloned()).collect::<StringArray>()));
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
