//! What was read of each artifact, kept in a file while a scan goes on, so that a scan that was cut short begins where it
//! stopped.
//!
//! The file is one line of JSON that says what the scan was, and one for each artifact that was read to its end. A line that a
//! crash has torn is cut off. It speaks for an artifact of the same place, size and time of last change only, and for a scan by
//! the same program with the same rules: otherwise the artifact is read again. It belongs to whoever scans, never to the
//! evidence; who can write to it can make a scan say what he likes, as he could with the report.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use afterpatch_detection::Traffic;
use afterpatch_model::{ArtifactId, ArtifactKind, GapKind, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Options;
use crate::read::Reading;
use crate::survey::Artifact;

const SCHEMA: &str = "afterpatch.resume/1";

/// What was read of one artifact: its reading, and its traffic by server.
pub type Outcome = (Reading, BTreeMap<String, Traffic>);

/// The file in which what was read is kept cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// Another scan is keeping what it reads there.
    #[error("{0}: another scan is using it; wait for it, or name another file")]
    InUse(PathBuf),
    /// It holds something else, which is not to be overwritten.
    #[error("{0}: is there already and was not made by --resume; name another file")]
    NotOurs(PathBuf),
    /// It cannot be read or written.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
}

/// What the scan was that the file is of.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    schema: String,
    program: String,
    rules: u64,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

/// Which artifact a line is of.
#[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Of {
    location: String,
    size: u64,
    modified: Option<Timestamp>,
    kind: ArtifactKind,
}

impl Of {
    fn new(artifact: &Artifact<'_>) -> Self {
        let entry = artifact.entry;
        let location = entry.location().to_owned();
        Self { location, size: entry.size(), modified: entry.modified(), kind: artifact.format.kind() }
    }
}

#[derive(Serialize)]
struct Line<'l> {
    of: &'l Of,
    reading: &'l Reading,
    traffic: &'l BTreeMap<String, Traffic>,
}

#[derive(Deserialize)]
struct KeptLine {
    reading: Reading,
    traffic: BTreeMap<String, Traffic>,
}

/// The file.
#[derive(Debug)]
pub struct Kept {
    path: PathBuf,
    file: Mutex<File>,
    lines: Lines,
}

/// Where the line of an artifact stands, and how long it is.
type Lines = HashMap<Of, (u64, usize)>;

