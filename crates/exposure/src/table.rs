//! Rows of a table, and errors that say where in it.

use jiff::civil::Date;
use serde::de::DeserializeOwned;

/// A table of facts cannot be used: it says where and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {why}")]
pub struct FactsError {
    /// Name of the table's file.
    pub file: &'static str,
    /// Line in it; the first line is 1.
    pub line: u64,
    /// What is wrong there.
    pub why: String,
}

/// A place in a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At {
    pub file: &'static str,
    pub line: u64,
}

impl At {
    pub fn error(self, why: impl Into<String>) -> FactsError {
        FactsError { file: self.file, line: self.line, why: why.into() }
    }
}

/// All rows of a CSV table with a header line, each with its place. Columns that `R` does not name are ignored.
pub(crate) fn rows<R: DeserializeOwned>(file: &'static str, text: &str) -> Result<Vec<(At, R)>, FactsError> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    // The reader takes the second half of a CRLF for the beginning of the next line.
    let off = u64::from(text.contains("\r\n"));
    let line_of = |at: Option<&csv::Position>| at.map_or(1, |at| at.line() + if at.byte() > 0 { off } else { 0 });
    let wrong = |error: csv::Error| {
        let line = line_of(error.position());
        let why = match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
            _ => error.to_string(),
        };
        FactsError { file, line, why }
    };
    let headers = reader.headers().map_err(wrong)?.clone();
    reader
        .records()
        .map(|record| {
            let record = record.map_err(wrong)?;
            let at = At { file, line: line_of(record.position()) };
            Ok((at, record.deserialize(Some(&headers)).map_err(wrong)?))
        })
        .collect()
}

/// A day as `YYYY-MM-DD`, or a month as `YYYY-MM` where the source names no day. Both forms compare rightly as text.
pub(crate) fn day(text: &str, at: At) -> Result<String, FactsError> {
    let whole = if text.len() == "YYYY-MM".len() { format!("{text}-01") } else { text.to_owned() };
    match whole.parse::<Date>() {
        // jiff reads more forms than this one, and those would not compare as text.
        Ok(date) if date.to_string() == whole => Ok(text.to_owned()),
        _ => Err(at.error(format!("`{text}` is not a date: YYYY-MM-DD or YYYY-MM is needed"))),
    }
}

/// A cell's text, or nothing when it is empty.
pub(crate) fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
