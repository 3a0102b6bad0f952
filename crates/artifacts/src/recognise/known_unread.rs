//! Artifacts that are known and not read: found by head, by first bytes, by name.

use crate::delimited::log_type;
use crate::lines::first_lines;

/// What the artifact is, in words for people.
pub(super) fn find(name: &str, head: &[u8]) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    by_magic(&name, head).or_else(|| by_head(head)).or_else(|| by_name(&name))
}

/// Files that begin as no text does.
fn by_magic(name: &str, head: &[u8]) -> Option<&'static str> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|bytes| bytes.starts_with(magic));
    // Office documents and packages begin as archives do: only what goes by an archive's name, or by none, is one.
    let is_archive_name = !name.contains('.') || ARCHIVE_EXTENSIONS.iter().any(|extension| name.ends_with(extension));
    match () {
        // The hive itself is read.
        () if at(0, b"regf") => Some("log of a registry hive"),
        () if at(4, b"LfLe") => Some("event log of Windows XP and 2003 (.evt)"),
        () if at(0, b"vhdxfile") => Some("virtual disk (VHDX)"),
        () if at(0, b"conectix") => Some("virtual disk (VHD)"),
        () if at(0, b"KDMV") => Some("virtual disk (VMDK)"),
        () if at(0, b"EVF\x09\x0d\x0a\xff\0") => Some("disk image (E01)"),
        () if at(4, b"\xef\xcd\xab\x89") => Some("ESE database"),
        () if is_archive_name && (at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06")) => Some("zip inside the evidence"),
        () if is_archive_name && at(0, b"7z\xbc\xaf\x27\x1c") => Some("7z archive"),
        () if is_archive_name && at(0, b"Rar!\x1a\x07") => Some("rar archive"),
        () if is_archive_name && at(0, b"\x1f\x8b\x08") => Some("gzip inside the evidence"),
        () => None,
    }
}

const ARCHIVE_EXTENSIONS: &[&str] = &[".zip", ".7z", ".rar", ".gz", ".tgz"];

/// `#Log-type` of Exchange logs and the words for people. All seen in real heads but that of the SMTP send log, which follows
/// its sibling; a type that is not here is still known to be an Exchange log.
const LOG_TYPES: &[(&str, &str)] = &[
    ("Agent Log", "Exchange transport agent log"),
    ("SMTP Receive Protocol Log", "Exchange SMTP receive log"),
    ("SMTP Send Protocol Log", "Exchange SMTP send log"),
];

fn by_head(head: &[u8]) -> Option<&'static str> {
    if let Some(own) = log_type(head) {
        let known = LOG_TYPES.iter().find(|(log_type, _)| log_type.eq_ignore_ascii_case(&own));
        return Some(known.map_or("Exchange log of another kind", |(_, words)| words));
    }
    let first = first_lines(head, 1).first()?.to_ascii_lowercase();
    first.starts_with("datetime,requestid,majorversion").then_some("Exchange log of another kind")
}

/// Beginnings and ends of names, in lower case.
const NAMED_LIKE: &[(&str, &str, &str)] =
    &[("u_in", ".log", "IIS log in the IIS format"), ("", ".evt", "event log of Windows XP and 2003 (.evt)")];

fn by_name(name: &str) -> Option<&'static str> {
    NAMED_LIKE.iter().find(|(start, end, _)| name.starts_with(start) && name.ends_with(end)).map(|(_, _, words)| *words)
}
