//! Random access to a stream.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};

use afterpatch_model::GapKind;
use tempfile::SpooledTempFile;

use crate::window::Window;
use crate::{ReadError, ReadSeek, gap_kind_of};

/// Copies a stream to a temporary file without a name, up to `room` bytes. Gives the error at which the stream broke off, with
/// what came before.
///
/// # Errors
/// There is no room for the file.
pub(crate) fn to_file(reader: &mut dyn Read, room: u64) -> io::Result<(Window, Option<io::Error>)> {
    let mut file = tempfile::tempfile()?;
    let (_, damage) = copy(reader, &mut file, room)?;
    Ok((Window::whole(file)?, damage))
}

/// Copies a stream, up to `room` bytes. Gives how many bytes it was, and the error at which the stream broke off.
///
/// # Errors
/// What is written to cannot be written to.
pub(crate) fn copy(reader: &mut dyn Read, to: &mut dyn Write, room: u64) -> io::Result<(u64, Option<io::Error>)> {
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0_u64;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok((length, None)),
            Ok(count) => {
                let longer = length.saturating_add(count as u64);
                if longer > room {
                    return Ok((length, Some(too_much())));
                }
                to.write_all(buffer.get(..count).unwrap_or_default())?;
                length = longer;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Ok((length, Some(error))),
        }
    }
}

/// Archives were unpacked to more than [`crate::Limits::unpacked_bytes`].
fn too_much() -> io::Error {
    io::Error::new(ErrorKind::QuotaExceeded, "archives unpack to more than may be written to temporary files")
}

/// Copies a stream to where it can be read at random: memory up to `memory` bytes, an unlinked temporary file beyond.
///
/// Damage in mid-stream does not lose what came before it: the copy ends there, and reading at its end gives the error.
pub(crate) fn spool(reader: &mut dyn Read, memory: usize) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
    let mut file = SpooledTempFile::new(memory);
    let damage = match copy(reader, &mut file, u64::MAX)? {
        (_, None) => None,
        (_, Some(error)) if gap_kind_of(&error) == GapKind::Truncated => Some((error.kind(), error.to_string())),
        (_, Some(error)) => return Err(error.into()),
    };
    file.rewind()?;
    Ok(Box::new(Spooled { copy: file, damage }))
}

struct Spooled {
    copy: SpooledTempFile,
    damage: Option<(ErrorKind, String)>,
}

impl Read for Spooled {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.copy.read(buffer)?;
        match &self.damage {
            Some((kind, why)) if count == 0 && !buffer.is_empty() => Err(io::Error::new(*kind, why.clone())),
            _ => Ok(count),
        }
    }
}

impl Seek for Spooled {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.copy.seek(to)
    }
}
