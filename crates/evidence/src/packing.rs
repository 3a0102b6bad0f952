//! Streams that are packed by themselves: logs that were rotated, and tars.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;

use crate::entry::Source;
use crate::error::as_damage;
use crate::limits::Bounded;
use crate::spool::spool;
use crate::{Limits, ReadError, ReadSeek};

/// XZ with a larger dictionary is refused: it would be allocated whatever the content's size. `xz -9` uses 64 MiB.
const XZ_MEMORY_KIB: u32 = 160 << 10;

/// How a stream is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
}

impl Packing {
    /// The packing of a stream that begins so.
    pub(crate) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Length of the ending that names a packing (`.gz`).
    pub(crate) fn ending(name: &str) -> Option<usize> {
        let ends = |ending: &&str| {
            name.get(name.len().saturating_sub(ending.len())..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        [".gz", ".bz2", ".xz", ".zst"].into_iter().find(ends).map(str::len)
    }

    /// The content of a packed stream; several streams one after the other are one content.
    pub(crate) fn decoder<R: BufRead + Send + 'static>(self, packed: R) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(packed)),
            Self::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(packed)),
            Self::Xz => Box::new(lzma_rust2::XzReader::new_mem_limit(packed, true, XZ_MEMORY_KIB)),
            // The decoder's own bound of the window is 128 MiB.
            Self::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        })
    }
}

/// A file that is packed by itself, read as the file inside.
pub(crate) struct Unpacked {
    pub(crate) packed: Arc<dyn Source>,
    pub(crate) packing: Packing,
    /// Its size while packed.
    pub(crate) size: u64,
    pub(crate) limits: Limits,
}

impl Unpacked {
    fn open(&self) -> Result<impl Read + Send + use<>, ReadError> {
        let packed = BufReader::with_capacity(64 * 1024, self.packed.reader()?);
        let limits = self.limits.inside(self.size, self.packed.packed().unwrap_or(self.size));
        Ok(Damaged(Bounded::new(self.packing.decoder(packed)?, self.size, limits)))
    }
}

impl Source for Unpacked {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(self.open()?))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        spool(&mut self.open()?, self.limits.spool_bytes)
    }

    fn packed(&self) -> Option<u64> {
        Some(self.size)
    }
}

/// Gives every error of a decoder as damage.
pub(crate) struct Damaged<R>(pub(crate) R);

impl<R: Read> Read for Damaged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(as_damage)
    }
}
