//! Windows events rendered as JSON: one object a line, an array, or objects one after the other; UTF-8 or UTF-16.
//!
//! Recognised by content, not by name. Place of a record: its line; in an array, whose elements may share a line, its
//! number among the elements (the first is 1) as [`Place::Record`].

mod clock;
mod objects;
mod rendering;
#[cfg(test)]
pub(crate) mod tests;

use std::io::{self, Read};

use afterpatch_model::{ArtifactKind, GapKind, Place};

use crate::json::Json;
use crate::utf8::Utf8;
use crate::windows_event::Zone;
use crate::{Flow, Format, Input, Sink};
use clock::Proof;
use objects::{Objects, Piece};

/// The event of a value in the layout of the `evtx` crate, which the binary format is read with.
pub(crate) use rendering::evtx_dump;

/// The format of Windows events rendered as JSON.
pub struct EventJson;

impl Format for EventJson {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::EventJson
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        looks_like_events(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        // The look at the clock is not progress, so it goes past the counting reader.
        let proof = input.entry().reader().ok().and_then(clock::prove);
        match input.reader() {
            Ok(reader) => read_events(reader, proof, sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// Whether one of the first objects is an event. A head without one whole object is judged by the words that all
/// renderings have.
fn looks_like_events(head: &[u8]) -> bool {
    const PIECES: usize = 64;
    let Ok(text) = Utf8::new(head) else {
        return false;
    };
    let mut objects = Objects::new(text);
    for number in 0..PIECES {
        match objects.next() {
            Ok(Some(Piece::Object { .. })) => {
                let text = String::from_utf8_lossy(objects.object());
                if Json::parse(&text).is_ok_and(|object| rendering::event(&object).is_some()) {
                    return true;
                }
            }
            // The first object is longer than the head.
            Ok(Some(Piece::Broken { kind: GapKind::Truncated, .. })) if number == 0 => {
                let has = |word: &str| memchr::memmem::find(objects.object(), word.as_bytes()).is_some();
                return ["\"EventID\"", "\"event_id\"", "\"eventID\"", "\"RecordId\""].iter().any(|word| has(word))
                    && ["\"Channel\"", "\"channel\"", "\"SourceName\"", "\"EventLog\"", "\"LogName\""]
                        .iter()
                        .any(|word| has(word));
            }
            Ok(Some(Piece::Broken { .. })) => {}
            Ok(None) | Err(_) => return false,
        }
    }
    false
}

/// Reads all events of a stream, whose clock is what `proof` says.
fn read_events(reader: impl Read, proof: Option<Proof>, sink: &mut dyn Sink) {
    let offset_minutes = proof.map_or(0, |proof| proof.offset_minutes);
    if let Some(proof) = proof.filter(|proof| proof.offset_minutes != 0) {
        sink.clock_corrected(proof.offset_minutes, proof.samples);
    }
    let mut zone_unknown = proof.is_none();
    let mut objects = match Utf8::new(reader) {
        Ok(text) => Objects::new(text),
        Err(error) => return unreadable(&error, Place::Whole, sink),
    };
    loop {
        let (line, ordinal) = match objects.next() {
            Ok(Some(Piece::Object { line, ordinal })) => (line, ordinal),
            Ok(Some(Piece::Broken { line, kind, why })) => {
                sink.gap(kind, Place::Line(line), why);
                continue;
            }
            Ok(None) => return,
            Err(error) => return unreadable(&error, Place::Line(objects.line()), sink),
        };
        // Bytes that are no UTF-8 become U+FFFD: one damaged letter shall not cost the event.
        let text = String::from_utf8_lossy(objects.object());
        let object = match Json::parse(&text) {
            Ok(object) => object,
            Err(error) => {
                sink.gap(GapKind::Malformed, Place::Line(line), &error.to_string());
                continue;
            }
        };
        let Some(event) = rendering::event(&object) else {
            sink.gap(GapKind::Malformed, Place::Line(line), "not a Windows event in a rendering that is known");
            continue;
        };
        if zone_unknown && event.time.is_some_and(|time| time.zone == Zone::Missing) {
            zone_unknown = false;
            sink.gap(
                GapKind::Malformed,
                Place::Line(line),
                "times have no zone and nothing in the file proves one; they were taken for UTC",
            );
        }
        let place = if objects.is_array() { Place::Record(ordinal) } else { Place::Line(line) };
        if sink.record(&event.into_record(place, offset_minutes)) == Flow::Stop {
            return;
        }
    }
}

fn unreadable(error: &io::Error, place: Place, sink: &mut dyn Sink) {
    sink.gap(afterpatch_evidence::gap_kind_of(error), place, &error.to_string());
}
