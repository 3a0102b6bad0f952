//! Alternate data streams: files behind a file, which no listing shows.

use std::fs::File;
use std::io;

/// A stream beside a file's own content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// Its name as Windows writes it: `:Zone.Identifier:$DATA`.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// The alternate streams of an open file, in the system's order. None where the file system has no such thing.
///
/// # Errors
/// What the system says.
#[cfg_attr(not(windows), allow(clippy::missing_const_for_fn, reason = "it asks the system on Windows"))]
pub fn streams(file: &File) -> io::Result<Vec<Stream>> {
    #[cfg(windows)]
    return windows::streams(file);
    #[cfg(not(windows))]
    {
        let _ = file;
        Ok(Vec::new())
    }
}

#[cfg(windows)]
mod windows {
    use std::fs::File;
    use std::io;
    use std::os::windows::io::AsRawHandle;

    use windows_sys::Win32::Foundation::{
        ERROR_CALL_NOT_IMPLEMENTED, ERROR_HANDLE_EOF, ERROR_INVALID_FUNCTION, ERROR_INVALID_LEVEL, ERROR_INVALID_PARAMETER,
        ERROR_MORE_DATA, ERROR_NOT_SUPPORTED,
    };
    use windows_sys::Win32::Storage::FileSystem::{FileStreamInfo, GetFileInformationByHandleEx};

    use super::Stream;
    use crate::wide;

    /// Room for the names of some hundred streams; more are an error.
    const FIRST: usize = 8 << 10;
    const MOST: usize = 1 << 20;

    pub(super) fn streams(file: &File) -> io::Result<Vec<Stream>> {
        let mut room = FIRST;
        loop {
            let mut buffer = vec![0_u64; room / 8];
            let size = u32::try_from(room).unwrap_or(0);
            let into = buffer.as_mut_ptr().cast();
            // SAFETY: the buffer has so many bytes, and is aligned for the structure.
            let told = unsafe { GetFileInformationByHandleEx(file.as_raw_handle(), FileStreamInfo, into, size) };
            if told != 0 {
                return Ok(read(&buffer.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>()));
            }
            let error = io::Error::last_os_error();
            match error.raw_os_error().and_then(|code| u32::try_from(code).ok()) {
                Some(ERROR_MORE_DATA) if room < MOST => room *= 8,
                // The first is said of a folder without streams, the others by file systems (and Wine) that know none.
                Some(
                    ERROR_HANDLE_EOF
                    | ERROR_INVALID_PARAMETER
                    | ERROR_INVALID_FUNCTION
                    | ERROR_INVALID_LEVEL
                    | ERROR_NOT_SUPPORTED
                    | ERROR_CALL_NOT_IMPLEMENTED,
                ) => return Ok(Vec::new()),
                _ => return Err(error),
            }
        }
    }

    /// Entries of FILE_STREAM_INFO: offset of the next, length of the name in bytes, size, size on the disk, name.
    fn read(bytes: &[u8]) -> Vec<Stream> {
        let (mut streams, mut at) = (Vec::new(), 0_usize);
        while let Some(entry) = bytes.get(at..)
            && let Some(next) = number(entry, 0)
            && let Some(length) = number(entry, 4)
            && let Some(size) = entry.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes)
        {
            let name = entry.get(24..24 + length).map(|name| wide::until_nul(&wide::units(name))).unwrap_or_default();
            if !name.is_empty() && name != "::$DATA" {
                streams.push(Stream { name, size });
            }
            if next == 0 {
                break;
            }
            at += next;
        }
        streams
    }

    fn number(bytes: &[u8], at: usize) -> Option<usize> {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn streams_are_read_and_the_content_is_none() {
            let mut bytes = Vec::new();
            for (name, last) in [("::$DATA", false), (":Zone.Identifier:$DATA", true)] {
                let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
                let next = if last { 0 } else { (24 + name.len()).next_multiple_of(8) };
                let start = bytes.len();
                bytes.extend(u32::try_from(next).unwrap_or(0).to_le_bytes());
                bytes.extend(u32::try_from(name.len()).unwrap_or(0).to_le_bytes());
                bytes.extend(7_u64.to_le_bytes());
                bytes.extend(8_u64.to_le_bytes());
                bytes.extend(name);
                bytes.resize(start.max(start + next).max(bytes.len()), 0);
            }
            assert_eq!(read(&bytes), [Stream { name: ":Zone.Identifier:$DATA".to_owned(), size: 7 }]);
        }
    }
}
