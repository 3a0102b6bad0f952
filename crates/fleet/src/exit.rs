//! Exit codes. They tell how the work went, not what was found: of ten thousand servers the worst is always bad.

use std::process::ExitCode;

/// How the program ends. The numbers are documented in `--help` and docs/fleet.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// Error.
    Error = 1,
    /// There is nothing of the name of a package.
    NoPackage = 3,
    /// All was done, but some packages failed.
    SomeFailed = 5,
    /// Interrupted.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
