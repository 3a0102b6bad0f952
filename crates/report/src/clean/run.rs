//! What a run of a plan did, would do, or undid, in lines for the terminal.

use std::io::Write;

use afterpatch_model::{ActionResult, Autostart, CleanResult, FileResult, Kept, Outcome, Plan, SwitchResult, Timestamp};
use serde::Serialize;

use super::commands;
use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::{Options, ReportError, clock};

/// One change of a vault's journal.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    /// Its number.
    pub change: u64,
    /// Plan and action.
    pub label: String,
    /// When, UTC.
    pub time: Timestamp,
    /// To what.
    pub touched: Touched,
    /// What was done to it, if it was.
    pub did: Did,
    /// How it stands.
    pub state: ChangeState,
    /// What was taken is readable in the vault; `None` when nothing was taken, or the reason (English) why it is not.
    pub kept: Option<Result<Kept, String>>,
}

/// What a change was made to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// A file, by its path on this machine.
    File(String),
    /// Something that starts by itself.
    Autostart {
        /// Of what kind it is.
        kind: Autostart,
        /// Its name.
        name: String,
        /// How it stood before.
        from: String,
        /// How it stands after.
        to: String,
    },
}

/// What was done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// It was taken away.
    Removed,
    /// It got another content.
    Changed,
    /// It was made.
    Made,
    /// It was switched.
    Switched,
}

/// How a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Done.
    Done,
    /// Done, and undone later.
    Undone,
    /// It undid another.
    Undoing,
    /// Not done, or taken back at once.
    Withdrawn,
    /// Interrupted: the next run brings it to an end.
    Pending,
}

/// One change that was to be undone.
#[derive(Clone, Debug)]
pub struct UndoLine {
    /// Plan and action.
    pub label: String,
    /// What it had changed.
    pub touched: Touched,
    /// Why it was not undone (English).
    pub error: Option<String>,
}

/// Shows what a run did, or would do. `plan` is the name of the plan's file.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_result(
    result: &CleanResult,
    plan: &Plan,
    file: &str,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    let title = if result.dry_run { "clean-would" } else { "clean-did" };
    lines.paragraph(0, Style::Strong, &texts.with(title, &[("server", &result.server), ("root", &plan.root)]))?;
    for action in &result.actions {
        lines.blank()?;
        one_action(&mut lines, &texts, action)?;
    }
    lines.blank()?;
    if result.actions.is_empty() {
        lines.paragraph(0, Style::Plain, &texts.get("clean-nothing-planned"))?;
    }
    let is = |outcome: Outcome| move |action: &&ActionResult| action.outcome == outcome;
    let refused = result.actions.iter().filter(is(Outcome::Refused)).count();
    if refused > 0 {
        lines.paragraph(0, Style::Warning, &texts.count("clean-refused", u64::try_from(refused).unwrap_or(0)))?;
    }
    let would = result.actions.iter().any(|action| action.outcome == Outcome::WouldBeDone);
    if result.dry_run && would {
        let command = format!("{} {} --yes", commands::APPLY, argument(file));
        lines.paragraph(0, Style::Plain, &texts.with("clean-dry-run", &[("command", &command), ("vault", &result.vault)]))?;
    } else if !result.dry_run && result.actions.iter().any(|action| action.outcome == Outcome::Done) {
        rescan(&mut lines, &texts, result)?;
        let command = format!("{} {}", commands::UNDO, argument(&result.vault));
        let again = format!("{} … {}", commands::SCAN, argument(&result.vault));
        lines.paragraph(0, Style::Plain, &texts.with("clean-scan-with-vault", &[("command", &again)]))?;
        lines.paragraph(0, Style::Plain, &texts.with("clean-way-back", &[("command", &command), ("vault", &result.vault)]))?;
    }
    asked(&mut lines, &texts, result)?;
    lines.paragraph(0, Style::Strong, &texts.count("clean-instructions-left", result.instructions))
}

