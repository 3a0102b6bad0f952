//! One change of one file, from what is there to what is wanted.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::container::{self, About};
use crate::disk::{Disk, Identity, Kind, Stat, Times, Traits};
use crate::history::State;
use crate::journal::{After, Before, FileChange, Intent, Record, Subject};
use crate::settle::Settled;
use crate::vault::{FILES, PART, Vault, container_name};
use crate::{ABOUT_SCHEMA, Place, VaultError};

/// One change of one file.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The user's name for it: plan and action.
    pub label: &'a str,
    /// Whatever the user wants to know later.
    pub notes: &'a BTreeMap<String, String>,
    /// Where the file lies.
    pub place: &'a Place,
    /// What must be there; else nothing is done.
    pub before: Expected<'a>,
    /// What shall be there.
    pub after: Wanted<'a>,
}

/// What must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected<'a> {
    /// Nothing.
    Nothing,
    /// A plain file with one name, that content, and when it was looked at before, the very same file.
    File {
        /// SHA-256 of its content.
        sha256: &'a str,
        /// Which file.
        identity: Option<Identity>,
    },
}

/// What shall be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Nothing.
    Nothing,
    /// A file with this content. It gets the traits of the file before it, or where there was none the owner of the folder, and
    /// the time of the run.
    Bytes(&'a [u8]),
}

/// What the new content is made from.
enum Source<'a> {
    Bytes(&'a [u8]),
    Container(&'a Before),
}

/// What is found at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What it is.
    pub stat: Stat,
    /// SHA-256 of its content.
    pub sha256: String,
}

/// Looks at a file as [`Vault::change`] will: links are not followed, hard links and changing files are refused.
///
/// # Errors
/// [`VaultError::Gone`], [`VaultError::Link`], [`VaultError::NotAFile`], [`VaultError::HardLinks`], [`VaultError::Changing`], or
/// what the disk says.
pub fn look_at<D: Disk>(disk: &D, place: &Place) -> Result<Look, VaultError> {
    let (below, name) = place.split()?;
    let path = place.path();
    let folder = disk.folder(&place.root, &below).map_err(VaultError::io(&path, "opening its folder"))?;
    let (mut file, stat) = open(disk, &folder, name, &path)?;
    let sha256 = container::hash_of::<D>(&mut file).map_err(VaultError::io(&path, "reading"))?;
    still(disk, &file, &stat, &path)?;
    Ok(Look { stat, sha256 })
}

/// Opens a plain file with one name.
fn open<D: Disk>(disk: &D, folder: &D::Folder, name: &str, path: &Path) -> Result<(D::File, Stat), VaultError> {
    let looked = disk.look(folder, name).map_err(VaultError::io(path, "looking"))?;
    match looked.map(|stat| stat.kind) {
        None => return Err(VaultError::Gone(path.to_owned())),
        Some(Kind::Link) => return Err(VaultError::Link(path.to_owned())),
        Some(Kind::Folder | Kind::Other) => return Err(VaultError::NotAFile(path.to_owned())),
        Some(Kind::File) => {}
    }
    let file = disk.open(folder, name).map_err(VaultError::io(path, "opening"))?;
    let stat = disk.stat(&file).map_err(VaultError::io(path, "looking"))?;
    match (stat.kind, stat.links) {
        (Kind::File, 1) => Ok((file, stat)),
        (Kind::File, 0) => Err(VaultError::Gone(path.to_owned())),
        (Kind::File, links) => Err(VaultError::HardLinks { path: path.to_owned(), links }),
        _ => Err(VaultError::NotAFile(path.to_owned())),
    }
}

/// Whether an open file is still as it was.
fn still<D: Disk>(disk: &D, file: &D::File, stat: &Stat, path: &Path) -> Result<(), VaultError> {
    let now = disk.stat(file).map_err(VaultError::io(path, "looking"))?;
    let same = (now.size, now.modified, now.identity) == (stat.size, stat.modified, stat.identity);
    if same { Ok(()) } else { Err(VaultError::Changing(path.to_owned())) }
}

