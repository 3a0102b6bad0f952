//! What a watch tells, the moment it sees it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactInfo, Finding, Place, Timestamp};

/// Name and version of an alert's form; every line carries it. The number grows with every breaking change.
pub const ALERT_SCHEMA: &str = "afterpatch.alert/1";

/// One finding, told while it happens. Whoever takes alerts may get one again after a crash: `id` tells that it is the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// [`ALERT_SCHEMA`].
    pub schema: String,
    /// The same finding at the same place always has the same id (32 hexadecimal digits).
    pub id: String,
    /// Counts the alerts of one state folder, without holes.
    pub sequence: u64,
    /// When it was told, UTC.
    #[schemars(with = "String")]
    pub told: Timestamp,
    /// What was found. Its own `id` is that of the alert.
    pub finding: Finding,
    /// In what, as it lay there then.
    pub artifact: ArtifactInfo,
    /// Where in it: the first record.
    pub place: Place,
    /// The first alert of the story that it belongs to; its own id when it opens one.
    pub story: String,
    /// Weak signs seen before that belong to it.
    pub beside: Vec<Sign>,
    /// Not a new finding but repeats of an earlier one, whose id it names; how often since that was last told.
    pub repeats: Option<Repeats>,
}

/// A weak sign that means nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sign {
    /// Slug of the finding's kind.
    pub kind: String,
    /// Its English title.
    pub title: String,
    /// When, UTC.
    #[schemars(with = "Option<String>")]
    pub time: Option<Timestamp>,
    /// In which file.
    pub path: String,
    /// Where in it.
    pub place: Place,
}

/// Repeats of what was told before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Repeats {
    /// The alert that told it first.
    pub of: String,
    /// How often it was seen since.
    pub count: u64,
    /// How many different things (pages, visitors ...) these repeats spoke of, as far as was counted.
    pub kinds_of_things: u64,
}
