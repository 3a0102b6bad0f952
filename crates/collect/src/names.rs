//! Names in the archive.

use std::fmt::Write as _;

use afterpatch_evidence::Entry;

/// How the device of a shadow copy begins; its number follows.
const SHADOW_COPY: &str = r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy";

/// The name of a file in the archive. Paths of Windows are written as Velociraptor does, the drive and each name percent-encoded
/// (`C%3A/inetpub/...`), so that they can be unpacked anywhere and read back as they were; other paths stay as they are.
pub(crate) fn name_of(entry: &Entry) -> String {
    entry.windows_path().map_or_else(|| entry.path().to_owned(), of_windows)
}

fn of_windows(path: &str) -> String {
    // A device is one folder, with all that its name has in it.
    let device = path.strip_prefix(SHADOW_COPY).map_or(0, |rest| SHADOW_COPY.len() + rest.find('\\').unwrap_or(rest.len()));
    let (device, below) = path.split_at(device);
    let names: Vec<String> = below.split('\\').map(encoded).collect();
    encoded(device).replace('\\', "%5C") + &names.join("/")
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
        assert_eq!(of_windows(r"C:\inetpub\a.aspx"), "C%3A/inetpub/a.aspx");
        assert_eq!(
            of_windows(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy12\inetpub\a.aspx"),
            "%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy12/inetpub/a.aspx"
        );
    }
}
