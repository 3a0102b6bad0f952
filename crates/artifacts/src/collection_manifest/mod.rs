//! Manifest of one of our own collections (`afterpatch-collection.jsonl`): whose host it is, and what could not be taken there.
//! What the collector could not read must not look like innocence where the collection is scanned.
//!
//! Facts: docs/collect.md of this project. One JSON object a line; the first says what it is. Hashes are for whoever verifies the
//! collection; a scan takes the files as they are.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, COLLECTION_SCHEMA, CollectionLine, Fields, GapKind, LogSource, Place, Record, Unified};

use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};

/// The format of manifests.
pub struct CollectionManifest;

impl Format for CollectionManifest {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::CollectionManifest
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_manifest(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        read_lines(input, sink, line);
    }
}

/// By its first line under any name.
fn is_manifest(head: &[u8]) -> bool {
    let start = COLLECTION_SCHEMA.trim_end_matches(|letter: char| letter.is_ascii_digit());
    first_lines(head, 1).iter().any(
        |line| matches!(serde_json::from_str(line), Ok(CollectionLine::Collection { schema, .. }) if schema.starts_with(start)),
    )
}

fn line(number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
    let place = Place::Line(number);
    match serde_json::from_str(text) {
        Ok(CollectionLine::Collection { host, tool, time, .. }) => {
            let fields = vec![(Cow::from("Host"), Cow::from(&*host)), (Cow::from("Tool"), Cow::from(&*tool))];
            sink.record(&Record {
                place,
                time: Some(time),
                // Files that name no server are this host's.
                server: Some((&*host).into()).filter(|_| !host.is_empty()),
                source: LogSource::fixed("afterpatch", "", "collection"),
                fields: Fields::Pairs(fields),
                unified: Unified::Other,
            })
        }
        Ok(CollectionLine::File(_)) => Flow::Continue,
        Ok(CollectionLine::Gap(gap)) => {
            let times = if gap.count > 1 { format!(" ({} times)", gap.count) } else { String::new() };
            sink.gap(gap.kind, place, &format!("when the host was collected: {}: {}{times}", gap.path, gap.detail));
            Flow::Continue
        }
        Err(_) => {
            sink.gap(GapKind::Malformed, place, "no line of a collection's manifest");
            Flow::Continue
        }
    }
}
