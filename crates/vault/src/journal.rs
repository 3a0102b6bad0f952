//! What was done, line by line, each line chained to the one before.
//!
//! A line is `<checksum> <json>\n`; the checksum is the SHA-256, in hexadecimal, of the checksum of the line before (nothing for
//! the first) followed by the JSON text. A line that a crash tore is noticed by it, and so is a line that was changed later by
//! accident. It is no defence against somebody who may write to the journal: he can compute it, too.

use std::collections::BTreeMap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::disk::{Disk, Identity, Times, Traits};
use crate::switch::SwitchChange;
use crate::{Place, VaultError, hex};

/// Name and version of the journal's form.
pub const SCHEMA: &str = "afterpatch.vault/1";

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When the run began that wrote it, UTC.
    pub time: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub record: Record,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// The first line.
    Vault {
        /// [`SCHEMA`].
        schema: String,
        /// The vault's own name, part of the names of files it makes for a moment beside a changed file.
        vault: String,
        /// To whom its containers are encrypted (an age recipient).
        recipient: String,
    },
    /// What is about to be done. It is on the medium before anything is.
    Intent(Box<Intent>),
    /// It was done.
    Done {
        /// The change.
        change: u64,
        /// When the folder was last changed, after the change: whether somebody else changed it later can be told by it. `None`
        /// for a switch, which lies in no folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        folder_modified: Option<Timestamp>,
        /// Noticed only later, after a crash.
        #[serde(default)]
        recovered: bool,
    },
    /// It was not done, or taken back: all is as before it.
    Withdrawn {
        /// The change.
        change: u64,
        /// Why.
        why: String,
    },
}

/// What is about to be done to one file or switch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The change's number, from 1.
    pub change: u64,
    /// The change that it undoes.
    pub undoes: Option<u64>,
    /// The user's name for it: plan and action.
    pub label: String,
    /// Whatever the user wants to know later: the server, the file's path there.
    #[serde(default)]
    pub notes: BTreeMap<String, String>,
    /// To what, and from what to what.
    #[serde(flatten)]
    pub what: Subject,
}

impl Intent {
    /// The change, when it is one of a file.
    #[must_use]
    pub fn file(&self) -> Option<&FileChange> {
        match &self.what {
            Subject::File(file) => Some(file),
            Subject::Switch(_) => None,
        }
    }
}

/// What a change is made to. Which it is shows by its fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Subject {
    /// A file.
    File(Box<FileChange>),
    /// Something that is on or off in the running system.
    Switch(SwitchChange),
}

/// What is about to be done to one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// Where the file lies.
    pub place: Place,
    /// The name that is used beside it for a moment.
    pub beside: String,
    /// What is there before; `None` when nothing is.
    pub before: Option<Before>,
    /// What is there after; `None` when nothing is.
    pub after: Option<After>,
    /// The folder's times before the change.
    pub folder: Times,
    /// Whether the folder gets the times in `folder_after` when it is done.
    pub folder_after: Option<Times>,
}

/// The file before a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The container, below the vault's folder `files`.
    pub container: String,
    /// SHA-256 of the container.
    pub container_sha256: String,
    /// Which file it was.
    pub identity: Identity,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// Everything else about it.
    pub traits: Traits,
}

/// The file after a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct After {
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A journal, open for writing at its end.
pub(crate) struct Journal<D: Disk> {
    file: D::File,
    path: PathBuf,
    last: String,
    length: u64,
    /// A write failed in a way that leaves the end of the file unknown.
    broken: bool,
}

/// What a journal says.
pub(crate) struct Content {
    pub(crate) lines: Vec<Line>,
    /// Length in bytes of what is whole.
    pub(crate) length: u64,
    /// Checksum of the last whole line.
    pub(crate) last: String,
    /// Bytes of a torn line at the end.
    pub(crate) torn: u64,
}

/// Reads a journal. A line that is torn at the very end is left out: a crash does that.
pub(crate) fn read(file: impl Read, path: &Path) -> Result<Content, VaultError> {
    let mut text = Vec::new();
    BufReader::new(file).read_to_end(&mut text).map_err(VaultError::io(path, "reading"))?;
    let (mut lines, mut length, mut last, mut number) = (Vec::new(), 0_usize, String::new(), 0);
    let damaged = |line, why: &str| VaultError::Damaged { path: path.to_owned(), line, why: why.to_owned() };
    for raw in text.split_inclusive(|byte| *byte == b'\n') {
        number += 1;
        let is_last = length + raw.len() == text.len();
        let parsed = std::str::from_utf8(raw).ok().and_then(|line| line.strip_suffix('\n')?.split_once(' '));
        match parsed {
            Some((sum, json)) if sum == checksum(&last, json) => {
                let line = serde_json::from_str(json).map_err(|error| damaged(number, &format!("is not understood: {error}")))?;
                if has_foreign_name(&line) {
                    return Err(damaged(number, "names a file that no vault of ours has"));
                }
                lines.push(line);
                last = sum.to_owned();
                length += raw.len();
            }
            // What a crash leaves is no whole line of ours.
            _ if is_last && parsed.is_none_or(|(_, json)| serde_json::from_str::<Line>(json).is_err()) => break,
            _ => return Err(damaged(number, "its checksum does not fit: it was changed, or a line before it was removed")),
        }
    }
    let to_u64 = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Ok(Content { lines, length: to_u64(length), last, torn: to_u64(text.len() - length) })
}

