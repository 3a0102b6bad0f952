//! What a file is.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;

use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_NO_MORE_FILES};
use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_ATTRIBUTE_DIRECTORY, FILE_ATTRIBUTE_REPARSE_POINT, FILE_BASIC_INFO, FileBasicInfo,
    FileIdBothDirectoryInfo, FileIdBothDirectoryRestartInfo, GetFileInformationByHandle, GetFileInformationByHandleEx,
};

use super::Folder;
use crate::wide;

/// Which file it is and how large. Times are in units of 100 nanoseconds since 1601, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The volume's serial number.
    pub volume: u64,
    /// The file's number on it.
    pub number: u64,
    /// How many names it has.
    pub links: u64,
    /// Size in bytes.
    pub size: u64,
    /// Attribute bits.
    pub attributes: u32,
    /// Last change of the content.
    pub written: i64,
}

impl Facts {
    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_DIRECTORY != 0
    }

    /// Whether it is a link, a junction, or anything else whose content is elsewhere.
    pub fn is_link(&self) -> bool {
        self.attributes & FILE_ATTRIBUTE_REPARSE_POINT != 0
    }
}

/// What an open file is.
///
/// # Errors
/// What the system says.
pub fn facts(file: &File) -> io::Result<Facts> {
    let mut told = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the structure has room.
    if unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut told) } == 0 {
        return Err(io::Error::last_os_error());
    }
    let both = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
    Ok(Facts {
        volume: told.dwVolumeSerialNumber.into(),
        number: both(told.nFileIndexHigh, told.nFileIndexLow),
        links: told.nNumberOfLinks.into(),
        size: both(told.nFileSizeHigh, told.nFileSizeLow),
        attributes: told.dwFileAttributes,
        written: both(told.ftLastWriteTime.dwHighDateTime, told.ftLastWriteTime.dwLowDateTime).cast_signed(),
    })
}

/// Times, in units of 100 nanoseconds since 1601, UTC, and attribute bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basic {
    /// When it was made.
    pub created: i64,
    /// Last access.
    pub accessed: i64,
    /// Last change of the content.
    pub written: i64,
    /// Attribute bits.
    pub attributes: u32,
}

/// Times and attributes of an open file.
///
/// # Errors
/// What the system says.
pub fn basic(file: &File) -> io::Result<Basic> {
    let mut told = FILE_BASIC_INFO::default();
    let size = u32::try_from(size_of::<FILE_BASIC_INFO>()).unwrap_or(0);
    let into = (&raw mut told).cast();
    // SAFETY: the structure has so many bytes.
    if unsafe { GetFileInformationByHandleEx(file.as_raw_handle(), FileBasicInfo, into, size) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Basic {
        created: told.CreationTime,
        accessed: told.LastAccessTime,
        written: told.LastWriteTime,
        attributes: told.FileAttributes,
    })
}

/// The names in a folder, in the system's order. Names that are not Unicode are left out.
///
/// # Errors
/// What the system says.
pub fn list(folder: &Folder) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let mut buffer = vec![0_u64; 8 << 10];
    let size = u32::try_from(buffer.len() * 8).unwrap_or(0);
    let mut class = FileIdBothDirectoryRestartInfo;
    loop {
        let into = buffer.as_mut_ptr().cast();
        // SAFETY: the buffer has so many bytes, and is aligned for the structures.
        if unsafe { GetFileInformationByHandleEx(folder.as_file().as_raw_handle(), class, into, size) } == 0 {
            let error = io::Error::last_os_error();
            return match error.raw_os_error().and_then(|code| u32::try_from(code).ok()) {
                // The second is said of a drive with nothing in it.
                Some(ERROR_NO_MORE_FILES | ERROR_FILE_NOT_FOUND) => Ok(names),
                _ => Err(error),
            };
        }
        read(&buffer.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>(), &mut names);
        class = FileIdBothDirectoryInfo;
    }
}

/// Entries of FILE_ID_BOTH_DIR_INFO: offset of the next at 0, length of the name in bytes at 60, name at 104.
fn read(bytes: &[u8], names: &mut Vec<String>) {
    let number = |bytes: &[u8], at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let mut at = 0_usize;
    while let Some(entry) = bytes.get(at..)
        && let (Some(next), Some(length)) = (number(entry, 0), number(entry, 60))
    {
        let name = entry.get(104..104_usize.saturating_add(length)).and_then(|name| String::from_utf16(&wide::units(name)).ok());
        names.extend(name.filter(|name| !matches!(&**name, "" | "." | "..")));
        if next == 0 {
            break;
        }
        at = at.saturating_add(next);
    }
}
