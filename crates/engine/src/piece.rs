//! One piece of evidence at once, as a watch meets it: a file that is new, the lines that a log has grown by.
//!
//! A piece goes through the same readers and detectors as a whole artifact in a scan. What detectors gather over an artifact
//! they gather here over a piece; what joins artifacts is not joined.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;

use afterpatch_artifacts::{Flow, Format, Input, Recognised, Sink, recognise, worth_opening};
use afterpatch_evidence::Entry;
use afterpatch_model::{ArtifactId, ArtifactKind, Finding, Gap, GapKind, Place, Record, Timestamp};

use crate::Engine;

/// Bytes of findings kept of one piece, about.
const FINDINGS_BYTES: usize = 8 << 20;
/// Gaps of one piece that are told apart.
const MAX_GAPS: usize = 20;

/// What a file is.
pub enum Look {
    /// An artifact of this format.
    Artifact(&'static dyn Format),
    /// Nothing to us, as far as its head tells.
    Nothing,
    /// It cannot be looked at.
    Gap(GapKind, String),
}

/// A piece of an artifact.
pub struct Piece<'p> {
    /// Its bytes, under the artifact's name.
    pub entry: &'p Entry,
    /// The artifact's format.
    pub format: &'static dyn Format,
    /// Lines at its start that only repeat the log's head: nothing is told of them.
    pub head_lines: u64,
    /// Lines of the log before the first line behind the head.
    pub lines_before: u64,
    /// Records of an event log up to this number were told before.
    pub records_before: u64,
}

impl Piece<'_> {
    /// Where a place of the piece is in its artifact.
    fn in_artifact(&self, place: Place) -> Place {
        match place {
            Place::Line(line) => Place::Line(line.saturating_sub(self.head_lines).saturating_add(self.lines_before)),
            other => other,
        }
    }
}

/// What was read of a piece.
pub struct PieceReading {
    /// Findings, placed in the artifact. Their evidence names artifact 0.
    pub findings: Vec<Finding>,
    /// Gaps.
    pub gaps: Vec<Gap>,
    /// Records that were new.
    pub records: u64,
    /// The highest record number of an event log.
    pub highest_record: u64,
}

/// Looks at the head of a file: what it is.
pub fn look(entry: &Entry) -> Look {
    if !worth_opening(entry) {
        return Look::Nothing;
    }
    let uncounted = AtomicU64::new(0);
    match Input::open(entry, &uncounted) {
        Ok(input) => match recognise(&input) {
            Recognised::Format(format) => Look::Artifact(format),
            Recognised::KnownUnread(_) | Recognised::NotWhatItSays(_) | Recognised::Nothing => Look::Nothing,
        },
        Err(error) => Look::Gap(error.gap_kind(), error.to_string()),
    }
}

/// The format that reads a kind of artifact, when one format alone does.
pub fn format_of(kind: ArtifactKind) -> Option<&'static dyn Format> {
    afterpatch_artifacts::formats().iter().find(|format| format.kind() == kind).copied()
}

impl Engine {
    /// Reads a piece with all detectors. `now` decides which acknowledgements hold.
    pub fn read_piece(&self, piece: &Piece<'_>, now: Timestamp) -> PieceReading {
        let mut reader = Reader {
            piece,
            watch: Some(self.detectors.watch(ArtifactId(0), FINDINGS_BYTES)),
            reading: PieceReading { findings: Vec::new(), gaps: Vec::new(), records: 0, highest_record: 0 },
        };
        let uncounted = AtomicU64::new(0);
        // As in a scan: a fault in one reader costs one piece.
        let outcome = catch_unwind(AssertUnwindSafe(|| match Input::open(piece.entry, &uncounted) {
            Ok(input) => piece.format.read(&input, &mut reader),
            Err(error) => reader.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }));
        let watch = reader.watch.take();
        let watched = outcome.and_then(|()| catch_unwind(AssertUnwindSafe(|| watch.map(|watch| watch.finish()))));
        match watched {
            Ok(Some(watched)) => {
                if watched.not_kept > 0 {
                    reader.gap(GapKind::Capped, Place::Whole, "more findings than are kept of one piece");
                }
                reader.reading.findings = watched.findings;
            }
            Ok(None) => {}
            Err(_) => reader.gap(GapKind::InternalError, Place::Whole, "a fault in afterpatch; please report it"),
        }
        let mut reading = reader.reading;
        let mut acknowledged = self.acknowledgements.at(now);
        for finding in &mut reading.findings {
            for evidence in &mut finding.evidence {
                evidence.place = piece.in_artifact(evidence.place);
            }
            let server = finding.server.clone();
            acknowledged.apply(finding, &[&server]);
        }
        reading
    }
}

struct Reader<'r> {
    piece: &'r Piece<'r>,
    watch: Option<afterpatch_detection::ArtifactWatch<'r>>,
    reading: PieceReading,
}

impl Sink for Reader<'_> {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        match record.place {
            Place::Line(line) if line <= self.piece.head_lines => return Flow::Continue,
            Place::Record(number) => {
                self.reading.highest_record = self.reading.highest_record.max(number);
                if number <= self.piece.records_before {
                    return Flow::Continue;
                }
            }
            _ => {}
        }
        self.reading.records += 1;
        if let Some(watch) = &mut self.watch {
            watch.record(record);
        }
        Flow::Continue
    }

    fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
        if matches!(place, Place::Line(line) if line <= self.piece.head_lines) {
            return;
        }
        let gaps = &mut self.reading.gaps;
        let many = gaps.len() >= MAX_GAPS;
        match gaps.iter_mut().find(|gap| gap.kind == kind && (many || gap.detail == detail)) {
            Some(gap) => gap.count += 1,
            None if many => {}
            None => gaps.push(Gap::new(self.piece.entry.location(), kind, detail)),
        }
    }

    fn clock_corrected(&mut self, _offset_minutes: i32, _proven_by: u64) {}
}
