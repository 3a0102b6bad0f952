//! What Microsoft Defender found (its own channel).

use std::borrow::Cow;

use afterpatch_model::AntivirusFinding;

use super::WindowsEvent;

/// Whether the number is that of something found or acted on: 1006 and 1007 of a scan, 1008 and 1118 or 1119 of an action that
/// failed, 1015 of behaviour, 1116 and 1117 of protection (Microsoft's list of Defender's events).
pub(super) fn tells_finding(event_id: u32) -> bool {
    matches!(event_id, 1006..=1008 | 1015 | 1116..=1119)
}

/// A finding.
pub(super) fn finding<'a>(event: &WindowsEvent<'a>) -> AntivirusFinding<'a> {
    AntivirusFinding {
        threat: event.text("Threat Name"),
        path: file(event.text("Path")),
        process: known(event.text("Process Name")),
        action: event.text("Action Name"),
    }
}

/// Empty for the word that Defender writes for a process that it does not know.
fn known(process: Cow<'_, str>) -> Cow<'_, str> {
    if process.eq_ignore_ascii_case("Unknown") { Cow::Borrowed("") } else { process }
}

/// The first file of a list like `containerfile:_C:\a.zip; file:_C:\a.zip->b.exe; process:_pid:4`, the `file` itself before the
/// container that it lies in; empty when none of it is a file.
fn file(path: Cow<'_, str>) -> Cow<'_, str> {
    let mut parts: Vec<&str> = path.split(';').map(str::trim).collect();
    parts.sort_by_key(|part| !part.starts_with("file:_"));
    let bare = parts.iter().find_map(|part| part.strip_prefix("file:_").or_else(|| part.strip_prefix("containerfile:_")));
    match bare {
        Some(bare) => Cow::Owned(bare.to_owned()),
        // Older versions write the bare path.
        None if path.contains(":_") => Cow::Borrowed(""),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_finding() {
        for (path, expected) in [
            (r"file:_C:\x.aspx", r"C:\x.aspx"),
            (r"containerfile:_C:\a.zip; file:_C:\a.zip->b.exe", r"C:\a.zip->b.exe"),
            (r"containerfile:_C:\a.zip", r"C:\a.zip"),
            (r"C:\x.aspx", r"C:\x.aspx"),
            ("process:_pid:2484,ProcessStart:1", ""),
            ("", ""),
        ] {
            assert_eq!(file(path.into()), expected, "{path}");
        }
    }
}
