//! Changing files: names, times, attributes.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;

use windows_sys::Wdk::Storage::FileSystem::{
    FILE_INFORMATION_CLASS, FileBasicInformation, FileDispositionInformation, FileDispositionInformationEx,
    FileRenameInformation, FileRenameInformationEx, NtFlushBuffersFile, NtSetInformationFile,
};
use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_CALL_NOT_IMPLEMENTED, ERROR_INVALID_FUNCTION, ERROR_INVALID_HANDLE, ERROR_INVALID_LEVEL,
    ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED,
};
use windows_sys::Win32::Storage::FileSystem::{FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_READONLY};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;

use super::look::{Basic, basic};
use super::{Folder, check, component};

/// Flags of the calls that Windows has since 10 and Server 2016: at once even while others have the file open, and read-only files.
const DELETE: u32 = 1;
const REPLACE: u32 = 1;
const AT_ONCE: u32 = 2;
const RENAME_READ_ONLY: u32 = 0x40;
const DELETE_READ_ONLY: u32 = 0x10;

/// Renames within a folder: over what stands there, or never over something.
///
/// # Errors
/// What the system says; `AlreadyExists` included.
pub fn rename(folder: &Folder, from: &str, to: &str, over: bool) -> io::Result<()> {
    let file = folder.open_to_move(from)?;
    let name = component(to)?;
    if over {
        let flags = REPLACE | AT_ONCE | RENAME_READ_ONLY;
        match set(&file, FileRenameInformationEx, &renaming(folder, &name, flags)) {
            Err(error) if is_unknown(&error) => {}
            renamed => return renamed,
        }
    }
    set(&file, FileRenameInformation, &renaming(folder, &name, u32::from(over)))
}

/// FILE_RENAME_INFORMATION: flags (or a byte for "over"), the folder at 8, length of the name in bytes at 16, name at 20.
fn renaming(folder: &Folder, name: &[u16], flags: u32) -> Vec<u64> {
    let length = u32::try_from(name.len() * 2).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(32 + name.len() * 2);
    bytes.extend(flags.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend((folder.as_file().as_raw_handle() as usize).to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(name.iter().flat_map(|unit| unit.to_le_bytes()));
    numbers(bytes)
}

/// Removes a file's name, read-only or not.
///
/// # Errors
/// What the system says.
pub fn remove(folder: &Folder, name: &str) -> io::Result<()> {
    let file = folder.open_to_move(name)?;
    match set(&file, FileDispositionInformationEx, &numbers((DELETE | AT_ONCE | DELETE_READ_ONLY).to_le_bytes().to_vec())) {
        Err(error) if is_unknown(&error) => {}
        removed => return removed,
    }
    // Older systems remove no read-only file, and none at once that somebody has open: its name goes when the last one closes it.
    let before = basic(&file)?;
    let is_read_only = before.attributes & FILE_ATTRIBUTE_READONLY != 0;
    if is_read_only {
        let writable = folder.open_for_writing_attributes(name)?;
        set_basic(&writable, &Basic { attributes: before.attributes & !FILE_ATTRIBUTE_READONLY, ..KEEP })?;
    }
    let removed = set(&file, FileDispositionInformation, &numbers(vec![1]));
    if removed.is_err() && is_read_only {
        let writable = folder.open_for_writing_attributes(name)?;
        set_basic(&writable, &Basic { attributes: before.attributes, ..KEEP })?;
    }
    removed
}

/// Zero leaves a time or the attributes as they are.
const KEEP: Basic = Basic { created: 0, accessed: 0, written: 0, attributes: 0 };

/// Sets times and attributes; what is zero stays as it is.
///
/// # Errors
/// What the system says.
pub fn set_basic(file: &File, basic: &Basic) -> io::Result<()> {
    let attributes = if basic.attributes == 0 { 0 } else { basic.attributes | FILE_ATTRIBUTE_NORMAL };
    set(file, FileBasicInformation, &basic_information([basic.created, basic.accessed, basic.written, 0], attributes))
}

/// From now on, reading through this handle does not change the time of access.
pub(super) fn keep_time_of_access(file: &File) -> io::Result<()> {
    set(file, FileBasicInformation, &basic_information([0, -1, 0, 0], 0))
}

/// FILE_BASIC_INFORMATION: four times (made, access, content, anything), attributes, four bytes for nothing.
fn basic_information(times: [i64; 4], attributes: u32) -> Vec<u64> {
    times.into_iter().map(i64::cast_unsigned).chain([u64::from(attributes)]).collect()
}

/// Writes a folder's names to the medium.
pub(super) fn flush(folder: &File) -> io::Result<()> {
    let mut status = IO_STATUS_BLOCK::default();
    // SAFETY: the handle is open, and the status has room.
    let told = unsafe { NtFlushBuffersFile(folder.as_raw_handle(), &raw mut status) };
    match check(told) {
        // Not every file system knows that for folders; and a folder that we may not change needs none.
        Err(error) if is_unknown(&error) || is(&error, &[ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE]) => Ok(()),
        flushed => flushed,
    }
}

/// The one door to `NtSetInformationFile`. As `u64`, because the structures must be aligned so.
fn set(file: &File, class: FILE_INFORMATION_CLASS, information: &[u64]) -> io::Result<()> {
    let mut status = IO_STATUS_BLOCK::default();
    let length = u32::try_from(size_of_val(information)).unwrap_or(0);
    let (handle, from) = (file.as_raw_handle(), information.as_ptr().cast());
    // SAFETY: the information has so many bytes, all that is in it lives as long as the call, and the status has room.
    check(unsafe { NtSetInformationFile(handle, &raw mut status, from, length, class) })
}

/// Bytes, filled up with zeros.
fn numbers(mut bytes: Vec<u8>) -> Vec<u64> {
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)).collect()
}

/// Whether system or file system do not know what was asked.
fn is_unknown(error: &io::Error) -> bool {
    let known =
        [ERROR_INVALID_PARAMETER, ERROR_INVALID_FUNCTION, ERROR_INVALID_LEVEL, ERROR_NOT_SUPPORTED, ERROR_CALL_NOT_IMPLEMENTED];
    is(error, &known)
}

fn is(error: &io::Error, codes: &[u32]) -> bool {
    error.raw_os_error().and_then(|code| u32::try_from(code).ok()).is_some_and(|code| codes.contains(&code))
}
