//! Plain words for a terminal. A frightened administrator reads the first ten lines; a responder goes on to HTML or JSON.

pub(crate) mod lines;
mod server;

use std::io::Write;

use afterpatch_model::Report;

use crate::{Options, ReportError, clock, texts::Texts, words::notes};

use self::lines::{Lines, Style};

/// Gaps beyond these are counted; JSON and HTML have them all.
const MOST_GAPS: usize = 20;

/// Writes the report.
pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    head(&mut lines, &texts, report)?;
    for server in &report.servers {
        server::write(&mut lines, &texts, report, server)?;
    }
    gaps(&mut lines, &texts, report)?;
    notes(&mut lines, &texts, report)?;
    lines.heading(&texts.get("heading-limits"))?;
    lines.paragraph(2, Style::Plain, &texts.get("limits"))?;
    lines.blank()?;
    lines.paragraph(0, Style::Faint, &texts.get("to-details"))
}

fn head(lines: &mut Lines<'_>, texts: &Texts, report: &Report) -> Result<(), ReportError> {
    let tool = &report.tool;
    let made =
        texts.with("report-of", &[("time", &clock::minute(report.generated)), ("tool", &tool.name), ("version", &tool.version)]);
    lines.paragraph(0, Style::Faint, &format!("{made}. {}", texts.get("report-all-times")))?;
    if report.interrupted {
        lines.paragraph(0, Style::Warning, &texts.get("report-interrupted"))?;
    }
    if let Some(since) = report.since {
        lines.paragraph(0, Style::Warning, &texts.with("report-filter-since", &[("time", &clock::full(since))]))?;
    }
    if let Some(until) = report.until {
        lines.paragraph(0, Style::Warning, &texts.with("report-filter-until", &[("time", &clock::full(until))]))?;
    }
    if report.servers.is_empty() {
        lines.blank()?;
        lines.paragraph(0, Style::Strong, &texts.get("report-no-server"))?;
        lines.paragraph(0, Style::Plain, &texts.get("report-no-server-why"))?;
        lines.paragraph(0, Style::Plain, &texts.get("advice-collect-more"))?;
    }
    Ok(())
}

fn gaps(lines: &mut Lines<'_>, texts: &Texts, report: &Report) -> Result<(), ReportError> {
    lines.heading(&texts.get("heading-gaps"))?;
    if report.gaps.is_empty() {
        return lines.paragraph(2, Style::Plain, &texts.get("heading-gaps-none"));
    }
    for gap in report.gaps.iter().take(MOST_GAPS) {
        lines.paragraph(2, Style::Plain, &notes::gap_place(texts, gap))?;
        lines.paragraph(6, Style::Faint, &notes::gap(texts, gap))?;
    }
    match report.gaps.len().saturating_sub(MOST_GAPS) {
        0 => Ok(()),
        more => lines.paragraph(2, Style::Faint, &format!("… + {}", texts.number(more as u64))),
    }
}

fn notes(lines: &mut Lines<'_>, texts: &Texts, report: &Report) -> Result<(), ReportError> {
    if report.notes.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-notes"))?;
    for note in &report.notes {
        lines.item("-", 2, Style::Plain, &notes::note(texts, report, note))?;
    }
    Ok(())
}
