//! The whole of a small artifact at once.

use std::io::Read;

use afterpatch_model::{GapKind, Place};

use crate::{Input, Sink};

/// At most so many bytes from the artifact's start. What could not be read, or was left out, is a gap.
pub(crate) fn read_whole(input: &Input<'_>, most: u64, sink: &mut dyn Sink) -> Vec<u8> {
    let mut bytes = Vec::new();
    match input.reader() {
        Ok(reader) => {
            // One byte more shows that there is more.
            if let Err(error) = reader.take(most.saturating_add(1)).read_to_end(&mut bytes) {
                sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Offset(bytes.len() as u64), &error.to_string());
            }
        }
        Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
    }
    if bytes.len() as u64 > most {
        sink.gap(GapKind::Capped, Place::Offset(most), "longer than any real file of its kind; the rest was not read");
        bytes.pop();
    }
    bytes
}
