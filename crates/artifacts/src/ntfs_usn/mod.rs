//! The change journal of an NTFS volume, `$Extend\$UsnJrnl:$J`: which file was created, renamed or deleted when, in order.
//!
//! Layout of the records: Windows SDK, `USN_RECORD_V2` and `USN_RECORD_V3` (winioctl.h). They stand one after the other at
//! multiples of eight; zeros fill the rest of a page and the freed start of the journal, which may be many gigabytes long.
//!
//! A record names the file and its folder's number, not its path. Folders are named as far as the journal itself named them
//! before; a path that reaches the volume's root begins with `\`, or with the drive where the evidence tells it.
//!
//! What happens to a file between opening and closing is written several times, with more flags each time; each flag is told
//! once. Of names that tell nothing (see `telling_name`) a record is counted and no more.

mod journal;
mod names;
mod record;
#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, Fields, FileAction, FileChange, GapKind, LogSource, Place, Record, Unified};

use crate::telling_name::is_telling_name;
use crate::{Flow, Format, Input, Sink};
use journal::Journal;
use names::Names;
use record::{Change, reason};

/// The format of the change journal.
pub struct NtfsUsn;

impl Format for NtfsUsn {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::NtfsUsn
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        let head = input.head();
        // The start of a journal is mostly freed: zeros, as far as can be seen.
        is_journal_name(input.entry().file_name())
            && !head.is_empty()
            && (head.iter().all(|byte| *byte == 0) || journal::starts(head))
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        match input.reader() {
            Ok(reader) => read(reader, input.drive(), sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// `$J` and what collectors make of it: `$UsnJrnl%3A$J`, `$UsnJrnl_$J`, `$UsnJrnl`, `$J.bin`.
pub(crate) fn is_journal_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix(".bin").unwrap_or(&name);
    name == "$j" || name.ends_with(":$j") || (name.contains("usnjrnl") && !name.ends_with("$max"))
}

fn read(reader: impl std::io::Read, volume: &str, sink: &mut dyn Sink) {
    let mut journal = Journal::new(reader);
    let mut names = Names::default();
    let mut damaged = false;
    loop {
        let (offset, bytes) = match journal.next() {
            Ok(Some(next)) => next,
            Ok(None) => return,
            Err(error) => {
                return sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Offset(journal.offset()), &error.to_string());
            }
        };
        let Some(bytes) = bytes else {
            // Once for each stretch.
            if !std::mem::replace(&mut damaged, true) {
                sink.gap(GapKind::Malformed, Place::Offset(offset), "no record of the change journal");
            }
            continue;
        };
        damaged = false;
        let Some(change) = Change::parse(bytes) else { continue };
        if emit(offset, &change, volume, &mut names, sink) == Flow::Stop {
            return;
        }
    }
}

fn emit(offset: u64, change: &Change, volume: &str, names: &mut Names, sink: &mut dyn Sink) -> Flow {
    let place = Place::Offset(offset);
    let (new, old_name) = names.learn(change);
    let told = is_telling_name(&change.name) || old_name.as_deref().is_some_and(is_telling_name);
    let action = match () {
        () if !told || change.is_folder => None,
        () if new & reason::DELETE != 0 => Some(FileAction::Deleted),
        () if new & reason::RENAME_NEW != 0 => Some(FileAction::Renamed),
        () if new & (reason::CREATE | reason::WRITTEN) != 0 => Some(FileAction::Created),
        () => None,
    };
    let Some(action) = action else {
        return sink.record(&Record {
            place,
            time: change.time,
            server: None,
            source: LogSource::fixed("windows", "", "usn"),
            fields: Fields::default(),
            unified: Unified::Other,
        });
    };
    let path = names.path(change, volume);
    let mut fields =
        vec![("Reason".into(), reason::words(new).into()), ("FileReference".into(), format!("{:#x}", change.file).into())];
    if let Some(old) = &old_name {
        fields.push(("OldFileName".into(), old.into()));
    }
    sink.record(&Record {
        place,
        time: change.time,
        server: None,
        source: LogSource::fixed("windows", "file_event", "usn"),
        fields: Fields::Pairs(fields),
        unified: Unified::FileChange(FileChange { action, path: path.into(), image: "".into(), pid: None }),
    })
}