impl<D: Disk> Vault<D> {
    /// Changes one file, and gives the change's number. After an error all is as before, unless the error says otherwise.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn change(&mut self, change: &Change<'_>) -> Result<u64, VaultError> {
        let source = match change.after {
            Wanted::Nothing => None,
            Wanted::Bytes(bytes) => Some(Source::Bytes(bytes)),
        };
        self.perform(change.label, change.notes, change.place, change.before, source, None)
    }

    /// Undoes a change: what it took away is put back with everything about it, what it made is taken away. `root` is where the
    /// examined system is mounted now, if elsewhere than then.
    ///
    /// # Errors
    /// [`VaultError::NoSuchChange`], [`VaultError::AlreadyUndone`], and as [`Vault::change`]: what lies there now must be what the
    /// change left.
    pub fn undo(&mut self, change: u64, root: Option<&Path>) -> Result<u64, VaultError> {
        let entry = self.history().get(change).cloned().ok_or(VaultError::NoSuchChange(change))?;
        let folder_modified = match entry.state {
            State::Done { folder_modified } => folder_modified,
            State::Undone { .. } => return Err(VaultError::AlreadyUndone(change)),
            State::Pending | State::Withdrawn { .. } => return Err(VaultError::NoSuchChange(change)),
        };
        let Intent { label, notes, what, .. } = entry.intent;
        let FileChange { mut place, before, after, folder, .. } = match what {
            Subject::File(file) => *file,
            Subject::Switch(it) => return self.turn_back(change, &label, &notes, it),
        };
        if let Some(root) = root {
            place.root = root.to_owned();
        }
        let expected = match &after {
            Some(after) => Expected::File { sha256: &after.sha256, identity: None },
            None => Expected::Nothing,
        };
        if before.is_some() && !self.has_key() {
            return Err(VaultError::NoKey(self.path.clone()));
        }
        let undoes = Undoes { change, folder, folder_modified };
        self.perform(&label, &notes, &place, expected, before.as_ref().map(Source::Container), Some(undoes))
    }

    fn perform(
        &mut self,
        label: &str,
        notes: &BTreeMap<String, String>,
        place: &Place,
        expected: Expected<'_>,
        source: Option<Source<'_>>,
        undoes: Option<Undoes>,
    ) -> Result<u64, VaultError> {
        let (below, name) = place.split()?;
        let path = place.path();
        let folder = self.disk.folder(&place.root, &below).map_err(VaultError::io(&path, "opening its folder"))?;
        let folder_traits = self.disk.folder_traits(&folder).map_err(VaultError::io(&path, "looking at its folder"))?;
        let change = self.history().next();
        let (old, before) = match expected {
            Expected::Nothing => {
                if self.disk.look(&folder, name).map_err(VaultError::io(&path, "looking"))?.is_some() {
                    return Err(VaultError::Exists(path));
                }
                (None, None)
            }
            Expected::File { sha256, identity } => {
                let (file, stat) = open(&self.disk, &folder, name, &path)?;
                if identity.is_some_and(|identity| identity != stat.identity) {
                    return Err(VaultError::OtherFile(path));
                }
                let (file, before) = self.store(change, place, file, &stat, sha256)?;
                (Some(file), Some(before))
            }
        };
        let after = source.as_ref().map(|source| match source {
            Source::Bytes(bytes) => {
                After { sha256: container::sha256(bytes), size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
            }
            Source::Container(before) => After { sha256: before.sha256.clone(), size: before.size },
        });
        // Only when nobody has changed the folder since are its old times still true.
        let folder_after = undoes
            .as_ref()
            .filter(|undoes| undoes.folder_modified == Some(folder_traits.times.modified))
            .map(|undoes| undoes.folder);
        let file = FileChange {
            place: place.clone(),
            beside: format!(".afterpatch-{}-{change}", self.history().vault),
            before,
            after,
            folder: folder_traits.times,
            folder_after,
        };
        let intent = Intent {
            change,
            undoes: undoes.map(|undoes| undoes.change),
            label: label.to_owned(),
            notes: notes.clone(),
            what: Subject::File(Box::new(file.clone())),
        };
        self.write(Record::Intent(Box::new(intent.clone())))?;
        let made = self.make_change(&file, &folder, name, &path, old, source.as_ref(), &folder_traits);
        let Err(why) = made else {
            let done = self.done(change, &file, &folder, false).and_then(|done| self.write(done));
            return match done {
                Ok(()) => Ok(change),
                Err(source) => Err(VaultError::DoneNotRecorded { path, source: Box::new(source) }),
            };
        };
        match self.settle(&intent, &why.to_string()) {
            Ok(settlement) if settlement.outcome == Settled::Done => Ok(change),
            Ok(_) => Err(why),
            Err(source) => Err(VaultError::HalfDone { path, why: Box::new(why), source: Box::new(source) }),
        }
    }

    /// Puts a file into a container and reads the container back.
    fn store(
        &self,
        change: u64,
        place: &Place,
        mut file: D::File,
        stat: &Stat,
        expected: &str,
    ) -> Result<(D::File, Before), VaultError> {
        let container = container_name(change);
        let part = format!("{container}{PART}");
        match self.try_store(&container, &part, place, &mut file, stat, expected) {
            Ok(before) => Ok((file, before)),
            Err(error) => {
                // What cannot be removed now is swept away by the next run.
                let _ = self.disk.remove(&self.files, &part);
                let _ = self.disk.remove(&self.files, &container);
                Err(error)
            }
        }
    }

    fn try_store(
        &self,
        container: &str,
        part: &str,
        place: &Place,
        file: &mut D::File,
        stat: &Stat,
        expected: &str,
    ) -> Result<Before, VaultError> {
        let (path, at) = (place.path(), self.container_path(part));
        let traits = self.disk.traits(file).map_err(VaultError::io(&path, "looking"))?;
        let about = About {
            schema: ABOUT_SCHEMA.to_owned(),
            place: place.clone(),
            sha256: String::new(),
            size: stat.size,
            identity: stat.identity,
            traits: traits.clone(),
        };
        let mut out = self.disk.create(&self.files, part).map_err(VaultError::io(&at, "making"))?;
        let written = container::write(&mut out, &self.recipient, file, about).map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => VaultError::Changing(path.clone()),
            _ => VaultError::io(&at, "storing")(error),
        })?;
        still(&self.disk, file, stat, &path)?;
        if written.sha256 != expected {
            return Err(VaultError::OtherContent { path, found: written.sha256, expected: expected.to_owned() });
        }
        self.disk.sync(&out).map_err(VaultError::io(&at, "syncing"))?;
        self.disk.rename(&self.files, part, container).map_err(VaultError::io(&at, "renaming"))?;
        self.disk.sync_folder(&self.files).map_err(VaultError::io(&self.path.join(FILES), "syncing"))?;
        let before = Before {
            container: container.to_owned(),
            container_sha256: written.container_sha256,
            identity: stat.identity,
            sha256: written.sha256,
            size: stat.size,
            traits,
        };
        self.check_container(&before)?;
        Ok(before)
    }

    #[allow(clippy::too_many_arguments, reason = "what the one caller has found out")]
    fn make_change(
        &self,
        it: &FileChange,
        folder: &D::Folder,
        name: &str,
        path: &Path,
        old: Option<D::File>,
        source: Option<&Source<'_>>,
        folder_traits: &Traits,
    ) -> Result<(), VaultError> {
        let (disk, beside) = (&self.disk, &*it.beside);
        if let Some(source) = source {
            self.write_beside(it, folder, path, source, folder_traits)?;
        }
        let sync = || disk.sync_folder(folder).map_err(VaultError::io(path, "syncing its folder"));
        match (&it.before, source) {
            (_, None) => disk.rename(folder, name, beside).map_err(VaultError::io(path, "setting it aside"))?,
            (None, Some(_)) => disk.rename(folder, beside, name).map_err(VaultError::io(path, "putting it in place"))?,
            (Some(_), Some(_)) => match disk.exchange(folder, beside, name) {
                Err(error) if error.kind() == std::io::ErrorKind::Unsupported => {
                    // At once as well, but what is overwritten can be looked at only before.
                    self.is_the_same(disk.look(folder, name), it, path)?;
                    // Windows before 10 does not replace what anybody has open, not even us.
                    drop(old);
                    disk.replace(folder, beside, name).map_err(VaultError::io(path, "replacing it"))?;
                    return sync();
                }
                exchanged => exchanged.map_err(VaultError::io(path, "replacing it"))?,
            },
        }
        sync()?;
        if let (Some(before), Some(mut old)) = (&it.before, old) {
            // Whether what was moved is what was stored: between the look and the move somebody may have swapped or changed it.
            self.is_the_same(disk.look(folder, beside), it, path)?;
            let now = container::hash_of::<D>(&mut old).map_err(VaultError::io(path, "reading"))?;
            if now != before.sha256 {
                return Err(VaultError::Changing(path.to_owned()));
            }
            // On Windows a name may stay until the last one who has the file open closes it.
            drop(old);
            disk.remove(folder, beside).map_err(VaultError::io(path, "removing it"))?;
            sync()?;
        }
        Ok(())
    }

    fn is_the_same(&self, looked: std::io::Result<Option<Stat>>, it: &FileChange, path: &Path) -> Result<(), VaultError> {
        let looked = looked.map_err(VaultError::io(path, "looking"))?;
        let expected = it.before.as_ref().map(|before| before.identity);
        let same = looked.is_some_and(|stat| Some(stat.identity) == expected && stat.kind == Kind::File && stat.links == 1);
        if same { Ok(()) } else { Err(VaultError::Changing(path.to_owned())) }
    }

    /// Writes the new content beside the place where it will be.
    fn write_beside(
        &self,
        it: &FileChange,
        folder: &D::Folder,
        path: &Path,
        source: &Source<'_>,
        folder_traits: &Traits,
    ) -> Result<(), VaultError> {
        let at = path.with_file_name(&it.beside);
        let mut file = self.disk.create(folder, &it.beside).map_err(VaultError::io(&at, "making"))?;
        let now = Times { accessed: self.now, modified: self.now };
        let traits = match source {
            Source::Bytes(bytes) => {
                file.write_all(bytes).map_err(VaultError::io(&at, "writing"))?;
                match &it.before {
                    Some(before) => Traits { times: now, ..before.traits.clone() },
                    // As a file that somebody else makes there: the folder's owner, no right to run it.
                    None => Traits {
                        mode: folder_traits.mode & 0o666,
                        owner: folder_traits.owner,
                        group: folder_traits.group,
                        times: now,
                        extended: Vec::new(),
                    },
                }
            }
            Source::Container(before) => {
                let container = self.container_path(&before.container);
                let sealed = self.disk.open(&self.files, &before.container).map_err(VaultError::io(&container, "opening"))?;
                let identity = self.identity.as_ref().ok_or_else(|| VaultError::NoKey(self.path.clone()))?;
                let about = container::read(sealed, &container, identity, &mut file)?;
                if about.sha256 != before.sha256 {
                    let why = format!("its content has SHA-256 {}, not {}", about.sha256, before.sha256);
                    return Err(VaultError::BadContainer { path: container, why });
                }
                before.traits.clone()
            }
        };
        self.disk.set_traits(&file, &traits).map_err(VaultError::io(&at, "setting owner, mode, attributes and times"))?;
        self.disk.sync(&file).map_err(VaultError::io(&at, "syncing"))?;
        self.disk.sync_folder(folder).map_err(VaultError::io(path, "syncing its folder"))
    }
}

/// The change that is undone.
struct Undoes {
    change: u64,
    folder: Times,
    folder_modified: Option<jiff::Timestamp>,
}
