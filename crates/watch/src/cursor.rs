//! How far a log of lines was read, and what is needed to read on: only whole lines are taken, and a log that was cut short or
//! replaced is noticed by what stands at both ends of the part that was read.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use afterpatch_model::ArtifactKind;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::head::Head;

/// A log is read in pieces of this size, so that other files have their turn in between.
pub const PIECE_BYTES: usize = 2 << 20;
/// So many bytes at the start, and before the place where reading goes on, tell whether it is still the same log: several rows of the
/// longest kind, as one row may differ from another only in its first columns.
const MARK_BYTES: u64 = 8 << 10;
const BLOCK: usize = 256 << 10;

/// How far a log was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// What it is.
    pub kind: ArtifactKind,
    /// Bytes read: up to the end of a line.
    pub offset: u64,
    /// Lines in them.
    pub lines: u64,
    /// The lines of its head that say how to read what follows.
    pub head: Head,
    /// UTF-16 (little-endian), as some Windows logs are.
    pub wide: bool,
    /// The log was there before the watch and is not told of; its lines are counted when it first grows.
    unread: bool,
    /// The line at hand is longer than any real one: it is dropped up to its end.
    skipping: bool,
    start: Mark,
    end: Mark,
}

/// What a stretch of bytes was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    length: u64,
    hash: String,
}

/// Lines that are new.
pub struct Taken {
    /// Whole lines, behind the head's.
    pub bytes: Vec<u8>,
    /// How many lines of the head stand before them.
    pub head_lines: u64,
    /// Lines of the log before them.
    pub lines_before: u64,
    /// There is more to read.
    pub more: bool,
    /// A line was too long and was left out.
    pub too_long: bool,
}

impl Cursor {
    /// Of a log that is read from its start.
    pub fn new(kind: ArtifactKind) -> Self {
        Self {
            kind,
            offset: 0,
            lines: 0,
            head: Head::default(),
            wide: false,
            unread: false,
            skipping: false,
            start: Mark::default(),
            end: Mark::default(),
        }
    }

