//! Where bytes come from: one module per kind of evidence, and the layouts of collections.
//!
//! A reader of a format sees an [`Entry`] and never learns whether its bytes lie in a folder, an archive or a disk image.
//! Evidence is read-only: this crate opens nothing for writing but unlinked temporary files (see [`Entry::seekable`]).
//! Evidence is hostile: names, sizes and directories of archives are only claims, and every list is bounded by [`Limits`].

mod container;
mod disk;
mod entry;
mod error;
mod evidence;
mod file;
mod folder;
mod gaps;
mod joined;
mod layout;
mod limits;
mod listing;
mod memory;
mod name;
mod nested;
mod packing;
mod placing;
mod seven_zip;
mod spool;
mod tar;
mod window;
mod zip;

pub use entry::{Entry, ReadSeek};
pub use error::{BombError, OpenError, ReadError, gap_kind_of};
pub use evidence::Evidence;
pub use folder::Place;
pub use gaps::Gaps;
pub use limits::Limits;
pub use memory::MemoryFile;
pub use placing::Placing;
