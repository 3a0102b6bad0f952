//! How an interrupted change is brought to an end: what lies on the disk decides whether it was done; what was not is taken back.

use std::path::Path;

use jiff::Timestamp;

use crate::container;
use crate::disk::{Disk, Kind};
use crate::journal::{Intent, Record};
use crate::vault::Vault;
use crate::{Place, VaultError};

/// How an interrupted change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It had been done.
    Done,
    /// It was taken back, or had not begun.
    Withdrawn,
}

/// An interrupted change and how it was brought to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The change.
    pub change: u64,
    /// The user's name for it.
    pub label: String,
    /// The file.
    pub place: Place,
    /// How it ended.
    pub outcome: Settled,
}

/// What lies under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    /// The file as it was before the change.
    Old,
    /// What the change makes.
    New,
    /// Anything else; `true` when it is the old file with another content.
    Foreign(bool),
}

impl<D: Disk> Vault<D> {
    /// Brings a change to an end and writes into the journal which.
    pub(crate) fn settle(&mut self, intent: &Intent, why: &str) -> Result<Settlement, VaultError> {
        let (below, name) = intent.place.split()?;
        let path = intent.place.path();
        let folder = self.disk.folder(&intent.place.root, &below).map_err(|source| VaultError::Io {
            path: path.clone(),
            doing: "an interrupted run was changing this file, and its folder cannot be opened now",
            source,
        })?;
        let here = self.see(intent, &folder, name, &path)?;
        let beside = self.see(intent, &folder, &intent.beside, &path)?;
        let outcome = self.bring_back(intent, &folder, name, &path, here, beside)?;
        match outcome {
            Settled::Done => self.done(intent, &folder, true)?,
            Settled::Withdrawn => self.write(Record::Withdrawn { change: intent.change, why: why.to_owned() })?,
        }
        Ok(Settlement { change: intent.change, label: intent.label.clone(), place: intent.place.clone(), outcome })
    }

    /// The last steps of a change that was made.
    pub(crate) fn done(&mut self, intent: &Intent, folder: &D::Folder, recovered: bool) -> Result<(), VaultError> {
        let path = intent.place.path();
        if let Some(times) = &intent.folder_after {
            self.disk.set_folder_times(folder, times).map_err(VaultError::io(&path, "setting its folder's times"))?;
            self.disk.sync_folder(folder).map_err(VaultError::io(&path, "syncing its folder"))?;
        }
        let folder_modified: Timestamp =
            self.disk.folder_traits(folder).map_err(VaultError::io(&path, "looking at its folder"))?.times.modified;
        self.write(Record::Done { change: intent.change, folder_modified, recovered })
    }

    fn bring_back(
        &self,
        intent: &Intent,
        folder: &D::Folder,
        name: &str,
        path: &Path,
        here: Seen,
        beside: Seen,
    ) -> Result<Settled, VaultError> {
        let disk = &self.disk;
        let back = |moved: std::io::Result<()>| {
            moved.and_then(|()| disk.sync_folder(folder)).map_err(VaultError::io(path, "taking back an interrupted change"))
        };
        let drop_beside = || back(disk.remove(folder, &intent.beside));
        match (&intent.before, &intent.after) {
            // A removal: the file is set aside, then removed.
            (Some(_), None) => match (here, beside) {
                (Seen::Nothing, Seen::Nothing) => return Ok(Settled::Done),
                (Seen::Nothing, _) => back(disk.rename(folder, &intent.beside, name))?,
                // It is in its container, and somebody has put another in its place.
                (Seen::Foreign(false), Seen::Old) => {
                    drop_beside()?;
                    return Ok(Settled::Done);
                }
                (Seen::Foreign(false), Seen::Nothing) => return Ok(Settled::Done),
                // What lies aside is in no container: it stays there.
                _ => {}
            },
            // A new file: it is written aside, then moved into place.
            (None, _) => match (here, beside) {
                (Seen::New, Seen::Nothing) => return Ok(Settled::Done),
                (_, Seen::Nothing) => {}
                _ => drop_beside()?,
            },
            // A replacement: the new file is written aside, both change places, then the old one is removed.
            (Some(_), Some(_)) => match (here, beside) {
                (Seen::New, Seen::Nothing) | (Seen::Foreign(false), Seen::Nothing) => return Ok(Settled::Done),
                (Seen::New, _) => back(disk.replace(folder, &intent.beside, name))?,
                (Seen::Nothing, Seen::Old) => back(disk.rename(folder, &intent.beside, name))?,
                // Somebody took the file away meanwhile. What lies aside may be half written, or not ours: it stays there.
                (Seen::Nothing, Seen::Foreign(_)) | (_, Seen::Nothing) => {}
                _ => drop_beside()?,
            },
        }
        Ok(Settled::Withdrawn)
    }

    fn see(&self, intent: &Intent, folder: &D::Folder, name: &str, path: &Path) -> Result<Seen, VaultError> {
        let Some(stat) = self.disk.look(folder, name).map_err(VaultError::io(path, "looking"))? else { return Ok(Seen::Nothing) };
        if stat.kind != Kind::File {
            return Ok(Seen::Foreign(false));
        }
        let mut file = self.disk.open(folder, name).map_err(VaultError::io(path, "opening"))?;
        let sha256 = container::hash_of::<D>(&mut file).map_err(VaultError::io(path, "reading"))?;
        // Not the device: a volume may get another number when it is mounted again.
        let is_old_file = intent.before.as_ref().is_some_and(|before| before.identity.number == stat.identity.number);
        if is_old_file && intent.before.as_ref().is_some_and(|before| before.sha256 == sha256) {
            return Ok(Seen::Old);
        }
        if intent.after.as_ref().is_some_and(|after| after.sha256 == sha256) {
            return Ok(Seen::New);
        }
        Ok(Seen::Foreign(is_old_file))
    }
}
