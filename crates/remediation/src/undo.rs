//! The way back.

use std::path::Path;

use afterpatch_vault::disk::Disk;
use afterpatch_vault::{Subject, Vault, VaultError};

use crate::RemediationError;

/// One change that was to be undone.
#[derive(Debug)]
pub struct Undone {
    /// Plan and action.
    pub label: String,
    /// What it was made to: a file as it lies on this machine now, or a switch.
    pub what: Subject,
    /// The change that was undone.
    pub change: u64,
    /// Why it was not.
    pub error: Option<VaultError>,
}

/// Undoes one action, or all, the latest first. `action` is its name (`A1`), or plan and name (`1a2b3c4d/A1`). `root` is where
/// the server's disk lies now, if elsewhere than then. What cannot be undone is told, and the rest goes on.
///
/// # Errors
/// [`RemediationError::NoSuchAction`], [`RemediationError::WhichAction`].
pub fn undo<D: Disk>(vault: &mut Vault<D>, action: Option<&str>, root: Option<&Path>) -> Result<Vec<Undone>, RemediationError> {
    let label = action.map(|action| full_name(vault, action)).transpose()?;
    let changes: Vec<(u64, String, Subject)> = vault
        .history()
        .to_undo()
        .filter(|entry| label.as_ref().is_none_or(|label| entry.intent.label == *label))
        .map(|entry| {
            let mut what = entry.intent.what.clone();
            if let (Subject::File(file), Some(root)) = (&mut what, root) {
                file.place.root = root.to_owned();
            }
            (entry.intent.change, entry.intent.label.clone(), what)
        })
        .collect();
    let undone =
        changes.into_iter().map(|(change, label, what)| Undone { label, what, change, error: vault.undo(change, root).err() });
    Ok(undone.collect())
}

fn full_name<D: Disk>(vault: &Vault<D>, action: &str) -> Result<String, RemediationError> {
    let mut all: Vec<String> = vault
        .history()
        .to_undo()
        .map(|entry| entry.intent.label.clone())
        .filter(|label| {
            label.eq_ignore_ascii_case(action) || label.rsplit('/').next().is_some_and(|id| id.eq_ignore_ascii_case(action))
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    match &*all {
        [] => Err(RemediationError::NoSuchAction(action.to_owned())),
        [only] => Ok(only.clone()),
        _ => Err(RemediationError::WhichAction { name: action.to_owned(), all }),
    }
}
