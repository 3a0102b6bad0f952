//! What an error of the system means, and what to do about it: the system's own words say neither where nor what next.

use std::io::{self, ErrorKind};

use afterpatch_report::Language;

/// The first error of the system in the chain, in plain words.
pub fn of(error: &anyhow::Error, language: Language) -> Option<&'static str> {
    let kind = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?.kind();
    let (english, german) = plain(kind)?;
    Some(match language {
        Language::English => english,
        Language::German => german,
    })
}

/// In English and in German.
fn plain(kind: ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::NotFound => (
            "Nothing lies there. Check how it is written, and that its folder exists: none is made.",
            "Dort liegt nichts. Schreibweise prüfen, und ob es den Ordner gibt: Es wird keiner angelegt.",
        ),
        ErrorKind::PermissionDenied => (
            "This user may not do that there. Run it as administrator (root), or name another place.",
            "Dieser Benutzer darf das dort nicht. Als Administrator (root) ausführen oder einen anderen Ort nennen.",
        ),
        ErrorKind::AlreadyExists => (
            "Something lies there already, and nothing is overwritten. Name another place.",
            "Dort liegt schon etwas, und es wird nichts überschrieben. Einen anderen Ort nennen.",
        ),
        ErrorKind::IsADirectory => (
            "That is a folder. Name a file, for example one in it.",
            "Das ist ein Ordner. Eine Datei nennen, zum Beispiel eine darin.",
        ),
        ErrorKind::NotADirectory => (
            "A part of the path is a file and no folder. Check how it is written.",
            "Ein Teil des Pfads ist eine Datei und kein Ordner. Schreibweise prüfen.",
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "There is no room left on that disk, and what was written is not whole. Make room, or name a place on another disk.",
            "Auf diesem Datenträger ist kein Platz mehr, und was geschrieben wurde, ist nicht vollständig. Platz schaffen oder einen Ort \
             auf einem anderen nennen.",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "That disk cannot be written to. Name a place on another disk.",
            "Auf diesen Datenträger kann nicht geschrieben werden. Einen Ort auf einem anderen nennen.",
        ),
        _ => return None,
    })
}
