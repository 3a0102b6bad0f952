//! A stretch of bytes that many readers can read at once.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Bytes that are read by position: a file, or a disk inside a file.
pub(crate) trait Bytes: Send + Sync {
    /// Reads some bytes at `offset`; none only at the end.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize>;

    /// Reads from `offset` as many bytes as there are; gives how many.
    fn fill(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.read_at(rest, offset.saturating_add(filled as u64)) {
                Ok(0) => break,
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// A stretch of shared bytes with a position of its own.
///
/// Reads by position, so that clones can read from several threads and an unlinked temporary file needs no name.
#[derive(Clone)]
pub(crate) struct Window {
    bytes: Arc<dyn Bytes>,
    start: u64,
    length: u64,
    position: u64,
}

impl Window {
    /// The whole file, as long as it is now.
    pub(crate) fn whole(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        Ok(Self::over(Arc::new(file), length))
    }

    /// So many bytes from the start.
    pub(crate) fn over(bytes: Arc<dyn Bytes>, length: u64) -> Self {
        Self { bytes, start: 0, length, position: 0 }
    }

    /// Bytes in memory.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self::over(Arc::new(bytes), length)
    }

    /// A part of this window. It may claim to reach beyond the end: reading there fails with `UnexpectedEof`.
    pub(crate) fn part(&self, start: u64, length: u64) -> Self {
        Self { bytes: Arc::clone(&self.bytes), start: self.start.saturating_add(start), length, position: 0 }
    }

    /// The part from `start` to the end.
    pub(crate) fn from(&self, start: u64) -> Self {
        self.part(start, self.length.saturating_sub(start))
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Fills `buffer` from `at`, as far as there is something: gives what was read.
    pub(crate) fn peek<'b>(&self, at: u64, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let filled = match self.start.checked_add(at) {
            Some(offset) => self.bytes.fill(buffer.get_mut(..wanted).unwrap_or_default(), offset)?,
            None => 0,
        };
        Ok(buffer.get(..filled).unwrap_or_default())
    }
}

impl Read for Window {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let Some(buffer) = buffer.get_mut(..wanted).filter(|buffer| !buffer.is_empty()) else { return Ok(0) };
        let count = match self.start.checked_add(self.position) {
            Some(offset) => self.bytes.read_at(buffer, offset)?,
            None => 0,
        };
        if count == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the file ends in the middle of this content"));
        }
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "seek before the start"))?;
        Ok(self.position)
    }
}

impl Bytes for File {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        // An offset beyond what the system can count is an offset beyond the end.
        if i64::try_from(offset).is_err() {
            return Ok(0);
        }
        // Every byte of a file is read here, so this is where a run that stands back behind a server does so.
        afterpatch_sys::priority::pause();
        #[cfg(unix)]
        return std::os::unix::fs::FileExt::read_at(self, buffer, offset);
        #[cfg(windows)]
        return std::os::windows::fs::FileExt::seek_read(self, buffer, offset);
    }
}

impl Bytes for Vec<u8> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let rest = self.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
        let count = buffer.len().min(rest.len());
        if let Some((to, from)) = buffer.get_mut(..count).zip(rest.get(..count)) {
            to.copy_from_slice(from);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use super::*;

    fn window(content: &[u8]) -> Window {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        Window::whole(file).unwrap()
    }

    #[test]
    fn parts_are_read_apart() {
        let whole = window(b"0123456789");
        let (mut one, mut two) = (whole.part(2, 3), whole.from(7));
        let (mut first, mut second) = (String::new(), String::new());
        two.read_to_string(&mut second).unwrap();
        one.read_to_string(&mut first).unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("234", "789"));
        one.seek(SeekFrom::End(-1)).unwrap();
        assert_eq!(one.read(&mut [0; 8]).unwrap(), 1);
        assert!(one.seek(SeekFrom::Current(-9)).is_err());
    }

    #[test]
    fn a_claim_beyond_the_end_fails_there() {
        for part in [window(b"abc").part(1, 9), window(b"abc").part(u64::MAX, 9), window(b"abc").part(1 << 62, u64::MAX)] {
            let error = part.clone().read_to_end(&mut Vec::new()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        }
    }
}
