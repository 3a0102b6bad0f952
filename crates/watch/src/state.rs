//! What a watch knows, kept so that it survives a restart and a `kill -9`: a journal of checked lines, written anew as a whole now
//! and then.
//!
//! An alert and how far its file was read are one line: either both are known after a crash, or neither, and then the same bytes
//! give the same alert again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use afterpatch_model::Alert;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::cursor::Cursor;
use crate::walk::{Identity, Stamp};

/// Form of the journal.
const SCHEMA: &str = "afterpatch.watch-state/1";
const JOURNAL: &str = "journal";
const NEW_JOURNAL: &str = "journal.new";
const LOCK: &str = "lock";
/// The journal is written anew when it has grown by this much, and to twice its size.
const LEAST_GROWTH: u64 = 4 << 20;
/// A line longer than this is damage.
const MAX_LINE: u64 = 64 << 20;

/// The state folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// A file of it cannot be read or written.
    #[error("state {path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another watch uses it.
    #[error("state {0}: another watch is using it")]
    InUse(PathBuf),
    /// It was written by another version.
    #[error("state {path}: is of form {found}, this version knows {SCHEMA}; name another folder")]
    Form {
        /// Which.
        path: PathBuf,
        /// What it says.
        found: String,
    },
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tracked {
    /// It is read as a whole when it changes; `hash` is that of its content.
    Whole {
        /// How it looked.
        stamp: Stamp,
        /// Of its content.
        hash: String,
    },
    /// It is a log of lines; its cursor goes by the file's identity, as logs are renamed.
    Lines {
        /// How it looked.
        stamp: Stamp,
    },
    /// It is an event log.
    Events {
        /// How it looked.
        stamp: Stamp,
        /// The highest record number that was read.
        highest: u64,
    },
    /// It is nothing to us.
    Other {
        /// How it looked.
        stamp: Stamp,
    },
}

impl Tracked {
    /// How it looked.
    pub fn stamp(&self) -> &Stamp {
        match self {
            Self::Whole { stamp, .. } | Self::Lines { stamp } | Self::Events { stamp, .. } | Self::Other { stamp } => stamp,
        }
    }
}

/// One change of what is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Of a file.
    File(String, Tracked),
    /// A file has gone.
    Gone(String),
    /// Of a cursor.
    Cursor(Identity, Box<Cursor>),
    /// A cursor is not needed any more.
    Forget(Identity),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// The first line: form, the last sequence number given, and whether everything was looked at once.
    Begin(String, u64, bool),
    /// Changes without an alert.
    Changes(Vec<Change>),
    /// Changes and the alerts that they told.
    Batch(Vec<Change>, Vec<Alert>),
    /// The alerts up to this number are in the alert log.
    Told(u64),
    /// Everything was looked at once.
    Looked,
}

/// What a watch knows.
pub struct State {
    folder: PathBuf,
    journal: BufWriter<File>,
    /// Bytes in the journal, and from where on it is written anew.
    bytes: u64,
    limit: u64,
    /// Holds the lock.
    _lock: File,
    /// Whether everything was looked at once, in this run or an earlier one: what is met from then on is new.
    pub has_looked: bool,
    /// By path on this machine.
    pub files: BTreeMap<String, Tracked>,
    /// By file.
    pub cursors: BTreeMap<Identity, Cursor>,
    /// The last sequence number given.
    pub sequence: u64,
    /// Alerts that are not known to be in the alert log.
    pub pending: Vec<Alert>,
    dirty_files: BTreeSet<String>,
    dirty_cursors: BTreeSet<Identity>,
}

