//! The master file table of an NTFS volume (`$MFT`): every file that there is, and most that were deleted.
//!
//! Of a name that tells something (see `telling_name`) the file's path and its times of both kinds are handed on, those that
//! programs can set and those that only the kernel writes. A script of some hundred bytes lies in the entry itself and is read
//! as a served file is, also when it was deleted. All other entries are counted and no more.
//!
//! The table is read twice: first the folders, then the files. Only folders are kept (see [`Folders`]).

#[cfg(test)]
mod tests;

use std::io::{ErrorKind, Read};

use afterpatch_model::{ArtifactKind, Fields, FileEntry, GapKind, LogSource, Place, Record, ServedFile, Unified};
use afterpatch_ntfs::{Entry, FileName, Folders, Reference};

use crate::served_script::{Content, is_script_name};
use crate::telling_name::is_telling_name;
use crate::{Flow, Format, Input, Sink};

/// The format of the master file table.
pub struct NtfsMft;

/// Entries are of this size but on disks of large sectors.
const USUAL_SIZE: usize = 1024;

impl Format for NtfsMft {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::NtfsMft
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        let (name, head) = (input.entry().file_name(), input.head());
        // A damaged first entry does not make the rest worthless.
        Entry::size(head).is_some() || (is_table_name(name) && head.get(USUAL_SIZE..).and_then(Entry::size).is_some())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let size = Entry::size(input.head()).unwrap_or(USUAL_SIZE);
        let folders = match input.entry().reader() {
            Ok(reader) => folders(reader, size),
            Err(error) => return sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        };
        if folders.left_out > 0 {
            sink.gap(GapKind::Capped, Place::Whole, "more folders than are kept: some paths are not whole");
        }
        match input.reader() {
            Ok(reader) => files(reader, size, &folders, input.drive(), sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// `$MFT` and what collectors make of it: `C_$MFT`, `$MFT.bin`.
pub(crate) fn is_table_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.strip_suffix(".bin").unwrap_or(&name).ends_with("$mft")
}

/// Damage is told when the files are read.
fn folders(reader: impl Read, size: usize) -> Folders {
    let mut folders = Folders::default();
    let _ = each_entry(reader, size, |number, bytes| {
        if let Some(entry) = Entry::parse(bytes) {
            folders.add(number, &entry);
        }
        Flow::Continue
    });
    folders
}

fn files(reader: impl Read, size: usize, folders: &Folders, drive: &str, sink: &mut dyn Sink) {
    let result = each_entry(reader, size, |number, bytes| {
        if Entry::is_blank(bytes) {
            return Flow::Continue;
        }
        match Entry::parse(bytes) {
            Some(entry) => emit(number, &entry, folders, drive, sink),
            None => {
                sink.gap(GapKind::Malformed, Place::Record(number), "no entry of the table, or not written whole");
                Flow::Continue
            }
        }
    });
    if let Err(error) = result {
        sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Whole, &error.to_string());
    }
}

/// Hands on every entry with its number until that says stop.
fn each_entry(mut reader: impl Read, size: usize, mut each: impl FnMut(u64, &mut [u8]) -> Flow) -> std::io::Result<()> {
    let mut buffer = vec![0; size.saturating_mul(256)];
    let (mut number, mut filled) = (0_u64, 0);
    loop {
        match reader.read(buffer.get_mut(filled..).unwrap_or_default()) {
            Ok(0) if filled == 0 => return Ok(()),
            Ok(0) => return Err(std::io::Error::new(ErrorKind::UnexpectedEof, "it ends in the middle of an entry")),
            Ok(count) => filled = filled.saturating_add(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        let whole = filled / size * size;
        for bytes in buffer.get_mut(..whole).unwrap_or_default().chunks_exact_mut(size) {
            if each(number, bytes) == Flow::Stop {
                return Ok(());
            }
            number = number.saturating_add(1);
        }
        buffer.copy_within(whole..filled, 0);
        filled = filled.saturating_sub(whole);
    }
}

fn emit(number: u64, entry: &Entry<'_>, folders: &Folders, drive: &str, sink: &mut dyn Sink) -> Flow {
    // A file of many attributes goes on in other entries; a name may stand in one of those.
    let own = entry.base.map_or(number, Reference::number);
    let mut told = false;
    for name in entry.names().filter(|name| !entry.is_folder && is_telling_name(&name.name)) {
        told = true;
        if emit_file(own, entry, &name, folders, drive, sink) == Flow::Stop {
            return Flow::Stop;
        }
    }
    if told || entry.base.is_some() {
        return Flow::Continue;
    }
    sink.record(&Record {
        place: Place::Record(number),
        time: None,
        server: None,
        source: LogSource::fixed("windows", "", "mft"),
        fields: Fields::default(),
        unified: Unified::Other,
    })
}

fn emit_file(number: u64, entry: &Entry<'_>, name: &FileName, folders: &Folders, drive: &str, sink: &mut dyn Sink) -> Flow {
    let path = folders.path(name.folder, &name.name, '\\');
    let path = if path.starts_with('\\') { format!("{drive}{path}") } else { path };
    let (standard, data) = (entry.standard(), entry.data());
    let modified = standard.and_then(|times| times.modified);
    let mut content = Content::default();
    let script = data.as_ref().and_then(|data| data.resident()).filter(|bytes| !bytes.is_empty() && is_script_name(&name.name));
    let script = script.filter(|bytes| content.read(*bytes).is_ok());
    let text = content.text();
    let script = script.map(|_| Box::new(content.file(&path, modified, &text)) as Box<ServedFile<'_>>);
    sink.record(&Record {
        place: Place::Record(number),
        time: name.times.created,
        server: None,
        source: LogSource::fixed("windows", "", "mft"),
        fields: Fields::default(),
        unified: Unified::FileEntry(Box::new(FileEntry {
            path: path.as_str().into(),
            size: data.as_ref().map_or(0, |data| data.size()),
            deleted: !entry.in_use,
            created: standard.and_then(|times| times.created),
            modified,
            name_created: name.times.created,
            script,
        })),
    })
}
