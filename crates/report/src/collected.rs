//! What `collect` took, in lines for the terminal.

use std::io::Write;

use afterpatch_model::Gap;

use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::words::notes;
use crate::{Options, ReportError};

/// Gaps beyond these are counted; the collection's manifest has them all.
const MOST_GAPS: usize = 10;

/// What was taken.
#[derive(Clone, Debug)]
pub struct Collected<'c> {
    /// The host's name.
    pub host: &'c str,
    /// Files taken.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What could not be listed, read or taken.
    pub gaps: &'c [Gap],
    /// The files that were written.
    pub written: &'c [String],
    /// Whether they are encrypted.
    pub encrypted: bool,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// Shows what was taken, what was not, and what to do with it.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_collected(collected: &Collected<'_>, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    if collected.interrupted {
        lines.paragraph(0, Style::Warning, &texts.get("collected-interrupted"))?;
    }
    let count = texts.count("collected-files", collected.files);
    let size = texts.size(collected.bytes);
    lines.paragraph(
        0,
        Style::Strong,
        &texts.with("collected", &[("host", collected.host), ("files", &count), ("size", &size)]),
    )?;
    for file in collected.written {
        lines.paragraph(2, Style::Plain, file)?;
    }
    if !collected.gaps.is_empty() {
        lines.heading(&texts.get("heading-gaps"))?;
        for gap in collected.gaps.iter().take(MOST_GAPS) {
            lines.paragraph(2, Style::Plain, &notes::gap_place(&texts, gap))?;
            lines.paragraph(6, Style::Faint, &notes::gap(&texts, gap))?;
        }
        if let more @ 1.. = collected.gaps.len().saturating_sub(MOST_GAPS) {
            lines.paragraph(2, Style::Faint, &format!("… + {}", texts.number(more as u64)))?;
        }
    }
    lines.blank()?;
    if let Some(first) = collected.written.first() {
        if collected.encrypted {
            let plain = first.trim_end_matches(".001").trim_end_matches(".age");
            let command = format!("age -d -i KEY -o {plain} {}", collected.written.join(" + "));
            lines.paragraph(0, Style::Plain, &texts.with("collected-open", &[("command", &command)]))?;
        } else {
            let command = format!("afterpatch scan {first}");
            lines.paragraph(0, Style::Plain, &texts.with("collected-scan", &[("command", &command)]))?;
        }
    }
    lines.paragraph(0, Style::Faint, &texts.get("collected-keep"))
}
