//! What a watch tells: an alert as a line for programs and as a few lines for people.

use std::io::Write;

use afterpatch_model::{Alert, Gap, Severity};
use serde_json::ser::CompactFormatter;

use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::words::{cut, place, story};
use crate::{Options, ReportError, clock};

/// Characters of a value (an address, a command) that a line for people shows.
const SHOWN: usize = 160;
/// The command that puts back what was taken; it stands here and not in the texts, where the word is never said of a server.
const UNDO: &str = "afterpatch clean undo";
/// Of an alert's id, where people tell two alerts apart.
const SHORT_ID: usize = 8;

/// The JSON schema of an alert.
pub fn alert_schema() -> serde_json::Value {
    schemars::schema_for!(Alert).to_value()
}

/// An alert as one line of JSON, without its end. Like all machine output the same in every language, and safe to print.
///
/// # Errors
/// [`ReportError::Json`], a fault of ours.
pub fn alert_line(alert: &Alert) -> Result<Vec<u8>, ReportError> {
    let mut line = Vec::new();
    crate::json::write_value(alert, &mut line, CompactFormatter)?;
    Ok(line)
}

/// An alert in one sentence, for a system log.
///
/// # Errors
/// [`ReportError::Texts`], a fault of ours.
pub fn alert_sentence(alert: &Alert, options: &Options) -> Result<String, ReportError> {
    let texts = Texts::new(options.language)?;
    let finding = &alert.finding;
    let mut parts = vec![format!("{}: {}", texts.word("severity", finding.severity), story::finding_title(&texts, finding))];
    parts.extend(who_where(&texts, alert));
    parts.push(place::pointer(&texts, path_of(alert), alert.place));
    if let Some(repeats) = &alert.repeats {
        parts.push(texts.count("watch-repeats", repeats.count));
    }
    Ok(crate::hostile::terminal(&parts.join(" · ")).into_owned())
}

/// Writes an alert for people.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_alert(alert: &Alert, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    let finding = &alert.finding;
    let (mark, style) = match finding.severity {
        Severity::Critical | Severity::High => ("[!!]", Style::Alarm),
        Severity::Medium => ("[!]", Style::Warning),
        Severity::Low | Severity::Info => ("[·]", Style::Strong),
    };
    let title = format!("{}  {}", clock::full(alert.told), story::finding_title(&texts, finding));
    lines.marked(mark, style, 0, style, &title)?;
    let who_where = who_where(&texts, alert).join(" · ");
    if !who_where.is_empty() {
        lines.paragraph(5, Style::Plain, &who_where)?;
    }
    lines.paragraph(5, Style::Plain, &place::pointer(&texts, path_of(alert), alert.place))?;
    let severity = texts.word("severity", finding.severity);
    let confidence = texts.word("confidence", finding.confidence);
    let mut how = texts.with("watch-how", &[("severity", &severity), ("confidence", &confidence), ("id", &short(&alert.id))]);
    if alert.story != alert.id && alert.repeats.is_none() {
        how.push_str(&format!(" · {}", texts.with("watch-story", &[("story", &short(&alert.story))])));
    }
    lines.paragraph(5, Style::Faint, &how)?;
    if let Some(repeats) = &alert.repeats {
        let told = texts.with("watch-repeats-of", &[("of", &short(&repeats.of))]);
        lines.paragraph(5, Style::Plain, &format!("{} {told}", texts.count("watch-repeats", repeats.count)))?;
    }
    for sign in &alert.beside {
        let title = story::title(&texts, &sign.kind, &sign.title);
        let at = sign.time.map(clock::full).unwrap_or_default();
        let sign = [at, title, place::pointer(&texts, &sign.path, sign.place)].into_iter().filter(|part| !part.is_empty());
        let sign = sign.collect::<Vec<_>>().join(" · ");
        lines.paragraph(5, Style::Faint, &texts.with("watch-beside", &[("sign", &sign)]))?;
    }
    Ok(())
}

/// That a policy took a file into a vault.
///
/// # Errors
/// [`ReportError::Texts`], a fault of ours.
pub fn taken_by_policy(path: &str, vault: &str, alert: &Alert, options: &Options) -> Result<String, ReportError> {
    let values = [("path", path), ("vault", vault), ("id", &*short(&alert.id)), ("command", UNDO)];
    Ok(Texts::new(options.language)?.with("watch-taken", &values))
}

/// That a policy allowed to take a file and it was left, and why (English).
///
/// # Errors
/// [`ReportError::Texts`], a fault of ours.
pub fn left_by_policy(path: &str, why: &str, options: &Options) -> Result<String, ReportError> {
    Ok(Texts::new(options.language)?.with("watch-left", &[("path", path), ("why", why)]))
}

/// Writes that everything was looked at once.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_watching(pages: u64, logs: u64, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let values = [("pages", &*texts.number(pages)), ("logs", &*texts.number(logs))];
    Lines::new(out, options).paragraph(0, Style::Plain, &texts.with("watch-watching", &values))
}

/// Writes that something could not be read.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_watch_gap(gap: &Gap, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let values = [("path", &*cut(&gap.path, 300)), ("why", &*cut(&gap.detail, 300))];
    Lines::new(out, options).paragraph(0, Style::Warning, &texts.with("watch-gap", &values))
}

/// Who and where, without the file that is told anyway because the finding stands in it.
fn who_where(texts: &Texts, alert: &Alert) -> Vec<String> {
    let plain = |path: &str| path.replace('/', r"\").trim_start_matches('\\').to_lowercase();
    let mut parts = story::finding_who_where(texts, &alert.finding, SHOWN);
    parts.retain(|part| {
        ![Some(&alert.artifact.path), alert.artifact.windows_path.as_ref()]
            .into_iter()
            .flatten()
            .any(|path| plain(path) == plain(part))
    });
    parts
}

/// The path that the artifact has on its server, where the layout tells it; else the one on this machine.
fn path_of(alert: &Alert) -> &str {
    alert.artifact.windows_path.as_deref().unwrap_or(&alert.artifact.path)
}

fn short(id: &str) -> String {
    id.chars().take(SHORT_ID).collect()
}
