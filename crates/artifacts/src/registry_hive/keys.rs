//! Keys and values, from their cells.

use std::io::{Read, Seek};

use afterpatch_model::{GapKind, Timestamp};

use super::cells::{Cells, Damage, NOWHERE, place, u16_at, u32_at, u64_at};
use crate::filetime::filetime;

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) offset: u32,
    pub(super) name: String,
    /// Last change of the key, its values or its list of keys.
    pub(super) written: Option<Timestamp>,
    subkeys: List,
    values: List,
}

/// A value without its data.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) offset: u32,
    /// Empty for the default value.
    pub(super) name: String,
    /// `REG_SZ` (1), `REG_DWORD` (4) ...
    pub(super) kind: u32,
    /// Length of the data in bytes.
    pub(super) size: u32,
    /// Where the data lies, or the data itself when it has at most four bytes.
    data: [u8; 4],
    resident: bool,
}

#[derive(Clone, Copy, Debug)]
struct List {
    offset: u32,
    count: u32,
}

/// Room for the fixed part and the longest name that a key or a value can have.
const HEAD_BYTES: usize = 76 + 2 * 16_383;
/// More subkeys or values of one key are not looked at; the largest real lists (classes, components) have some ten thousand.
const MOST_IN_LIST: usize = 200_000;
/// Data of more bytes than this stands in several cells of this size (since version 1.4 of the format).
const SEGMENT: usize = 16_344;

/// A key's name has at most 255 letters (Microsoft Learn, "Registry element size limits"); all below it is told with it.
const KEY_NAME_BYTES: u16 = 510;

const NAME_IS_LATIN_1_KEY: u16 = 0x20;
const NAME_IS_LATIN_1_VALUE: u16 = 1;
const RESIDENT: u32 = 1 << 31;

impl Key {
    /// Whether keys stand below it.
    pub(super) fn has_subkeys(&self) -> bool {
        self.subkeys.count > 0
    }
}

/// Reads a key.
pub(super) fn key<R: Read + Seek>(cells: &mut Cells<R>, offset: u32) -> Result<Key, Damage> {
    let cell = cells.read(offset, HEAD_BYTES)?;
    if !cell.starts_with(b"nk") {
        return Err(malformed(offset, "no key where one should be"));
    }
    let list = |count, at| List { offset: u32_at(&cell, at), count: u32_at(&cell, count) };
    Ok(Key {
        offset,
        name: name(&cell, 76, u16_at(&cell, 72).min(KEY_NAME_BYTES), u16_at(&cell, 2) & NAME_IS_LATIN_1_KEY != 0),
        written: filetime(u64_at(&cell, 4)),
        subkeys: list(20, 28),
        values: list(36, 40),
    })
}

/// The offsets of a key's subkeys.
pub(super) fn subkeys<R: Read + Seek>(cells: &mut Cells<R>, key: &Key) -> Result<Vec<u32>, Damage> {
    let mut offsets = Vec::new();
    if key.subkeys.count > 0 && key.subkeys.offset != NOWHERE {
        let lists = match list_of(cells, key.subkeys.offset)? {
            (true, lists) => lists,
            (false, keys) => return Ok(keys),
        };
        for list in lists {
            // A list of lists holds no further one.
            let (false, keys) = list_of(cells, list)? else {
                return Err(malformed(list, "a list of lists of lists of keys"));
            };
            offsets.extend(keys);
            if offsets.len() > MOST_IN_LIST {
                return Err(Damage {
                    kind: GapKind::Capped,
                    place: place(list),
                    why: "more keys than any real one has".to_owned(),
                });
            }
        }
    }
    Ok(offsets)
}

