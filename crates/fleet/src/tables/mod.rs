//! The tables of a lake, one file each, and how a report becomes their rows.
//!
//! A row is a plain struct; its fields are the columns. Texts from evidence are kept as they are: whoever shows them makes them
//! harmless.

mod builds;
mod coverage;
mod doubts;
mod exposure;
mod findings;
mod gaps;
mod incidents;
mod packages;
mod pages;
mod place;
mod servers;
mod steps;
mod things;

use std::sync::Arc;

use afterpatch_model::{Grade, Report, ServerReport, Timestamp};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::json::ReaderBuilder;
use serde::{Serialize, Serializer};

pub use packages::{Failure, PackageRow, State};

use crate::answers::Answers;

/// Every table.
pub const TABLES: [&Table; 12] = [
    &packages::TABLE,
    &servers::TABLE,
    &findings::TABLE,
    &incidents::TABLE,
    &steps::TABLE,
    &things::TABLE,
    &pages::TABLE,
    &exposure::TABLE,
    &builds::TABLE,
    &coverage::TABLE,
    &doubts::TABLE,
    &gaps::TABLE,
];

/// The column by which files lie in folders: the day (UTC) on which a package was finished.
pub const DAY: &str = "day";

/// One table of a lake.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: &'static str,
    /// Its columns, without [`DAY`].
    pub columns: &'static [Column],
    /// The rows of one package.
    pub rows: fn(&Table, &Scanned<'_>) -> Result<RecordBatch, ArrowError>,
}

impl Table {
    /// The table of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.into_iter().find(|table| table.name == name)
    }

    /// Its Arrow schema, without [`DAY`].
    pub fn schema(&self) -> SchemaRef {
        let fields = self.columns.iter().map(|column| Field::new(column.name, column.kind.data_type(), true));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    fn batch(&self, rows: &[impl Serialize]) -> Result<RecordBatch, ArrowError> {
        batch(self.schema(), rows)
    }
}

/// Rows as one batch.
pub fn batch(schema: SchemaRef, rows: &[impl Serialize]) -> Result<RecordBatch, ArrowError> {
    let mut decoder = ReaderBuilder::new(Arc::clone(&schema)).with_batch_size(rows.len().max(1)).build_decoder()?;
    decoder.serialize(rows)?;
    Ok(decoder.flush()?.unwrap_or_else(|| RecordBatch::new_empty(schema)))
}

/// One column.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// What it says.
    pub about: &'static str,
}

/// What the values of a column are. Any may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A number that counts.
    Count,
    /// Yes or no.
    Flag,
    /// An instant in UTC, in microseconds.
    Time,
}

impl Kind {
    /// Its one name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "texts",
            Self::Count => "count",
            Self::Flag => "flag",
            Self::Time => "time",
        }
    }

    fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Texts => DataType::new_list(DataType::Utf8, true),
            Self::Count => DataType::UInt64,
            Self::Flag => DataType::Boolean,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        }
    }
}

const fn text(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Text, about }
}

const fn texts(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Texts, about }
}

const fn count(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Count, about }
}

const fn flag(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Flag, about }
}

const fn time(name: &'static str, about: &'static str) -> Column {
    Column { name, kind: Kind::Time, about }
}

/// The columns that nearly every table begins with.
const PACKAGE: Column = text("package", "the package's id");
const SERVER: Column = text("server", "the server's name");

/// What one package gave.
pub struct Scanned<'s> {
    /// The package itself.
    pub package: &'s PackageRow,
    /// What the engine said; `None` when it could not be asked, or did not answer.
    pub report: Option<&'s Report>,
}

impl<'s> Scanned<'s> {
    /// The package's id.
    fn id(&self) -> &'s str {
        &self.package.package
    }

    /// What it said, in numbers.
    pub fn answers(&self) -> Answers {
        self.report.map(Answers::of).unwrap_or_default()
    }

    /// The servers of a package that was read; none of one that failed.
    fn servers(&self) -> impl Iterator<Item = &'s ServerReport> {
        self.report.into_iter().flat_map(|report| &report.servers)
    }
}

/// An instant as a column holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.as_microsecond())
    }
}

fn at(time: Option<Timestamp>) -> Option<At> {
    time.map(At)
}

/// A grade as a number that can be sorted and compared.
fn rank(grade: Grade) -> u64 {
    match grade {
        Grade::Unclear => 0,
        Grade::Scan => 1,
        Grade::Attempt => 2,
        Grade::Success => 3,
        Grade::Compromise => 4,
        Grade::PostPatchUse => 5,
    }
}

/// The word that an answer has in the tables.
pub fn slug(answer: impl Serialize) -> String {
    match serde_json::to_value(answer) {
        Ok(serde_json::Value::String(slug)) => slug,
        _ => String::new(),
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub mod tests;