impl Kept {
    /// Opens the file, or makes it. `program` is whatever tells two builds of the program apart, `rules` tells rules apart.
    pub fn open(path: &Path, program: &str, rules: u64, options: &Options) -> Result<Self, ResumeError> {
        let failed = |error: io::Error| ResumeError::Io(path.to_owned(), error);
        let head =
            Head { schema: SCHEMA.to_owned(), program: program.to_owned(), rules, since: options.since, until: options.until };
        let mut file = open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ResumeError::InUse(path.to_owned())),
            // File systems that know no locks.
            Err(TryLockError::Error(_)) => {}
        }
        let (first, mut lines, end) = survey(&mut file).map_err(failed)?;
        match first {
            First::Ours(first) if first == head => file.set_len(end).map_err(failed)?,
            // Of another program, other rules or another time: everything is read again.
            First::Ours(_) | First::Nothing => {
                lines.clear();
                file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
                let line = serde_json::to_string(&head).map_err(|error| failed(error.into()))?;
                file.write_all(format!("{line}\n").as_bytes()).map_err(failed)?;
            }
            First::Foreign => return Err(ResumeError::NotOurs(path.to_owned())),
        }
        Ok(Self { path: path.to_owned(), file: Mutex::new(file), lines })
    }

    /// Whether this artifact was read to its end.
    pub fn has(&self, artifact: &Artifact<'_>) -> bool {
        self.lines.contains_key(&Of::new(artifact))
    }

    /// What was read of this artifact.
    pub fn get(&self, artifact: &Artifact<'_>) -> Option<Outcome> {
        let (start, length) = *self.lines.get(&Of::new(artifact))?;
        let mut line = vec![0; length];
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(start)).ok()?;
            file.read_exact(&mut line).ok()?;
        }
        let KeptLine { mut reading, mut traffic } = serde_json::from_slice(&line).ok()?;
        reading.renumber(artifact.id);
        traffic.values_mut().for_each(|traffic| traffic.renumber(artifact.id));
        Some((reading, traffic))
    }

    /// Keeps what was read of this artifact. What cannot be kept is read again by the next scan.
    pub fn put(&self, artifact: &Artifact<'_>, (reading, traffic): &Outcome) {
        // What could not be read may be readable next time.
        let may_change =
            |kind| matches!(kind, GapKind::Unreadable | GapKind::Vanished | GapKind::HeldByAntivirus | GapKind::InternalError);
        // What runs on the machine now is not what ran on it then. A running Windows writes into its event logs and hives without
        // making them longer, and tells of it late.
        let is_momentary = match artifact.format.kind() {
            ArtifactKind::LiveState => true,
            ArtifactKind::Evtx | ArtifactKind::RegistryHive => cfg!(windows),
            _ => false,
        };
        if is_momentary || reading.gaps.iter().any(|gap| may_change(gap.kind)) {
            return;
        }
        let Ok(mut line) = serde_json::to_vec(&Line { of: &Of::new(artifact), reading, traffic }) else { return };
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // A line that is written in part, as on a full disk, would tear the next one, too.
        if let Ok(end) = file.seek(SeekFrom::End(0))
            && file.write_all(&line).is_err()
        {
            let _ = file.set_len(end);
        }
    }

    /// Removes the file: the scan came to its end.
    pub fn remove(&self) -> io::Result<()> {
        std::fs::remove_file(&self.path)
    }
}

/// A number that tells one set of rules from another.
pub fn number_of_rules<'r>(texts: impl Iterator<Item = &'r str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for text in texts {
        hasher.write(text.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// It holds parts of logs, so others have no business with it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

enum First {
    Nothing,
    Ours(Head),
    Foreign,
}

/// The first line, where the lines of artifacts stand, and where the last whole one ends.
fn survey(file: &mut File) -> io::Result<(First, Lines, u64)> {
    #[derive(Deserialize)]
    struct OfLine {
        of: Of,
    }
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1 << 20, &*file);
    let mut lines = Lines::new();
    let mut first = First::Nothing;
    let mut line = Vec::new();
    let mut end = 0;
    loop {
        line.clear();
        // What is no file of ours may be one line without end.
        let most = if end == 0 { 1 << 16 } else { u64::MAX };
        let length = (&mut reader).take(most).read_until(b'\n', &mut line)?;
        if length == 0 {
            break;
        }
        let is_whole = line.pop_if(|last| *last == b'\n').is_some();
        if end == 0 {
            match serde_json::from_slice::<Head>(&line) {
                Ok(head) if is_whole && head.schema.starts_with("afterpatch.resume/") => first = First::Ours(head),
                _ => return Ok((First::Foreign, lines, 0)),
            }
        } else {
            match serde_json::from_slice::<OfLine>(&line) {
                Ok(OfLine { of }) if is_whole => drop(lines.insert(of, (end, line.len()))),
                _ => break,
            }
        }
        end += length as u64;
    }
    Ok((first, lines, end))
}

impl Reading {
    /// The same as that of an artifact which has this number in another run.
    fn renumber(&mut self, artifact: ArtifactId) {
        for finding in &mut self.findings {
            finding.evidence.iter_mut().for_each(|evidence| evidence.artifact = artifact);
        }
        self.gaps.iter_mut().for_each(|gap| gap.artifact = gap.artifact.map(|_| artifact));
        self.numberings.iter_mut().for_each(|numbering| numbering.artifact = artifact);
    }
}
