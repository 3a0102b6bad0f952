//! One record of the change journal.

use afterpatch_model::{Timestamp, filetime};
use afterpatch_ntfs::{text_of, u16_at, u32_at, u64_at};

/// What happened to a file (`USN_REASON_*`, winioctl.h).
pub(super) mod reason {
    /// Written: data changed, grown or cut.
    pub(crate) const WRITTEN: u32 = 0x7;
    pub(crate) const CREATE: u32 = 0x100;
    pub(crate) const DELETE: u32 = 0x200;
    pub(crate) const RENAME_OLD: u32 = 0x1000;
    pub(crate) const RENAME_NEW: u32 = 0x2000;
    pub(crate) const CLOSE: u32 = 0x8000_0000;

    const WORDS: &[(u32, &str)] = &[
        (0x1, "DATA_OVERWRITE"),
        (0x2, "DATA_EXTEND"),
        (0x4, "DATA_TRUNCATION"),
        (CREATE, "FILE_CREATE"),
        (DELETE, "FILE_DELETE"),
        (RENAME_OLD, "RENAME_OLD_NAME"),
        (RENAME_NEW, "RENAME_NEW_NAME"),
        (0x8000, "BASIC_INFO_CHANGE"),
        (CLOSE, "CLOSE"),
    ];

    /// The reasons in the words of the Windows SDK; rare ones as a number.
    pub(crate) fn words(reasons: u32) -> String {
        let known = WORDS.iter().fold(0, |known, (bit, _)| known | bit);
        let words = WORDS.iter().filter(|(bit, _)| reasons & bit != 0).map(|(_, word)| (*word).to_owned());
        let rest = Some(reasons & !known).filter(|rest| *rest != 0).map(|rest| format!("{rest:#x}"));
        words.chain(rest).collect::<Vec<_>>().join("|")
    }
}

/// Attribute of folders.
const DIRECTORY: u32 = 0x10;

/// A change of a file, as both versions of the record tell it.
#[derive(Debug, PartialEq)]
pub(super) struct Change {
    /// Number of the file's entry in the master file table and how often that was used (upper 16 bits).
    pub(super) file: u64,
    /// The same of its folder.
    pub(super) folder: u64,
    pub(super) time: Option<Timestamp>,
    pub(super) reasons: u32,
    pub(super) is_folder: bool,
    pub(super) name: String,
}

impl Change {
    /// `bytes` is the whole record. `None` for records that name no file (version 4 tells of stretches inside one).
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        // Version 3 has numbers of 128 bits, of which NTFS uses the lower half.
        let (file, folder, rest) = match u16_at(bytes, 4)? {
            2 => (8, 16, 32),
            3 => (8, 24, 48),
            _ => return None,
        };
        let (length, start) = (u16_at(bytes, rest + 24)?, u16_at(bytes, rest + 26)?);
        let name = bytes.get(usize::from(start)..)?.get(..usize::from(length))?;
        Some(Self {
            file: u64_at(bytes, file)?,
            folder: u64_at(bytes, folder)?,
            time: filetime(u64_at(bytes, rest)?),
            reasons: u32_at(bytes, rest + 8)?,
            is_folder: u32_at(bytes, rest + 20)? & DIRECTORY != 0,
            name: text_of(name),
        })
    }
}
