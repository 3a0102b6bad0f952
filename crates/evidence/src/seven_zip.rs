//! A 7z archive.
//!
//! It packs many files into one stream, so one file can only be read by unpacking all before it: the whole archive is unpacked
//! once, to a temporary file without a name, and its files are read from there.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read};

use afterpatch_model::{GapKind, Timestamp, filetime};
use sevenz_rust2::{Archive, ArchiveEntry, BlockDecoder, Error, Password};

use crate::error::as_damage;
use crate::file::Plain;
use crate::listing::{Found, Listing};
use crate::name::safe_name;
use crate::spool::copy;
use crate::window::Window;
use crate::{BombError, gap_kind_of};

/// A 7z archive begins so.
pub(crate) const MARK: &[u8] = b"7z\xbc\xaf\x27\x1c";

/// Memory that lists of files and, apart from them, dictionaries may take. 7-Zip's own highest setting has a dictionary of
/// 256 MiB; collections are packed with less.
const MEMORY_KIB: usize = 320 << 10;

/// Lists a 7z archive.
///
/// # Errors
/// There is no room for the temporary file. Damage becomes a gap, what came before it is listed.
pub(crate) fn list(window: &Window, name: &str, listing: &mut Listing) -> io::Result<()> {
    let archive = match Archive::read_with_memory_limit(&mut window.clone(), &Password::empty(), MEMORY_KIB) {
        Ok(archive) => archive,
        Err(error) => {
            let (kind, why) = gap_of(&error);
            listing.gaps.each(kind, name, "the list of files of the 7z archive cannot be read", &why);
            return Ok(());
        }
    };
    let mut unpacking =
        Unpacking { packed: window.length(), out: BufWriter::new(tempfile::tempfile()?), written: 0, files: Vec::new() };
    for block in 0..archive.blocks.len() {
        unpacking.block(&archive, block, window, listing)?;
    }
    unpacking.list(&archive, listing)
}

struct Unpacking {
    packed: u64,
    out: BufWriter<File>,
    written: u64,
    /// Name, start, length and time of what was unpacked.
    files: Vec<(Found7z, u64, u64)>,
}

struct Found7z {
    name: String,
    modified: Option<Timestamp>,
}

impl Found7z {
    fn of(entry: &ArchiveEntry) -> Self {
        let modified = filetime(u64::from(entry.last_modified_date()));
        Self { name: entry.name().to_owned(), modified }
    }
}

impl Unpacking {
    /// Unpacks one stream of files, to its end or its first damage.
    fn block(&mut self, archive: &Archive, block: usize, window: &Window, listing: &mut Listing) -> io::Result<()> {
        let (password, mut source) = (Password::empty(), window.clone());
        let decoder = BlockDecoder::new_with_memory_limit(1, MEMORY_KIB, block, archive, &password, &mut source);
        let first = decoder.entries().first().map(|entry| safe_name(entry.name()).path);
        let (mut ours, mut damage, before) = (None, None, self.files.len());
        let result = decoder.for_each_entries(&mut |entry, content| {
            if !entry.has_stream() {
                return Ok(true);
            }
            let start = self.written;
            match self.copy(content, listing) {
                Ok(None) => {}
                Ok(Some(error)) => damage = Some(error),
                Err(error) => ours = Some(error),
            }
            if entry.is_directory() || entry.is_anti_item() {
                return Ok(damage.is_none() && ours.is_none());
            }
            if is_link(entry) {
                listing.gaps.together(GapKind::NotRead, &safe_name(entry.name()).path, "links and junctions are not followed");
            } else {
                self.files.push((Found7z::of(entry), start, self.written.saturating_sub(start)));
            }
            Ok(damage.is_none() && ours.is_none())
        });
        if let Some(error) = ours {
            return Err(error);
        }
        let (kind, why) = match (damage, result) {
            (Some(error), _) => (gap_kind_of(&error), error.to_string()),
            (None, Err(error)) => gap_of(&error),
            (None, Ok(_)) => return Ok(()),
        };
        let last = self.files.get(before..).and_then(<[_]>::last).map(|(found, ..)| safe_name(&found.name).path);
        let place = last.or(first).unwrap_or_default();
        listing.gaps.each(kind, &place, "the rest of this stream of the 7z archive was not unpacked", &why);
        Ok(())
    }

    /// Gives the error at which the content broke off; errors of our own writing are the result's.
    fn copy(&mut self, content: &mut dyn Read, listing: &Listing) -> io::Result<Option<io::Error>> {
        let bomb = listing.limits.bomb_from(self.packed);
        let room = listing.room.min(bomb).saturating_sub(self.written);
        let (count, damage) = copy(content, &mut self.out, room)?;
        self.written = self.written.saturating_add(count);
        Ok(damage.map(|error| match error.kind() {
            ErrorKind::QuotaExceeded if bomb <= listing.room => BombError { expanded: self.written, packed: self.packed }.into(),
            ErrorKind::QuotaExceeded => error,
            _ => as_damage(error),
        }))
    }

    /// Lists what was unpacked, and the files that have no content.
    fn list(self, archive: &Archive, listing: &mut Listing) -> io::Result<()> {
        listing.room = listing.room.saturating_sub(self.written);
        let unpacked = Window::whole(self.out.into_inner().map_err(io::IntoInnerError::into_error)?)?;
        let empty = archive.files.iter().filter(|entry| !entry.has_stream() && !entry.is_directory() && !entry.is_anti_item());
        let files = self.files.into_iter().chain(empty.map(|entry| (Found7z::of(entry), 0, 0)));
        for (Found7z { name, modified }, start, size) in files {
            let source = Box::new(Plain(unpacked.part(start, size)));
            if !listing.add_archived(Found { path: name, size, modified, source }) {
                break;
            }
        }
        Ok(())
    }
}

/// Packers on Unix put the file's mode into the upper half of the attributes (p7zip's own extension).
fn is_link(entry: &ArchiveEntry) -> bool {
    const UNIX: u32 = 0x8000;
    entry.windows_attributes() & UNIX != 0 && (entry.windows_attributes() >> 16) & 0o170_000 == 0o120_000
}

fn gap_of(error: &Error) -> (GapKind, String) {
    let kind = match error {
        Error::PasswordRequired | Error::MaybeBadPassword(_) => GapKind::Encrypted,
        Error::UnsupportedCompressionMethod(method) if method.contains("AES") => GapKind::Encrypted,
        Error::UnsupportedCompressionMethod(_)
        | Error::Unsupported(_)
        | Error::UnsupportedVersion { .. }
        | Error::ExternalUnsupported => GapKind::NotRead,
        Error::MaxMemLimited { .. } => GapKind::Capped,
        Error::Io(error, _) => gap_kind_of(error),
        _ => GapKind::Truncated,
    };
    let why = match error {
        _ if kind == GapKind::Encrypted => "encrypted, no password is known".to_owned(),
        // Its own words for these are those of a programmer.
        Error::Io(error, _) => error.to_string(),
        Error::Other(why) => why.to_string(),
        _ => error.to_string(),
    };
    (kind, why)
}
