//! A value's data as text.
//!
//! | type | text |
//! |---|---|
//! | `REG_SZ`, `REG_EXPAND_SZ`, `REG_LINK` | the text up to its first NUL |
//! | `REG_MULTI_SZ` | the texts, joined by `; ` |
//! | `REG_DWORD`, `REG_QWORD` | the number; differences of time zones (`…Bias`) with their sign |
//! | everything else | hex, shortened |

use super::cells::{u32_at, u64_at};
use crate::hex::hex;

/// So many bytes of data are read: no real text is longer.
pub(crate) const MOST_BYTES: usize = 64 << 10;
/// So many bytes of other data are shown.
const MOST_HEX: usize = 256;

const REG_SZ: u32 = 1;
const REG_EXPAND_SZ: u32 = 2;
const REG_BINARY: u32 = 3;
const REG_DWORD: u32 = 4;
const REG_DWORD_BIG_ENDIAN: u32 = 5;
const REG_LINK: u32 = 6;
const REG_MULTI_SZ: u32 = 7;
const REG_QWORD: u32 = 11;

/// The text; ends in `…` when it is not all of `size` bytes.
pub(crate) fn text(name: &str, kind: u32, data: &[u8], size: u32) -> String {
    match (kind, data.len()) {
        (REG_SZ | REG_EXPAND_SZ | REG_LINK, _) => {
            let all = utf16(data);
            shown(all.split('\0').next().unwrap_or_default().to_owned(), data.len(), size)
        }
        (REG_MULTI_SZ, _) => {
            let all = utf16(data);
            let each: Vec<&str> = all.split('\0').filter(|text| !text.is_empty()).collect();
            shown(each.join("; "), data.len(), size)
        }
        (REG_DWORD, 4..) if name.ends_with("Bias") => u32_at(data, 0).cast_signed().to_string(),
        (REG_DWORD, 4..) => u32_at(data, 0).to_string(),
        (REG_DWORD_BIG_ENDIAN, 4..) => u32_at(data, 0).swap_bytes().to_string(),
        (REG_QWORD, 8..) => u64_at(data, 0).to_string(),
        _ => {
            let part = data.get(..MOST_HEX).unwrap_or(data);
            shown(hex(part), part.len(), size)
        }
    }
}

/// The type's name in the Windows headers, or its number.
pub(crate) fn kind_name(kind: u32) -> String {
    let name = match kind {
        REG_SZ => "REG_SZ",
        REG_EXPAND_SZ => "REG_EXPAND_SZ",
        REG_BINARY => "REG_BINARY",
        REG_DWORD => "REG_DWORD",
        REG_DWORD_BIG_ENDIAN => "REG_DWORD_BIG_ENDIAN",
        REG_LINK => "REG_LINK",
        REG_MULTI_SZ => "REG_MULTI_SZ",
        REG_QWORD => "REG_QWORD",
        _ => return kind.to_string(),
    };
    name.to_owned()
}

/// The readable texts in binary data that holds UTF-16 (the actions of a task), joined by a blank; at least four characters each.
pub(crate) fn texts_in(data: &[u8]) -> String {
    const LEAST: usize = 4;
    let mut texts: Vec<String> = Vec::new();
    // Lengths before the texts can be odd, so they begin at any byte.
    for start in [0, 1] {
        let units = data.get(start..).unwrap_or_default().as_chunks::<2>().0;
        let readable = |pair: &[u8; 2]| pair[1] == 0 && matches!(pair[0], b' '..=b'~');
        let runs = units.split(|pair| !readable(pair)).filter(|run| run.len() >= LEAST);
        texts.extend(runs.map(|run| run.iter().map(|pair| char::from(pair[0])).collect::<String>()));
    }
    texts.join(" ")
}

fn utf16(data: &[u8]) -> String {
    let units: Vec<u16> = data.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units)
}

fn shown(mut text: String, read: usize, size: u32) -> String {
    if u64::from(size) > read as u64 {
        text.push('…');
    }
    text
}
