//! Finds the records of the journal, over zeros and damage.

use std::io::{self, ErrorKind, Read};

use afterpatch_ntfs::{u16_at, u32_at};

/// Bytes read at once; no record crosses a page of 4 KiB.
const BUFFER: usize = 1 << 20;
/// The smallest record of any version, without a name.
const SMALLEST: usize = 56;
/// A name has at most 255 letters; records of version 4 may name many stretches, but end with their page.
const LARGEST: usize = 4096;

/// A place, and the record that stands there; `None` when what stands there is none.
type Next<'b> = (u64, Option<&'b [u8]>);

/// The records of a journal one by one.
pub(super) struct Journal<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the buffer the next record is looked for.
    at: usize,
    /// Where in the journal the buffer starts.
    start: u64,
    ended: bool,
    broken: Option<io::Error>,
}

impl<R: Read> Journal<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), at: 0, start: 0, ended: false, broken: None }
    }

    /// Where reading has come to.
    pub(super) fn offset(&self) -> u64 {
        self.start.saturating_add(self.at as u64)
    }

    /// The next record or piece of damage; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Next<'_>>> {
        loop {
            self.at = self.at.saturating_add(zeros(self.buffer.get(self.at..).unwrap_or_default()));
            let left = self.buffer.len().saturating_sub(self.at);
            if left >= LARGEST || (self.ended && left >= 8) {
                break;
            }
            if self.ended {
                return self.broken.take().map_or(Ok(None), Err);
            }
            self.fill()?;
        }
        let offset = self.offset();
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        let length = record_length(rest);
        self.at = self.at.saturating_add(length.unwrap_or(8));
        Ok(Some((offset, length.and_then(|length| rest.get(..length)))))
    }

    /// Drops what was read and reads on. What came before an error is given first.
    fn fill(&mut self) -> io::Result<()> {
        self.start = self.offset();
        self.buffer.drain(..self.at.min(self.buffer.len()));
        self.at = 0;
        let kept = self.buffer.len();
        self.buffer.resize(kept + BUFFER, 0);
        let mut filled = kept;
        while let Some(room) = self.buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.reader.read(room) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    (self.ended, self.broken) = (true, Some(error));
                    break;
                }
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }
}

/// Whether a journal begins with a record.
pub(super) fn starts(head: &[u8]) -> bool {
    record_length(head.get(zeros(head)..).unwrap_or_default()).is_some()
}

/// Length of the record at the start, when there is one.
fn record_length(bytes: &[u8]) -> Option<usize> {
    let length = usize::try_from(u32_at(bytes, 0)?).ok()?;
    let is_known = (2..=4).contains(&u16_at(bytes, 4)?) && u16_at(bytes, 6)? == 0;
    (is_known && (SMALLEST..=LARGEST).contains(&length) && length % 8 == 0 && length <= bytes.len()).then_some(length)
}

/// So many zeros at the start, in steps of eight: the freed start of a journal is gigabytes of them.
fn zeros(bytes: &[u8]) -> usize {
    const STEP: usize = 256;
    let large = bytes.chunks_exact(STEP).take_while(|chunk| chunk.iter().fold(0, |all, byte| all | byte) == 0).count() * STEP;
    let rest = bytes.get(large..).unwrap_or_default();
    let small = rest.chunks_exact(8).take_while(|eight| eight.iter().all(|byte| *byte == 0)).count() * 8;
    large.saturating_add(small)
}
