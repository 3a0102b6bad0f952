//! Finds the entries of a zip whose directory is damaged or missing, by their own headers (APPNOTE 4.3.7 to 4.3.9).
//!
//! An upload that broke off has no directory: it stands at the end.

use std::io::{self, BufReader, ErrorKind, Read};

use super::Item;
use super::fields::{Extra, Fields};
use super::marks::{HEADER, RECORD, UTF8, is_encrypted};
use crate::Limits;
use crate::limits::Bounded;
use crate::window::Window;

/// Stands before the sizes that follow an entry's content.
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
/// Sizes follow the content, because the writer did not know them before.
const STREAMED: u16 = 1 << 3;
const DEFLATE: u16 = 8;

/// Hands every entry to `take`, from the start of the file to the first place where none can be found, until that says no.
pub(super) fn read(window: &Window, limits: &Limits, take: &mut dyn FnMut(Item) -> bool) -> io::Result<()> {
    let mut head = [0; 4];
    // A split archive starts with this mark.
    let mut at = if window.peek(0, &mut head)? == DESCRIPTOR { 4 } else { 0 };
    while let Some(header) = Header::read(window, at)? {
        let streamed = header.flags & STREAMED != 0 && header.packed == 0;
        let encrypted = is_encrypted(header.flags, header.method);
        let (item, next) = match streamed {
            false => header.measured(window),
            true if header.method == DEFLATE && !encrypted => header.unmeasured(window, limits)?,
            // Without sizes only deflate tells where its content ends.
            true => break,
        };
        match (take(item), next) {
            (true, Some(next)) => at = next,
            _ => break,
        }
    }
    Ok(())
}

struct Header {
    at: u64,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    /// Where the content starts.
    content: u64,
    name: String,
    modified: Option<afterpatch_model::Timestamp>,
}

impl Header {
    /// The header at `at`, when there is one.
    fn read(window: &Window, at: u64) -> io::Result<Option<Self>> {
        let mut fixed = [0; 30];
        let fixed = window.peek(at, &mut fixed)?;
        let Some(lengths) = fixed.strip_prefix(HEADER).and_then(|rest| Some(Fields(rest.get(22..26)?))) else { return Ok(None) };
        let lengths: usize = lengths.0.chunks(2).filter_map(|two| Fields(two).u16()).map(usize::from).sum();
        let mut rest = vec![0; lengths];
        let rest = window.peek(at.saturating_add(30), &mut rest)?;
        Ok(Self::parse(at, fixed, rest))
    }

    fn parse(at: u64, fixed: &[u8], rest: &[u8]) -> Option<Self> {
        let mut fields = Fields(fixed);
        fields.bytes(6)?;
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.bytes(4)?;
        let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let (name, extra) = (fields.u16()?, fields.u16()?);
        let mut fields = Fields(rest);
        let (name, extra) = (fields.bytes(name.into())?, Extra::parse(fields.bytes(extra.into())?));
        let mut wide = extra.zip64.iter().copied();
        let mut widened = |narrow: u32| if narrow == u32::MAX { wide.next().unwrap_or(narrow.into()) } else { narrow.into() };
        let (size, packed) = (widened(size), widened(packed));
        let content = at.checked_add(30)?.checked_add(rest.len() as u64)?;
        let modified = extra.modified;
        Some(Self { at, flags, method, crc, packed, size, content, modified, name: extra.name(name, flags & UTF8 != 0) })
    }

    /// The entry, and where the next one starts when this one is whole.
    fn measured(self, window: &Window) -> (Item, Option<u64>) {
        let next = self.content.checked_add(self.packed).filter(|end| *end <= window.length());
        let crc = (self.flags & STREAMED == 0).then_some(self.crc);
        let (packed, size) = (self.packed, self.size);
        (self.item(packed, size, crc), next)
    }

    /// As [`Header::measured`], by unpacking the content to find its end.
    fn unmeasured(self, window: &Window, limits: &Limits) -> io::Result<(Item, Option<u64>)> {
        let rest = window.from(self.content);
        let available = rest.length();
        let decoder = flate2::bufread::DeflateDecoder::new(BufReader::with_capacity(64 * 1024, rest));
        let mut decoder = Bounded::new(decoder, available, *limits);
        let mut buffer = vec![0; 64 * 1024];
        let whole = loop {
            match decoder.read(&mut buffer) {
                Ok(0) => break true,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.raw_os_error().is_some() => return Err(error),
                // Cut off, damaged or a bomb: reading the entry will say so.
                Err(_) => break false,
            }
        };
        let size = decoder.expanded();
        if !whole {
            return Ok((self.item(available, size, None), None));
        }
        let packed = decoder.inner().total_in();
        let end = self.content.saturating_add(packed);
        let (crc, next) = after_content(window, end)?;
        Ok((self.item(packed, size, crc), next))
    }

    fn item(self, packed: u64, size: u64, crc: Option<u32>) -> Item {
        let encrypted = is_encrypted(self.flags, self.method);
        Item { name: self.name, encrypted, method: self.method, crc, packed, size, header: self.at, modified: self.modified }
    }
}

/// The checksum that follows a streamed content, and where the next header is: the sizes may be of 32 or 64 bits, and the
/// mark before them may be missing.
fn after_content(window: &Window, end: u64) -> io::Result<(Option<u32>, Option<u64>)> {
    let mut after = [0; 28];
    let after = window.peek(end, &mut after)?;
    let crc = after.strip_prefix(DESCRIPTOR).and_then(|rest| Fields(rest).u32());
    let starts = |skip: usize| after.get(skip..).is_some_and(|rest| rest.starts_with(HEADER) || rest.starts_with(RECORD));
    let next = [12, 16, 20, 24].into_iter().find(|skip| starts(*skip)).map(|skip| end.saturating_add(skip as u64));
    Ok((crc, next))
}
