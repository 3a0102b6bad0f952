//! The alert log: one alert a line. It is the place that counts: an alert that stands here was told, one that does not was not,
//! whatever the other outputs did.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use afterpatch_model::Alert;

use crate::walk::{Identity, Stamp};

/// So much of the log's end is read at the start: thousands of alerts.
const TAIL_BYTES: u64 = 16 << 20;

/// Puts an alert into a line without its end.
pub type Encode = fn(&Alert) -> io::Result<Vec<u8>>;

/// The alert log.
pub struct AlertLog {
    path: PathBuf,
    file: File,
    identity: Identity,
    encode: Encode,
}

impl AlertLog {
    /// Opens or makes it; gives the latest alerts in it. Half a line that a crash left is cut off.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn open(path: &Path, encode: Encode) -> io::Result<(Self, Vec<Alert>)> {
        let mut file = open(path)?;
        let length = file.metadata()?.len();
        let from = length.saturating_sub(TAIL_BYTES);
        file.seek(SeekFrom::Start(from))?;
        let mut tail = Vec::new();
        Read::take(&mut file, TAIL_BYTES).read_to_end(&mut tail)?;
        let whole = memchr::memrchr(b'\n', &tail).map_or(0, |at| at + 1);
        if whole < tail.len() {
            file.set_len(from + whole as u64)?;
        }
        let lines = tail.get(..whole).unwrap_or_default().split(|byte| *byte == b'\n');
        // The first may be cut by where reading began; lines of others are theirs.
        let recent = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let identity = Stamp::of(&file.metadata()?).identity;
        Ok((Self { path: path.to_owned(), file, identity, encode }, recent))
    }

    /// Appends; the alerts are on the disk when this returns.
    ///
    /// # Errors
    /// They could not be written whole; nothing of them stands there then, as far as the disk lets us.
    pub fn append(&mut self, alerts: &[Alert]) -> io::Result<()> {
        let mut lines = Vec::new();
        for alert in alerts {
            lines.extend((self.encode)(alert)?);
            lines.push(b'\n');
        }
        // Somebody rotates the log.
        let is_same = fs::metadata(&self.path).is_ok_and(|metadata| Stamp::of(&metadata).identity == self.identity);
        if !is_same {
            self.file = open(&self.path)?;
            self.identity = Stamp::of(&self.file.metadata()?).identity;
        }
        let before = self.file.metadata()?.len();
        let written = self.file.write_all(&lines).and_then(|()| self.file.sync_data());
        if written.is_err() {
            let _ = self.file.set_len(before);
        }
        written
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).read(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
