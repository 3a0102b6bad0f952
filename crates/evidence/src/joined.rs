//! A file that was cut into pieces: `case.zip.001`, `case.zip.002` and so on, as 7-Zip and `afterpatch collect` cut them. The
//! first stands for all.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::window::{Bytes, Window};

/// Pieces opened at most; each keeps a file open.
const MOST: usize = 512;

/// The file, or the pieces of which it is the first, and the name of the whole. Where a piece is missing, the whole ends there, and
/// whoever reads it will notice.
pub(crate) fn open(path: &Path, name: &str) -> io::Result<(Window, String)> {
    let first = Window::whole(File::open(path)?)?;
    let whole = name.strip_suffix(".001").filter(|whole| !whole.is_empty());
    let beside = |number: usize| path.with_file_name(format!("{}.{number:03}", whole.unwrap_or_default()));
    // Logs are numbered like this, too, but do not go on in the next one.
    let Some(whole) = whole.filter(|_| holds_archive(&first)) else { return Ok((first, name.to_owned())) };
    let mut pieces = vec![first];
    while pieces.len() < MOST {
        match File::open(beside(pieces.len() + 1)) {
            Ok(file) => pieces.push(Window::whole(file)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => return Err(error),
        }
    }
    let length = pieces.iter().map(Window::length).fold(0, u64::saturating_add);
    Ok((Window::over(Arc::new(Joined(pieces)), length), whole.to_owned()))
}

fn holds_archive(first: &Window) -> bool {
    let mut head = [0; 6];
    first.peek(0, &mut head).is_ok_and(|head| head.starts_with(b"PK\x03\x04") || head.starts_with(b"7z\xbc\xaf\x27\x1c"))
}

struct Joined(Vec<Window>);

impl Bytes for Joined {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut start = 0_u64;
        for piece in &self.0 {
            let end = start.saturating_add(piece.length());
            if offset < end {
                return Ok(piece.peek(offset.saturating_sub(start), buffer)?.len());
            }
            start = end;
        }
        Ok(0)
    }
}
