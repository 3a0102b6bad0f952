//! Places in the evidence, as a page shows them: short, with a link to the file's whole path further down, and from there back to
//! the findings.

use std::collections::BTreeMap;

use afterpatch_model::{ArtifactId, Place, Report};

use crate::{texts::Texts, words::place};

use super::links::Link;

/// A place as shown.
pub(super) struct PointerView {
    /// `HttpProxy_2021031406-1.LOG:318`.
    pub(super) short: String,
    /// The same with the whole path.
    pub(super) full: String,
    /// Number of the artifact, for the link to the list of files.
    pub(super) artifact: u32,
}

/// The findings that stand on one file.
#[derive(Default)]
pub(super) struct StandsOn {
    /// The first of them.
    pub(super) links: Vec<Link>,
    /// How many more there are.
    pub(super) more: u64,
}

impl StandsOn {
    /// More findings of one file are counted.
    const MOST: usize = 30;
}

/// Makes places and remembers which artifacts they lead to.
pub(super) struct Pointers<'r> {
    texts: &'r Texts,
    report: &'r Report,
    used: BTreeMap<ArtifactId, StandsOn>,
}

impl<'r> Pointers<'r> {
    pub(super) fn new(texts: &'r Texts, report: &'r Report) -> Self {
        Self { texts, report, used: BTreeMap::new() }
    }

    pub(super) fn view(&mut self, artifact: ArtifactId, at: Place) -> PointerView {
        self.used.entry(artifact).or_default();
        let path = place::path(self.report, artifact);
        PointerView {
            short: place::pointer(self.texts, place::file_name(&path), at),
            full: place::pointer(self.texts, &path, at),
            artifact: artifact.0,
        }
    }

    /// Remembers that a finding stands on a file. Called once for each of the two.
    pub(super) fn found_in(&mut self, artifact: ArtifactId, finding: &Link) {
        let stands = self.used.entry(artifact).or_default();
        if stands.links.len() < StandsOn::MOST {
            stands.links.push(finding.clone());
        } else {
            stands.more += 1;
        }
    }

    /// The artifacts that places lead to.
    pub(super) fn used(&self) -> &BTreeMap<ArtifactId, StandsOn> {
        &self.used
    }
}
