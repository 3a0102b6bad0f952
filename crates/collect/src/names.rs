//! Names in the archive.

use std::fmt::Write as _;

use afterpatch_evidence::Entry;

/// The name of a file in the archive. Paths of Windows are written as Velociraptor does, the drive and each name percent-encoded
/// (`C%3A/inetpub/...`), so that they can be unpacked anywhere and read back as they were; other paths stay as they are.
pub(crate) fn name_of(entry: &Entry) -> String {
    match entry.windows_path() {
        Some(path) => path.split('\\').map(encoded).collect::<Vec<_>>().join("/"),
        None => entry.path().to_owned(),
    }
}

/// A name with everything encoded that some system does not take in one: what NTFS and the shells keep for themselves, control
/// characters, and the sign itself.
fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_control() || matches!(letter, '%' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '/') {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        } else {
            encoded.push(letter);
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_unpacked_anywhere() {
        for (name, expected) in [
            ("C:", "C%3A"),
            ("Program Files (x86)", "Program Files (x86)"),
            ("100%.log", "100%25.log"),
            ("page.aspx:stream", "page.aspx%3Astream"),
            ("Müller", "Müller"),
            ("a\u{1}b", "a%01b"),
        ] {
            assert_eq!(encoded(name), expected);
        }
    }
}