impl<D: Disk> Journal<D> {
    /// A journal whose content is known. A torn end is cut off.
    pub(crate) fn new(disk: &D, file: D::File, path: PathBuf, read: &Content) -> Result<Self, VaultError> {
        if read.torn > 0 {
            disk.cut(&file, read.length)
                .and_then(|()| disk.sync(&file))
                .map_err(VaultError::io(&path, "cutting off a torn line"))?;
        }
        Ok(Self { file, path, last: read.last.clone(), length: read.length, broken: false })
    }

    /// Writes a line and waits until it is on the medium.
    pub(crate) fn write(&mut self, disk: &D, line: &Line) -> Result<(), VaultError> {
        if self.broken {
            return Err(VaultError::Damaged {
                path: self.path.clone(),
                line: 0,
                why: "an earlier write to it failed".to_owned(),
            });
        }
        let failed = |source: io::Error| VaultError::Io { path: self.path.clone(), doing: "writing", source };
        let json = serde_json::to_string(line).map_err(|error| failed(error.into()))?;
        let sum = checksum(&self.last, &json);
        let text = format!("{sum} {json}\n");
        let written = self.file.write_all(text.as_bytes()).and_then(|()| disk.sync(&self.file));
        if let Err(source) = written {
            let error = failed(source);
            // Half a line would make the next one unreadable.
            let cut = disk.cut(&self.file, self.length).and_then(|()| self.file.seek(SeekFrom::End(0)));
            self.broken = cut.is_err();
            return Err(error);
        }
        self.length += u64::try_from(text.len()).unwrap_or(0);
        self.last = sum;
        Ok(())
    }
}

/// Whether a line names files as only somebody else would: a journal may have been edited, and its names are opened.
fn has_foreign_name(line: &Line) -> bool {
    let Record::Intent(intent) = &line.record else { return false };
    let Some(file) = intent.file() else { return false };
    let container = file.before.as_ref().is_some_and(|before| !is_container(&before.container));
    container || !file.beside.starts_with(".afterpatch-") || file.beside.contains(['/', '\\', '\0'])
}

/// Containers are called `000001.age`.
pub(crate) fn is_container(name: &str) -> bool {
    name.strip_suffix(".age").is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The text of a journal that has one line.
pub(crate) fn first_line(line: &Line) -> io::Result<String> {
    let json = serde_json::to_string(line)?;
    Ok(format!("{} {json}\n", checksum("", &json)))
}

fn checksum(last: &str, json: &str) -> String {
    hex::encode(&Sha256::new().chain_update(last).chain_update(json).finalize())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(lines: u64) -> Vec<u8> {
        let (mut out, mut last) = (Vec::new(), String::new());
        for change in 0..lines {
            let record = Record::Withdrawn { change, why: "test".to_owned() };
            let json = serde_json::to_string(&Line { time: Timestamp::UNIX_EPOCH, record }).unwrap();
            last = checksum(&last, &json);
            out.extend_from_slice(format!("{last} {json}\n").as_bytes());
        }
        out
    }

    #[test]
    fn a_torn_end_is_left_out_wherever_it_is_torn() {
        let whole = text(3);
        let two = text(2).len();
        for end in two..whole.len() {
            let read = read(&whole[..end], Path::new("j")).map_err(|error| format!("{end}: {error}")).unwrap();
            assert_eq!((read.lines.len(), read.length, read.torn), (2, two as u64, (end - two) as u64));
        }
        // A power loss may leave zeros where the line was to be.
        let mut zeros = text(2);
        zeros.extend([0; 100]);
        assert_eq!(read(&*zeros, Path::new("j")).map(|read| read.lines.len()).ok(), Some(2));
    }

    #[test]
    fn a_changed_or_missing_line_is_noticed() {
        let whole = String::from_utf8(text(3)).unwrap();
        let changed = whole.replacen("\"change\":1", "\"change\":7", 1);
        let missing =
            whole.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| format!("{line}\n")).collect::<String>();
        let last_changed = whole.replacen("\"change\":2", "\"change\":7", 1);
        for (broken, line) in [(changed, 2), (missing, 2), (last_changed, 3)] {
            match read(broken.as_bytes(), Path::new("j")) {
                Err(VaultError::Damaged { line: found, .. }) => assert_eq!(found, line),
                _ => unreachable!("line {line}"),
            }
        }
    }
}
