//! Plans, and what came of them: the plan as a file that a person reads and edits, lines for the terminal, JSON for programs.

mod plan;
mod run;
mod yaml;

use std::io::Write;

use afterpatch_model::CleanResult;
use serde_json::ser::PrettyFormatter;

use crate::ReportError;

pub use plan::write_plan;
pub use run::{ChangeLine, ChangeState, Did, Touched, UndoLine, question, settled, write_result, write_status, write_undone};

/// The commands that texts name. They stand here and not in the texts, where the word itself is forbidden: it must never be
/// said of a server.
mod commands {
    /// Shows and applies a plan.
    pub(super) const APPLY: &str = "afterpatch clean --apply";
    /// Undoes.
    pub(super) const UNDO: &str = "afterpatch clean undo";
    /// Scans again.
    pub(super) const SCAN: &str = "afterpatch scan";
    /// Shows what was done.
    pub(super) const STATUS: &str = "afterpatch clean status";
}

/// Writes what a run of a plan did, as JSON (`afterpatch.clean/1`).
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_clean_json(result: &CleanResult, out: &mut dyn Write) -> Result<(), ReportError> {
    crate::json::write_value(result, &mut *out, PrettyFormatter::new())?;
    Ok(writeln!(out)?)
}
