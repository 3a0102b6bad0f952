//! What can go wrong, and which gap it becomes.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use afterpatch_model::GapKind;

/// The evidence as a whole could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nothing lies there.
    #[error("{}: no such file or folder", path.display())]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// A device, pipe or socket: reading it could wait for ever.
    #[error("{}: neither a file nor a folder", path.display())]
    Special {
        /// The path as given.
        path: PathBuf,
    },
    /// It is there and cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl OpenError {
    pub(crate) fn new(path: &std::path::Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::NotFound => Self::NotFound { path },
            _ => Self::Unreadable { path, source },
        }
    }

    /// The gap that this error is in a run that goes on with other evidence.
    pub fn gap_kind(&self) -> GapKind {
        match self {
            Self::NotFound { .. } | Self::Special { .. } => GapKind::Unreadable,
            Self::Unreadable { source, .. } => gap_kind_of(source),
        }
    }
}

/// One entry could not be opened for reading.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The entry is encrypted; no password is known.
    #[error("encrypted, no password is known")]
    Encrypted,
    /// The archive packs it with a method that this version cannot unpack.
    #[error("packed with a method that is not supported ({method})")]
    Unsupported {
        /// The number of the method (zip APPNOTE 4.4.5).
        method: u16,
    },
    /// It expands out of all proportion.
    #[error(transparent)]
    Bomb(#[from] BombError),
    /// It cannot be read, or is damaged from its start.
    #[error("{0}")]
    Unreadable(#[source] io::Error),
}

impl ReadError {
    /// The gap that this error is.
    pub fn gap_kind(&self) -> GapKind {
        match self {
            Self::Encrypted => GapKind::Encrypted,
            Self::Unsupported { .. } => GapKind::NotRead,
            Self::Bomb(_) => GapKind::Bomb,
            Self::Unreadable(error) => gap_kind_of(error),
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match bomb_in(&error) {
            Some(bomb) => Self::Bomb(bomb),
            None => Self::Unreadable(error),
        }
    }
}

/// Reading stopped because the content expands out of all proportion (see [`crate::Limits`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{packed} bytes expand to more than {expanded}: out of all proportion, reading stopped")]
pub struct BombError {
    /// Bytes expanded so far.
    pub expanded: u64,
    /// Bytes they came from.
    pub packed: u64,
}

impl From<BombError> for io::Error {
    fn from(bomb: BombError) -> Self {
        Self::other(bomb)
    }
}

/// `ERROR_VIRUS_INFECTED`, `ERROR_VIRUS_DELETED` (Microsoft, System Error Codes).
const VIRUS: [i32; 2] = [225, 226];

/// The gap that an error of the content is: damage is [`GapKind::Truncated`] (what came before was read), our own stop at a
/// bomb is [`GapKind::Bomb`], a file that was listed and is not there is [`GapKind::Vanished`], anything else is
/// [`GapKind::Unreadable`].
pub fn gap_kind_of(error: &io::Error) -> GapKind {
    if bomb_in(error).is_some() {
        return GapKind::Bomb;
    }
    if cfg!(windows) && error.raw_os_error().is_some_and(|number| VIRUS.contains(&number)) {
        return GapKind::HeldByAntivirus;
    }
    match error.kind() {
        ErrorKind::NotFound if error.raw_os_error().is_some() => GapKind::Vanished,
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData => GapKind::Truncated,
        // Our own bound of temporary files; the system's has a number.
        ErrorKind::QuotaExceeded if error.raw_os_error().is_none() => GapKind::Capped,
        // flate2 says InvalidInput of a corrupt stream; the system says it of a bad call.
        ErrorKind::InvalidInput if error.raw_os_error().is_none() => GapKind::Truncated,
        _ => GapKind::Unreadable,
    }
}

/// Decoders name damage in several ways; all of them are damaged data, unlike errors of the system.
pub(crate) fn as_damage(error: io::Error) -> io::Error {
    let bomb = bomb_in(&error).is_some();
    let kept = matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::Interrupted);
    if bomb || kept || error.raw_os_error().is_some() {
        return error;
    }
    io::Error::new(ErrorKind::InvalidData, error.to_string())
}

fn bomb_in(error: &io::Error) -> Option<BombError> {
    error.get_ref()?.downcast_ref::<BombError>().copied()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn errors_become_gaps() {
        let bomb = BombError { expanded: 9, packed: 1 };
        let cases = [
            (io::Error::from(ErrorKind::UnexpectedEof), GapKind::Truncated),
            (io::Error::new(ErrorKind::InvalidData, "x"), GapKind::Truncated),
            (io::Error::new(ErrorKind::InvalidInput, "corrupt deflate stream"), GapKind::Truncated),
            (io::Error::from_raw_os_error(22), GapKind::Unreadable),
            (io::Error::from_raw_os_error(2), GapKind::Vanished),
            (io::Error::from(ErrorKind::PermissionDenied), GapKind::Unreadable),
            (io::Error::new(ErrorKind::QuotaExceeded, "x"), GapKind::Capped),
            (bomb.into(), GapKind::Bomb),
        ];
        for (error, kind) in cases {
            assert_eq!(gap_kind_of(&error), kind, "{error:?}");
            assert_eq!(ReadError::from(error).gap_kind(), kind);
        }
        assert_eq!(ReadError::Encrypted.gap_kind(), GapKind::Encrypted);
        assert_eq!(ReadError::Unsupported { method: 98 }.gap_kind(), GapKind::NotRead);
    }
}
