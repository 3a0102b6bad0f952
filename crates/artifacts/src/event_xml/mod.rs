//! Windows events as XML text: one event a line (Splunk's `XmlWinEventLog`), events one after the other without a root
//! (`wevtutil qe /f:xml`, `ToXml()` of PowerShell, `evtx_dump`), or below one root (Event Viewer's "Save as XML"); UTF-8 or
//! UTF-16.
//!
//! Facts: the elements of the Event schema (Microsoft, MS-EVEN6 and "Event Schema" on Microsoft Learn). `SystemTime` is in UTC
//! whoever writes it. Recognised by content, not by name. Place of a record: the line that its event begins in; below a root,
//! where all may stand in one line, its number among the events (the first is 1) as [`Place::Record`].

mod events;
#[cfg(test)]
mod tests;
mod value;

use std::io::{self, Read};

use afterpatch_model::{ArtifactKind, GapKind, Place};

use crate::event_json::evtx_dump;
use crate::json::Json;
use crate::utf8::Utf8;
use crate::{Flow, Format, Input, Sink, xml};
use events::{Events, Piece};

/// The format of Windows events as XML text.
pub struct EventXml;

impl Format for EventXml {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::EventXml
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        looks_like_events(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        match input.reader() {
            Ok(reader) => read_events(reader, sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// Whether an event is there before anything that is none: a page or a script that shows one as an example is no log.
fn looks_like_events(head: &[u8]) -> bool {
    const PIECES: usize = 64;
    let Ok(text) = Utf8::new(head) else {
        return false;
    };
    let mut events = Events::new(text);
    for number in 0..PIECES {
        match events.next() {
            Ok(Some(Piece::Event { .. })) => {
                if parse(events.event()).is_ok_and(|value| evtx_dump(&value).is_some()) {
                    return true;
                }
            }
            // The first event is longer than the head.
            Ok(Some(Piece::Broken { kind: GapKind::Truncated, .. })) if number == 0 => {
                let has = |tag: &str| memchr::memmem::find(events.event(), tag.as_bytes()).is_some();
                if has("<System>") && has("<EventID") {
                    return true;
                }
            }
            Ok(Some(Piece::Broken { .. })) => {}
            Ok(Some(Piece::Stray { .. }) | None) | Err(_) => return false,
        }
    }
    false
}

/// Reads all events of a stream.
fn read_events(reader: impl Read, sink: &mut dyn Sink) {
    let mut events = match Utf8::new(reader) {
        Ok(text) => Events::new(text),
        Err(error) => return unreadable(&error, Place::Whole, sink),
    };
    loop {
        let (line, ordinal) = match events.next() {
            Ok(Some(Piece::Event { line, ordinal })) => (line, ordinal),
            Ok(Some(Piece::Broken { line, kind, why })) => {
                sink.gap(kind, Place::Line(line), why);
                continue;
            }
            Ok(Some(Piece::Stray { line })) => {
                sink.gap(GapKind::Malformed, Place::Line(line), "not an event");
                continue;
            }
            Ok(None) => return,
            Err(error) => return unreadable(&error, Place::Line(events.line()), sink),
        };
        let value = match parse(events.event()) {
            Ok(value) => value,
            Err(why) => {
                sink.gap(GapKind::Malformed, Place::Line(line), &why);
                continue;
            }
        };
        let Some(event) = evtx_dump(&value) else {
            sink.gap(GapKind::Malformed, Place::Line(line), "the event has no event number");
            continue;
        };
        let place = if events.has_root() { Place::Record(ordinal) } else { Place::Line(line) };
        if sink.record(&event.into_record(place, 0)) == Flow::Stop {
            return;
        }
    }
}

/// An event as `evtx_dump` would have it. Bytes that are no UTF-8 become U+FFFD: one damaged letter shall not cost the event.
fn parse(event: &[u8]) -> Result<Json<'static>, String> {
    xml::read_sound(&String::from_utf8_lossy(event)).map(|event| value::of(event).into())
}

fn unreadable(error: &io::Error, place: Place, sink: &mut dyn Sink) {
    sink.gap(afterpatch_evidence::gap_kind_of(error), place, &error.to_string());
}
