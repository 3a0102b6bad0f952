//! A run over many packages, in lines for the terminal: how far it is, and what came of it.

use std::io::Write;
use std::time::Duration;

use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::{Language, Options, ReportError, clock};

/// A rate is told after so long: before, it would jump about.
const SETTLED: Duration = Duration::from_secs(2);

/// What has become of the packages of a run.
#[derive(Clone, Debug, Default)]
pub struct FleetNumbers {
    /// Packages that were named.
    pub all: u64,
    /// Of these, in the lake before.
    pub before: u64,
    /// Of those, failed.
    pub failed_before: u64,
    /// Read by this run.
    pub done: u64,
    /// Failed in this run.
    pub failed: u64,
    /// Read by another run meanwhile.
    pub elsewhere: u64,
    /// Findings told of the servers.
    pub findings: u64,
    /// The servers, by the worst that is said of each.
    pub servers: FleetServers,
    /// Names of the packages that are read now (hostile text).
    pub running: Vec<String>,
    /// How long the run has lasted.
    pub elapsed: Duration,
}

/// Servers, by the worst that is said of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FleetServers {
    /// A back door is there, or was used after the fix.
    pub foothold: u64,
    /// Broken into, no back door seen now.
    pub compromised: u64,
    /// Attacked without a success that was seen.
    pub attempted: u64,
    /// Nothing seen in what could be read.
    pub nothing_seen: u64,
    /// Too little could be read.
    pub cannot_tell: u64,
}

impl FleetNumbers {
    /// Packages that are still to be read.
    pub fn left(&self) -> u64 {
        self.all.saturating_sub(self.before + self.ended())
    }

    /// Packages a minute; `None` while nothing can be said of it.
    pub fn per_minute(&self) -> Option<f64> {
        (self.elapsed >= SETTLED && self.ended() > 0).then(|| self.ended() as f64 * 60.0 / self.elapsed.as_secs_f64())
    }

    /// How long it will still last, if it goes on like this.
    pub fn time_left(&self) -> Option<Duration> {
        let per_minute = self.per_minute()?;
        Duration::try_from_secs_f64(self.left() as f64 * 60.0 / per_minute).ok()
    }

    fn ended(&self) -> u64 {
        self.done + self.failed + self.elsewhere
    }
}

/// A package that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FleetFailure {
    /// Where it lies.
    pub uri: String,
    /// Why, in English (may hold text from the evidence).
    pub reason: String,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct FleetResult<'f> {
    /// The lake.
    pub lake: &'f str,
    /// The numbers at its end.
    pub numbers: &'f FleetNumbers,
    /// Packages that failed, at most a handful.
    pub failed: &'f [FleetFailure],
    /// How many more did.
    pub more_failed: u64,
    /// Whether it was stopped before the end.
    pub interrupted: bool,
}

/// How far a run is, as one line.
///
/// # Errors
/// [`ReportError::Texts`], a fault of ours.
pub fn fleet_line(numbers: &FleetNumbers, language: Language) -> Result<String, ReportError> {
    let texts = Texts::new(language)?;
    let ended = texts.number(numbers.before + numbers.ended());
    let mut parts = vec![texts.with("fleet-line", &[("done", &ended), ("all", &texts.number(numbers.all))])];
    if numbers.failed > 0 {
        parts.push(texts.with("fleet-line-failed", &[("count", &texts.number(numbers.failed))]));
    }
    if let Some(rate) = numbers.per_minute() {
        parts.push(texts.with("fleet-line-rate", &[("count", &texts.number(rate.round() as u64))]));
    }
    if let Some(left) = numbers.time_left().filter(|_| numbers.left() > 0) {
        parts.push(texts.with("fleet-line-left", &[("time", &clock::length(&texts, left.as_secs_f64()))]));
    }
    parts.push(texts.count("fleet-findings", numbers.findings));
    Ok(parts.join(" · "))
}

