//! One chunk of an event log.

use std::borrow::Cow;
use std::error::Error;
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use evtx::err::{EvtxError, SerializationError};
use evtx::{EvtxChunkData, EvtxRecord, ParserSettings};

use crate::json::Json;

/// A record has a header of 24 bytes and its size again behind it, so no chunk of 64 KiB holds more. A reader that yields
/// more is going in circles.
const MOST_RECORDS: usize = super::CHUNK_BYTES / 28;

/// What a chunk holds, in its order. May be filled again: all chunks of a log share its memory.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// All records as JSON in the layout of `evtx_dump`, one behind the other.
    text: String,
    entries: Vec<Part>,
}

/// A record, or the place of one.
#[derive(Debug)]
enum Part {
    Record { id: u64, text: Range<usize> },
    Damaged { id: Option<u64>, why: String },
}

/// A record, or the place of one.
#[derive(Debug)]
pub(super) enum Entry<'c> {
    /// A record as JSON in the layout of `evtx_dump`.
    Record { id: u64, value: Json<'c> },
    /// Something that could not be read; with the record's number, if it is known.
    Damaged { id: Option<u64>, why: Cow<'c, str> },
}

impl Chunk {
    /// Forgets what it holds and reads the chunk that these bytes are.
    pub(super) fn read(&mut self, bytes: Vec<u8>, settings: &Arc<ParserSettings>) {
        self.text.clear();
        self.entries.clear();
        // The bytes are hostile and the crate is not ours: if it panics on one chunk, the others are still read.
        // Nothing that it may have left half done outlives the closure but the entries, which are pushed whole.
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| self.fill(bytes, settings)));
        let why = match outcome {
            Ok(None) => return,
            Ok(Some(why)) => why,
            Err(_) => "the reader failed on this chunk; its other records are lost".into(),
        };
        self.entries.push(Part::Damaged { id: None, why });
    }

    /// What it holds.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries.iter().map(|part| match part {
            Part::Damaged { id, why } => Entry::Damaged { id: *id, why: why.into() },
            Part::Record { id, text } => match Json::parse(self.text.get(text.clone()).unwrap_or_default()) {
                Ok(value) => Entry::Record { id: *id, value },
                Err(error) => {
                    // What the crate says when it reads its own JSON.
                    let error = EvtxError::from(SerializationError::from(error));
                    Entry::Damaged { id: record_id(&error), why: reason(&error).into() }
                }
            },
        })
    }

    /// Reads as far as it goes; gives the reason why the chunk as a whole cannot be read.
    fn fill(&mut self, bytes: Vec<u8>, settings: &Arc<ParserSettings>) -> Option<String> {
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
            self.entries.push(match record.and_then(EvtxRecord::into_json) {
                Ok(record) => {
                    let from = self.text.len();
                    self.text.push_str(&record.data);
                    Part::Record { id: record.event_record_id, text: from..self.text.len() }
                }
                Err(error) => Part::Damaged { id: record_id(&error), why: reason(&error) },
            });
        }
        None
    }
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
