//! Rows of an answer in every form in which they can be had. Text from evidence is hostile: what a terminal or a spreadsheet would
//! act on is made visible, and JSON escapes it.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use afterpatch_report::hostile;
use clap::ValueEnum;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::WriterBuilder as JsonOptions;
use datafusion::arrow::json::writer::{JsonArray, LineDelimited};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::ArrowWriter;

use crate::lake::parquet_properties;

/// No cell of a table is shown wider than this; the other formats have it whole.
const MOST_COLUMNS: usize = 80;
/// Rows of a table by which its columns are made wide enough.
const ROWS_TO_MEASURE: usize = 10_000;

/// A form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    Table,
    /// For spreadsheets.
    Csv,
    /// One JSON object a line.
    Ndjson,
    /// One JSON array.
    Json,
    /// For other programs that work on tables.
    Parquet,
}

impl Format {
    /// The media type, for whoever sends it.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Json => "application/json",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The format that a file of this name should have.
    pub fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "txt" => Some(Self::Table),
            "csv" => Some(Self::Csv),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "json" => Some(Self::Json),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// Takes batches as they come, and writes them.
pub enum Rows<W: Write + Send> {
    Table { out: W, cells: Vec<Vec<String>>, widths: Option<Vec<usize>> },
    Csv(Box<csv::Writer<W>>),
    Ndjson(Box<datafusion::arrow::json::Writer<Escaped<W>, LineDelimited>>),
    Json(Box<datafusion::arrow::json::Writer<Escaped<W>, JsonArray>>),
    Parquet(Box<ArrowWriter<W>>),
}

impl<W: Write + Send> Rows<W> {
    /// Begins to write rows of these columns.
    ///
    /// # Errors
    /// When `out` does not take it.
    pub fn begin(format: Format, schema: &SchemaRef, out: W) -> anyhow::Result<Self> {
        let names = || schema.fields().iter().map(|field| field.name().as_str());
        let json = || JsonOptions::new().with_explicit_nulls(true);
        Ok(match format {
            Format::Table => {
                let head = names().map(|name| hostile::terminal(name).into_owned()).collect();
                Self::Table { out, cells: vec![head], widths: None }
            }
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(names().map(|name| hostile::csv(name).into_owned()))?;
                Self::Csv(Box::new(writer))
            }
            Format::Ndjson => Self::Ndjson(Box::new(json().build(Escaped(out)))),
            Format::Json => Self::Json(Box::new(json().build(Escaped(out)))),
            Format::Parquet => {
                Self::Parquet(Box::new(ArrowWriter::try_new(out, SchemaRef::clone(schema), Some(parquet_properties()?))?))
            }
        })
    }

    /// Writes rows.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&mut self, rows: &RecordBatch) -> anyhow::Result<()> {
        match self {
            Self::Table { cells, .. } => {
                each_row(rows, |row| {
                    cells.push(row.iter().map(|cell| shortened(&hostile::terminal(cell))).collect());
                    Ok(())
                })?;
                if cells.len() >= ROWS_TO_MEASURE { self.flush_table() } else { Ok(()) }
            }
            Self::Csv(writer) => {
                each_row(rows, |row| Ok(writer.write_record(row.iter().map(|cell| hostile::csv(cell).into_owned()))?))
            }
            Self::Ndjson(writer) => Ok(writer.write(rows)?),
            Self::Json(writer) => Ok(writer.write(rows)?),
            Self::Parquet(writer) => Ok(writer.write(rows)?),
        }
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> anyhow::Result<()> {
        match &mut self {
            Self::Table { .. } => self.flush_table(),
            Self::Csv(writer) => Ok(writer.flush()?),
            Self::Ndjson(writer) => Ok(writer.finish()?),
            Self::Json(writer) => {
                writer.finish()?;
                Ok(writeln!(writer.get_mut())?)
            }
            Self::Parquet(writer) => {
                writer.finish()?;
                Ok(())
            }
        }
    }

