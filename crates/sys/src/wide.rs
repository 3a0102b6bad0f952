//! Texts as Windows has them.

use std::ffi::OsStr;
use std::io;
use std::os::windows::ffi::OsStrExt;

/// A text that ends with NUL, as most calls want it.
///
/// # Errors
/// When the text has a NUL in it: the call would see only its beginning.
pub(crate) fn with_nul(text: impl AsRef<OsStr>) -> io::Result<Vec<u16>> {
    let mut units: Vec<u16> = text.as_ref().encode_wide().collect();
    if units.contains(&0) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a text with a NUL in it"));
    }
    units.push(0);
    Ok(units)
}

/// The text up to its first NUL; what is not Unicode is replaced.
pub(crate) fn until_nul(units: &[u16]) -> String {
    let end = units.iter().position(|unit| *unit == 0).unwrap_or(units.len());
    String::from_utf16_lossy(units.get(..end).unwrap_or_default())
}

/// The text at a pointer that Windows filled in, up to its NUL.
///
/// # Safety
/// `text` is null or points to a text that ends with NUL.
pub(crate) unsafe fn at(text: *const u16) -> Option<String> {
    if text.is_null() {
        return None;
    }
    let mut length = 0;
    // SAFETY: all units up to the NUL belong to the text, as the caller promises.
    while unsafe { *text.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: so many units were just read.
    let units = unsafe { std::slice::from_raw_parts(text, length) };
    Some(String::from_utf16_lossy(units))
}

/// Bytes that hold UTF-16 in the order of this processor.
pub(crate) fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect()
}
