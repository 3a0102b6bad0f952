//! What can go wrong, with what would help.

use std::io;
use std::path::{Path, PathBuf};

use crate::Switch;

/// Why the vault did not do what was asked. Unless an error says otherwise, nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The system refused.
    #[error("{}: {doing}: {source}{}", path.display(), advice(source))]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What was being done.
        doing: &'static str,
        /// The system's own words.
        source: io::Error,
    },
    /// The system refused to tell of a switch or to turn it.
    #[error("{switch}: {source}{}", advice(source))]
    Switch {
        /// Which.
        switch: Switch,
        /// The system's own words.
        source: io::Error,
    },
    /// There is no such switch.
    #[error("{0}: is not there any more")]
    NoSwitch(Switch),
    /// Somebody turned it meanwhile.
    #[error("{switch}: is {found} now, not {expected} as when it was looked at; look at it again")]
    OtherPosition {
        /// Which.
        switch: Switch,
        /// Its position now.
        found: String,
        /// The position then.
        expected: String,
    },
    /// The system was asked to turn it, objected to nothing, and did not.
    #[error("{switch}: was to be turned to {wanted}, nothing objected, and it is still {found}")]
    NotTurned {
        /// Which.
        switch: Switch,
        /// Its position.
        found: String,
        /// The position that it should have.
        wanted: String,
    },
    /// Another run uses this vault.
    #[error("{}: another run uses this vault; wait until it has ended", .0.display())]
    Locked(PathBuf),
    /// The folder holds something else.
    #[error("{}: is no vault: it has files in it, but no journal; name an empty or new folder", .0.display())]
    NotAVault(PathBuf),
    /// There is no vault.
    #[error("{}: there is no vault here; name the folder that clean --apply made (afterpatch-vault beside the plan)", .0.display())]
    NoVault(PathBuf),
    /// The journal does not hold together.
    #[error("{} line {line}: {why}; nothing is changed with a journal that cannot be trusted", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Line, the first is 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A name that cannot be one of a file.
    #[error("{}: {why}", path.display())]
    BadName {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A link where a file is expected.
    #[error("{}: is a link now; links are never followed", .0.display())]
    Link(PathBuf),
    /// A folder, device or pipe where a file is expected.
    #[error("{}: is no plain file", .0.display())]
    NotAFile(PathBuf),
    /// More names than one.
    #[error(
        "{}: has {links} names (hard links), and taking away one would leave the others; find them (find / -samefile FILE, fsutil \
         hardlink list FILE) and remove all but one",
        path.display()
    )]
    HardLinks {
        /// The path.
        path: PathBuf,
        /// How many.
        links: u64,
    },
    /// Nothing is there.
    #[error("{}: is not there any more", .0.display())]
    Gone(PathBuf),
    /// Something is there that should not be.
    #[error("{}: something is there already, and it is not overwritten", .0.display())]
    Exists(PathBuf),
    /// Another file of the same name.
    #[error("{}: is another file than the one that was looked at, though its name is the same (or its disk was mounted anew); look at it again", .0.display())]
    OtherFile(PathBuf),
    /// The content is not what was looked at.
    #[error(
        "{}: its content is not what was looked at (SHA-256 {found}, expected {expected}); look at it again",
        path.display()
    )]
    OtherContent {
        /// The path.
        path: PathBuf,
        /// SHA-256 now.
        found: String,
        /// SHA-256 then.
        expected: String,
    },
    /// Somebody writes to it.
    #[error("{}: was changed or swapped while it was being taken; it was left as it is", .0.display())]
    Changing(PathBuf),
    /// The container cannot be opened with the keys at hand.
    #[error("{}: cannot be opened with the key at hand: {why}", path.display())]
    WrongKey {
        /// The container.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// No key is at hand.
    #[error("{}: the vault holds no key (a recipient was named); give the file with its identity", .0.display())]
    NoKey(PathBuf),
    /// A text that is no key.
    #[error("{0}")]
    BadKey(String),
    /// The vault encrypts to somebody else.
    #[error("{}: this vault encrypts to {own}, not to {named}; use another folder", path.display())]
    OtherRecipient {
        /// The vault.
        path: PathBuf,
        /// Its recipient.
        own: String,
        /// The one named.
        named: String,
    },
    /// A container is not what was put into it.
    #[error("{}: is damaged: {why}", path.display())]
    BadContainer {
        /// The container.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// No such change.
    #[error("the journal has no change {0} that could be undone")]
    NoSuchChange(u64),
    /// It was undone before.
    #[error("change {0} was undone before")]
    AlreadyUndone(u64),
    /// The change was made, and what came after failed.
    #[error("{}: the change was made, but could not be written into the journal ({source}); the next run will notice", path.display())]
    DoneNotRecorded {
        /// The path.
        path: PathBuf,
        /// Why.
        source: Box<VaultError>,
    },
    /// A change began, failed, and could not be taken back at once.
    #[error("{}: {why}; and it could not be taken back at once ({source}); the next run will do that", path.display())]
    HalfDone {
        /// The path.
        path: PathBuf,
        /// What failed first.
        why: Box<VaultError>,
        /// Why it could not be taken back.
        source: Box<VaultError>,
    },
}

impl VaultError {
    pub(crate) fn io(path: &Path, doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Gone(path.to_owned()),
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            _ => Self::Io { path: path.to_owned(), doing, source },
        }
    }
}

/// Windows' numbers for files that others use: sharing violation, lock violation, mapped into memory.
const IN_USE: [i32; 3] = [32, 33, 1224];

/// What would help with an error of the system.
fn advice(error: &io::Error) -> &'static str {
    if cfg!(windows) && error.raw_os_error().is_some_and(|code| IN_USE.contains(&code)) {
        return " (another program has it open: end that (for a page of the web server Stop-Service W3SVC, Start-Service W3SVC \
                afterwards), and apply the plan again; nothing is left to a restart, because nobody could say what became of it)";
    }
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => " (make room, or put the vault on another volume)",
        io::ErrorKind::ReadOnlyFilesystem => " (mount it for writing, or name another place)",
        io::ErrorKind::PermissionDenied => " (run as administrator; an attacker may also have marked the file as unchangeable)",
        io::ErrorKind::NotADirectory => " (a link or a file stands where a folder is expected; links are never followed)",
        _ => "",
    }
}
