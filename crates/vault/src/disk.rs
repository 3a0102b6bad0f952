//! What the vault needs of a file system: few calls, each by open folder and name, so that nothing that is moved about between
//! two calls can lead elsewhere.
//!
//! Two things implement it: the real disk, and the tests' simulation, which can lose what was not synced at any call.

use std::io::{self, Read, Seek, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Switch;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub use linux::RealDisk;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::RealDisk;
#[cfg(not(any(target_os = "linux", windows)))]
mod elsewhere;
#[cfg(not(any(target_os = "linux", windows)))]
pub use elsewhere::RealDisk;

/// A file system, as far as the vault needs one. Names are single components; none of the calls follows a link, but for the
/// folder that the user names as `root`.
pub trait Disk {
    /// An open folder.
    type Folder;
    /// An open file.
    type File: Read + Write + Seek;

    /// Opens `root`, which the user named and which may be a link, and goes down from there step by step.
    ///
    /// # Errors
    /// `NotFound`, `NotADirectory` (a link or file stands where a folder is expected), or what the system says.
    fn folder(&self, root: &Path, below: &[&str]) -> io::Result<Self::Folder>;

    /// Makes a folder that only its owner may enter.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    fn make_folder(&self, folder: &Self::Folder, name: &str) -> io::Result<()>;

    /// The names in a folder, sorted. Names that are not Unicode are left out: the vault makes none, and no path can name one.
    ///
    /// # Errors
    /// What the system says.
    fn list(&self, folder: &Self::Folder) -> io::Result<Vec<String>>;

    /// Opens a file for reading. Does not wait at a pipe and, where the system allows it, leaves the time of access alone.
    ///
    /// # Errors
    /// What the system says; a link is an error.
    fn open(&self, folder: &Self::Folder, name: &str) -> io::Result<Self::File>;

    /// Makes a file that only its owner may read.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    fn create(&self, folder: &Self::Folder, name: &str) -> io::Result<Self::File>;

    /// Opens a file for reading and for writing at its end.
    ///
    /// # Errors
    /// What the system says; a link is an error.
    fn append(&self, folder: &Self::Folder, name: &str) -> io::Result<Self::File>;

    /// What stands under a name; `None` when nothing does.
    ///
    /// # Errors
    /// What the system says.
    fn look(&self, folder: &Self::Folder, name: &str) -> io::Result<Option<Stat>>;

    /// What an open file is.
    ///
    /// # Errors
    /// What the system says.
    fn stat(&self, file: &Self::File) -> io::Result<Stat>;

    /// Everything about a file that its content is not.
    ///
    /// # Errors
    /// What the system says.
    fn traits(&self, file: &Self::File) -> io::Result<Traits>;

    /// Gives a file its traits.
    ///
    /// # Errors
    /// What the system says: the file must not be called the same as before when it is not.
    fn set_traits(&self, file: &Self::File, traits: &Traits) -> io::Result<()>;

    /// A folder's traits.
    ///
    /// # Errors
    /// What the system says.
    fn folder_traits(&self, folder: &Self::Folder) -> io::Result<Traits>;

    /// Sets a folder's times of access and change.
    ///
    /// # Errors
    /// What the system says.
    fn set_folder_times(&self, folder: &Self::Folder, times: &Times) -> io::Result<()>;

    /// Cuts an open file to a length in bytes.
    ///
    /// # Errors
    /// What the system says.
    fn cut(&self, file: &Self::File, length: u64) -> io::Result<()>;

    /// Waits until a file's content and traits are on the medium.
    ///
    /// # Errors
    /// What the system says.
    fn sync(&self, file: &Self::File) -> io::Result<()>;

    /// Waits until a folder's names are on the medium.
    ///
    /// # Errors
    /// What the system says.
    fn sync_folder(&self, folder: &Self::Folder) -> io::Result<()>;

    /// Renames within a folder, never over something.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    fn rename(&self, folder: &Self::Folder, from: &str, to: &str) -> io::Result<()>;

    /// Makes two names of a folder change places, at once.
    ///
    /// # Errors
    /// `Unsupported` where the file system cannot; else what the system says.
    fn exchange(&self, folder: &Self::Folder, one: &str, other: &str) -> io::Result<()>;

    /// Renames over what stands there, at once: for file systems that cannot exchange.
    ///
    /// # Errors
    /// What the system says.
    fn replace(&self, folder: &Self::Folder, from: &str, over: &str) -> io::Result<()>;

    /// Removes a file's name.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, folder: &Self::Folder, name: &str) -> io::Result<()>;

    /// Takes an open file for this process alone until it is closed; `false` when another holds it.
    ///
    /// # Errors
    /// What the system says.
    fn lock(&self, file: &Self::File) -> io::Result<bool>;

    /// The position of a switch of the running system; `None` when there is no such switch.
    ///
    /// # Errors
    /// `Unsupported` where no such system runs; else what the system says.
    fn position(&self, switch: &Switch) -> io::Result<Option<String>>;

    /// Turns a switch, at once, and waits until that is on the medium.
    ///
    /// # Errors
    /// As [`Disk::position`]; a position that the switch does not have is one.
    fn turn(&self, switch: &Switch, position: &str) -> io::Result<()>;
}

/// What a file is for the system, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The volume's number.
    pub device: u64,
    /// The file's number on it.
    pub number: u64,
}

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link or junction.
    Link,
    /// A device, pipe or socket.
    Other,
}

/// What can be told of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// What it is.
    pub kind: Kind,
    /// Which it is.
    pub identity: Identity,
    /// How many names it has.
    pub links: u64,
    /// Size in bytes.
    pub size: u64,
    /// Last change of the content, UTC.
    pub modified: Timestamp,
}

/// Times of a file or folder, UTC, to the nanosecond where the file system keeps them so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// Last access.
    pub accessed: Timestamp,
    /// Last change of the content.
    pub modified: Timestamp,
}

/// Everything about a file that its content is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traits {
    /// Permission bits (Unix), or attribute bits (Windows).
    pub mode: u32,
    /// Owner's number (Unix).
    pub owner: u32,
    /// Group's number (Unix).
    pub group: u32,
    /// Times.
    pub times: Times,
    /// Extended attributes, sorted by name: access lists, security labels, on mounted NTFS volumes alternate streams. On Windows
    /// the security descriptor, the time at which it was made, and alternate streams.
    pub extended: Vec<Extended>,
}

/// One extended attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// Its name (`user.comment`).
    pub name: String,
    /// Its bytes in hexadecimal.
    pub value: String,
}
