//! Files by open folder and name, as no call of the standard library has them: what is moved about between two calls cannot lead
//! elsewhere, no link is followed, and a name is taken as it is (`con.aspx`, a dot at its end, a path of any length).
//!
//! Names are single components. That is the native interface below Win32, which is documented for drivers and has been the same
//! since Windows NT 4.

mod change;
mod look;
mod security;

use std::fs::{File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle};
use std::path::Path;
use std::ptr::{null, null_mut};

use windows_sys::Wdk::Foundation::OBJECT_ATTRIBUTES;
use windows_sys::Wdk::Storage::FileSystem::{
    FILE_CREATE, FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE, FILE_OPEN, FILE_OPEN_FOR_BACKUP_INTENT, FILE_OPEN_IF,
    FILE_OPEN_REPARSE_POINT, FILE_SYNCHRONOUS_IO_NONALERT, NtCreateFile,
};
use windows_sys::Win32::Foundation::{NTSTATUS, RtlNtStatusToDosError, UNICODE_STRING};
use windows_sys::Win32::Storage::FileSystem::{
    DELETE, FILE_ADD_FILE, FILE_ADD_SUBDIRECTORY, FILE_ATTRIBUTE_NORMAL, FILE_FLAG_BACKUP_SEMANTICS, FILE_LIST_DIRECTORY,
    FILE_READ_ATTRIBUTES, FILE_READ_DATA, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE, FILE_TRAVERSE,
    FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA, READ_CONTROL, SYNCHRONIZE, WRITE_DAC, WRITE_OWNER,
};
use windows_sys::Win32::System::IO::IO_STATUS_BLOCK;
use windows_sys::Win32::System::SystemServices::ACCESS_SYSTEM_SECURITY;

pub use change::{remove, rename, set_basic};
pub use look::{Basic, Facts, basic, facts, list};
pub use security::{private, security, set_security};

/// An open folder.
#[derive(Debug)]
pub struct Folder(File);

/// Others may do with the file whatever they do: we look whether they did.
const SHARED: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
const LOOK_INTO: u32 = FILE_LIST_DIRECTORY | FILE_TRAVERSE | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;
const CHANGE_IN: u32 = FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY | FILE_WRITE_ATTRIBUTES;

impl Folder {
    /// Opens a folder by its path, which may be or have links in it.
    ///
    /// # Errors
    /// What the system says; `NotADirectory`.
    pub fn open(path: &Path) -> io::Result<Self> {
        let open = |access| {
            OpenOptions::new().access_mode(access).share_mode(SHARED).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path)
        };
        // Whoever may only look can still look.
        let folder = open(LOOK_INTO | CHANGE_IN).or_else(|_| open(LOOK_INTO))?;
        if facts(&folder)?.is_folder() { Ok(Self(folder)) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Opens a folder in this one. A link or junction is no folder.
    ///
    /// # Errors
    /// What the system says; `NotADirectory`.
    pub fn folder(&self, name: &str) -> io::Result<Self> {
        let open = |access| self.at(&component(name)?, access, FILE_OPEN, FILE_DIRECTORY_FILE, &[]);
        let folder = open(LOOK_INTO | CHANGE_IN).or_else(|_| open(LOOK_INTO))?;
        let facts = facts(&folder)?;
        if facts.is_folder() && !facts.is_link() { Ok(Self(folder)) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    /// Makes a folder with a security descriptor in its binary form, or as the folder above has it for new ones.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    pub fn make_folder(&self, name: &str, descriptor: &[u8]) -> io::Result<()> {
        self.at(&component(name)?, LOOK_INTO, FILE_CREATE, FILE_DIRECTORY_FILE, descriptor).map(|_| ())
    }

    /// Opens a file or link itself, or a folder, only to look what it is.
    ///
    /// # Errors
    /// What the system says.
    pub fn look(&self, name: &str) -> io::Result<File> {
        self.at(&component(name)?, FILE_READ_ATTRIBUTES | SYNCHRONIZE, FILE_OPEN, 0, &[])
    }

    /// Opens a file for reading, with its audit list where we may. Where we may change its times, reading does not.
    ///
    /// # Errors
    /// What the system says.
    pub fn open_file(&self, name: &str) -> io::Result<File> {
        let least = FILE_READ_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;
        let more = [FILE_WRITE_ATTRIBUTES | ACCESS_SYSTEM_SECURITY, FILE_WRITE_ATTRIBUTES, 0];
        let file = self.first(name, least, &more, FILE_OPEN)?;
        // Refused where it was opened without the right to.
        let _ = change::keep_time_of_access(&file);
        Ok(file)
    }

    /// Makes a file; its rights are those that the folder has for new ones.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    pub fn create(&self, name: &str) -> io::Result<File> {
        let all = WRITE_DAC | WRITE_OWNER;
        self.first(name, WRITE | READ, &[all | ACCESS_SYSTEM_SECURITY, all, WRITE_DAC, 0], FILE_CREATE)
    }

    /// Opens a file for reading and writing.
    ///
    /// # Errors
    /// What the system says.
    pub fn open_for_writing(&self, name: &str) -> io::Result<File> {
        self.first(name, WRITE | READ, &[0], FILE_OPEN)
    }

    /// Waits until the folder's names are on the medium, as far as the file system lets anybody ask for that.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&self) -> io::Result<()> {
        change::flush(&self.0)
    }

