//! How an interrupted change is brought to an end: what lies on the disk decides whether it was done; what was not is taken back.

use std::path::Path;

use jiff::Timestamp;

use crate::VaultError;
use crate::container;
use crate::disk::{Disk, Kind};
use crate::journal::{FileChange, Intent, Record, Subject};
use crate::vault::Vault;

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
    /// To what it was made.
    pub what: Subject,
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
        let change = intent.change;
        let done = match &intent.what {
            Subject::File(file) => self.settle_file(change, file)?,
            Subject::Switch(it) => {
                let turned = self.position(&it.switch)?.as_ref() == Some(&it.to);
                turned.then_some(Record::Done { change, folder_modified: None, recovered: true })
            }
        };
        let outcome = if done.is_some() { Settled::Done } else { Settled::Withdrawn };
        self.write(done.unwrap_or_else(|| Record::Withdrawn { change, why: why.to_owned() }))?;
        Ok(Settlement { change, label: intent.label.clone(), what: intent.what.clone(), outcome })
    }

    /// What the journal is to say when the change of a file is found to be done.
    fn settle_file(&self, change: u64, it: &FileChange) -> Result<Option<Record>, VaultError> {
        let (below, name) = it.place.split()?;
        let path = it.place.path();
        let folder = self.disk.folder(&it.place.root, &below).map_err(|source| VaultError::Io {
            path: path.clone(),
            doing: "an interrupted run was changing this file, and its folder cannot be opened now",
            source,
        })?;
        let here = self.see(it, &folder, name, &path)?;
        let beside = self.see(it, &folder, &it.beside, &path)?;
        match self.bring_back(it, &folder, name, &path, here, beside)? {
            Settled::Done => self.done(change, it, &folder, true).map(Some),
            Settled::Withdrawn => Ok(None),
        }
    }

    /// The last steps of a change of a file that was made, and what the journal is to say.
    pub(crate) fn done(&self, change: u64, it: &FileChange, folder: &D::Folder, recovered: bool) -> Result<Record, VaultError> {
        let path = it.place.path();
        if let Some(times) = &it.folder_after {
            self.disk.set_folder_times(folder, times).map_err(VaultError::io(&path, "setting its folder's times"))?;
            self.disk.sync_folder(folder).map_err(VaultError::io(&path, "syncing its folder"))?;
        }
        let folder_modified: Timestamp =
            self.disk.folder_traits(folder).map_err(VaultError::io(&path, "looking at its folder"))?.times.modified;
        Ok(Record::Done { change, folder_modified: Some(folder_modified), recovered })
    }

    fn bring_back(
        &self,
        it: &FileChange,
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
        let drop_beside = || back(disk.remove(folder, &it.beside));
        match (&it.before, &it.after) {
            // A removal: the file is set aside, then removed.
            (Some(_), None) => match (here, beside) {
                (Seen::Nothing, Seen::Nothing) => return Ok(Settled::Done),
                (Seen::Nothing, _) => back(disk.rename(folder, &it.beside, name))?,
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
                (Seen::New, _) => back(disk.replace(folder, &it.beside, name))?,
                (Seen::Nothing, Seen::Old) => back(disk.rename(folder, &it.beside, name))?,
                // Somebody took the file away meanwhile. What lies aside may be half written, or not ours: it stays there.
                (Seen::Nothing, Seen::Foreign(_)) | (_, Seen::Nothing) => {}
                _ => drop_beside()?,
            },
        }
        Ok(Settled::Withdrawn)
    }

    fn see(&self, it: &FileChange, folder: &D::Folder, name: &str, path: &Path) -> Result<Seen, VaultError> {
        let Some(stat) = self.disk.look(folder, name).map_err(VaultError::io(path, "looking"))? else { return Ok(Seen::Nothing) };
        if stat.kind != Kind::File {
            return Ok(Seen::Foreign(false));
        }
        let mut file = self.disk.open(folder, name).map_err(VaultError::io(path, "opening"))?;
        let sha256 = container::hash_of::<D>(&mut file).map_err(VaultError::io(path, "reading"))?;
        // Not the device: a volume may get another number when it is mounted again.
        let is_old_file = it.before.as_ref().is_some_and(|before| before.identity.number == stat.identity.number);
        if is_old_file && it.before.as_ref().is_some_and(|before| before.sha256 == sha256) {
            return Ok(Seen::Old);
        }
        if it.after.as_ref().is_some_and(|after| after.sha256 == sha256) {
            return Ok(Seen::New);
        }
        Ok(Seen::Foreign(is_old_file))
    }
}
