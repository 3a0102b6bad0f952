//! What only a running system can say of itself, as a file beside its others.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// The form of the file.
pub const LIVE_SCHEMA: &str = "afterpatch.live/1";

/// The file's name in evidence of a running system.
pub const LIVE_STATE: &str = "afterpatch-live.jsonl";

/// A line of the file: first whose it is, then what was asked of the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum LiveLine {
    /// Whose it is.
    Live {
        /// [`LIVE_SCHEMA`].
        schema: String,
        /// The host's own name; empty when nothing told it.
        host: String,
        /// `windows` or `linux`.
        system: String,
        /// When it was asked, UTC.
        time: Timestamp,
        /// Whether who asked had an administrator's rights.
        elevated: bool,
    },
    /// A value of the registry.
    Registry {
        /// The key (`HKLM\SOFTWARE\...`).
        key: String,
        /// The value's name; empty for the key's own value.
        name: String,
        /// What it holds.
        value: LiveValue,
    },
    /// A process that runs.
    Process {
        /// Its number.
        pid: u32,
        /// Its program, with its path where that may be known.
        image: String,
        /// Its command line; empty where that may not be known.
        command_line: String,
        /// The number of the one that started it.
        parent_pid: u32,
        /// That one's program; empty when it has ended.
        parent_image: String,
        /// That one's command line.
        parent_command_line: String,
    },
    /// A library that a worker process of the web server has loaded, and that does not lie in Windows' own folders.
    Module {
        /// The number of the process.
        pid: u32,
        /// The process's program.
        image: String,
        /// The library, with its path.
        module: String,
        /// Whether its file carries a signature, which nobody has checked; nothing when the file could not be read.
        signed: Option<bool>,
    },
    /// Something that could not be asked.
    Gap {
        /// What.
        what: String,
        /// Why (English).
        why: String,
    },
}

/// What a value of the registry holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LiveValue {
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A number of 4 bytes.
    Number(u32),
    /// A number of 8 bytes.
    Long(u64),
    /// Anything else: Windows' number for the type, and the bytes in hexadecimal.
    Bytes(u32, String),
}
