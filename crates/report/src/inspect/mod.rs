//! What the web-shell analyser says of files: lines for the terminal, and one JSON object a file.

pub(crate) mod words;

use std::io::Write;

use afterpatch_webshell::{Report, Verdict};
use serde::Serialize;
use serde_json::ser::CompactFormatter;

use crate::json::write_value;
use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::{Language, Options, ReportError};

/// Name and version of the objects' form; every line carries it. The number grows with every breaking change.
pub const INSPECT_SCHEMA: &str = "afterpatch.inspect/1";

/// So many dangerous calls are told where the whole way is not asked for.
const CALLS: usize = 3;

/// What is said of one file.
#[derive(Debug, Clone)]
pub struct Inspected {
    /// Where it lies.
    pub path: String,
    /// What the analyser says.
    pub report: Report,
}

/// How many files there were of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that were looked at.
    pub files: u64,
    /// Files with a script in them.
    pub scripts: u64,
    /// Web shells.
    pub webshell: u64,
    /// Suspicious files.
    pub suspicious: u64,
    /// Tools for administrators.
    pub dual_use: u64,
    /// Files that nobody can judge by reading.
    pub opaque: u64,
    /// Files that could not be read.
    pub unread: u64,
}

impl Tally {
    /// Counts one more file.
    pub fn add(&mut self, report: &Report) {
        self.files += 1;
        self.scripts += u64::from(!report.languages.is_empty());
        match report.verdict {
            Verdict::Webshell => self.webshell += 1,
            Verdict::Suspicious => self.suspicious += 1,
            Verdict::DualUse => self.dual_use += 1,
            Verdict::Opaque => self.opaque += 1,
            Verdict::Clean => {}
        }
    }
}

/// One JSON object on a line. Machine output is the same in every language.
#[derive(Serialize)]
struct Object<'r> {
    schema: &'static str,
    path: &'r str,
    language: Option<afterpatch_webshell::Language>,
    explanation: String,
    #[serde(flatten)]
    report: &'r Report,
}

/// Writes one file as a JSON object on a line of its own.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write_object(inspected: &Inspected, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(Language::English)?;
    let report = &inspected.report;
    let explanation = [words::calls(&texts, report, usize::MAX), words::facts(&texts, report)].concat().join("\n");
    let object = Object {
        schema: INSPECT_SCHEMA,
        path: &inspected.path,
        language: report.languages.first().copied(),
        explanation,
        report,
    };
    write_value(&object, &mut *out, CompactFormatter)?;
    Ok(writeln!(out)?)
}

/// Writes one file for people; `explain` tells the whole way of the data, with the lines it takes.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write_text(inspected: &Inspected, explain: bool, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let report = &inspected.report;
    let mut lines = Lines::new(out, options);
    let style = match report.verdict {
        Verdict::Webshell => Style::Alarm,
        Verdict::Suspicious => Style::Warning,
        Verdict::DualUse | Verdict::Opaque => Style::Strong,
        Verdict::Clean => Style::Faint,
    };
    lines.paragraph(0, style, &format!("{}  {}", words::verdict(&texts, report), inspected.path))?;
    if !explain {
        for line in words::calls(&texts, report, CALLS) {
            lines.paragraph(2, Style::Plain, &line)?;
        }
    }
    for line in words::facts(&texts, report) {
        lines.paragraph(2, Style::Plain, &line)?;
    }
    if explain {
        for way in words::ways(&texts, report) {
            lines.paragraph(2, Style::Plain, &way.title)?;
            for line in &way.lines {
                lines.paragraph(4, Style::Faint, line)?;
            }
        }
    }
    Ok(())
}

/// Writes how many there were of each.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write_tally(tally: &Tally, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    let number = |n: u64| texts.number(n);
    lines.paragraph(
        0,
        Style::Plain,
        &texts.with(
            "inspect-tally",
            &[
                ("files", &number(tally.files)),
                ("scripts", &number(tally.scripts)),
                ("webshell", &number(tally.webshell)),
                ("suspicious", &number(tally.suspicious)),
                ("dual", &number(tally.dual_use)),
                ("opaque", &number(tally.opaque)),
            ],
        ),
    )?;
    if tally.unread > 0 {
        lines.paragraph(0, Style::Warning, &texts.count("inspect-unread", tally.unread))?;
    }
    Ok(())
}
