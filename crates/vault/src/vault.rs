//! A vault: a folder with containers, a journal and a key.

use std::io::{Read, Write, sink};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::VaultError;
use crate::container;
use crate::disk::Disk;
use crate::history::{History, State};
use crate::journal::{self, Before, Journal, Line, Record, SCHEMA, is_container};
use crate::keys::{Identity, Recipient};
use crate::place::inside;
use crate::settle::Settlement;

pub(crate) const FILES: &str = "files";
const JOURNAL: &str = "journal.jsonl";
const KEY: &str = "key.txt";
const LOCK: &str = "lock";
const README: &str = "README.txt";
/// What a file is called until it is whole.
pub(crate) const PART: &str = ".part";

const README_TEXT: &str = "\
This folder is a quarantine vault of afterpatch. It holds files that were taken off a server or changed on it, so that they can
be put back: do not delete it before you are sure that nothing in it is needed any more.

Put everything back:        afterpatch clean undo THIS_FOLDER
See what was done:          afterpatch clean status THIS_FOLDER
Open one file by hand:      age -d -i key.txt files/000001.age | tar x
                            (https://age-encryption.org; `content` is the file, `about.json` says where it lay and all about it)

The files are encrypted so that nobody runs one by accident and no virus scanner deletes one. If key.txt lies in this folder,
that is ALL the encryption does: whoever can read this folder can open them. Copy the folder off the server for safe keeping.
";

/// What opening a vault needs to be told.
#[derive(Clone)]
pub struct Settings {
    /// The time, UTC, that this run writes into the journal.
    pub now: Timestamp,
    /// To whom a new vault encrypts. Else a key is made, and kept in the vault.
    pub recipient: Option<Recipient>,
    /// Who opens containers, when the key is not in the vault.
    pub identity: Option<Identity>,
}

/// How well a container could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It was opened, and its content has the hash that it had when it was taken.
    Opened,
    /// It is byte for byte what was written; the key that opens it is not here.
    Sealed,
}

/// A vault that this run holds alone.
pub struct Vault<D: Disk> {
    pub(crate) disk: D,
    pub(crate) path: PathBuf,
    pub(crate) files: D::Folder,
    pub(crate) recipient: Recipient,
    pub(crate) identity: Option<Identity>,
    pub(crate) now: Timestamp,
    journal: Journal<D>,
    history: History,
    /// Held until the vault is dropped.
    _lock: D::File,
}

impl<D: Disk> Vault<D> {
    /// Opens the vault in a folder, or makes one there, and brings what an interrupted run left to an end.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open_or_create(disk: D, path: &Path, settings: &Settings) -> Result<(Self, Vec<Settlement>), VaultError> {
        make(&disk, path, settings)?;
        Self::open(disk, path, settings)
    }

    /// Opens the vault in a folder, and brings what an interrupted run left to an end: an unfinished change is taken back, or is
    /// found to be done.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(disk: D, path: &Path, settings: &Settings) -> Result<(Self, Vec<Settlement>), VaultError> {
        let folder = match disk.folder(path, &[]) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(VaultError::NoVault(path.to_owned())),
            folder => folder.map_err(VaultError::io(path, "opening"))?,
        };
        let journal_path = inside(path, JOURNAL);
        if disk.look(&folder, JOURNAL).map_err(VaultError::io(&journal_path, "looking"))?.is_none() {
            return Err(VaultError::NoVault(path.to_owned()));
        }
        let lock = lock(&disk, &folder, path)?;
        let mut file = disk.append(&folder, JOURNAL).map_err(VaultError::io(&journal_path, "opening"))?;
        let content = journal::read(&mut file, &journal_path)?;
        let history = History::of(&content.lines);
        check_schema(&content.lines, &journal_path)?;
        let recipient: Recipient = history.recipient.parse()?;
        if let Some(named) = settings.recipient.as_ref().filter(|named| named.to_string() != recipient.to_string()) {
            let (own, named) = (recipient.to_string(), named.to_string());
            return Err(VaultError::OtherRecipient { path: path.to_owned(), own, named });
        }
        let identity = match &settings.identity {
            Some(identity) => Some(identity.clone()),
            None => read_key(&disk, &folder, path)?,
        };
        let files = disk.folder(path, &[FILES]).map_err(VaultError::io(&inside(path, FILES), "opening"))?;
        let journal = Journal::new(&disk, file, journal_path, &content)?;
        let path = path.to_owned();
        let now = settings.now;
        let mut vault = Self { disk, path, files, recipient, identity, now, journal, history, _lock: lock };
        vault.sweep()?;
        let settled = vault.settle_pending()?;
        Ok((vault, settled))
    }

    /// What was done so far, by this run and those before it.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The folder of the vault.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the key that opens the containers lies in the vault or was given.
    pub fn has_key(&self) -> bool {
        self.identity.is_some()
    }

    /// Looks whether what a change took away is still in the vault as it was.
    ///
    /// # Errors
    /// [`VaultError::BadContainer`], [`VaultError::WrongKey`], [`VaultError::NoSuchChange`] (it took nothing away), or what the
    /// disk says.
    pub fn check(&self, change: u64) -> Result<Stored, VaultError> {
        let before = self.history.get(change).and_then(|entry| entry.intent.file()?.before.as_ref());
        self.check_container(before.ok_or(VaultError::NoSuchChange(change))?)
    }

    pub(crate) fn check_container(&self, before: &Before) -> Result<Stored, VaultError> {
        check_in(&self.disk, &self.files, &self.path, before, self.identity.as_ref())
    }

    pub(crate) fn container_path(&self, name: &str) -> PathBuf {
        self.path.join(FILES).join(name)
    }

    /// Writes a line into the journal, on the medium, and only then counts it as said.
    pub(crate) fn write(&mut self, record: Record) -> Result<(), VaultError> {
        let line = Line { time: self.now, record };
        self.journal.write(&self.disk, &line)?;
        self.history.add(&line);
        Ok(())
    }

    /// Removes what an interrupted run had begun to store: nothing was changed for its sake yet.
    fn sweep(&self) -> Result<(), VaultError> {
        let path = inside(&self.path, FILES);
        let known = |name: &str| {
            let befores = self.history.entries.iter().filter_map(|entry| entry.intent.file()?.before.as_ref());
            befores.into_iter().any(|before| before.container == name)
        };
        let names = self.disk.list(&self.files).map_err(VaultError::io(&path, "listing"))?;
        let left: Vec<_> = names.iter().filter(|name| name.ends_with(PART) || (is_container(name) && !known(name))).collect();
        for name in &left {
            self.disk.remove(&self.files, name).map_err(VaultError::io(&path, "removing what an interrupted run left"))?;
        }
        if !left.is_empty() {
            self.disk.sync_folder(&self.files).map_err(VaultError::io(&path, "syncing"))?;
        }
        Ok(())
    }

    fn settle_pending(&mut self) -> Result<Vec<Settlement>, VaultError> {
        let pending = self.history.entries.iter().filter(|entry| entry.state == State::Pending);
        let pending: Vec<_> = pending.map(|entry| entry.intent.clone()).collect();
        pending.iter().map(|intent| self.settle(intent, "the run was interrupted")).collect()
    }
}