    fn flush_table(&mut self) -> anyhow::Result<()> {
        let Self::Table { out, cells, widths } = self else { return Ok(()) };
        let measured = widths.is_some();
        let widths = widths.get_or_insert_with(|| widths_of(cells));
        for (at, row) in cells.iter().enumerate() {
            write_row(out, row, widths)?;
            if at == 0 && !measured {
                let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                write_row(out, &rule, widths)?;
            }
        }
        cells.clear();
        Ok(out.flush()?)
    }
}

fn widths_of(cells: &[Vec<String>]) -> Vec<usize> {
    let columns = cells.first().map_or(0, Vec::len);
    let width = |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    (0..columns).map(|column| width(column).unwrap_or(0)).collect()
}

fn write_row(out: &mut impl Write, row: &[String], widths: &[usize]) -> std::io::Result<()> {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        // Writing to a string does not fail.
        let _ = write!(line, "{cell:width$}  ");
    }
    writeln!(out, "{}", line.trim_end())
}

fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(MOST_COLUMNS) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}…", cell.get(..end).unwrap_or_default()),
    }
}

/// Every row as texts; a missing value is an empty one.
pub fn each_row(rows: &RecordBatch, mut take: impl FnMut(&[String]) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let options = FormatOptions::default().with_display_error(true);
    let columns = rows.columns().iter().map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<Vec<_>, _>>()?;
    for row in 0..rows.num_rows() {
        take(&columns.iter().map(|column| column.value(row).to_string()).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// JSON in which hostile characters stand as `\uXXXX`. Outside of texts JSON has none of them but line feeds, so that no look at
/// where they stand is needed.
pub struct Escaped<W: Write>(W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        // Whole texts come at once; what is not one is passed on as it is.
        let Ok(text) = std::str::from_utf8(bytes) else { return self.0.write(bytes) };
        if !text.chars().any(is_escaped) {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        }
        let mut out = String::with_capacity(text.len() + 16);
        for c in text.chars() {
            if is_escaped(c) {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            } else {
                out.push(c);
            }
        }
        self.0.write_all(out.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

fn is_escaped(c: char) -> bool {
    c != '\n' && hostile::is_hostile(c)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, StringArray, UInt64Array};

    use super::*;

    fn written(format: Format, texts: &[&str]) -> String {
        let count: ArrayRef = Arc::new(UInt64Array::from_iter_values((0..texts.len()).map(|count| count as u64)));
        let texts: ArrayRef = Arc::new(StringArray::from_iter_values(texts));
        let rows = RecordBatch::try_from_iter([("text", texts), ("count", count)]).unwrap();
        let mut out = Vec::new();
        let mut writer = Rows::begin(format, &rows.schema(), &mut out).unwrap();
        writer.write(&rows).unwrap();
        writer.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_texts_are_inert_in_every_format() {
        let texts = ["\u{1b}[31m\u{202e}\r\n\u{e0041}", "=cmd()", "plain \u{fc}"];
        assert_eq!(
            written(Format::Table, &texts),
            "text                             count\n\
             -------------------------------  -----\n\
             ⟨U+001B⟩[31m⟨U+202E⟩  ⟨U+E0041⟩  0\n\
             =cmd()                           1\n\
             plain ü                          2\n"
        );
        assert_eq!(written(Format::Csv, &texts), "text,count\n⟨U+001B⟩[31m⟨U+202E⟩  ⟨U+E0041⟩,0\n'=cmd(),1\nplain ü,2\n");
        let lines = written(Format::Ndjson, &texts);
        assert!(!lines.replace('\n', "").chars().any(hostile::is_hostile));
        let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
        assert_eq!(first["text"], texts[0]);
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json, &texts)).unwrap();
        assert_eq!(json[0]["text"], texts[0]);
        assert_eq!(json[2]["count"], 2);
    }

    #[test]
    fn a_long_cell_does_not_break_the_table() {
        let table = written(Format::Table, &[&"x".repeat(500)]);
        assert!(table.lines().all(|line| line.chars().count() < 100), "{table}");
    }
}
