//! An NTFS volume as a kind of evidence: its files, by its master file table.
//!
//! The table is read from end to end, twice: the folders, then the files. That is faster than walking the folders' own lists,
//! and finds what a damaged list has lost.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

use afterpatch_model::GapKind;
use afterpatch_ntfs::{Attribute, Content, Entry, FIRST_OF_USERS, Folders, Listed, MFT, kind, u16_at, u64_at};

use super::pieces::{Packed, Piece, Pieces};
use crate::entry::Source;
use crate::file::Plain;
use crate::listing::{Found, Listing};
use crate::window::Window;
use crate::{BombError, Limits, ReadError, ReadSeek};

/// The change journal's content has a name, unlike that of other files.
const JOURNAL: (&str, &str) = ("$UsnJrnl", "$J");
/// Entries that one file may go on in; a file of a million pieces needs some thousand.
const ENTRIES_OF_A_FILE: usize = 16_384;
/// Names that one file may have (Microsoft Learn, `CreateHardLink`), and the one that it began with.
const NAMES_OF_A_FILE: usize = 1024;
/// Bytes of the list of those entries.
const LIST: u64 = 4 << 20;
/// NTFS packs 16 clusters of 4 KiB at most together.
const PACKED_UNIT: u64 = 1 << 20;

/// Whether a volume's first sector is that of NTFS.
pub(super) fn is_volume(sector: &[u8]) -> bool {
    sector.get(3..11) == Some(b"NTFS    ")
}

/// Lists the files of a volume of an image of `image` bytes, below `folder` (empty, or ending in a separator).
///
/// # Errors
/// The image cannot be read. Damage becomes a gap.
pub(super) fn list(window: &Window, image: u64, folder: &str, name: &str, listing: &mut Listing) -> io::Result<()> {
    let mut volume = match Volume::open(window, image, listing.limits) {
        Ok(volume) => volume,
        Err(error) => {
            listing.gaps.each(GapKind::Truncated, name, "the NTFS volume is damaged", &error.to_string());
            return Ok(());
        }
    };
    let mut folders = Folders::default();
    let mut continued = Continued::new(listing.limits.entries);
    volume.each_entry(|number, entry| {
        folders.add(number, entry);
        continued.add(number, entry);
        true
    })?;
    if folders.left_out > 0 {
        listing.gaps.each(GapKind::Capped, name, "more folders than are kept: some paths are not whole", "");
    }
    if continued.left_out {
        listing.gaps.each(GapKind::Capped, name, "more entries that go on others than are kept: some files are not whole", "");
    }
    volume.continued = Some(continued);
    let volume = Arc::new(volume);
    let mut room = true;
    let ended = volume.each_entry(|number, entry| {
        room = room && volume.list_file(number, entry, &folders, folder, listing);
        room
    })?;
    if room && !ended {
        listing.gaps.each(GapKind::Truncated, name, "the file table of the volume is not whole: files are missing", "");
    }
    Ok(())
}

/// Which entries go on which: an entry's own list of them may say anything, and a million lists the same.
struct Continued {
    by: HashMap<u64, Vec<u64>>,
    room: usize,
    left_out: bool,
}

impl Continued {
    fn new(room: usize) -> Self {
        Self { by: HashMap::new(), room, left_out: false }
    }

    fn add(&mut self, number: u64, entry: &Entry<'_>) {
        let Some(base) = entry.base.filter(|_| entry.in_use) else { return };
        if self.room == 0 {
            self.left_out = true;
            return;
        }
        self.room = self.room.saturating_sub(1);
        let others = self.by.entry(base.number()).or_default();
        if others.len() < ENTRIES_OF_A_FILE {
            others.push(number);
        }
    }
}

struct Volume {
    window: Window,
    limits: Limits,
    /// Length of the image that the volume is in.
    image: u64,
    cluster: u64,
    /// Size of an entry.
    entry: usize,
    table: Window,
    /// Not known before the table is.
    continued: Option<Continued>,
}

