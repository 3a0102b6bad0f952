//! Places in the evidence, as a page shows them: short, with a link to the file's whole path further down.

use std::collections::BTreeSet;

use afterpatch_model::{ArtifactId, Place, Report};

use crate::{texts::Texts, words::place};

/// A place as shown.
pub(super) struct PointerView {
    /// `HttpProxy_2021031406-1.LOG:318`.
    pub(super) short: String,
    /// The same with the whole path.
    pub(super) full: String,
    /// Number of the artifact, for the link to the list of files.
    pub(super) artifact: u32,
}

/// Makes places and remembers which artifacts they lead to.
pub(super) struct Pointers<'r> {
    texts: &'r Texts,
    report: &'r Report,
    used: BTreeSet<ArtifactId>,
}

impl<'r> Pointers<'r> {
    pub(super) fn new(texts: &'r Texts, report: &'r Report) -> Self {
        Self { texts, report, used: BTreeSet::new() }
    }

    pub(super) fn view(&mut self, artifact: ArtifactId, at: Place) -> PointerView {
        self.used.insert(artifact);
        let path = place::path(self.report, artifact);
        PointerView {
            short: place::pointer(self.texts, place::file_name(&path), at),
            full: place::pointer(self.texts, &path, at),
            artifact: artifact.0,
        }
    }

    /// The artifacts that places lead to.
    pub(super) fn used(&self) -> &BTreeSet<ArtifactId> {
        &self.used
    }
}
