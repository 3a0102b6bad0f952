//! Attributes of an entry: everything about a file is one, its content too.

use afterpatch_model::{Timestamp, filetime};

use crate::numbers::{text_of, u16_at, u32_at, u64_at};
use crate::{Reference, Runs};

/// Numbers of attributes.
pub mod kind {
    /// Times and flags.
    pub const STANDARD: u32 = 0x10;
    /// Where attributes in other entries are.
    pub const LIST: u32 = 0x20;
    /// A name and its folder.
    pub const FILE_NAME: u32 = 0x30;
    /// Content.
    pub const DATA: u32 = 0x80;
    /// Behind the last attribute.
    pub(crate) const END: u32 = 0xffff_ffff;
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute<'b> {
    /// Its kind (see [`kind`]).
    pub kind: u32,
    /// Its name; empty for most.
    pub name: String,
    /// Packed by the file system.
    pub is_compressed: bool,
    /// Encrypted by the file system.
    pub is_encrypted: bool,
    /// Its content.
    pub content: Content<'b>,
}

/// Where an attribute's content is.
#[derive(Clone, Debug)]
pub enum Content<'b> {
    /// In the entry.
    Resident(&'b [u8]),
    /// On the volume.
    Elsewhere {
        /// The cluster of the content with which these runs begin: not the first when the list goes on in several entries.
        first: u64,
        /// Its length in bytes; 0 when `first` is not.
        size: u64,
        /// Bytes after these are zeros whatever the volume holds; 0 when `first` is not.
        written: u64,
        /// Clusters that are packed together, as a power of two; 0 when not packed.
        packed_by: u8,
        /// The clusters.
        runs: Runs<'b>,
    },
}

impl<'b> Attribute<'b> {
    /// The content, when it is in the entry.
    pub fn resident(&self) -> Option<&'b [u8]> {
        match self.content {
            Content::Resident(bytes) => Some(bytes),
            Content::Elsewhere { .. } => None,
        }
    }

    /// Length of the content in bytes.
    pub fn size(&self) -> u64 {
        match &self.content {
            Content::Resident(bytes) => bytes.len() as u64,
            Content::Elsewhere { size, .. } => *size,
        }
    }

    fn parse(bytes: &'b [u8]) -> Option<Self> {
        let flags = u16_at(bytes, 12)?;
        let (name_length, name_at) = (usize::from(*bytes.get(9)?), usize::from(u16_at(bytes, 10)?));
        let content = match bytes.get(8)? {
            0 => {
                let (length, at) = (usize::try_from(u32_at(bytes, 16)?).ok()?, usize::from(u16_at(bytes, 20)?));
                Content::Resident(bytes.get(at..)?.get(..length)?)
            }
            _ => {
                let first = u64_at(bytes, 16)?;
                let size = |at| if first == 0 { u64_at(bytes, at) } else { Some(0) };
                Content::Elsewhere {
                    first,
                    size: size(48)?,
                    written: size(56)?,
                    packed_by: u16_at(bytes, 34)?.try_into().ok()?,
                    runs: Runs::new(bytes.get(usize::from(u16_at(bytes, 32)?)..)?),
                }
            }
        };
        Some(Self {
            kind: u32_at(bytes, 0)?,
            name: text_of(bytes.get(name_at..)?.get(..name_length.checked_mul(2)?)?),
            is_compressed: flags & 0xff != 0,
            is_encrypted: flags & 0x4000 != 0,
            content,
        })
    }
}

/// Attributes one after the other.
pub(crate) struct Attributes<'b>(&'b [u8]);

impl<'b> Attributes<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }
}

impl<'b> Iterator for Attributes<'b> {
    type Item = Attribute<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        if u32_at(self.0, 0)? == kind::END {
            return None;
        }
        let length = usize::try_from(u32_at(self.0, 4)?).ok()?;
        // No attribute is shorter than its head; a length of zero would never end.
        let (own, rest) = self.0.split_at_checked(length).filter(|_| length >= 24)?;
        self.0 = rest;
        Attribute::parse(own)
    }
}

/// The times and flags that programs see and can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Created.
    pub created: Option<Timestamp>,
    /// Content last written.
    pub modified: Option<Timestamp>,
    /// A link, a junction, or content that lies in another place.
    pub is_reparse_point: bool,
}

impl Standard {
    fn at(bytes: &[u8], flags: usize) -> Option<Self> {
        let time = |at| Some(filetime(u64_at(bytes, at)?));
        Some(Self { created: time(0)?, modified: time(8)?, is_reparse_point: u32_at(bytes, flags)? & 0x400 != 0 })
    }

    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Self::at(bytes, 32)
    }
}

/// A name of a file, with the times that only the kernel writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// The folder.
    pub folder: Reference,
    /// The name.
    pub name: String,
    /// A second, short name for DOS.
    pub is_short: bool,
    /// Times when the name was given.
    pub times: Standard,
}

impl FileName {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let length = usize::from(*bytes.get(64)?);
        Some(Self {
            folder: Reference(u64_at(bytes, 0)?),
            name: text_of(bytes.get(66..)?.get(..length.checked_mul(2)?)?),
            is_short: *bytes.get(65)? == 2,
            times: Standard::at(bytes.get(8..)?, 48)?,
        })
    }
}

/// One line of the list that tells where attributes in other entries are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The attribute's kind.
    pub kind: u32,
    /// The entry that it is in.
    pub entry: Reference,
}

impl Listed {
    /// The lines of a list, up to the first damage.
    pub fn all(mut bytes: &[u8]) -> impl Iterator<Item = Self> {
        std::iter::from_fn(move || {
            let length = usize::from(u16_at(bytes, 4)?);
            let (own, rest) = bytes.split_at_checked(length).filter(|_| length >= 24)?;
            bytes = rest;
            Some(Self { kind: u32_at(own, 0)?, entry: Reference(u64_at(own, 16)?) })
        })
    }
}