impl History {
    /// What a vault's journal says, without changing anything and while another run may be at work.
    ///
    /// # Errors
    /// [`VaultError::NoVault`], [`VaultError::Damaged`], or what the disk says.
    pub fn read<D: Disk>(disk: &D, path: &Path) -> Result<Self, VaultError> {
        let journal_path = inside(path, JOURNAL);
        let no_vault = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound => VaultError::NoVault(path.to_owned()),
            _ => VaultError::Io { path: journal_path.clone(), doing: "opening", source: error },
        };
        let folder = disk.folder(path, &[]).map_err(no_vault)?;
        let content = journal::read(disk.open(&folder, JOURNAL).map_err(no_vault)?, &journal_path)?;
        check_schema(&content.lines, &journal_path)?;
        Ok(Self::of(&content.lines))
    }
}

/// Looks whether a container of a vault is as it was written, without holding the vault. `identity` opens it; else the key that
/// lies in the vault, if one does.
///
/// # Errors
/// As [`Vault::check`].
pub fn check<D: Disk>(disk: &D, vault: &Path, before: &Before, identity: Option<&Identity>) -> Result<Stored, VaultError> {
    let folder = disk.folder(vault, &[]).map_err(VaultError::io(vault, "opening"))?;
    let files = disk.folder(vault, &[FILES]).map_err(VaultError::io(&inside(vault, FILES), "opening"))?;
    let own = if identity.is_none() { read_key(disk, &folder, vault)? } else { None };
    check_in(disk, &files, vault, before, identity.or(own.as_ref()))
}

fn check_in<D: Disk>(
    disk: &D,
    files: &D::Folder,
    vault: &Path,
    before: &Before,
    identity: Option<&Identity>,
) -> Result<Stored, VaultError> {
    let path = vault.join(FILES).join(&before.container);
    let open = || disk.open(files, &before.container).map_err(VaultError::io(&path, "opening"));
    let found = container::hash_of::<D>(&mut open()?).map_err(VaultError::io(&path, "reading"))?;
    if found != before.container_sha256 {
        let why = format!("it has SHA-256 {found}, not {}", before.container_sha256);
        return Err(VaultError::BadContainer { path, why });
    }
    let Some(identity) = identity else { return Ok(Stored::Sealed) };
    let about = container::read(open()?, &path, identity, &mut sink())?;
    if about.sha256 != before.sha256 {
        let why = format!("its content has SHA-256 {}, not {}", about.sha256, before.sha256);
        return Err(VaultError::BadContainer { path, why });
    }
    Ok(Stored::Opened)
}

