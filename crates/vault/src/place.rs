//! Where a file lies: a root that the user named, and the way down from it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::VaultError;

/// The root that means the drives of this very computer: a place below it begins with the drive (`C:/inetpub/...`). Windows only.
/// It is Windows' own name for the place where its drives are.
pub const THIS_COMPUTER: &str = r"\\.\";

/// Where a file lies. The root may be a link (the user named it); below it none is followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The folder that the user named: where the examined system is mounted.
    pub root: PathBuf,
    /// The way down from it, components separated by `/`.
    pub below: String,
}

impl Place {
    /// A place.
    ///
    /// # Errors
    /// [`VaultError::BadName`] when `below` could lead anywhere but down.
    pub fn new(root: impl Into<PathBuf>, below: impl Into<String>) -> Result<Self, VaultError> {
        let place = Self { root: root.into(), below: below.into() };
        place.split().map(|_| ())?;
        Ok(place)
    }

    /// As one path, to show and to name in errors.
    pub fn path(&self) -> PathBuf {
        if cfg!(windows) {
            // A drive at the beginning replaces the root.
            return self.root.join(self.below.replace('/', "\\"));
        }
        self.root.join(&self.below)
    }

    /// The folders on the way, and the name. Also checks what a journal or a plan says: both are files that may have been edited.
    pub(crate) fn split(&self) -> Result<(Vec<&str>, &str), VaultError> {
        let bad = |why| Err(VaultError::BadName { path: self.path(), why });
        if self.below.contains('\0') {
            return bad("a name with a NUL in it cannot be one of a file");
        }
        let mut parts: Vec<&str> = self.below.split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return bad("a path with empty parts, `.` or `..` in it is not used");
        }
        match parts.pop() {
            Some(name) => Ok((parts, name)),
            None => bad("the path is empty"),
        }
    }
}

/// The path of a file in the vault, for errors.
pub(crate) fn inside(vault: &Path, name: &str) -> PathBuf {
    vault.join(name)
}