    /// Of a log that is read from where it ends now.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn at_end(kind: ArtifactKind, file: &mut File, size: u64) -> io::Result<Self> {
        let mut cursor = Self { offset: size, unread: size > 0, ..Self::new(kind) };
        cursor.mark(file)?;
        Ok(cursor)
    }

    /// Whether this log is a copy of what the cursor has read of another.
    pub fn fits(&self, file: &mut File, size: u64) -> io::Result<bool> {
        Ok(self.end.length > 0 && size >= self.offset && self.is_still(file)?)
    }

    /// Takes what is new, at most a piece. What was cut short or replaced is taken from its start.
    ///
    /// # Errors
    /// The log cannot be read; nothing was taken.
    pub fn take(&mut self, file: &mut File, size: u64) -> io::Result<Taken> {
        if size < self.offset || !self.is_still(file)? {
            *self = Self::new(self.kind);
        }
        if self.offset == 0 {
            let mut first = [0; 2];
            file.seek(SeekFrom::Start(0))?;
            self.wide = file.read(&mut first)? == 2 && first == [0xff, 0xfe];
        }
        if self.unread {
            self.catch_up(file)?;
        }
        let mut bytes = read_at(file, self.offset, PIECE_BYTES)?;
        let is_full = bytes.len() == PIECE_BYTES;
        let mut taken = Taken { bytes: Vec::new(), head_lines: 0, lines_before: self.lines, more: false, too_long: false };
        let end = self.end_of_lines(&bytes);
        if end == 0 {
            if is_full {
                self.pass(file, &bytes, &mut taken)?;
            }
            return Ok(taken);
        }
        bytes.truncate(end);
        self.offset += end as u64;
        taken.more = is_full;
        let mut from = 0;
        if std::mem::take(&mut self.skipping) {
            from = self.first_line_end(&bytes);
            taken.too_long = true;
            self.lines += 1;
            taken.lines_before = self.lines;
        }
        let lines = bytes.get(from..).unwrap_or_default();
        let mut piece = self.head.bytes(self.wide, from == 0 && taken.lines_before == 0);
        taken.head_lines = self.head.lines();
        self.lines += self.count(lines);
        self.head.learn(self.kind, lines, self.wide);
        piece.extend_from_slice(lines);
        taken.bytes = piece;
        self.mark(file)?;
        Ok(taken)
    }

    /// A whole piece without the end of a line: space that was reserved and not used, or a line longer than any real one.
    fn pass(&mut self, file: &mut File, bytes: &[u8], taken: &mut Taken) -> io::Result<()> {
        if bytes.iter().any(|byte| *byte != 0) {
            self.skipping = true;
            self.offset += bytes.len() as u64;
            taken.more = true;
            return self.mark(file);
        }
        // The writer may still fill it, so only what has something behind it is passed.
        let mut offset = self.offset + bytes.len() as u64;
        loop {
            let block = read_at(file, offset, BLOCK)?;
            match block.iter().position(|byte| *byte != 0) {
                Some(at) => {
                    let at = offset + at as u64;
                    self.offset = if self.wide { at & !1 } else { at };
                    taken.more = true;
                    return self.mark(file);
                }
                None if block.is_empty() => return Ok(()),
                None => offset += block.len() as u64,
            }
        }
    }

    /// Counts the lines of what was there before, and learns its head.
    fn catch_up(&mut self, file: &mut File) -> io::Result<()> {
        let target = self.offset;
        let mut offset = 0;
        (self.lines, self.offset) = (0, 0);
        while offset < target {
            let most = usize::try_from(target - offset).unwrap_or(BLOCK).min(BLOCK);
            let block = read_at(file, offset, most)?;
            if block.is_empty() {
                break;
            }
            let end = self.end_of_lines(&block);
            if end == 0 {
                offset += block.len() as u64;
                continue;
            }
            let lines = block.get(..end).unwrap_or_default();
            self.lines += self.count(lines);
            self.head.learn(self.kind, lines, self.wide);
            offset += end as u64;
            self.offset = offset;
        }
        self.unread = false;
        self.mark(file)
    }

    /// Whether what was read stands there still.
    fn is_still(&self, file: &mut File) -> io::Result<bool> {
        Ok(self.start == mark_of(file, 0, self.start.length)?
            && self.end == mark_of(file, self.offset.saturating_sub(self.end.length), self.end.length)?)
    }

    fn mark(&mut self, file: &mut File) -> io::Result<()> {
        if self.start.length < MARK_BYTES {
            self.start = mark_of(file, 0, self.offset.min(MARK_BYTES))?;
        }
        let length = self.offset.min(MARK_BYTES);
        self.end = mark_of(file, self.offset - length, length)?;
        Ok(())
    }

    /// Where the last whole line ends; 0 when none does.
    fn end_of_lines(&self, bytes: &[u8]) -> usize {
        if self.wide {
            // The pieces of such a log begin at an even offset.
            let pairs = bytes.as_chunks::<2>().0;
            return pairs.iter().rposition(|pair| *pair == [b'\n', 0]).map_or(0, |at| at * 2 + 2);
        }
        memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1)
    }

    fn first_line_end(&self, bytes: &[u8]) -> usize {
        if self.wide {
            let pairs = bytes.as_chunks::<2>().0;
            return pairs.iter().position(|pair| *pair == [b'\n', 0]).map_or(bytes.len(), |at| at * 2 + 2);
        }
        memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1)
    }

    fn count(&self, bytes: &[u8]) -> u64 {
        if self.wide {
            return bytes.as_chunks::<2>().0.iter().filter(|pair| **pair == [b'\n', 0]).count() as u64;
        }
        memchr::memchr_iter(b'\n', bytes).count() as u64
    }
}

fn mark_of(file: &mut File, offset: u64, length: u64) -> io::Result<Mark> {
    if length == 0 {
        return Ok(Mark::default());
    }
    let bytes = read_at(file, offset, usize::try_from(length).unwrap_or_default())?;
    let hash = Sha256::digest(&bytes);
    let hash = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Ok(Mark { length: bytes.len() as u64, hash })
}

/// At most so many bytes from there; fewer at the end.
fn read_at(file: &mut File, offset: u64, most: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::with_capacity(most.min(BLOCK));
    Read::take(file, most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
