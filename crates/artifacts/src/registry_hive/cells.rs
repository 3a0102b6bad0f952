//! The cells of a hive: everything in it lies in one, and they point to each other.

use std::io::{Read, Seek, SeekFrom};

use afterpatch_model::{GapKind, Place};

/// Cells begin behind the base block, and their offsets count from there.
pub(super) const BASE_BLOCK: u64 = 4096;

/// An offset that points nowhere.
pub(super) const NOWHERE: u32 = u32::MAX;

/// So many times a hive's own bytes are read, each cell counted with [`CELL_COST`] more: a multiple of what a real one needs,
/// whose cells are met once or twice. A hive whose lists point back to themselves would have no end.
const MOST_TIMES: u64 = 16;
/// However small or large the hive is.
const BYTES: std::ops::RangeInclusive<u64> = 1 << 20..=1 << 30;
const CELL_COST: u64 = 256;

/// Reads cells, each with a bound.
pub(super) struct Cells<R> {
    hive: R,
    /// Bytes that may still be read.
    left: u64,
}

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) kind: GapKind,
    pub(super) place: Place,
    pub(super) why: String,
}

impl<R: Read + Seek> Cells<R> {
    /// Of a hive from its first byte on.
    pub(super) fn new(mut hive: R) -> Self {
        let size = hive.seek(SeekFrom::End(0)).unwrap_or_default();
        Self { hive, left: size.saturating_mul(MOST_TIMES).clamp(*BYTES.start(), *BYTES.end()) }
    }

    /// The first bytes of a cell, at most `most`.
    pub(super) fn read(&mut self, offset: u32, most: usize) -> Result<Vec<u8>, Damage> {
        let damage = |kind, why: &str| Damage { kind, place: place(offset), why: why.to_owned() };
        if self.left == 0 {
            return Err(damage(GapKind::Capped, "more to read than any real hive has; the rest was not read"));
        }
        self.hive.seek(SeekFrom::Start(position(offset))).map_err(|error| damage(GapKind::Unreadable, &error.to_string()))?;
        let size = i32::from_le_bytes(self.take(4, offset)?.try_into().unwrap_or_default());
        // A cell in use has a negative size, which counts the size's own four bytes.
        if size > -4 {
            return Err(damage(GapKind::Malformed, "points to a cell that is not in use"));
        }
        let content = usize::try_from(size.unsigned_abs() - 4).unwrap_or(usize::MAX);
        self.take(content.min(most), offset)
    }

    fn take(&mut self, count: usize, offset: u32) -> Result<Vec<u8>, Damage> {
        self.left = self.left.saturating_sub(CELL_COST / 2 + count as u64);
        let mut bytes = Vec::new();
        let result = self.hive.by_ref().take(count as u64).read_to_end(&mut bytes);
        let damage = |kind, why: String| Err(Damage { kind, place: place(offset), why });
        match result {
            Err(error) => damage(afterpatch_evidence::gap_kind_of(&error), error.to_string()),
            Ok(_) if bytes.len() < count => damage(GapKind::Truncated, "points behind the end of the hive".to_owned()),
            Ok(_) => Ok(bytes),
        }
    }
}

/// Where a cell stands in the file.
pub(super) fn place(offset: u32) -> Place {
    Place::Offset(position(offset))
}

fn position(offset: u32) -> u64 {
    BASE_BLOCK + u64::from(offset)
}

/// A number in a cell; 0 where the cell ends before it.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    array(bytes, at).map_or(0, u16::from_le_bytes)
}

/// As [`u16_at`].
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map_or(0, u32::from_le_bytes)
}

/// As [`u16_at`].
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    array(bytes, at).map_or(0, u64::from_le_bytes)
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}