    /// The folder as an open file, to look at what it is.
    pub fn as_file(&self) -> &File {
        &self.0
    }

    fn open_to_move(&self, name: &str) -> io::Result<File> {
        self.at(&component(name)?, DELETE | FILE_READ_ATTRIBUTES | SYNCHRONIZE, FILE_OPEN, 0, &[])
    }

    fn open_for_writing_attributes(&self, name: &str) -> io::Result<File> {
        self.at(&component(name)?, FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE, FILE_OPEN, 0, &[])
    }

    /// Opens with as much as we may: each of `more` in turn.
    fn first(&self, name: &str, least: u32, more: &[u32], disposition: u32) -> io::Result<File> {
        let name = component(name)?;
        let mut last = io::Error::from(io::ErrorKind::PermissionDenied);
        for more in more {
            match self.at(&name, least | more, disposition, FILE_NON_DIRECTORY_FILE, &[]) {
                Err(error) if is_denied(&error) => last = error,
                opened => return opened,
            }
        }
        Err(last)
    }

    fn at(&self, name: &[u16], access: u32, disposition: u32, options: u32, descriptor: &[u8]) -> io::Result<File> {
        open_at(&self.0, name, access, disposition, options | FILE_OPEN_REPARSE_POINT, descriptor)
    }
}

const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE;
const WRITE: u32 = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;

/// Opens an alternate stream of an open file, by its name as [`crate::streams`] tells it, for reading; or for writing, when it is
/// made if need be.
///
/// # Errors
/// What the system says; `InvalidInput` for a name that is none of a stream.
pub fn open_stream(file: &File, name: &str, write: bool) -> io::Result<File> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let inner = name.strip_prefix(':').and_then(|rest| rest.strip_suffix(":$DATA"));
    if inner.is_none_or(|inner| inner.is_empty() || inner.contains([':', '\\', '/', '\0'])) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "is no name of a stream"));
    }
    let (access, disposition) = if write { (WRITE | READ, FILE_OPEN_IF) } else { (READ, FILE_OPEN) };
    open_at(file, &units, access, disposition, FILE_NON_DIRECTORY_FILE, &[])
}

/// The one door to `NtCreateFile`. An empty descriptor is none.
fn open_at(folder: &File, name: &[u16], access: u32, disposition: u32, options: u32, descriptor: &[u8]) -> io::Result<File> {
    let bytes = u16::try_from(name.len() * 2).map_err(|_| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let text = UNICODE_STRING { Length: bytes, MaximumLength: bytes, Buffer: name.as_ptr().cast_mut() };
    let attributes = OBJECT_ATTRIBUTES {
        Length: u32::try_from(size_of::<OBJECT_ATTRIBUTES>()).unwrap_or(0),
        RootDirectory: folder.as_raw_handle(),
        ObjectName: &raw const text,
        // Not OBJ_CASE_INSENSITIVE: where a folder tells cases apart, the name is meant as it is.
        Attributes: 0,
        SecurityDescriptor: if descriptor.is_empty() { null() } else { descriptor.as_ptr().cast() },
        SecurityQualityOfService: null(),
    };
    let (mut handle, mut status) = (null_mut(), IO_STATUS_BLOCK::default());
    // With SYNCHRONIZE and this, reads and writes of the standard library wait as they expect.
    let options = options | FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_FOR_BACKUP_INTENT;
    let (handle_at, attributes, status_at) = (&raw mut handle, &raw const attributes, &raw mut status);
    // SAFETY: all that is pointed to lives as long as the call; the name is as long as is said and is not written to.
    let told = unsafe {
        NtCreateFile(
            handle_at,
            access,
            attributes,
            status_at,
            null(),
            FILE_ATTRIBUTE_NORMAL,
            SHARED,
            disposition,
            options,
            null(),
            0,
        )
    };
    check(told)?;
    // SAFETY: it was just opened and belongs to nobody else.
    Ok(unsafe { File::from_raw_handle(handle) })
}

/// A name that leads nowhere but to an entry of the folder.
fn component(name: &str) -> io::Result<Vec<u16>> {
    if matches!(name, "" | "." | "..") || name.contains(['\\', '/', ':', '\0']) {
        return Err(io::Error::new(io::ErrorKind::InvalidFilename, "is no name of a single file"));
    }
    Ok(name.encode_utf16().collect())
}

/// What the native interface says, as an error of the system.
fn check(status: NTSTATUS) -> io::Result<()> {
    if status >= 0 {
        return Ok(());
    }
    // SAFETY: takes and gives numbers only.
    let code = unsafe { RtlNtStatusToDosError(status) };
    Err(io::Error::from_raw_os_error(i32::try_from(code).unwrap_or(i32::MAX)))
}

/// Whether asking for less may help.
fn is_denied(error: &io::Error) -> bool {
    use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_PRIVILEGE_NOT_HELD};
    let code = error.raw_os_error().and_then(|code| u32::try_from(code).ok());
    matches!(code, Some(ERROR_ACCESS_DENIED | ERROR_PRIVILEGE_NOT_HELD))
}
