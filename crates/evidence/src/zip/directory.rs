//! The central directory of a zip (APPNOTE 4.3.12 to 4.3.16).

use std::io::{self, BufReader, ErrorKind, Read};

use super::Item;
use super::fields::{Extra, Fields};
use super::marks::{HEADER, RECORD, UTF8, is_encrypted};
use crate::window::Window;

const SIGNATURE: &[u8] = b"PK\x05\x05";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
const END_BYTES: usize = 22;
/// The end record and the longest comment after it.
const TAIL: u64 = 22 + 65_535;

/// Hands every entry of the directory to `take` until that says no. Gives why there may be entries that the directory does
/// not name, when there may be.
pub(super) fn read(window: &Window, take: &mut dyn FnMut(Item) -> bool) -> io::Result<Option<String>> {
    let Some(span) = Span::find(window)? else {
        return Ok(Some("no directory was found at the end of the file".to_owned()));
    };
    let mut records = BufReader::with_capacity(64 * 1024, window.part(span.start, span.end.saturating_sub(span.start)));
    let mut count = 0_u64;
    loop {
        match record(&mut records, span.shift) {
            Ok(Some(item)) => {
                if !take(item) {
                    return Ok(None);
                }
                count = count.saturating_add(1);
            }
            Ok(None) => break,
            Err(error) if matches!(error.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidData) => {
                return Ok(Some(format!("record {} is damaged", count.saturating_add(1))));
            }
            Err(error) => return Err(error),
        }
    }
    if span.split {
        return Ok(Some("it is one part of a split archive".to_owned()));
    }
    let mut head = [0; 4];
    let hidden = count == 0 && window.peek(0, &mut head)? == HEADER;
    Ok(hidden.then(|| "it is empty, but the file is not".to_owned()))
}

/// Whether a directory stands at the end of the file.
pub(crate) fn is_there(window: &Window) -> io::Result<bool> {
    Ok(Span::find(window)?.is_some_and(|span| span.end > span.start))
}

/// Where the directory lies.
struct Span {
    start: u64,
    end: u64,
    /// So many bytes stand before the archive: all its offsets are that much too small.
    shift: u64,
    split: bool,
}

impl Span {
    /// Looks for the end record from the end of the file: a comment may follow it, and the comment may hold its signature.
    fn find(window: &Window) -> io::Result<Option<Self>> {
        let tail_start = window.length().saturating_sub(TAIL);
        let mut tail = vec![0; usize::try_from(window.length().min(TAIL)).unwrap_or_default()];
        let tail = window.peek(tail_start, &mut tail)?;
        for (at, candidate) in tail.windows(END_BYTES).enumerate().rev() {
            if !candidate.starts_with(END) {
                continue;
            }
            let position = tail_start.saturating_add(at as u64);
            if let Some(span) = Self::at(window, position, candidate)? {
                return Ok(Some(span));
            }
        }
        Ok(None)
    }

    /// The directory that the end record at `position` speaks of, when there is one.
    fn at(window: &Window, position: u64, record: &[u8]) -> io::Result<Option<Self>> {
        let Some(claim) = Claim::plain(record) else { return Ok(None) };
        let (claim, end) = match Claim::wide(window, position)? {
            Some((claim, end)) => (claim, end),
            None => (claim, position),
        };
        let Some(start) = end.checked_sub(claim.length) else { return Ok(None) };
        // Where the directory ends is sure, where it says that it starts is not: something may stand before the archive.
        for start in [start, claim.start] {
            let mut head = [0; 4];
            let empty = claim.length == 0 && start == end;
            if empty || (start < end && window.peek(start, &mut head)? == RECORD) {
                return Ok(Some(Self { start, end, shift: start.saturating_sub(claim.start), split: claim.split }));
            }
        }
        Ok(None)
    }
}

/// What an end record says.
struct Claim {
    start: u64,
    length: u64,
    split: bool,
}

