//! One artifact as a format sees it.

use std::io::{self, Cursor, ErrorKind, Read, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use afterpatch_evidence::{Entry, ReadError, ReadSeek};

/// One artifact as a format sees it: a name, its first bytes, and ways to read it.
pub struct Input<'e> {
    entry: &'e Entry,
    head: Arc<[u8]>,
    /// The stream behind the head, for the first who reads: most files are small, and opening one takes as long as reading it.
    rest: Mutex<Option<Box<dyn Read + Send>>>,
    done: &'e AtomicU64,
    section: Option<Section>,
}

/// A part of a log that is read by itself. Both ends lie between two lines of UTF-8, or between two
/// [blocks](crate::Format::blocks).
#[derive(Clone, Debug)]
pub struct Section {
    /// First byte of it.
    pub from: u64,
    /// Byte behind it.
    pub to: u64,
    /// Nothing comes behind it.
    pub is_last: bool,
    /// The number that its first line gets.
    pub first_line: u64,
    /// Lines that its rows need before them (see [`Sink::rows_need`](crate::Sink::rows_need)). Nothing is told of them.
    pub head: String,
}

impl<'e> Input<'e> {
    /// Recognition sees this many bytes.
    pub const HEAD_BYTES: usize = 64 * 1024;

    /// Opens the entry and reads its head. `done` counts bytes read through [`Input::reader`], for progress.
    pub fn open(entry: &'e Entry, done: &'e AtomicU64) -> Result<Self, ReadError> {
        let mut stream = entry.reader()?;
        let claimed = usize::try_from(entry.size()).unwrap_or(usize::MAX);
        let mut head = Vec::with_capacity(claimed.min(Self::HEAD_BYTES));
        let rest = match stream.by_ref().take(Self::HEAD_BYTES as u64).read_to_end(&mut head) {
            Ok(_) => Some(stream),
            Err(error) if head.is_empty() => return Err(ReadError::from(error)),
            // A head cut short by damage is still a head; reading the whole will name the damage.
            Err(_) => None,
        };
        Ok(Self { entry, head: head.into(), rest: Mutex::new(rest), done, section: None })
    }

    /// The same artifact, of which [`Input::reader`] reads only a part.
    #[must_use]
    pub fn with_section(mut self, section: Section) -> Self {
        self.section = Some(section);
        self
    }

    /// The part that is read, when it is not the whole.
    pub(crate) fn section(&self) -> Option<&Section> {
        self.section.as_ref()
    }

    /// The evidence entry.
    pub fn entry(&self) -> &Entry {
        self.entry
    }

    /// The drive that the entry lay on (`C:`), empty when the evidence does not tell it.
    pub(crate) fn drive(&self) -> &str {
        let drive = self.entry.windows_path().and_then(|path| path.get(..2));
        drive.filter(|drive| drive.ends_with(':')).unwrap_or_default()
    }

    /// The first bytes, at most [`Input::HEAD_BYTES`].
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Reads the artifact from its start, streaming; of a section, what lies in it.
    pub fn reader(&self) -> Result<Box<dyn Read + Send + 'e>, ReadError> {
        let inner: Box<dyn Read + Send> = match (&self.section, self.take_rest()) {
            (None, Some(rest)) => Box::new(Cursor::new(Arc::clone(&self.head)).chain(rest)),
            (None, None) => self.entry.reader()?,
            (Some(section), _) => {
                let mut whole = self.entry.seekable()?;
                whole.seek(SeekFrom::Start(section.from))?;
                Box::new(Exact { inner: whole, left: section.to.saturating_sub(section.from) })
            }
        };
        Ok(Box::new(Counting { inner, done: self.done }))
    }

    /// Reads the artifact with random access; may spool it to an unlinked temporary file first.
    pub fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        // Whoever reads at random does not need it.
        drop(self.take_rest());
        self.entry.seekable()
    }

    fn take_rest(&self) -> Option<Box<dyn Read + Send>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

struct Counting<'e> {
    inner: Box<dyn Read + Send>,
    done: &'e AtomicU64,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.done.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// So many bytes; when there are fewer, that is an error.
struct Exact<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let count = self.inner.read(buffer)?;
        if count == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the file has become shorter while it was read"));
        }
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_evidence::{Evidence, MemoryFile};

    use super::*;

    #[test]
    fn every_reader_begins_at_the_start() {
        for size in [0, 1, Input::HEAD_BYTES - 1, Input::HEAD_BYTES, Input::HEAD_BYTES + 1, 200_000] {
            let bytes: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let file = MemoryFile { path: "x.log".to_owned(), bytes: bytes.clone(), modified: None };
            let evidence = Evidence::of_memory("x", vec![file]);
            let done = AtomicU64::new(0);
            let input = Input::open(evidence.entries().first().unwrap(), &done).unwrap();
            assert_eq!(input.head(), bytes.get(..Input::HEAD_BYTES).unwrap_or(&bytes));
            // The first one goes on with the stream that the head was read from, the next opens another.
            for times in [1, 2] {
                let mut read = Vec::new();
                input.reader().unwrap().read_to_end(&mut read).unwrap();
                assert!(read == bytes, "{size}");
                assert_eq!(done.load(Ordering::Relaxed), times * size as u64, "all is counted, the head too");
            }
        }
    }
}
