//! Takes off a host exactly what a scan elsewhere needs.
//!
//! What a scan would read is chosen by the very code that a scan chooses with (`afterpatch_engine::wanted`); it goes into a zip with
//! the files' own paths and times and a manifest with their hashes, in which stands, too, what could not be taken. Of what lies
//! packed on the host the packed file is taken, as it lies there. The zip is written from front to back and never gone back in, so
//! that it can be encrypted and cut into pieces as it is made.

mod archive;
mod choice;
mod names;
mod pieces;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use afterpatch_engine::{Progress, wanted};
use afterpatch_evidence::Evidence;
use afterpatch_model::{COLLECTION_SCHEMA, CollectionLine, Gap, GapKind, Timestamp};
use age::x25519::Recipient;

use crate::archive::{Archive, Taken};
pub use crate::pieces::Pieces;

/// What to take, and how.
#[derive(Clone, Debug)]
pub struct Wishes {
    /// The host's own name, where it is known, for the manifest: files that name no server are then told as this one's.
    pub host: Option<String>,
    /// The time written into the manifest, UTC.
    pub now: Timestamp,
    /// At most so many bytes of files are taken, before they are packed: what is small and says much first, then the newest logs.
    pub budget: Option<u64>,
    /// Logs that were last changed before this time (UTC) stay.
    pub since: Option<Timestamp>,
    /// Encrypt to this age recipient (`age1...`).
    pub recipient: Option<String>,
    /// How many files are looked at at the same time while choosing.
    pub threads: usize,
}

/// What was made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Files taken.
    pub files: u64,
    /// Their bytes, before they were packed.
    pub bytes: u64,
    /// What could not be listed, read or taken.
    pub gaps: Vec<Gap>,
    /// The files that were written.
    pub written: Vec<PathBuf>,
    /// Whether it was stopped before the end; the archive is whole, and its manifest says what is missing.
    pub interrupted: bool,
}

/// Why there is no collection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// The recipient is none.
    #[error("{0}: is no age recipient (age1...)")]
    Recipient(String),
    /// It cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Takes what a scan of this evidence would read, into a zip at `path` (with a recipient, encrypted), in pieces of at most so many
/// bytes where `piece` says so. Nothing is overwritten.
///
/// # Errors
/// See [`CollectError`]. What cannot be read of the host is no error but a gap of the collection.
pub fn collect(
    evidence: &Evidence,
    path: &Path,
    piece: Option<u64>,
    wishes: &Wishes,
    progress: &Progress,
) -> Result<Outcome, CollectError> {
    let recipient: Option<Recipient> = match &wishes.recipient {
        Some(text) => Some(text.trim().parse().map_err(|_| CollectError::Recipient(text.clone()))?),
        None => None,
    };
    let failed = |source| CollectError::Io { path: path.to_owned(), source };
    let mut pieces = Pieces::create(path, piece).map_err(failed)?;
    let mut outcome = match &recipient {
        None => into_zip(evidence, &mut pieces, wishes, progress).map_err(failed)?,
        Some(recipient) => {
            let recipients = std::iter::once(recipient as &dyn age::Recipient);
            let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| failed(io::Error::other(error)))?;
            let mut sealed = encryptor.wrap_output(&mut pieces).map_err(failed)?;
            let outcome = into_zip(evidence, &mut sealed, wishes, progress).map_err(failed)?;
            sealed.finish().map_err(failed)?;
            outcome
        }
    };
    outcome.written = pieces.finish().map_err(failed)?;
    Ok(outcome)
}

fn into_zip(evidence: &Evidence, out: &mut dyn Write, wishes: &Wishes, progress: &Progress) -> io::Result<Outcome> {
    let (found, mut gaps) = wanted(std::slice::from_ref(evidence), wishes.threads, progress);
    let chosen = choice::choose(found, wishes, &mut gaps);
    let mut archive = Archive::new(out);
    let head = CollectionLine::Collection {
        schema: COLLECTION_SCHEMA.to_owned(),
        tool: format!("afterpatch {}", env!("CARGO_PKG_VERSION")),
        host: wishes.host.clone().unwrap_or_default(),
        time: wishes.now,
    };
    let (mut files, mut bytes) = (Vec::new(), 0_u64);
    for (entry, kind) in chosen {
        if progress.is_stopped() {
            gaps.push(Gap::new(entry.path(), GapKind::Capped, "not taken: the collection was stopped"));
            continue;
        }
        progress.begin(entry.location());
        match archive.take(entry, kind, progress)? {
            Taken::Whole(file) => {
                bytes = bytes.saturating_add(file.size);
                files.push(file);
            }
            Taken::Part(file, error) => {
                gaps.push(Gap::new(entry.path(), afterpatch_evidence::gap_kind_of(&error), error.to_string()));
                bytes = bytes.saturating_add(file.size);
                files.push(file);
            }
            Taken::Not(error) => gaps.push(Gap::new(entry.path(), error.gap_kind(), error.to_string())),
        }
    }
    let count = files.len() as u64;
    let lines = std::iter::once(head)
        .chain(files.into_iter().map(CollectionLine::File))
        .chain(gaps.iter().cloned().map(CollectionLine::Gap));
    archive.finish(lines, wishes.now)?;
    Ok(Outcome { files: count, bytes, gaps, written: Vec::new(), interrupted: progress.is_stopped() })
}
