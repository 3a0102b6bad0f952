//! What could not be read, or is missing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactId, Place};

/// Something that could not be read or is missing, with why and where. A gap always reaches the report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Where, as the evidence names it.
    pub path: String,
    /// The artifact, when it was recognised as one.
    pub artifact: Option<ArtifactId>,
    /// The first place of it, when one can be named.
    pub place: Option<Place>,
    /// What kind of gap.
    pub kind: GapKind,
    /// Why, in the reader's own words (English; may hold text from the evidence).
    pub detail: String,
    /// How many times in this artifact (rows that do not parse, for example).
    pub count: u64,
}

impl Gap {
    /// A gap that happened once, at no particular place.
    pub fn new(path: impl Into<String>, kind: GapKind, detail: impl Into<String>) -> Self {
        Self { path: path.into(), artifact: None, place: None, kind, detail: detail.into(), count: 1 }
    }

    /// The same gap at a place.
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }
}

/// Kinds of gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GapKind {
    /// The file or folder could not be opened or read (permission, I/O error).
    Unreadable,
    /// It was there when the evidence was listed and was gone when it was to be read: on a running system somebody took it away
    /// meanwhile, perhaps an antivirus.
    Vanished,
    /// The antivirus of the system does not let it be read: it holds what it takes for malware.
    HeldByAntivirus,
    /// The content ends too early or is damaged; what came before was read.
    Truncated,
    /// Single rows or records do not parse; the rest was read.
    Malformed,
    /// A line is longer than any real one; it was skipped.
    TooLong,
    /// Encrypted: no password is known.
    Encrypted,
    /// An archive entry names a place outside the archive (absolute or `..`); its content was still read, under a safe name.
    UnsafeName,
    /// Expands out of all proportion; reading stopped.
    Bomb,
    /// A kind that this version recognises but does not read.
    NotRead,
    /// The content is not what its name says (binary noise named like a log).
    NotWhatItSays,
    /// There was nothing in it.
    Empty,
    /// A bound of memory or number was reached; what came after is counted, not shown.
    Capped,
    /// A fault of ours: the artifact was given up, the rest went on.
    InternalError,
}

impl GapKind {
    /// The kind's one name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Vanished => "vanished",
            Self::HeldByAntivirus => "held_by_antivirus",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::TooLong => "too_long",
            Self::Encrypted => "encrypted",
            Self::UnsafeName => "unsafe_name",
            Self::Bomb => "bomb",
            Self::NotRead => "not_read",
            Self::NotWhatItSays => "not_what_it_says",
            Self::Empty => "empty",
            Self::Capped => "capped",
            Self::InternalError => "internal_error",
        }
    }
}