/// Shows what came of a run, what failed, and how to go on.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_fleet(result: &FleetResult<'_>, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    let numbers = result.numbers;
    if result.interrupted {
        let left = texts.count("fleet-packages", numbers.left());
        lines.paragraph(0, Style::Warning, &texts.with("fleet-interrupted", &[("left", &left)]))?;
    }
    let read = texts.count("fleet-packages", numbers.done + numbers.failed);
    let time = clock::length(&texts, numbers.elapsed.as_secs_f64());
    lines.paragraph(
        0,
        Style::Strong,
        &texts.with("fleet-read", &[("packages", &read), ("time", &time), ("lake", result.lake)]),
    )?;
    for (key, count) in [
        ("fleet-before", numbers.before),
        ("fleet-elsewhere", numbers.elsewhere),
        ("fleet-failed", numbers.failed),
        ("fleet-failed-before", numbers.failed_before),
    ] {
        if count > 0 {
            lines.paragraph(2, Style::Plain, &texts.count(key, count))?;
        }
    }
    let servers = &numbers.servers;
    let counted = [
        ("fleet-servers-foothold", servers.foothold),
        ("fleet-servers-compromised", servers.compromised),
        ("fleet-servers-attempted", servers.attempted),
        ("fleet-servers-nothing_seen", servers.nothing_seen),
        ("fleet-servers-cannot_tell", servers.cannot_tell),
    ];
    if counted.iter().any(|(_, count)| *count > 0) {
        lines.heading(&texts.get("fleet-servers"))?;
        for (key, count) in counted.into_iter().filter(|(_, count)| *count > 0) {
            lines.paragraph(2, Style::Plain, &texts.count(key, count))?;
        }
    }
    if !result.failed.is_empty() {
        lines.heading(&texts.get("fleet-failures"))?;
        for failure in result.failed {
            lines.paragraph(2, Style::Plain, &failure.uri)?;
            lines.paragraph(6, Style::Faint, &failure.reason)?;
        }
        if result.more_failed > 0 {
            lines.paragraph(2, Style::Faint, &format!("… + {}", texts.number(result.more_failed)))?;
        }
    }
    if numbers.failed + numbers.failed_before > 0 {
        lines.blank()?;
        lines.paragraph(0, Style::Plain, &texts.get("fleet-retry"))?;
    }
    lines.blank()?;
    let command = format!("afterpatch-fleet query \"SELECT * FROM unpatched\" --lake {}", result.lake);
    lines.paragraph(0, Style::Plain, &texts.with("fleet-ask", &[("command", &command)]))
}

/// Lists what a lake can be asked.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_fleet_views(views: &[&str], tables: &[&str], options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    lines.heading(&texts.get("fleet-views"))?;
    for view in views {
        lines.paragraph(2, Style::Strong, view)?;
        lines.paragraph(6, Style::Plain, &texts.get(&format!("fleet-view-{view}")))?;
    }
    lines.heading(&texts.get("fleet-tables"))?;
    for table in tables {
        lines.paragraph(2, Style::Strong, table)?;
        lines.paragraph(6, Style::Plain, &texts.get(&format!("fleet-table-{table}")))?;
    }
    lines.blank()?;
    lines.paragraph(0, Style::Plain, &texts.get("fleet-views-more"))
}

/// Says what was put into few files.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_fleet_compacted(
    packages: u64,
    files: u64,
    rows: u64,
    removed: u64,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let packages = texts.count("fleet-packages", packages);
    let (files, rows) = (texts.number(files), texts.number(rows));
    let told = texts.with("fleet-compacted", &[("packages", &packages), ("files", &files), ("rows", &rows)]);
    let mut lines = Lines::new(out, options);
    lines.paragraph(0, Style::Strong, &told)?;
    if removed > 0 {
        lines.paragraph(0, Style::Plain, &texts.count("fleet-removed", removed))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn numbers() -> FleetNumbers {
        FleetNumbers {
            all: 2000,
            before: 500,
            done: 290,
            failed: 10,
            findings: 1718,
            elapsed: Duration::from_secs(60),
            ..FleetNumbers::default()
        }
    }

    #[test]
    fn the_line_says_how_far_it_is_in_both_languages() {
        let line = |language| fleet_line(&numbers(), language).unwrap();
        assert_eq!(line(Language::English), "800 of 2,000 packages · 10 failed · 300 a minute · 4 minutes left · 1,718 findings");
        assert_eq!(
            line(Language::German),
            "800 von 2.000 Paketen · 10 gescheitert · 300 in der Minute · noch 4 Minuten · 1.718 Befunde"
        );
        let begun = FleetNumbers { elapsed: Duration::ZERO, ..numbers() };
        assert_eq!(fleet_line(&begun, Language::English).unwrap(), "800 of 2,000 packages · 10 failed · 1,718 findings");
    }

    #[test]
    fn text_from_the_evidence_is_shown_inert() {
        let failed = [FleetFailure { uri: "file:///a.zip".to_owned(), reason: "not \u{1b}[31mread".to_owned() }];
        let result = FleetResult { lake: "lake", numbers: &numbers(), failed: &failed, more_failed: 9, interrupted: true };
        let mut out = Vec::new();
        write_fleet(&result, &Options::default(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(out.contains("not ⟨U+001B⟩[31mread") && out.contains("… + 9") && out.contains("1,200 packages"), "{out}");
    }
}