impl State {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// [`StateError`].
    pub fn open(folder: &Path) -> Result<Self, StateError> {
        let at = |path: PathBuf| move |source| StateError::Io { path, source };
        make_private(folder).map_err(at(folder.to_owned()))?;
        let lock_path = folder.join(LOCK);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path).map_err(at(lock_path.clone()))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StateError::InUse(folder.to_owned())),
            Err(TryLockError::Error(source)) => return Err(StateError::Io { path: lock_path, source }),
        }
        let path = folder.join(JOURNAL);
        let mut known = Known::default();
        if path.exists() {
            known.read(&path)?;
        }
        let journal = OpenOptions::new().create(true).append(true).open(&path).map_err(at(path))?;
        let mut state = Self {
            folder: folder.to_owned(),
            journal: BufWriter::new(journal),
            bytes: 0,
            limit: LEAST_GROWTH,
            _lock: lock,
            has_looked: known.has_looked,
            files: known.files,
            cursors: known.cursors,
            sequence: known.sequence,
            pending: known.pending,
            dirty_files: BTreeSet::new(),
            dirty_cursors: BTreeSet::new(),
        };
        // Whatever a crash left at the journal's end is gone after this.
        state.write_anew()?;
        Ok(state)
    }

    /// Changes what is known. It is written with the next [`State::batch`] or [`State::flush`]; a crash before that costs
    /// reading the same again.
    pub fn set(&mut self, change: Change) {
        match &change {
            Change::File(path, _) | Change::Gone(path) => self.dirty_files.insert(path.clone()),
            Change::Cursor(identity, _) | Change::Forget(identity) => self.dirty_cursors.insert(*identity),
        };
        apply(&mut self.files, &mut self.cursors, change);
    }

    /// Writes what has changed; it need not be on the disk yet when this returns.
    ///
    /// # Errors
    /// [`StateError::Io`].
    pub fn flush(&mut self) -> Result<(), StateError> {
        let changes = self.changes();
        if changes.is_empty() {
            return Ok(());
        }
        self.write(&Line::Changes(changes))?;
        self.journal.flush().map_err(|source| self.error(source))?;
        if self.bytes > self.limit { self.write_anew() } else { Ok(()) }
    }

    /// Writes what has changed and the alerts that this told, as one; they are on the disk when this returns.
    ///
    /// # Errors
    /// [`StateError::Io`]; nothing may be told then.
    pub fn batch(&mut self, alerts: &[Alert]) -> Result<(), StateError> {
        let changes = self.changes();
        self.write(&Line::Batch(changes, alerts.to_vec()))?;
        self.sequence = alerts.last().map_or(self.sequence, |alert| alert.sequence);
        self.pending.extend_from_slice(alerts);
        self.sync()
    }

    /// Everything was looked at once.
    ///
    /// # Errors
    /// [`StateError::Io`].
    pub fn looked(&mut self) -> Result<(), StateError> {
        if std::mem::replace(&mut self.has_looked, true) {
            return Ok(());
        }
        self.flush()?;
        self.write(&Line::Looked)?;
        self.sync()
    }

    fn changes(&mut self) -> Vec<Change> {
        let files = std::mem::take(&mut self.dirty_files).into_iter().map(|path| match self.files.get(&path) {
            Some(tracked) => Change::File(path, tracked.clone()),
            None => Change::Gone(path),
        });
        let cursors = std::mem::take(&mut self.dirty_cursors).into_iter().map(|identity| match self.cursors.get(&identity) {
            Some(cursor) => Change::Cursor(identity, Box::new(cursor.clone())),
            None => Change::Forget(identity),
        });
        files.chain(cursors).collect()
    }

    /// All alerts so far are in the alert log.
    ///
    /// # Errors
    /// [`StateError::Io`].
    pub fn told(&mut self) -> Result<(), StateError> {
        self.write(&Line::Told(self.sequence))?;
        self.pending.clear();
        self.sync()?;
        if self.bytes > self.limit { self.write_anew() } else { Ok(()) }
    }

    fn sync(&mut self) -> Result<(), StateError> {
        let synced = self.journal.flush().and_then(|()| self.journal.get_ref().sync_data());
        synced.map_err(|source| self.error(source))
    }

    fn write(&mut self, line: &Line) -> Result<(), StateError> {
        let text = checked(line).map_err(|source| self.error(source))?;
        self.bytes += text.len() as u64;
        self.journal.write_all(text.as_bytes()).map_err(|source| self.error(source))
    }

    /// Writes all that is known to a new journal, which takes the old one's place at once.
    fn write_anew(&mut self) -> Result<(), StateError> {
        let (path, new) = (self.folder.join(JOURNAL), self.folder.join(NEW_JOURNAL));
        let written = || -> io::Result<(File, u64)> {
            let mut out = BufWriter::new(File::create(&new)?);
            let mut bytes = 0;
            let mut line = |line: &Line| -> io::Result<()> {
                let text = checked(line)?;
                bytes += text.len() as u64;
                out.write_all(text.as_bytes())
            };
            line(&Line::Begin(SCHEMA.to_owned(), self.sequence, self.has_looked))?;
            for (path, tracked) in &self.files {
                line(&Line::Changes(vec![Change::File(path.clone(), tracked.clone())]))?;
            }
            for (identity, cursor) in &self.cursors {
                line(&Line::Changes(vec![Change::Cursor(*identity, Box::new(cursor.clone()))]))?;
            }
            if !self.pending.is_empty() {
                line(&Line::Batch(Vec::new(), self.pending.clone()))?;
            }
            out.flush()?;
            out.get_ref().sync_all()?;
            fs::rename(&new, &path)?;
            sync_folder(&self.folder)?;
            Ok((OpenOptions::new().append(true).open(&path)?, bytes))
        };
        let (journal, bytes) = written().map_err(|source| self.error(source))?;
        self.journal = BufWriter::new(journal);
        (self.bytes, self.limit) = (bytes, (bytes * 2).max(bytes + LEAST_GROWTH));
        Ok(())
    }

    fn error(&self, source: io::Error) -> StateError {
        StateError::Io { path: self.folder.join(JOURNAL), source }
    }
}

