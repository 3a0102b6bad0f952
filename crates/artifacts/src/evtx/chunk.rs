//! One chunk of an event log.

use std::error::Error;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use evtx::err::EvtxError;
use evtx::{EvtxChunkData, ParserSettings};
use serde_json::Value;

/// A record has a header of 24 bytes and its size again behind it, so no chunk of 64 KiB holds more. A reader that yields
/// more is going in circles.
const MOST_RECORDS: usize = super::CHUNK_BYTES / 28;

/// What a chunk holds, in its order.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub entries: Vec<Entry>,
}

/// A record, or the place of one.
#[derive(Debug)]
pub(super) enum Entry {
    /// A record as JSON in the layout of `evtx_dump`.
    Record { id: u64, value: Value },
    /// Something that could not be read; with the record's number, if it is known.
    Damaged { id: Option<u64>, why: String },
}

/// Reads the chunk that these bytes are.
pub(super) fn read(bytes: Vec<u8>, settings: &Arc<ParserSettings>) -> Chunk {
    let mut chunk = Chunk::default();
    // The bytes are hostile and the crate is not ours: if it panics on one chunk, the others are still read.
    // Nothing that it may have left half done outlives the closure but the entries, which are pushed whole.
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| read_into(&mut chunk.entries, bytes, settings)));
    match outcome {
        Ok(None) => {}
        Ok(Some(why)) => chunk.entries.push(Entry::Damaged { id: None, why }),
        Err(_) => chunk
            .entries
            .push(Entry::Damaged { id: None, why: "the reader failed on this chunk; its other records are lost".into() }),
    }
    chunk
}

/// Reads as far as it goes; gives the reason why the chunk as a whole cannot be read.
fn read_into(entries: &mut Vec<Entry>, bytes: Vec<u8>, settings: &Arc<ParserSettings>) -> Option<String> {
    // Checksums are not asked for: a log of a running server has wrong ones, and a damaged record shows by itself.
    let mut data = match EvtxChunkData::new(bytes, false) {
        Ok(data) => data,
        Err(error) => return Some(reason(&error)),
    };
    let mut chunk = match data.parse(Arc::clone(settings)) {
        Ok(chunk) => chunk,
        Err(error) => return Some(reason(&error)),
    };
    for record in chunk.iter().take(MOST_RECORDS) {
        entries.push(match record.and_then(|record| record.into_json_value()) {
            Ok(record) => Entry::Record { id: record.event_record_id, value: record.data },
            Err(error) => Entry::Damaged { id: record_id(&error), why: reason(&error) },
        });
    }
    None
}

fn record_id(error: &EvtxError) -> Option<u64> {
    match error {
        EvtxError::FailedToParseRecord { record_id, .. } => Some(*record_id),
        _ => None,
    }
}

/// An error with its causes, which the crate keeps apart.
fn reason(error: &dyn Error) -> String {
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        reason.push_str(": ");
        reason.push_str(&inner.to_string());
        cause = inner.source();
    }
    reason
}
