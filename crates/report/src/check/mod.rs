//! What the exposure check says: a screen for one server, a row for each of many, JSON, NDJSON and CSV.

mod csv;
mod machine;
mod screen;
mod text;
mod words;

use std::io::Write;

use afterpatch_model::{ArtifactInfo, Assessment, Check, CheckTool, Timestamp};

use crate::{Options, ReportError, json};

/// How a check is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckFormat {
    /// Plain words for a terminal.
    Text,
    /// Everything, indented.
    Json,
    /// One JSON object a target.
    Ndjson,
    /// One row a target.
    Csv,
}

impl CheckFormat {
    /// The format's one name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// How much is told to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Every CVE, every question with its command, every place.
    pub all: bool,
    /// Lines of the terminal, into which the answer for one server shall fit.
    pub height: usize,
}

impl Default for Detail {
    /// A terminal of 24 lines.
    fn default() -> Self {
        Self { all: false, height: 24 }
    }
}

/// Writes a check.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write(
    check: &Check,
    format: CheckFormat,
    options: &Options,
    detail: Detail,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match format {
        CheckFormat::Json => json::write_pretty(check, out),
        CheckFormat::Text => text::write(check, options, detail, out),
        CheckFormat::Ndjson | CheckFormat::Csv => {
            let mut rows = Rows::new(format, check.tool.clone(), check.generated, *options, true)?;
            for (seq, assessment) in (1..).zip(&check.targets) {
                rows.write(seq, assessment, &check.artifacts, out)?;
            }
            rows.end(out)
        }
    }
}

/// Writes answers one after the other, as they come.
pub struct Rows {
    format: CheckFormat,
    tool: CheckTool,
    generated: Timestamp,
    texts: crate::texts::Texts,
    options: Options,
    /// The head of a table is still to be written.
    head: bool,
}

impl Rows {
    /// `head` is false where a table is continued. [`CheckFormat::Json`] has no rows and is told as [`CheckFormat::Ndjson`].
    ///
    /// # Errors
    /// Faults of this crate.
    pub fn new(
        format: CheckFormat,
        tool: CheckTool,
        generated: Timestamp,
        options: Options,
        head: bool,
    ) -> Result<Self, ReportError> {
        Ok(Self { format, tool, generated, texts: crate::texts::Texts::new(options.language)?, options, head })
    }

    /// Writes one answer; `seq` is its number in the list. `artifacts` are those that its pointers lead to.
    ///
    /// # Errors
    /// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
    pub fn write(
        &mut self,
        seq: u64,
        assessment: &Assessment,
        artifacts: &[ArtifactInfo],
        out: &mut dyn Write,
    ) -> Result<(), ReportError> {
        if std::mem::take(&mut self.head) {
            self.begin(out)?;
        }
        match self.format {
            CheckFormat::Csv => csv::row(&self.tool, seq, assessment, out),
            CheckFormat::Text => text::row(&self.texts, &self.options, assessment, out),
            CheckFormat::Json | CheckFormat::Ndjson => machine::line(&self.tool, self.generated, seq, assessment, artifacts, out),
        }
    }

    /// Writes what is still owed when there was no answer at all.
    ///
    /// # Errors
    /// As [`Rows::write`].
    pub fn end(&mut self, out: &mut dyn Write) -> Result<(), ReportError> {
        if std::mem::take(&mut self.head) { self.begin(out) } else { Ok(()) }
    }

    fn begin(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        match self.format {
            CheckFormat::Csv => csv::head(out),
            CheckFormat::Text => text::head(&self.texts, &self.options, &self.tool, out),
            CheckFormat::Json | CheckFormat::Ndjson => Ok(()),
        }
    }
}

/// The JSON schema of [`CheckFormat::Json`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Check).to_value()
}
