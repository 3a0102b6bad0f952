//! What an error of the system means, and what to do about it: the system's own words say neither where nor what next.

use std::io::ErrorKind;

use crate::texts::Texts;
use crate::{Language, ReportError};

/// An error of the system in plain words; `None` for those that say nothing a user could act on.
///
/// # Errors
/// [`ReportError::Texts`], a fault of ours.
pub fn advice(kind: ErrorKind, language: Language) -> Result<Option<String>, ReportError> {
    let texts = Texts::new(language)?;
    Ok(Some(match kind {
        ErrorKind::NotFound => texts.get("error-not-found"),
        ErrorKind::PermissionDenied => texts.get("error-permission"),
        ErrorKind::AlreadyExists => texts.get("error-exists"),
        ErrorKind::IsADirectory => texts.get("error-is-folder"),
        ErrorKind::NotADirectory => texts.get("error-no-folder"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => texts.get("error-full"),
        ErrorKind::ReadOnlyFilesystem => texts.get("error-read-only"),
        _ => return Ok(None),
    }))
}
