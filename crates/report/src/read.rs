//! Reading back what [`crate::Format::Json`] is.

use std::io::Read;

use afterpatch_model::{Report, SCHEMA};

/// Why something is no report that this version reads.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    /// It is not JSON, or ends too soon, or cannot be read at all.
    #[error("is no JSON report, or is cut short (write it with scan -o report.json)")]
    NotJson(#[source] serde_json::Error),
    /// Its form is of another version.
    #[error("is of form {0}; this version reads {SCHEMA}. Write it anew with this version: scan -o report.json")]
    OtherForm(String),
    /// It names no form.
    #[error("is no report of afterpatch scan -o report.json")]
    NotOurs,
    /// It names our form and has another one.
    #[error("is no report of this version")]
    Broken(#[source] serde_json::Error),
}

/// Reads a report of this version.
///
/// # Errors
/// [`NoReport`]; what is read may be anything, and nothing in it is trusted.
pub fn read(from: impl Read) -> Result<Report, NoReport> {
    let value: serde_json::Value = serde_json::from_reader(from).map_err(NoReport::NotJson)?;
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => serde_json::from_value(value).map_err(NoReport::Broken),
        Some(other) => Err(NoReport::OtherForm(other.to_owned())),
        None => Err(NoReport::NotOurs),
    }
}
