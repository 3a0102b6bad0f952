//! The nodes of an incident's graph.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ThingKind {
    /// A client's network address.
    Address,
    /// An account (`DOMAIN\user`, SID, or directory path).
    Account,
    /// A mailbox that was addressed or impersonated.
    Mailbox,
    /// A path of a URL as requested.
    Url,
    /// A page that a visitor can request, by its file name in lower case (`ohyeah.aspx`): joins file, compiled page and requests.
    Page,
    /// A file's Windows path.
    File,
    /// A process: image and number.
    Process,
    /// A command line.
    Command,
    /// An Exchange object, for example a virtual directory.
    Object,
    /// Script text that was planted.
    Script,
    /// The id that one request carries through front end and back end (`RequestId` = `cafeReqId`).
    RequestId,
    /// The control panel's session canary (`msExchEcpCanary`).
    Canary,
    /// A user agent.
    UserAgent,
    /// A service, task, module or agent that starts by itself, by its name.
    Autostart,
    /// SHA-256 of a file.
    Hash,
}

/// A thing that findings speak of: address, account, URL, file, process, mailbox ...
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Thing {
    /// Its kind.
    pub kind: ThingKind,
    /// Its text as the evidence has it (hostile; bounded in length).
    pub value: String,
}

impl Thing {
    /// No thing's text is kept longer than this many bytes; evidence pointers lead to the whole.
    pub const MAX_BYTES: usize = 4096;

    /// A thing, its text cut at [`Thing::MAX_BYTES`] (at a character boundary, marked with an ellipsis).
    pub fn new(kind: ThingKind, value: impl Into<String>) -> Self {
        Self { kind, value: shorten(value.into(), Self::MAX_BYTES) }
    }
}

/// Cuts `text` to at most `max` bytes at a character boundary, marking the cut.
pub(crate) fn shorten(mut text: String, max: usize) -> String {
    if text.len() > max {
        let mut end = max;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text
}