/// The offsets in a list of keys, and whether they are those of further lists.
fn list_of<R: Read + Seek>(cells: &mut Cells<R>, offset: u32) -> Result<(bool, Vec<u32>), Damage> {
    let cell = cells.read(offset, 4 + 8 * usize::from(u16::MAX))?;
    let (of_lists, width) = match cell.get(..2) {
        Some(b"lf" | b"lh") => (false, 8),
        Some(b"li") => (false, 4),
        Some(b"ri") => (true, 4),
        _ => return Err(malformed(offset, "no list of keys where one should be")),
    };
    let entries = cell.get(4..).unwrap_or_default().chunks_exact(width).take(usize::from(u16_at(&cell, 2)));
    Ok((of_lists, entries.map(|entry| u32_at(entry, 0)).collect()))
}

/// The offsets of a key's values.
pub(super) fn values<R: Read + Seek>(cells: &mut Cells<R>, key: &Key) -> Result<Vec<u32>, Damage> {
    if key.values.count == 0 || key.values.offset == NOWHERE {
        return Ok(Vec::new());
    }
    let count = usize::try_from(key.values.count).unwrap_or(usize::MAX).min(MOST_IN_LIST);
    let list = cells.read(key.values.offset, 4 * count)?;
    Ok(list.chunks_exact(4).map(|entry| u32_at(entry, 0)).collect())
}

/// Reads a value.
pub(super) fn value<R: Read + Seek>(cells: &mut Cells<R>, offset: u32) -> Result<Value, Damage> {
    let cell = cells.read(offset, HEAD_BYTES)?;
    if !cell.starts_with(b"vk") {
        return Err(malformed(offset, "no value where one should be"));
    }
    let size = u32_at(&cell, 4);
    Ok(Value {
        offset,
        name: name(&cell, 20, u16_at(&cell, 2), u16_at(&cell, 16) & NAME_IS_LATIN_1_VALUE != 0),
        kind: u32_at(&cell, 12),
        size: size & !RESIDENT,
        data: u32_at(&cell, 8).to_le_bytes(),
        resident: size & RESIDENT != 0,
    })
}

/// The first bytes of a value's data, at most `most`.
pub(super) fn data<R: Read + Seek>(cells: &mut Cells<R>, value: &Value, most: usize) -> Result<Vec<u8>, Damage> {
    let size = usize::try_from(value.size).unwrap_or(usize::MAX);
    let wanted = size.min(most);
    if value.resident {
        return Ok(value.data.get(..wanted).unwrap_or(&value.data).to_vec());
    }
    if wanted == 0 {
        return Ok(Vec::new());
    }
    let offset = u32::from_le_bytes(value.data);
    // The cell of data in segments begins with a mark that other data can begin with, too.
    if size > SEGMENT && cells.read(offset, 2)? == b"db" {
        return segments(cells, offset, wanted);
    }
    let data = cells.read(offset, wanted)?;
    if data.len() < wanted {
        return Err(malformed(offset, "the data is shorter than its value says"));
    }
    Ok(data)
}

fn segments<R: Read + Seek>(cells: &mut Cells<R>, offset: u32, wanted: usize) -> Result<Vec<u8>, Damage> {
    let head = cells.read(offset, 8)?;
    let count = usize::from(u16_at(&head, 2)).min(wanted.div_ceil(SEGMENT));
    let list = cells.read(u32_at(&head, 4), 4 * count)?;
    let mut data = Vec::new();
    for entry in list.chunks_exact(4) {
        data.extend(cells.read(u32_at(entry, 0), SEGMENT.min(wanted.saturating_sub(data.len())))?);
    }
    if data.len() < wanted {
        return Err(malformed(offset, "the data is shorter than its value says"));
    }
    Ok(data)
}

fn name(cell: &[u8], at: usize, length: u16, latin_1: bool) -> String {
    let bytes = cell.get(at..).unwrap_or_default();
    let bytes = bytes.get(..usize::from(length)).unwrap_or(bytes);
    if latin_1 {
        return bytes.iter().map(|byte| char::from(*byte)).collect();
    }
    String::from_utf16_lossy(&bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect::<Vec<_>>())
}

fn malformed(offset: u32, why: &str) -> Damage {
    Damage { kind: GapKind::Malformed, place: place(offset), why: why.to_owned() }
}