/// Container names are `000001.age`.
pub(crate) fn container_name(change: u64) -> String {
    format!("{change:06}.age")
}

fn check_schema(lines: &[Line], path: &Path) -> Result<(), VaultError> {
    match lines.first().map(|line| &line.record) {
        Some(Record::Vault { schema, .. }) if schema == SCHEMA => Ok(()),
        Some(Record::Vault { schema, .. }) => {
            let why = format!("is of form {schema}, this version reads {SCHEMA}");
            Err(VaultError::Damaged { path: path.to_owned(), line: 1, why })
        }
        _ => Err(VaultError::Damaged { path: path.to_owned(), line: 1, why: "does not say what journal it is".to_owned() }),
    }
}

/// Makes the vault's folder and what belongs into it, as far as it is not there. The journal comes last and at once, so that a
/// vault with a journal is whole.
fn make<D: Disk>(disk: &D, path: &Path, settings: &Settings) -> Result<(), VaultError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let bad_name = VaultError::BadName { path: path.to_owned(), why: "a vault needs a name that is Unicode" };
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(bad_name)?;
    let above = disk.folder(parent, &[]).map_err(VaultError::io(parent, "opening"))?;
    if disk.look(&above, name).map_err(VaultError::io(path, "looking"))?.is_none() {
        disk.make_folder(&above, name).map_err(VaultError::io(path, "making the vault"))?;
        disk.sync_folder(&above).map_err(VaultError::io(parent, "syncing"))?;
    }
    let folder = disk.folder(path, &[]).map_err(VaultError::io(path, "opening"))?;
    let names = disk.list(&folder).map_err(VaultError::io(path, "listing"))?;
    if names.iter().any(|name| name == JOURNAL) {
        return Ok(());
    }
    if names.iter().any(|name| ![LOCK, README, KEY, FILES].contains(&&**name) && !name.ends_with(PART)) {
        return Err(VaultError::NotAVault(path.to_owned()));
    }
    let _lock = lock(disk, &folder, path)?;
    let recipient = match &settings.recipient {
        Some(recipient) => recipient.clone(),
        None => match read_key(disk, &folder, path)? {
            Some(identity) => identity.recipient(),
            None => {
                let identity = Identity::generate();
                put(disk, &folder, path, KEY, identity.to_file_text().as_bytes())?;
                identity.recipient()
            }
        },
    };
    if !names.iter().any(|name| name == FILES) {
        disk.make_folder(&folder, FILES).map_err(VaultError::io(&inside(path, FILES), "making a folder"))?;
    }
    if !names.iter().any(|name| name == README) {
        put(disk, &folder, path, README, README_TEXT.as_bytes())?;
    }
    let vault = container::sha256(format!("{recipient} {}", settings.now).as_bytes()).chars().take(8).collect();
    let record = Record::Vault { schema: SCHEMA.to_owned(), vault, recipient: recipient.to_string() };
    let first =
        journal::first_line(&Line { time: settings.now, record }).map_err(VaultError::io(&inside(path, JOURNAL), "writing"))?;
    put(disk, &folder, path, JOURNAL, first.as_bytes())
}

/// Writes a new file so that it is there whole or not at all.
fn put<D: Disk>(disk: &D, folder: &D::Folder, vault: &Path, name: &str, bytes: &[u8]) -> Result<(), VaultError> {
    let part = format!("{name}{PART}");
    let path = inside(vault, &part);
    if disk.look(folder, &part).map_err(VaultError::io(&path, "looking"))?.is_some() {
        disk.remove(folder, &part).map_err(VaultError::io(&path, "removing"))?;
    }
    let mut file = disk.create(folder, &part).map_err(VaultError::io(&path, "making"))?;
    file.write_all(bytes).and_then(|()| disk.sync(&file)).map_err(VaultError::io(&path, "writing"))?;
    disk.rename(folder, &part, name).map_err(VaultError::io(&path, "renaming"))?;
    disk.sync_folder(folder).map_err(VaultError::io(vault, "syncing"))
}

fn lock<D: Disk>(disk: &D, folder: &D::Folder, vault: &Path) -> Result<D::File, VaultError> {
    let path = inside(vault, LOCK);
    let file = match disk.append(folder, LOCK) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => disk.create(folder, LOCK),
        file => file,
    };
    let file = file.map_err(VaultError::io(&path, "opening"))?;
    if !disk.lock(&file).map_err(VaultError::io(&path, "locking"))? {
        return Err(VaultError::Locked(vault.to_owned()));
    }
    Ok(file)
}

fn read_key<D: Disk>(disk: &D, folder: &D::Folder, vault: &Path) -> Result<Option<Identity>, VaultError> {
    let path = inside(vault, KEY);
    let mut text = String::new();
    match disk.open(folder, KEY) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.and_then(|mut file| file.read_to_string(&mut text)).map_err(VaultError::io(&path, "reading"))?,
    };
    Identity::from_file_text(&text).map(Some)
}