/// What pages answered afterwards.
fn asked(lines: &mut Lines<'_>, texts: &Texts, result: &CleanResult) -> Result<(), ReportError> {
    for page in &result.asked {
        let status = page.status.map(|status| status.to_string()).unwrap_or_default();
        let why = page.error.as_deref().unwrap_or_default();
        let values = [("url", &*page.url), ("status", &status), ("why", why)];
        let (key, style) = match page.status {
            Some(_) if page.still_answers() => ("clean-asked-answers", Style::Alarm),
            Some(_) => ("clean-asked-nothing", Style::Good),
            None => ("clean-asked-silence", Style::Warning),
        };
        lines.paragraph(0, style, &texts.with(key, &values))?;
    }
    Ok(())
}

/// A path as it must be typed.
pub(super) fn argument(path: &str) -> String {
    if path.contains(' ') { format!("\"{path}\"") } else { path.to_owned() }
}

fn one_action(lines: &mut Lines<'_>, texts: &Texts, action: &ActionResult) -> Result<(), ReportError> {
    let outcome = texts.word("clean-outcome", action.outcome);
    let style = match action.outcome {
        Outcome::Done | Outcome::DoneBefore => Style::Good,
        Outcome::Refused => Style::Warning,
        Outcome::WouldBeDone | Outcome::Skipped => Style::Strong,
    };
    let what = texts.get(&format!("clean-action-{}", action.what));
    lines.marked(&action.id, Style::Strong, 0, style, &format!("{what}: {outcome}"))?;
    if let Some(why) = &action.why {
        lines.paragraph(4, Style::Plain, why)?;
    }
    for file in &action.files {
        lines.paragraph(4, Style::Plain, &file.path)?;
        lines.paragraph(6, Style::Faint, &of_file(texts, action.outcome, file))?;
    }
    if let Some(switch) = &action.switch {
        lines.paragraph(4, Style::Plain, &named(texts, switch.kind, &switch.name))?;
        lines.paragraph(6, Style::Faint, &of_switch(texts, action.outcome, switch))?;
    }
    Ok(())
}

fn named(texts: &Texts, kind: Autostart, name: &str) -> String {
    texts.with(if kind == Autostart::Service { "clean-service" } else { "clean-task" }, &[("name", name)])
}

/// A file by its path, a service or task by its kind and name.
fn shown(texts: &Texts, touched: &Touched) -> String {
    match touched {
        Touched::File(path) => path.clone(),
        Touched::Autostart { kind, name, from, to } => format!("{}: {from} → {to}", named(texts, *kind, name)),
    }
}

fn of_switch(texts: &Texts, outcome: Outcome, switch: &SwitchResult) -> String {
    let mut told = vec![texts.with("clean-switches", &[("from", &switch.from), ("to", &switch.to)])];
    if outcome == Outcome::Done {
        told.push(texts.get(if switch.verified { "clean-verified-off" } else { "clean-not-verified-off" }));
        told.push(match &switch.still_runs {
            None => texts.get("clean-ended"),
            Some(why) => texts.with("clean-not-ended", &[("why", why)]),
        });
    }
    told.join(" ")
}

fn of_file(texts: &Texts, outcome: Outcome, file: &FileResult) -> String {
    let mut told = vec![match &file.after {
        None => texts.with("clean-file-goes", &[("sha256", &file.sha256)]),
        Some(after) => texts.with("clean-file-changes", &[("sha256", &file.sha256), ("after", after)]),
    }];
    if outcome == Outcome::Done {
        told.push(match (file.verified, &file.after) {
            (true, None) => texts.get("clean-verified-gone"),
            (true, Some(_)) => texts.get("clean-verified-new"),
            (false, _) => texts.get("clean-not-verified"),
        });
        told.push(match file.kept {
            Some(Kept::Opened) => texts.get("clean-kept-opened"),
            Some(Kept::Sealed) => texts.get("clean-kept-sealed"),
            None => texts.get("clean-not-kept"),
        });
    }
    told.join(" ")
}