impl Volume {
    fn open(window: &Window, image: u64, limits: Limits) -> io::Result<Self> {
        let mut boot = [0; 512];
        let boot = window.peek(0, &mut boot)?;
        let geometry = Geometry::parse(boot).ok_or_else(|| damaged("its first sector"))?;
        let Geometry { cluster, entry, .. } = geometry;
        for start in geometry.tables {
            let mut first = vec![0; entry];
            let start = start.saturating_mul(cluster);
            let length = window.peek(start, &mut first)?.len();
            if Entry::parse(&mut first).is_none() {
                continue;
            }
            let table = window.part(start, length as u64);
            let mut volume = Self { window: window.clone(), limits, image, cluster, entry, table, continued: None };
            // The first entry tells the rest of the table; when that goes on in other entries, they lie in what is known by then.
            volume.table = volume.stream(MFT, "")?;
            volume.table = volume.stream(MFT, "").ok().filter(|whole| whole.length() > 0).unwrap_or(volume.table);
            return Ok(volume);
        }
        Err(damaged("its file table and the copy of the table's start"))
    }

    /// Hands on every entry that is one until that says no. Gives whether the table was read to its end.
    fn each_entry(&self, mut each: impl FnMut(u64, &Entry<'_>) -> bool) -> io::Result<bool> {
        let mut table = io::BufReader::with_capacity(1 << 20, self.table.clone());
        let mut bytes = vec![0; self.entry];
        let mut number = 0_u64;
        loop {
            match table.read_exact(&mut bytes) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Ok(number >= self.table.length() / (self.entry.max(1) as u64));
                }
                Err(error) => return Err(error),
            }
            if Entry::parse(&mut bytes).is_some_and(|entry| !each(number, &entry)) {
                return Ok(false);
            }
            number = number.saturating_add(1);
        }
    }

    /// Lists a file under each of its names. `false` when the list is full.
    fn list_file(
        self: &Arc<Self>,
        number: u64,
        entry: &Entry<'_>,
        folders: &Folders,
        folder: &str,
        listing: &mut Listing,
    ) -> bool {
        let is_file = entry.in_use && !entry.is_folder && entry.base.is_none();
        if !is_file || (number != MFT && number < FIRST_OF_USERS) {
            return true;
        }
        let goes_on = entry.attributes().any(|attribute| attribute.kind == kind::LIST);
        let mut names: Vec<_> = if goes_on {
            self.parts(number)
                .iter_mut()
                .filter_map(|part| Entry::parse(part))
                .flat_map(|part| part.names().collect::<Vec<_>>())
                .collect()
        } else {
            entry.names().collect()
        };
        if let Some(more) = names.get(NAMES_OF_A_FILE) {
            listing.gaps.together(GapKind::Capped, &more.name, "files of more names than they can have");
            names.truncate(NAMES_OF_A_FILE);
        }
        let standard = entry.standard();
        // Of a file that goes on, for all its names.
        let mut sizes = HashMap::new();
        for name in names {
            let stream = if name.name == JOURNAL.0 { JOURNAL.1 } else { "" };
            // The file system's own lists are no files: they have no content.
            if !goes_on && stream.is_empty() && entry.data().is_none() {
                continue;
            }
            let path = folders.path(name.folder, &name.name, '/');
            let below = path.strip_prefix('/').map_or_else(|| format!("lost/{path}"), str::to_owned);
            let path = if stream.is_empty() { format!("{folder}{below}") } else { format!("{folder}{below}:{stream}") };
            if standard.is_some_and(|standard| standard.is_reparse_point) {
                let reason = "links, and files whose content lies in another place, are not followed";
                listing.gaps.together(GapKind::NotRead, &path, reason);
                continue;
            }
            let own = entry.data().filter(|_| !goes_on && stream.is_empty()).map(|data| data.size());
            let of_stream = || self.stream(number, stream).map_or(0, |window| window.length());
            let size = own.unwrap_or_else(|| *sizes.entry(stream).or_insert_with(of_stream));
            let source = Box::new(OnVolume { volume: Arc::clone(self), number, stream });
            let modified = standard.and_then(|standard| standard.modified);
            if !listing.add_archived(Found { path, size, modified, source }) {
                return false;
            }
        }
        true
    }

    /// The bytes of an entry.
    fn bytes(&self, number: u64) -> io::Result<Vec<u8>> {
        let at = number.checked_mul(self.entry as u64).filter(|at| *at < self.table.length());
        let at = at.ok_or_else(|| damaged("an entry beyond the end of its file table"))?;
        let mut bytes = vec![0; self.entry];
        let length = self.table.peek(at, &mut bytes)?.len();
        bytes.truncate(length);
        Ok(bytes)
    }

    /// The entry and all that it goes on in, as far as they can be read.
    fn parts(&self, number: u64) -> Vec<Vec<u8>> {
        let Ok(mut first) = self.bytes(number) else { return Vec::new() };
        let others = match (Entry::parse(&mut first), &self.continued) {
            (Some(entry), None) => self.listed_in(number, &entry),
            (Some(_), Some(continued)) => continued.by.get(&number).cloned().unwrap_or_default(),
            (None, _) => Vec::new(),
        };
        let mut parts = vec![first];
        for other in others {
            let Ok(mut part) = self.bytes(other) else { continue };
            // An entry that was used again is another file's.
            let is_own = Entry::parse(&mut part).is_some_and(|entry| entry.base.is_some_and(|base| base.number() == number));
            if is_own {
                parts.push(part);
            }
        }
        parts
    }

    /// The entries that an entry itself says it goes on in.
    fn listed_in(&self, number: u64, entry: &Entry<'_>) -> Vec<u64> {
        let list = entry.attributes().find(|attribute| attribute.kind == kind::LIST);
        let list = list.and_then(|list| self.read_list(&list).ok()).unwrap_or_default();
        let others: BTreeSet<u64> = Listed::all(&list)
            .filter(|listed| matches!(listed.kind, kind::DATA | kind::FILE_NAME))
            .map(|listed| listed.entry.number())
            .filter(|other| *other != number)
            .take(ENTRIES_OF_A_FILE)
            .collect();
        others.into_iter().collect()
    }

    fn read_list(&self, list: &Attribute<'_>) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.content(std::slice::from_ref(list))?.take(LIST).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// A file's content.
    fn stream(&self, number: u64, name: &str) -> io::Result<Window> {
        let mut parts = self.parts(number);
        let entries: Vec<Entry<'_>> = parts.iter_mut().filter_map(|part| Entry::parse(part)).collect();
        let attributes = entries.iter().flat_map(|entry| entry.attributes());
        let mut attributes: Vec<Attribute<'_>> =
            attributes.filter(|attribute| attribute.kind == kind::DATA && attribute.name == name).collect();
        attributes.sort_by_key(|attribute| match attribute.content {
            Content::Resident(_) => 0,
            Content::Elsewhere { first, .. } => first,
        });
        self.content(&attributes)
    }

    /// The content that these attributes tell one after the other.
    fn content(&self, attributes: &[Attribute<'_>]) -> io::Result<Window> {
        let Some(first) = attributes.first() else { return Ok(Window::of(Vec::new())) };
        if first.is_encrypted {
            return Err(io::Error::new(ErrorKind::PermissionDenied, Encrypted));
        }
        let first_is_journal = first.name == JOURNAL.1;
        let (size, written, packed_by) = match first.content {
            Content::Resident(bytes) => return Ok(Window::of(bytes.to_vec())),
            Content::Elsewhere { first: 0, size, written, packed_by, .. } => (size, written, packed_by),
            Content::Elsewhere { .. } => return Err(damaged("the start of the content is missing")),
        };
        let mut pieces = Vec::new();
        let (mut at, mut skipped) = (0_u64, 0_u64);
        for attribute in attributes {
            let Content::Elsewhere { first, runs, .. } = &attribute.content else { continue };
            // Behind a missing part nothing can be placed: the content ends there.
            if first.checked_mul(self.cluster) != Some(at.saturating_add(skipped)) {
                break;
            }
            for run in runs.clone() {
                let length = run.length.saturating_mul(self.cluster);
                // The freed start of the change journal: gigabytes that never were there at once.
                if run.start.is_none() && at == 0 && first_is_journal {
                    skipped = skipped.saturating_add(length);
                    continue;
                }
                pieces.push(Piece { at, length, on_volume: run.start.map(|start| start.saturating_mul(self.cluster)) });
                at = at.saturating_add(length);
            }
        }
        let stored =
            pieces.iter().filter(|piece| piece.on_volume.is_some()).map(|piece| piece.length).fold(0, u64::saturating_add);
        if stored > self.window.length() {
            return Err(damaged("content of more clusters than there are"));
        }
        let (size, written) = (size.saturating_sub(skipped), written.saturating_sub(skipped));
        // Holes without end, or the same clusters again and again on a volume that claims to be larger than its image.
        let packed = stored.min(self.image);
        if self.limits.is_bomb(size, packed) {
            return Err(BombError { expanded: size, packed }.into());
        }
        let pieces = Pieces { volume: self.window.clone(), pieces, written };
        if !first.is_compressed || packed_by == 0 {
            return Ok(Window::over(Arc::new(pieces), size));
        }
        let unit = 1_u64.checked_shl(packed_by.into()).and_then(|clusters| clusters.checked_mul(self.cluster));
        let unit = unit.filter(|unit| *unit <= PACKED_UNIT).ok_or_else(|| damaged("a size of packing that cannot be"))?;
        Ok(Window::over(Arc::new(Packed::new(pieces, unit)), size))
    }
}

/// What a volume's first sector says of its shape.
struct Geometry {
    cluster: u64,
    /// First clusters of the file table, and of the copy of its start.
    tables: [u64; 2],
    entry: usize,
}

impl Geometry {
    fn parse(boot: &[u8]) -> Option<Self> {
        let sector = u64::from(u16_at(boot, 11)?);
        // Large counts are negative powers of two.
        let power = |byte: u8| 1_u64.checked_shl(u32::from(byte.wrapping_neg()));
        let clusters = match *boot.get(13)? {
            count @ 0..=0x80 => count.into(),
            count => power(count)?,
        };
        let cluster = sector.checked_mul(clusters)?;
        let entry = match *boot.get(64)? {
            count @ 0..=0x7f => u64::from(count).checked_mul(cluster)?,
            count => power(count)?,
        };
        let possible = is_volume(boot)
            && sector.is_power_of_two()
            && cluster.is_power_of_two()
            && (512..=2 << 20).contains(&cluster)
            && matches!(entry, 1024 | 2048 | 4096);
        Some(Self { cluster, tables: [u64_at(boot, 48)?, u64_at(boot, 56)?], entry: usize::try_from(entry).ok()? })
            .filter(|_| possible)
    }
}

/// A file on a volume, by its number: a volume has a million.
struct OnVolume {
    volume: Arc<Volume>,
    number: u64,
    stream: &'static str,
}

impl OnVolume {
    fn open(&self) -> Result<Window, ReadError> {
        match self.volume.stream(self.number, self.stream) {
            Ok(window) => Ok(window),
            Err(error) if error.get_ref().is_some_and(|inner| inner.is::<Encrypted>()) => Err(ReadError::Encrypted),
            Err(error) => Err(error.into()),
        }
    }
}

impl Source for OnVolume {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(self.open()?))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        Plain(self.open()?).seekable()
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        self.open().map(Some)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("encrypted by the file system")]
struct Encrypted;

fn damaged(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}
