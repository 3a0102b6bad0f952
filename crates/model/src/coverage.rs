//! What could be seen, so that "nothing found" is never said alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactId, ArtifactKind, Timestamp};

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

/// A sign that logs were edited or removed. Each has harmless explanations, so none of them accuses anybody; but whoever says
/// "nothing seen" must know of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Doubt {
    /// Which sign.
    pub kind: DoubtKind,
    /// The source that lacks something.
    pub source: ArtifactKind,
    /// The part of it, as in [`SourceCoverage::part`].
    pub part: String,
    /// How many: hours, days, numbers or files, by the kind.
    pub count: u64,
    /// The first time concerned, UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// The last time concerned, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// The first artifact concerned, when it is one.
    pub artifact: Option<ArtifactId>,
}

/// Signs that logs were edited or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DoubtKind {
    /// Hours in which IIS logged requests that Exchange routed, and this source, which logs every one of them, nothing.
    HoursMissing,
    /// Days in which the front end's logs have requests, and IIS none.
    DaysMissing,
    /// Hours with far fewer rows than the other log of the same requests has, compared with all other hours.
    FewerRows,
    /// Record numbers that are missing inside an event log.
    NumbersMissing,
    /// Files that were last written before their own last line.
    WrittenBeforeItsEnd,
}

/// What was seen of one server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Each source that was there.
    pub sources: Vec<SourceCoverage>,
    /// Sources that would have decided the question and were not there (slugs of [`ArtifactKind`] or `event:<channel>`).
    pub missing: Vec<String>,
    /// Signs that logs were edited or removed.
    pub doubts: Vec<Doubt>,
    /// Enough was seen to say "nothing seen" instead of "cannot tell".
    pub sufficient: bool,
}
