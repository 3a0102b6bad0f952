//! One artifact as a format sees it.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

use afterpatch_evidence::{Entry, ReadError, ReadSeek};

/// One artifact as a format sees it: a name, its first bytes, and ways to read it.
pub struct Input<'e> {
    entry: &'e Entry,
    head: Vec<u8>,
    done: &'e AtomicU64,
}

impl<'e> Input<'e> {
    /// Recognition sees this many bytes.
    pub const HEAD_BYTES: usize = 64 * 1024;

    /// Opens the entry and reads its head. `done` counts bytes read through [`Input::reader`], for progress.
    pub fn open(entry: &'e Entry, done: &'e AtomicU64) -> Result<Self, ReadError> {
        let mut head = Vec::new();
        let head_result = entry.reader()?.take(Self::HEAD_BYTES as u64).read_to_end(&mut head);
        // A head cut short by damage is still a head; reading the whole will name the damage.
        if let (Err(error), true) = (head_result, head.is_empty()) {
            return Err(ReadError::from(error));
        }
        Ok(Self { entry, head, done })
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

    /// Reads the artifact from its start, streaming.
    pub fn reader(&self) -> Result<Box<dyn Read + Send + 'e>, ReadError> {
        Ok(Box::new(Counting { inner: self.entry.reader()?, done: self.done }))
    }

    /// Reads the artifact with random access; may spool it to an unlinked temporary file first.
    pub fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        self.entry.seekable()
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
