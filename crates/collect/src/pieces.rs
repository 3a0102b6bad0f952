//! A file that is written as one, or in pieces: `case.zip.001`, `case.zip.002`, as 7-Zip cuts them; joined again they are the file.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes the file or its pieces. None of them may be there before.
pub struct Pieces {
    path: PathBuf,
    /// Bytes of a piece; `None` for one file.
    most: Option<u64>,
    written: Vec<PathBuf>,
    current: BufWriter<File>,
    in_current: u64,
}

impl Pieces {
    /// Makes the file or its first piece.
    ///
    /// # Errors
    /// What the system says; `AlreadyExists` included.
    pub fn create(path: &Path, most: Option<u64>) -> io::Result<Self> {
        let first = if most.is_some() { numbered(path, 1) } else { path.to_owned() };
        let current = make(&first)?;
        Ok(Self { path: path.to_owned(), most, written: vec![first], current, in_current: 0 })
    }

    /// Waits until all is on the medium; gives the files.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(mut self) -> io::Result<Vec<PathBuf>> {
        self.current.flush()?;
        self.current.get_ref().sync_all()?;
        Ok(self.written)
    }

    fn next(&mut self) -> io::Result<()> {
        self.current.flush()?;
        self.current.get_ref().sync_all()?;
        let path = numbered(&self.path, self.written.len() + 1);
        self.current = make(&path)?;
        self.written.push(path);
        self.in_current = 0;
        Ok(())
    }
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(most) = self.most else { return self.current.write(bytes) };
        if self.in_current >= most {
            self.next()?;
        }
        let room = usize::try_from(most.saturating_sub(self.in_current)).unwrap_or(usize::MAX).max(1);
        let count = self.current.write(bytes.get(..room).unwrap_or(bytes))?;
        self.in_current = self.in_current.saturating_add(count as u64);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.current.flush()
    }
}

fn make(path: &Path) -> io::Result<BufWriter<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // It holds the logs and pages of a mail server.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(BufWriter::with_capacity(1 << 20, options.open(path)?))
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number:03}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_joined_are_the_whole(writes in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..20), most in 1_u64..40) {
            let folder = tempfile::tempdir().unwrap();
            let mut pieces = Pieces::create(&folder.path().join("case.zip"), Some(most)).unwrap();
            for bytes in &writes {
                pieces.write_all(bytes).unwrap();
            }
            let files = pieces.finish().unwrap();
            let parts: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).unwrap()).collect();
            prop_assert_eq!(parts.concat(), writes.concat());
            prop_assert!(parts.iter().all(|part| part.len() as u64 <= most));
            prop_assert!(parts.iter().rev().skip(1).all(|part| part.len() as u64 == most));
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.zip");
        std::fs::write(folder.path().join("case.zip.002"), "somebody's").unwrap();
        let mut pieces = Pieces::create(&path, Some(4)).unwrap();
        assert_eq!(pieces.write_all(b"12345678").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(Pieces::create(&folder.path().join("case.zip.002"), None).is_err());
    }
}