/// What a journal says.
#[derive(Default)]
struct Known {
    files: BTreeMap<String, Tracked>,
    cursors: BTreeMap<Identity, Cursor>,
    sequence: u64,
    pending: Vec<Alert>,
    has_looked: bool,
}

impl Known {
    fn read(&mut self, path: &Path) -> Result<(), StateError> {
        let error = |source| StateError::Io { path: path.to_owned(), source };
        let mut journal = BufReader::new(File::open(path).map_err(error)?);
        loop {
            let mut text = Vec::new();
            let read = io::Read::take(&mut journal, MAX_LINE).read_until(b'\n', &mut text).map_err(error)?;
            // A line that a crash cut short, and all behind it, was never acted upon.
            let Some(line) = (read > 0).then(|| opened(&text)).flatten() else { return Ok(()) };
            match line {
                Line::Begin(schema, ..) if schema != SCHEMA => {
                    return Err(StateError::Form { path: path.to_owned(), found: schema });
                }
                Line::Begin(_, sequence, has_looked) => (self.sequence, self.has_looked) = (sequence, has_looked),
                Line::Looked => self.has_looked = true,
                Line::Changes(changes) => self.take(changes),
                Line::Batch(changes, alerts) => {
                    self.take(changes);
                    self.sequence = alerts.last().map_or(self.sequence, |alert| alert.sequence.max(self.sequence));
                    self.pending.extend(alerts);
                }
                Line::Told(sequence) => self.pending.retain(|alert| alert.sequence > sequence),
            }
        }
    }

    fn take(&mut self, changes: Vec<Change>) {
        for change in changes {
            apply(&mut self.files, &mut self.cursors, change);
        }
    }
}

fn apply(files: &mut BTreeMap<String, Tracked>, cursors: &mut BTreeMap<Identity, Cursor>, change: Change) {
    match change {
        Change::File(path, tracked) => {
            files.insert(path, tracked);
        }
        Change::Gone(path) => {
            files.remove(&path);
        }
        Change::Cursor(identity, cursor) => {
            cursors.insert(identity, *cursor);
        }
        Change::Forget(identity) => {
            cursors.remove(&identity);
        }
    }
}

/// A line with the check of its text before it.
fn checked(line: &Line) -> io::Result<String> {
    let text = serde_json::to_string(line)?;
    Ok(format!("{} {text}\n", check_of(text.as_bytes())))
}

fn opened(line: &[u8]) -> Option<Line> {
    let text = line.strip_suffix(b"\n")?;
    let (check, text) = text.split_at_checked(8)?;
    let text = text.strip_prefix(b" ")?;
    (check == check_of(text).as_bytes()).then(|| serde_json::from_slice(text).ok()).flatten()
}

fn check_of(text: &[u8]) -> String {
    Sha256::digest(text).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// A folder that only its owner can read: alerts hold what visitors sent.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no such thing; its file systems journal names themselves.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::ArtifactKind;

    use super::*;

    fn note(state: &mut State, path: &str, size: u64) {
        let stamp = Stamp { size, ..Stamp::default() };
        state.set(Change::File(path.to_owned(), Tracked::Other { stamp }));
        state.flush().unwrap();
    }

    #[test]
    fn what_is_known_survives_and_half_a_line_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::open(folder.path()).unwrap();
        assert!(!state.has_looked);
        state.looked().unwrap();
        note(&mut state, "a", 1);
        state.set(Change::Cursor(Identity(1, 2), Box::new(Cursor::new(ArtifactKind::IisW3c))));
        state.set(Change::Gone("b".to_owned()));
        state.flush().unwrap();
        note(&mut state, "c", 3);
        drop(state);
        let journal = folder.path().join(JOURNAL);
        let whole = fs::read(&journal).unwrap();
        for cut in 1..whole.len() {
            fs::write(&journal, &whole[..whole.len() - cut]).unwrap();
            let state = State::open(folder.path()).unwrap();
            assert!(state.files.len() <= 2);
            if cut < 40 {
                assert_eq!((state.files.len(), state.cursors.len()), (1, 1), "only the last line is lost");
            }
        }
        // A changed byte ends what is believed.
        let mut damaged = whole.clone();
        let last = damaged.len() - 10;
        damaged[last] ^= 1;
        fs::write(&journal, damaged).unwrap();
        assert_eq!(State::open(folder.path()).unwrap().files.len(), 1);
    }

    #[test]
    fn two_watches_do_not_share_a_state() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        assert!(matches!(State::open(folder.path()), Err(StateError::InUse(_))));
        drop(state);
        State::open(folder.path()).unwrap();
    }

    #[test]
    fn the_journal_stays_small() {
        let folder = tempfile::tempdir().unwrap();
        let mut state = State::open(folder.path()).unwrap();
        for size in 0..1_000 {
            state.limit = 2_000;
            note(&mut state, "a", size);
        }
        assert!(fs::metadata(folder.path().join(JOURNAL)).unwrap().len() < 3_000);
        assert_eq!(state.files["a"].stamp().size, 999);
    }
}