/// What a scan of the same evidence would say now.
fn rescan(lines: &mut Lines<'_>, texts: &Texts, result: &CleanResult) -> Result<(), ReportError> {
    let done = result.actions.iter().filter(|action| action.outcome == Outcome::Done);
    let files = done.flat_map(|action| &action.files).filter(|file| file.verified).count();
    let files = u64::try_from(files).unwrap_or(u64::MAX);
    lines.paragraph(0, Style::Plain, &texts.count("clean-rescan", files))
}

/// Shows what a vault's journal says.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_status(vault: &str, changes: &[ChangeLine], options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    lines.paragraph(0, Style::Strong, &texts.with("clean-status", &[("vault", vault)]))?;
    if changes.is_empty() {
        return lines.paragraph(0, Style::Plain, &texts.get("clean-status-empty"));
    }
    for change in changes {
        let did = texts.word("clean-change", change.did);
        let state = texts.word("clean-state", change.state);
        let style = match change.state {
            ChangeState::Pending => Style::Warning,
            ChangeState::Done => Style::Strong,
            _ => Style::Faint,
        };
        let mark = format!("{:>4}  {}", change.change, change.label);
        lines.marked(&mark, Style::Plain, 0, style, &format!("{} UTC, {did}: {state}", clock::full(change.time)))?;
        lines.paragraph(6, Style::Plain, &shown(&texts, &change.touched))?;
        match &change.kept {
            None => {}
            Some(Ok(Kept::Opened)) => lines.paragraph(6, Style::Faint, &texts.get("clean-kept-opened"))?,
            Some(Ok(Kept::Sealed)) => lines.paragraph(6, Style::Faint, &texts.get("clean-kept-sealed"))?,
            Some(Err(why)) => lines.paragraph(6, Style::Alarm, &format!("{} {why}", texts.get("clean-not-kept")))?,
        }
    }
    let count = |state: ChangeState| u64::try_from(changes.iter().filter(|change| change.state == state).count()).unwrap_or(0);
    lines.blank()?;
    lines.paragraph(0, Style::Plain, &texts.count("clean-can-be-undone", count(ChangeState::Done)))?;
    if count(ChangeState::Pending) > 0 {
        lines.paragraph(0, Style::Warning, &texts.get("clean-pending"))?;
    }
    Ok(())
}

/// Shows what was undone.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_undone(undone: &[UndoLine], options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    if undone.is_empty() {
        return lines.paragraph(0, Style::Plain, &texts.get("clean-nothing-to-undo"));
    }
    for line in undone {
        let (style, told) = match &line.error {
            None => (Style::Good, texts.get("clean-undone")),
            Some(why) => (Style::Warning, texts.with("clean-not-undone", &[("why", why)])),
        };
        lines.marked(&line.label, Style::Plain, 0, style, &told)?;
        lines.paragraph(4, Style::Plain, &shown(&texts, &line.touched))?;
        if line.error.is_none() && matches!(line.touched, Touched::Autostart { .. }) {
            lines.paragraph(4, Style::Faint, &texts.get("clean-undone-not-started"))?;
        }
    }
    Ok(())
}

/// The question that must be answered with `yes` before anything is changed.
///
/// # Errors
/// [`ReportError::Texts`], a fault of this crate.
pub fn question(options: &Options) -> Result<String, ReportError> {
    Ok(Texts::new(options.language)?.get("clean-question"))
}

/// An interrupted change that was brought to an end: was it done, or taken back?
///
/// # Errors
/// [`ReportError::Texts`], a fault of this crate.
pub fn settled(touched: &Touched, done: bool, options: &Options) -> Result<String, ReportError> {
    let texts = Texts::new(options.language)?;
    let path = shown(&texts, touched);
    Ok(texts.with(if done { "clean-settled-done" } else { "clean-settled-withdrawn" }, &[("path", &path)]))
}
