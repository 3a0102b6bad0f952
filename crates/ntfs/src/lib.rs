//! The entries of an NTFS master file table: names, times, content and where it lies.
//!
//! Read from a `$MFT` that was collected as a file, and from a volume in a disk image alike. Bytes are hostile: nothing here
//! panics, and every number is only a claim. NTFS is not published by Microsoft; the layout is that of the documentation of the
//! Linux NTFS project and of `ntfs_layout` in ntfs-3g's public headers, checked against volumes that mkntfs makes.

mod attribute;
mod entry;
mod folders;
mod numbers;
mod runs;

pub use attribute::{Attribute, Content, FileName, Listed, Standard, kind};
pub use entry::Entry;
pub use folders::Folders;
pub use numbers::{text_of, u16_at, u32_at, u64_at};
pub use runs::{Run, Runs};

/// Number of the table's own entry.
pub const MFT: u64 = 0;
/// Number of the entry of a volume's root.
pub const ROOT: u64 = 5;
/// Entries below this number are the file system's own.
pub const FIRST_OF_USERS: u64 = 24;

/// A reference to an entry: its number, and how often the entry had been used when the reference was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(pub u64);

impl Reference {
    /// The entry's number.
    pub fn number(self) -> u64 {
        self.0 & 0xffff_ffff_ffff
    }

    /// How often the entry had been used.
    pub fn sequence(self) -> u16 {
        u16::try_from(self.0 >> 48).unwrap_or_default()
    }
}
