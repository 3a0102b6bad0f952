//! What was assumed or corrected, so that a reader can disagree.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactId, Timestamp};

/// Something the engine did with the evidence that a reader must know to judge the rest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "note", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// The times of an artifact say UTC but are not; they were moved.
    ClockCorrected {
        /// The artifact.
        artifact: ArtifactId,
        /// Minutes that the artifact's clock is away from UTC (UTC-5 is -300).
        offset_minutes: i32,
        /// How many records prove it.
        proven_by: u64,
    },
    /// A short and a full server name were taken as one server.
    ServersMerged {
        /// The name it goes by in the report.
        server: String,
        /// The other name.
        alias: String,
    },
    /// Artifacts that name no server were given to the only server that their collection names.
    ServerAssumed {
        /// The server.
        server: String,
        /// How many artifacts.
        artifacts: u64,
    },
    /// No artifact names a server; it goes by the name of the collection.
    ServerUnnamed {
        /// The collection's name.
        server: String,
    },
    /// Records outside `--since`/`--until` were left out.
    TimeFilter {
        /// How many records.
        records: u64,
    },
    /// The host that was examined as it runs was examined without administrator rights.
    LimitedRights,
    /// A scan that was cut short had read some artifacts already; what it kept of them was taken.
    Resumed {
        /// How many.
        artifacts: u64,
    },
    /// Weak signals that stand beside nothing strong were not listed.
    WeakSignalsDropped {
        /// How many.
        findings: u64,
    },
    /// Rules of the user were used beside ours.
    RulesLoaded {
        /// Sigma rules.
        sigma: u64,
        /// YARA rules.
        yara: u64,
    },
    /// Rules or rule files of the user could not be used.
    RulesNotUsed {
        /// How many files and rules.
        count: u64,
        /// The first of them, each with the reason, in English.
        first: Vec<String>,
    },
    /// An entry of the acknowledgement file is past its date and does not apply any more.
    AcknowledgementExpired {
        /// What it is about, as it is written there.
        what: String,
        /// Who acknowledged it.
        who: String,
        /// The last day (UTC) on which it applied.
        #[schemars(with = "String")]
        until: Timestamp,
    },
    /// An entry of the acknowledgement file matches no finding.
    AcknowledgementUnused {
        /// What it is about, as it is written there.
        what: String,
        /// Who acknowledged it.
        who: String,
    },
}
