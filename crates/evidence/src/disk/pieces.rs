//! Content that lies in pieces on a volume.

use std::io;
use std::sync::{Mutex, PoisonError};

use super::lznt1;
use crate::window::{Bytes, Window};

/// A piece of the content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// Where in the content it begins.
    pub(super) at: u64,
    pub(super) length: u64,
    /// Where on the volume; `None` for a hole, which reads as zeros.
    pub(super) on_volume: Option<u64>,
}

impl Piece {
    fn end(&self) -> u64 {
        self.at.saturating_add(self.length)
    }
}

/// Pieces in their order, without space between them.
pub(super) struct Pieces {
    pub(super) volume: Window,
    pub(super) pieces: Vec<Piece>,
    /// Bytes after these are zeros whatever lies there.
    pub(super) written: u64,
}

impl Bytes for Pieces {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let index = self.pieces.partition_point(|piece| piece.end() <= offset);
        let Some(piece) = self.pieces.get(index).filter(|piece| piece.at <= offset) else { return Ok(0) };
        let on_volume = piece.on_volume.filter(|_| offset < self.written);
        let end = if on_volume.is_some() { piece.end().min(self.written) } else { piece.end() };
        let wanted = buffer.len().min(usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX));
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        match on_volume {
            Some(start) => Ok(self.volume.peek(start.saturating_add(offset.saturating_sub(piece.at)), buffer)?.len()),
            None => {
                buffer.fill(0);
                Ok(buffer.len())
            }
        }
    }
}

/// Pieces that the file system packed, some clusters at a time.
pub(super) struct Packed {
    pub(super) pieces: Pieces,
    /// Bytes that are packed together.
    pub(super) unit: u64,
    /// The unit that was unpacked last, with its number.
    last: Mutex<Option<(u64, Vec<u8>)>>,
}

impl Packed {
    pub(super) fn new(pieces: Pieces, unit: u64) -> Self {
        Self { pieces, unit, last: Mutex::new(None) }
    }

    fn unpack(&self, number: u64) -> io::Result<Vec<u8>> {
        let start = number.saturating_mul(self.unit);
        let size = usize::try_from(self.unit).unwrap_or_default();
        let end = start.saturating_add(self.unit);
        // A unit that saves clusters ends in a hole; one that saves none is not packed.
        let own = self.pieces.pieces.iter().skip(self.pieces.pieces.partition_point(|piece| piece.end() <= start));
        let own = own.take_while(|piece| piece.at < end);
        let stored: u64 = own
            .take_while(|piece| piece.on_volume.is_some())
            .map(|piece| piece.end().min(end).saturating_sub(piece.at.max(start)))
            .fold(0, u64::saturating_add);
        if stored == 0 {
            return Ok(vec![0; size]);
        }
        let mut packed = vec![0; usize::try_from(stored).unwrap_or_default().min(size)];
        let length = self.pieces.fill(&mut packed, start)?;
        packed.truncate(length);
        Ok(if stored >= self.unit { packed } else { lznt1::unpack(&packed, size)? })
    }
}

impl Bytes for Packed {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let (number, inside) = (offset / self.unit, offset % self.unit);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|(known, _)| *known != number) {
            *last = Some((number, self.unpack(number)?));
        }
        let content = last.as_ref().map_or(&[][..], |(_, content)| content);
        let rest = content.get(usize::try_from(inside).unwrap_or(usize::MAX)..).unwrap_or_default();
        let count = buffer.len().min(rest.len());
        if let Some((to, from)) = buffer.get_mut(..count).zip(rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }
}
