//! What could be seen, so that "nothing found" is never said alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactKind, Timestamp};

/// What was seen of one source on one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceCoverage {
    /// The source's kind.
    pub kind: ArtifactKind,
    /// The part of it that is counted apart: protocol folder of HttpProxy (`Ecp`), channel of an event log, else empty.
    pub part: String,
    /// Files read.
    pub files: u64,
    /// Records read.
    pub records: u64,
    /// First record, UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last record, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// Whole hours between first and last without a record, where the source is written every hour (HttpProxy: health
    /// probes never stop, so an empty hour means that the server was down or the files were removed). `None` where silence
    /// means nothing.
    pub missing_hours: Option<u64>,
    /// Files of this source that could not be read, or not to their end.
    pub unreadable: u64,
}

/// What was seen of one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Each source that was there.
    pub sources: Vec<SourceCoverage>,
    /// Sources that would have decided the question and were not there (slugs of [`ArtifactKind`] or `event:<channel>`).
    pub missing: Vec<String>,
    /// Enough was seen to say "nothing seen" instead of "cannot tell".
    pub sufficient: bool,
}
