//! One entry of the table.

use crate::attribute::Attributes;
use crate::numbers::{u16_at, u32_at, u64_at};
use crate::{Attribute, FileName, Reference, Standard, kind};

/// The last two bytes of every stretch of so many are kept elsewhere, to notice a write that broke off.
const SECTOR: usize = 512;

/// An entry of the master file table.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'b> {
    bytes: &'b [u8],
    /// How often the entry was used.
    pub sequence: u16,
    /// Whether the file exists; else it was deleted.
    pub in_use: bool,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The entry that this one goes on, when a file has too many attributes for one.
    pub base: Option<Reference>,
}

impl<'b> Entry<'b> {
    /// The size of entries that the table's first one claims: 1 KiB, or 4 KiB on disks of large sectors.
    pub fn size(first: &[u8]) -> Option<usize> {
        let size = usize::try_from(u32_at(first, 28)?).ok()?;
        (first.starts_with(b"FILE") && matches!(size, 1024 | 2048 | 4096)).then_some(size)
    }

    /// Whether there was never a file in it.
    pub fn is_blank(bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| *byte == 0)
    }

    /// Reads an entry and puts back the bytes that are kept elsewhere. `None`: it is none, or was not written whole.
    pub fn parse(bytes: &'b mut [u8]) -> Option<Self> {
        if !bytes.starts_with(b"FILE") {
            return None;
        }
        put_back(bytes)?;
        let bytes = &*bytes;
        let (flags, base) = (u16_at(bytes, 22)?, Reference(u64_at(bytes, 32)?));
        Some(Self {
            bytes,
            sequence: u16_at(bytes, 16)?,
            in_use: flags & 1 != 0,
            is_folder: flags & 2 != 0,
            base: Some(base).filter(|base| base.0 != 0),
        })
    }

    /// Its attributes, up to the first damage.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'b>> + use<'b> {
        let start = u16_at(self.bytes, 20).map_or(usize::MAX, usize::from);
        Attributes::new(self.bytes.get(start..).unwrap_or_default())
    }

    /// Its names but for short ones that only DOS needs: a file has one for each folder that it is linked in.
    pub fn names(&self) -> impl Iterator<Item = FileName> + use<'b> {
        let names = self.attributes().filter(|it| it.kind == kind::FILE_NAME).filter_map(|it| FileName::parse(it.resident()?));
        names.filter(|name| !name.is_short)
    }

    /// Its times as programs see them.
    pub fn standard(&self) -> Option<Standard> {
        self.attributes().find(|it| it.kind == kind::STANDARD).and_then(|it| Standard::parse(it.resident()?))
    }

    /// Its content: the stream without a name.
    pub fn data(&self) -> Option<Attribute<'b>> {
        self.attributes().find(|it| it.kind == kind::DATA && it.name.is_empty())
    }
}

fn put_back(bytes: &mut [u8]) -> Option<()> {
    let (at, count) = (usize::from(u16_at(bytes, 4)?), usize::from(u16_at(bytes, 6)?));
    let mark = u16_at(bytes, at)?;
    if count.checked_sub(1)?.checked_mul(SECTOR)? != bytes.len() {
        return None;
    }
    for sector in 1..count {
        let end = sector.checked_mul(SECTOR)?.checked_sub(2)?;
        let kept = u16_at(bytes, at.checked_add(sector.checked_mul(2)?)?)?;
        // Some collectors put them back themselves.
        if ![mark, kept].contains(&u16_at(bytes, end)?) {
            return None;
        }
        bytes.get_mut(end..)?.first_chunk_mut::<2>()?.copy_from_slice(&kept.to_le_bytes());
    }
    Some(())
}
