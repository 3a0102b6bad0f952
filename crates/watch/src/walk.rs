//! What lies in the watched places now.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use afterpatch_model::Timestamp;
use serde::{Deserialize, Serialize};

/// Files looked at in all places together. An Exchange server's web roots and logs hold some ten thousand.
pub const MAX_FILES: usize = 300_000;

/// Which file it is, whatever it is called: device and number. Windows tells the number only of an open file, so the time of
/// its making, which a rename keeps, stands in there; what was read last is compared, too (see `cursor`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity(pub u64, pub u64);

/// How a file looked; another stamp is a change. The time of the last change of its entry is in it, because the time of the last
/// change of its content can be set by anybody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970, of the content.
    pub modified: i64,
    /// The same of the entry.
    pub changed: i64,
    /// Which file.
    pub identity: Identity,
}

impl Stamp {
    /// Of a file.
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok().map_or(0, nanoseconds);
        Self { size: metadata.len(), modified, changed: changed(metadata), identity: identity(metadata) }
    }

    /// The time of its last change, UTC.
    pub fn time(&self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(i128::from(self.modified)).ok().filter(|_| self.modified != 0)
    }
}

fn nanoseconds(time: std::time::SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanoseconds| -nanoseconds),
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    Identity(metadata.dev(), metadata.ino())
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(metadata: &Metadata) -> Identity {
    Identity(0, metadata.created().ok().map_or(0, |time| nanoseconds(time).unsigned_abs()))
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> i64 {
    0
}

/// One file.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its path on this machine.
    pub real: PathBuf,
    /// How it looked.
    pub stamp: Stamp,
}

/// Looks at one path: the files below a folder, or the file itself. Links are not followed; devices and pipes are passed by.
/// `each` says whether there is room for more. What cannot be listed goes to `gap`.
pub fn look(path: &Path, each: &mut dyn FnMut(Seen) -> bool, gap: &mut dyn FnMut(&Path, &io::Error)) {
    let mut waiting = vec![path.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            // Gone between two looks, which is no gap.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => {
                gap(&path, &error);
                continue;
            }
        };
        let kind = metadata.file_type();
        if kind.is_file() {
            if !each(Seen { real: path, stamp: Stamp::of(&metadata) }) {
                return;
            }
        } else if kind.is_dir() {
            match children(&path) {
                Ok(children) => waiting.extend(children),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => gap(&path, &error),
            }
        }
    }
}

/// In order of name, the last first: they are taken from the end.
fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut children = Vec::new();
    for child in fs::read_dir(folder)? {
        children.push(child?.path());
        if children.len() > MAX_FILES {
            break;
        }
    }
    children.sort_unstable_by(|one, other| other.cmp(one));
    Ok(children)
}

/// The name under which a file is told: its full path with `/`, not absolute, so that the layouts of collections are understood
/// wherever they lie.
pub fn shown(real: &Path) -> String {
    let text = real.to_string_lossy();
    let text = text.strip_prefix(r"\\?\").unwrap_or(&text);
    text.trim_start_matches('/').replace('\\', "/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_have_no_root_and_one_separator() {
        assert_eq!(shown(Path::new("/var/www/x.php")), "var/www/x.php");
        assert_eq!(shown(Path::new(r"\\?\C:\inetpub\x.aspx")), "C:/inetpub/x.aspx");
    }

    #[test]
    fn files_below_are_found_and_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        fs::write(folder.path().join("a/b/x"), "1").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).unwrap();
        let mut seen = Vec::new();
        look(
            folder.path(),
            &mut |file| {
                seen.push(file.real);
                true
            },
            &mut |_, _| {},
        );
        assert_eq!(seen, [folder.path().join("a/b/x")]);
    }
}
