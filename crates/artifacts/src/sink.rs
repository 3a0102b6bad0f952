//! The one shape that all formats have.

use afterpatch_model::{ArtifactKind, GapKind, Glance, Place, Record};

use crate::Input;

/// Whether the reader shall go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop here: the run was interrupted.
    Stop,
}

/// Takes what a format reads. Implemented by the engine (and by tests).
pub trait Sink {
    /// One record. Its text borrows from the reader's buffers.
    fn record(&mut self, record: &Record<'_>) -> Flow;

    /// A row that is about to be taken for a record. Yes means that this is not needed: it says again what an earlier row said,
    /// and is counted.
    fn glance(&mut self, _glance: &Glance<'_>) -> bool {
        false
    }

    /// Something could not be read. The engine adds path and artifact and counts repeats of the same kind.
    fn gap(&mut self, kind: GapKind, place: Place, detail: &str);

    /// Rows of a log that come from now on can be read by themselves when these lines stand before them (none when they need
    /// none); `None` when they cannot. Told whenever it changes, and before the first row.
    fn rows_need(&mut self, _head: Option<&str>) {}

    /// A log has ended: how many lines it has, blank ones included.
    fn lines(&mut self, _count: u64) {}

    /// The artifact's times say UTC but are `offset_minutes` away from it (UTC-5 is -300), proven by `proven_by` records;
    /// the records handed on are already corrected. Called at most once, before the first record.
    fn clock_corrected(&mut self, offset_minutes: i32, proven_by: u64);
}

/// Where the blocks of an artifact lie.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    /// The byte where the first one begins.
    pub first: u64,
    /// Bytes of each.
    pub bytes: u64,
}

/// A format: recognises its artifacts and reads them.
pub trait Format: Send + Sync {
    /// The kind of artifact it reads.
    fn kind(&self) -> ArtifactKind;

    /// Is this artifact of this format? Decides on name and head together; must not open the input again.
    fn recognise(&self, input: &Input<'_>) -> bool;

    /// For formats whose artifacts are rows of blocks, each of which can be read without the others.
    fn blocks(&self) -> Option<Blocks> {
        None
    }

    /// Reads the artifact to its end, handing records and gaps to the sink. Never panics, whatever the bytes;
    /// memory is bounded whatever the size.
    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink);
}
