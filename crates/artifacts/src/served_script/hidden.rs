//! Script in files of a web server's folders that are no scripts by their names: pictures and texts that a page includes or that
//! a setting of the folder makes run.

use afterpatch_evidence::Entry;
use afterpatch_model::ArtifactKind;

use super::{ServedScript, WEB_FOLDERS, extension, is_one_of};
use crate::{Format, Input, Sink};

/// The format of served files that hold script although their names promise none. Only the head of a file is looked at for it.
pub struct HiddenScript;

/// What attackers call it. A browser's own scripts and styles are left out, since templates in them look like script; so are logs,
/// in which the code that visitors send stands as text.
const EXTENSIONS: &[&str] = &[
    "", "bak", "bmp", "cer", "dat", "gif", "ico", "inc", "ini", "jpeg", "jpg", "old", "orig", "pdf", "png", "pst", "svg", "tmp",
    "txt",
];

/// Folders of Exchange that are served.
const EXCHANGE_FOLDERS: &[&str] = &["aspnet_client", "clientaccess", "httpproxy"];

/// The marks that begin script, and how much text has to follow one: chance writes a mark into every tenth picture.
const MARKS: &[&[u8]] = &[b"<?php", b"<?=", b"<%"];
const TEXT_BEHIND: usize = 16;

impl Format for HiddenScript {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ServedScript
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        may_hide_script(input.entry()) && holds_mark(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        ServedScript.read(input, sink);
    }
}

/// Whether a file is one whose head should be looked at for script, whatever it is by its name.
pub(crate) fn may_hide_script(entry: &Entry) -> bool {
    let mut folders = entry.location().split(['/', '\\']);
    is_one_of(extension(entry.file_name()), EXTENSIONS)
        && folders.any(|part| is_one_of(part, WEB_FOLDERS) || is_one_of(part, EXCHANGE_FOLDERS))
}

fn holds_mark(head: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    memchr::memchr_iter(b'<', head).any(|at| {
        let rest = head.get(at..).unwrap_or_default();
        let begins = |mark: &&&[u8]| rest.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        MARKS.iter().find(begins).is_some_and(|mark| {
            let behind = rest.get(mark.len()..).unwrap_or_default();
            let behind = behind.get(..TEXT_BEHIND).unwrap_or(behind);
            !behind.is_empty() && behind.iter().all(is_text)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::holds_mark;

    #[test]
    fn marks_have_text_behind_them() {
        for head in [&b"GIF89a\x01\x02<?php demo($a); ?>"[..], b"<%demo(1)%>", b"text <?PHP\r\ndemo();", b"<?=$a?>"] {
            assert!(holds_mark(head), "{}", head.escape_ascii());
        }
        for head in [&b"GIF89a"[..], b"\x00<%\x81\x02", b"<?xml version=\"1.0\"?>", b"", b"<%", b"a < b % c"] {
            assert!(!holds_mark(head), "{}", head.escape_ascii());
        }
    }
}
