//! What becomes of each file of an action.

use afterpatch_model::{PlannedFile, What};

use crate::{Host, RemediationError};
use crate::{add_mitigation, quarantine_file, remove_configuration, remove_leftovers, remove_task, restore_page};

/// What becomes of one file.
#[derive(Debug)]
pub(crate) struct Step {
    /// The file as it was when the plan was made.
    pub(crate) file: PlannedFile,
    /// Its new content; `None` when it goes.
    pub(crate) after: Option<Vec<u8>>,
}

/// The steps of an action.
///
/// # Errors
/// [`RemediationError`] when the file is not as planned or a step cannot be made of it.
pub(crate) fn steps(what: &What, host: &Host) -> Result<Vec<Step>, RemediationError> {
    match what {
        What::QuarantineFile { file } => Ok(quarantine_file::steps(file)),
        What::RemoveLeftovers { files, .. } => Ok(remove_leftovers::steps(files)),
        What::RemoveTask { file, .. } => Ok(remove_task::steps(file)),
        What::RemoveConfiguration { file, elements } => remove_configuration::steps(host, file, elements),
        What::RestorePage { file, from, genuine } => restore_page::steps(file, from, genuine),
        What::AddMitigation { mitigations, file } => add_mitigation::steps(host, file, mitigations),
        _ => Err(RemediationError::BadPlan(format!("this version does not know how to {}", what.slug()))),
    }
}
