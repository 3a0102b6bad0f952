//! New events of an event log file: only the chunks that changed are read again.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

const HEADER_BYTES: usize = 4096;
const CHUNK_BYTES: u64 = 64 << 10;
/// Chunks of one piece: 4 MiB.
const MAX_CHUNKS: usize = 64;
/// The largest log that Windows can be told to keep has 4 GiB by default policy; more is not looked through.
const MAX_CHUNKS_SEEN: u64 = 65_536;
/// Position of the 16-bit count of chunks in the header.
const COUNT_AT: usize = 42;

/// Chunks that hold new events.
pub struct Taken {
    /// A log file of these chunks; empty when nothing is new.
    pub bytes: Vec<u8>,
    /// There are more.
    pub more: bool,
    /// The number from which on records are new: that of before, or 0 when the log began anew.
    pub before: u64,
}

/// The chunks with records above `highest`, the oldest first.
///
/// # Errors
/// The log cannot be read.
pub fn take(file: &mut File, size: u64, highest: u64) -> io::Result<Taken> {
    let chunks = chunks(file, size)?;
    // Numbers go on when a log is cleared; lower ones are another log.
    let before = if chunks.iter().all(|(last, _)| *last < highest) { 0 } else { highest };
    let mut wanted: Vec<_> = chunks.into_iter().filter(|(last, _)| *last > before).collect();
    wanted.sort_unstable();
    let more = wanted.len() > MAX_CHUNKS;
    wanted.truncate(MAX_CHUNKS);
    if wanted.is_empty() {
        return Ok(Taken { bytes: Vec::new(), more, before });
    }
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + wanted.len() * CHUNK_BYTES as usize);
    file.by_ref().take(HEADER_BYTES as u64).read_to_end(&mut bytes)?;
    bytes.resize(HEADER_BYTES, 0);
    if let Some(count) = bytes.get_mut(COUNT_AT..COUNT_AT + 2) {
        count.copy_from_slice(&u16::try_from(wanted.len()).unwrap_or(u16::MAX).to_le_bytes());
    }
    for (_, offset) in wanted {
        file.seek(SeekFrom::Start(offset))?;
        file.by_ref().take(CHUNK_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(Taken { bytes, more, before })
}

/// The highest record number that the log's chunks name.
///
/// # Errors
/// The log cannot be read.
pub fn highest(file: &mut File, size: u64) -> io::Result<u64> {
    Ok(chunks(file, size)?.into_iter().map(|(last, _)| last).max().unwrap_or(0))
}

/// The last record's number and the offset of each chunk that is in use.
fn chunks(file: &mut File, size: u64) -> io::Result<Vec<(u64, u64)>> {
    let count = (size.saturating_sub(HEADER_BYTES as u64) / CHUNK_BYTES).min(MAX_CHUNKS_SEEN);
    let mut chunks = Vec::new();
    for number in 0..count {
        let offset = HEADER_BYTES as u64 + number * CHUNK_BYTES;
        let mut head = [0; 40];
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(&mut head)?;
        let last = head.get(32..40).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
        if head.starts_with(b"ElfChnk\0") && last != u64::MAX {
            chunks.push((last, offset));
        }
    }
    Ok(chunks)
}
