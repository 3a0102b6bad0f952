//! Names of files whose coming and going tells something, among the million of a volume.

use crate::served_script::is_script_name;

/// Beside scripts that a server runs: configuration, what attackers make a server write pages as, what a page is compiled to,
/// archives that things are carried off in, dumps of memory, mailboxes and directories.
const EXTENSIONS: &[&str] = &[
    "7z", "cab", "cer", "compiled", "config", "dit", "dmp", "gz", "pst", "rar", "rem", "shtml", "soap", "stm", "tar", "war",
    "zip",
];

/// Whether a file name is one of these.
pub(crate) fn is_telling_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    is_script_name(name) || EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
}
