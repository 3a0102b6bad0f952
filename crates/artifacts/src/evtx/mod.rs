//! Windows event log files (`.evtx`), recognised by their magic under any name.
//!
//! A file is a header of 4 KiB and chunks of 64 KiB, each of which can be read alone. The file header's own count of
//! chunks is wrong in logs that were not closed, so every chunk that is physically there is read, in the order of the file
//! (which is not the order of time once the log has wrapped around).

mod chunk;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Read};
use std::sync::Arc;

use afterpatch_model::{ArtifactKind, GapKind, Place};
use evtx::ParserSettings;

use crate::event_json::evtx_dump;
use crate::{Blocks, Flow, Format, Input, Sink};
use chunk::{Chunk, Entry};

const MAGIC: &[u8] = b"ElfFile\0";
const HEADER_BYTES: usize = 4096;
const CHUNK_BYTES: usize = 64 * 1024;
/// Position of the 16-bit count of chunks in the header.
const COUNT_AT: usize = 42;

/// The format of Windows event log files.
pub struct Evtx;

impl Format for Evtx {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::Evtx
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        input.head().starts_with(MAGIC)
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        match (input.reader(), input.section()) {
            (Ok(reader), None) => read_log(reader, sink),
            (Ok(reader), Some(section)) if section.from == 0 => read_section(reader, None, section.is_last, sink),
            (Ok(reader), Some(section)) => {
                let chunk = section.from.saturating_sub(HEADER_BYTES as u64) / CHUNK_BYTES as u64;
                let header = input.head().get(..HEADER_BYTES).unwrap_or_default();
                read_section(reader, Some((header, chunk)), section.is_last, sink);
            }
            (Err(error), _) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }

    fn blocks(&self) -> Option<Blocks> {
        Some(Blocks { first: HEADER_BYTES as u64, bytes: CHUNK_BYTES as u64 })
    }
}

/// Reads a log as a stream, one chunk in memory at a time.
fn read_log(reader: impl Read, sink: &mut dyn Sink) {
    read_section(reader, None, true, sink);
}

/// Reads a part of a log: from its beginning, or, when its header and the number of the first chunk are given, from that chunk.
fn read_section(mut reader: impl Read, from: Option<(&[u8], u64)>, is_last: bool, sink: &mut dyn Sink) {
    let settings = Arc::new(ParserSettings::default());
    let (header, mut present) = match from {
        Some((header, chunk)) => (Cow::Borrowed(header), chunk),
        None => {
            let (header, error) = read_block(&mut reader, HEADER_BYTES);
            if let Some(error) = error {
                return unreadable(&error, 0, sink);
            }
            (Cow::Owned(header), 0)
        }
    };
    let mut chunk = Chunk::default();
    loop {
        let (mut bytes, error) = read_block(&mut reader, CHUNK_BYTES);
        let whole = bytes.len() == CHUNK_BYTES;
        // Space that the log has reserved and not used yet is all zero.
        if !is_unused(&bytes) {
            if !whole && error.is_none() {
                sink.gap(
                    GapKind::Truncated,
                    at(present),
                    &format!("chunk {present} ends after {} of {CHUNK_BYTES} bytes", bytes.len()),
                );
            }
            // The records before the cut are whole.
            bytes.resize(CHUNK_BYTES, 0);
            chunk.read(bytes, &settings);
            if hand_on(&chunk, present, sink) == Flow::Stop {
                return;
            }
        }
        if let Some(error) = error {
            return unreadable(&error, present, sink);
        }
        if !whole {
            break;
        }
        present += 1;
    }
    // A log that was not closed has more chunks than it counts, never fewer.
    let counted = header.get(COUNT_AT..COUNT_AT + 2).and_then(|bytes| bytes.try_into().ok()).map_or(0, u16::from_le_bytes);
    if is_last && present < u64::from(counted) {
        sink.gap(GapKind::Truncated, at(present), &format!("the header counts {counted} chunks, {present} are there in full"));
    }
}

fn hand_on(chunk: &Chunk, number: u64, sink: &mut dyn Sink) -> Flow {
    for entry in chunk.entries() {
        match entry {
            Entry::Record { id, value } => match evtx_dump(&value) {
                Some(event) => {
                    if sink.record(&event.into_record(Place::Record(id), 0)) == Flow::Stop {
                        return Flow::Stop;
                    }
                }
                None => sink.gap(GapKind::Malformed, Place::Record(id), "the record has no event number"),
            },
            Entry::Damaged { id: Some(id), why } => sink.gap(GapKind::Malformed, Place::Record(id), &why),
            Entry::Damaged { id: None, why } => sink.gap(GapKind::Malformed, at(number), &format!("chunk {number}: {why}")),
        }
    }
    Flow::Continue
}

/// Whether all bytes are zero.
fn is_unused(bytes: &[u8]) -> bool {
    // In pieces that the processor looks at as wholes.
    bytes.chunks(1024).all(|piece| piece.iter().fold(0, |all, byte| all | byte) == 0)
}

/// A block of at most `length` bytes: what could be read of it, and the error that ended it.
fn read_block(reader: &mut impl Read, length: usize) -> (Vec<u8>, Option<io::Error>) {
    let mut block = Vec::with_capacity(length);
    let length = length as u64;
    let error = reader.take(length).read_to_end(&mut block).err();
    (block, error)
}

/// Where a chunk begins.
fn at(chunk: u64) -> Place {
    Place::Offset((HEADER_BYTES as u64).saturating_add(chunk.saturating_mul(CHUNK_BYTES as u64)))
}

fn unreadable(error: &io::Error, chunk: u64, sink: &mut dyn Sink) {
    sink.gap(afterpatch_evidence::gap_kind_of(error), at(chunk), &format!("chunk {chunk}: {error}"));
}
