//! The content of one entry of a zip.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::sync::Arc;

use flate2::Crc;

use super::fields::Fields;
use super::marks::HEADER;
use super::{Archive, Item};
use crate::entry::Source;
use crate::error::as_damage;
use crate::limits::Bounded;
use crate::spool::spool;
use crate::window::Window;
use crate::{BombError, Limits, ReadError, ReadSeek};

/// The method that packs nothing.
const STORED: u16 = 0;

/// An LZMA dictionary beyond this is refused: it would be allocated at once, whatever the content's size. Packers offer
/// this much at their highest common setting.
const LZMA_DICTIONARY: u32 = 128 << 20;

/// An entry that expands as steeply as a bomb and to more than it claims is read up to this.
const LIE: u64 = 1 << 20;

/// An entry's content as it lies in the archive. Kept small: an archive may have millions.
pub(super) struct Packed {
    archive: Arc<Archive>,
    header: u64,
    packed: u64,
    size: u64,
    crc: Option<u32>,
    method: u16,
    encrypted: bool,
}

impl Packed {
    pub(super) fn new(archive: Arc<Archive>, item: &Item) -> Self {
        let Item { encrypted, method, crc, packed, size, header, .. } = *item;
        Self { archive, header, packed, size, crc, method, encrypted }
    }

    fn open(&self) -> Result<impl Read + Send + use<>, ReadError> {
        if self.encrypted {
            return Err(ReadError::Encrypted);
        }
        let limits = self.limits()?;
        // A claim to be larger than the archive must not make a bomb look harmless.
        let proportion = self.packed.min(self.archive.window.length());
        let decoded = decoder(self.method, BufReader::with_capacity(32 * 1024, self.packed_bytes()?), self.size)?;
        let inner = Bounded::new(decoded, proportion, limits);
        Ok(Checked { inner, crc: Crc::new(), claimed: self.crc.map(|crc| (crc, self.size)), wrong: false })
    }

    fn packed_bytes(&self) -> Result<Window, ReadError> {
        let window = &self.archive.window;
        Ok(window.part(content_start(window, self.header)?, self.packed))
    }

    fn limits(&self) -> Result<Limits, BombError> {
        let limits = self.archive.limits;
        let overlap = self.archive.overlap.get();
        let shares = overlap.is_some_and(|overlap| overlap.headers.contains(&self.header));
        if overlap.is_some_and(|overlap| overlap.steep.contains(&self.header) || (shares && overlap.bomb)) {
            return Err(BombError { expanded: self.size, packed: self.packed });
        }
        // Its claim was counted, so it may not expand to much more.
        let claimed = if shares { self.size } else { self.size.max(LIE) };
        Ok(Limits { bomb_bytes: claimed.min(limits.bomb_bytes), ..limits })
    }
}

impl Source for Packed {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(self.open()?))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        spool(&mut self.open()?, self.archive.limits.spool_bytes)
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        if self.method != STORED || self.encrypted {
            return Ok(None);
        }
        self.limits()?;
        Ok(Some(self.packed_bytes()?))
    }

    fn packed(&self) -> Option<u64> {
        Some(self.packed.min(self.archive.window.length()))
    }
}

/// Where the content starts, by the entry's own header (APPNOTE 4.3.7).
fn content_start(archive: &Window, header: u64) -> Result<u64, ReadError> {
    let damaged = || io::Error::new(ErrorKind::InvalidData, "the entry's own header is damaged or missing");
    let mut head = [0; 30];
    let head = archive.peek(header, &mut head)?;
    let lengths = head.strip_prefix(HEADER).and_then(|rest| {
        let mut fields = Fields(rest.get(22..)?);
        Some(u64::from(fields.u16()?).saturating_add(fields.u16()?.into()))
    });
    let start = header.checked_add(30).zip(lengths).and_then(|(start, lengths)| start.checked_add(lengths));
    Ok(start.ok_or_else(damaged)?)
}

/// The methods that are unpacked (APPNOTE 4.4.5).
fn decoder(method: u16, mut packed: BufReader<Window>, size: u64) -> Result<Box<dyn Read + Send>, ReadError> {
    Ok(match method {
        STORED => Box::new(packed),
        8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        9 => Box::new(deflate64::Deflate64Decoder::with_buffer(packed)),
        12 => Box::new(bzip2::bufread::BzDecoder::new(packed)),
        14 => {
            let (properties, dictionary) = lzma_head(&mut packed)?;
            // More dictionary than content is of no use.
            let useful = u32::try_from(size).unwrap_or(u32::MAX).max(4096);
            let dictionary = dictionary.min(useful);
            if dictionary > LZMA_DICTIONARY {
                return Err(ReadError::Unsupported { method });
            }
            let decoder = lzma_rust2::LzmaReader::new_with_props(packed, size, properties, dictionary, None);
            Box::new(decoder.map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))?)
        }
        // 20 is the number that Zstandard had at first.
        20 | 93 => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        _ => return Err(ReadError::Unsupported { method }),
    })
}

/// Version, length of the properties (5), the properties byte and the dictionary's size (APPNOTE 5.8.8).
fn lzma_head(packed: &mut impl BufRead) -> io::Result<(u8, u32)> {
    let mut head = [0; 9];
    packed.read_exact(&mut head)?;
    match head {
        [_, _, 5, 0, properties, dictionary @ ..] => Ok((properties, u32::from_le_bytes(dictionary))),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "the entry's LZMA properties are damaged")),
    }
}

/// Gives every byte there is, and after the last one an error when size or checksum are not those of the directory.
struct Checked<R> {
    inner: Bounded<R>,
    crc: Crc,
    claimed: Option<(u32, u64)>,
    wrong: bool,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer).map_err(as_damage)?;
        self.crc.update(buffer.get(..count).unwrap_or_default());
        if count == 0 && !buffer.is_empty() {
            let own = (self.crc.sum(), self.inner.expanded());
            self.wrong = self.wrong || self.claimed.is_some_and(|claimed| claimed != own);
        }
        if self.wrong {
            return Err(io::Error::new(ErrorKind::InvalidData, "size or checksum are not those of the zip's directory"));
        }
        Ok(count)
    }
}