impl Claim {
    fn plain(record: &[u8]) -> Option<Self> {
        let mut fields = Fields(record);
        fields.bytes(4)?;
        let (disk, first_disk) = (fields.u16()?, fields.u16()?);
        fields.bytes(4)?;
        let (length, start) = (fields.u32()?, fields.u32()?);
        // All ones: see the 64-bit record.
        let split = disk != u16::MAX && (disk != 0 || first_disk != 0);
        Some(Self { start: start.into(), length: length.into(), split })
    }

    /// The 64-bit end record and its position, found through the locator before the plain one.
    fn wide(window: &Window, position: u64) -> io::Result<Option<(Self, u64)>> {
        let Some(locator_at) = position.checked_sub(20) else { return Ok(None) };
        let mut locator = [0; 20];
        let locator = window.peek(locator_at, &mut locator)?;
        let claimed = locator.starts_with(LOCATOR_64).then(|| Fields(locator.get(8..).unwrap_or_default()).u64());
        let Some(Some(claimed)) = claimed else { return Ok(None) };
        // Also straight before the locator, where it stands when something stands before the archive.
        for at in [claimed, locator_at.saturating_sub(56)] {
            let mut record = [0; 56];
            let record = window.peek(at, &mut record)?;
            if record.starts_with(END_64) && at < locator_at {
                let claim = Self::parse_wide(record);
                return Ok(claim.map(|claim| (claim, at)));
            }
        }
        Ok(None)
    }

    fn parse_wide(record: &[u8]) -> Option<Self> {
        let mut fields = Fields(record);
        fields.bytes(16)?;
        let (disk, first_disk) = (fields.u32()?, fields.u32()?);
        fields.bytes(16)?;
        let (length, start) = (fields.u64()?, fields.u64()?);
        Some(Self { start, length, split: disk != 0 || first_disk != 0 })
    }
}

/// The next record; `None` at the directory's end.
fn record(records: &mut impl Read, shift: u64) -> io::Result<Option<Item>> {
    let mut head = [0; 4];
    match records.read(&mut head)? {
        0 => return Ok(None),
        count => records.read_exact(head.get_mut(count..).unwrap_or_default())?,
    }
    if head == SIGNATURE {
        return Ok(None);
    }
    if head != RECORD {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut fixed = [0; 42];
    records.read_exact(&mut fixed)?;
    let parsed = Fixed::parse(&fixed).ok_or(ErrorKind::InvalidData)?;
    let mut rest = vec![0; parsed.name.saturating_add(parsed.extra).saturating_add(parsed.comment)];
    records.read_exact(&mut rest)?;
    parsed.item(&rest, shift).map(Some).ok_or_else(|| ErrorKind::InvalidData.into())
}

/// The part of a record that is always there.
struct Fixed {
    flags: u16,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    name: usize,
    extra: usize,
    comment: usize,
    header: u32,
}

impl Fixed {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        fields.bytes(4)?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.bytes(4)?;
        let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let (name, extra, comment) = (fields.u16()?.into(), fields.u16()?.into(), fields.u16()?.into());
        fields.bytes(8)?;
        Some(Self { flags, method, crc, packed, size, name, extra, comment, header: fields.u32()? })
    }

    fn item(&self, rest: &[u8], shift: u64) -> Option<Item> {
        let mut fields = Fields(rest);
        let (name, extra) = (fields.bytes(self.name)?, Extra::parse(fields.bytes(self.extra)?));
        let mut wide = extra.zip64.iter().copied();
        let mut widened = |narrow: u32| if narrow == u32::MAX { wide.next().unwrap_or(narrow.into()) } else { narrow.into() };
        // This order is the format's.
        let (size, packed, header) = (widened(self.size), widened(self.packed), widened(self.header));
        Some(Item {
            encrypted: is_encrypted(self.flags, self.method),
            method: self.method,
            crc: Some(self.crc),
            packed,
            size,
            header: header.checked_add(shift)?,
            modified: extra.modified,
            name: extra.name(name, self.flags & UTF8 != 0),
        })
    }
}
