//! What `afterpatch collect` took off a host.

use serde::{Deserialize, Serialize};

use crate::{ArtifactKind, Gap, Timestamp};

/// The form of a collection's manifest.
pub const COLLECTION_SCHEMA: &str = "afterpatch.collection/1";

/// The name of the manifest in a collection.
pub const COLLECTION_MANIFEST: &str = "afterpatch-collection.jsonl";

/// A line of the manifest of a collection: first what it is, then each file that was taken, then what was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum CollectionLine {
    /// What it is.
    Collection {
        /// [`COLLECTION_SCHEMA`].
        schema: String,
        /// What made it (`afterpatch 0.1.0`).
        tool: String,
        /// The host's own name; empty when nothing told it.
        host: String,
        /// When it was begun, UTC.
        time: Timestamp,
    },
    /// A file, in the order of the archive.
    File(CollectedFile),
    /// Something that could not be listed, read or taken.
    Gap(Gap),
}

/// A file of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectedFile {
    /// Its name in the archive.
    pub name: String,
    /// Where it lay on the host.
    pub path: String,
    /// What it was recognised as; of an archive, the first that a scan reads in it.
    pub kind: ArtifactKind,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content as it was read.
    pub sha256: String,
    /// Last change, UTC.
    pub modified: Option<Timestamp>,
}
