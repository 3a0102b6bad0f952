//! A folder: a mounted image or a copied tree.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use afterpatch_model::{GapKind, Timestamp};

use crate::entry::Source;
use crate::listing::{Found, Listing};
use crate::window::Window;
use crate::{ReadError, ReadSeek};

/// Lists every file below `root`. Links and junctions are not followed (they could lead out of the evidence or in a circle),
/// devices and pipes are not opened (reading them could wait for ever).
///
/// # Errors
/// The root itself cannot be listed. Everything below becomes a gap.
pub(crate) fn list(root: &Path, listing: &mut Listing) -> io::Result<()> {
    let mut waiting = vec![Folder { real: Arc::from(root), shown: String::new() }];
    while let Some(folder) = waiting.pop() {
        let children = match folder.children(listing) {
            Ok(children) => children,
            Err(error) if folder.shown.is_empty() => return Err(error),
            Err(error) => {
                listing.gaps.each(GapKind::Unreadable, &folder.shown, "the folder cannot be listed", &error.to_string());
                continue;
            }
        };
        for child in children {
            let name = child.file_name();
            let shown = folder.show(&name.to_string_lossy());
            // Of the child itself, not of what a link points to.
            let metadata = match child.metadata() {
                Ok(metadata) => metadata,
                Err(error) => {
                    listing.gaps.each(GapKind::Unreadable, &shown, "cannot be looked at", &error.to_string());
                    continue;
                }
            };
            let kind = metadata.file_type();
            if kind.is_symlink() {
                listing.gaps.together(GapKind::NotRead, &shown, "links and junctions are not followed");
            } else if kind.is_dir() {
                waiting.push(Folder { real: Arc::from(folder.real.join(&name)), shown });
            } else if kind.is_file() {
                let source = Box::new(OnDisk { folder: Arc::clone(&folder.real), name });
                let (size, modified) = (metadata.len(), modified(&metadata));
                if !listing.add(Found { path: shown, size, modified, source }) {
                    return Ok(());
                }
            } else {
                listing.gaps.together(GapKind::NotRead, &shown, "devices, pipes and sockets are not opened");
            }
        }
    }
    Ok(())
}

/// A file's last change. File systems keep it in UTC (FAT does not, but evidence on FAT is rare and cannot be told here).
pub(crate) fn modified(metadata: &Metadata) -> Option<Timestamp> {
    metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok())
}

struct Folder {
    real: Arc<Path>,
    shown: String,
}

impl Folder {
    /// What is in it, sorted by name, so that a list that gets full is full of the same.
    fn children(&self, listing: &mut Listing) -> io::Result<Vec<DirEntry>> {
        let mut children = Vec::new();
        // One more than there is room for, so that the list notices.
        let room = listing.limits.entries.saturating_sub(listing.len()).saturating_add(1);
        for child in fs::read_dir(&self.real)? {
            match child {
                Ok(child) => children.push(child),
                Err(error) => {
                    let reason = "the folder cannot be listed to its end";
                    listing.gaps.each(GapKind::Unreadable, &self.shown, reason, &error.to_string());
                    break;
                }
            }
            if children.len() > room {
                break;
            }
        }
        children.sort_by_cached_key(DirEntry::file_name);
        Ok(children)
    }

    fn show(&self, name: &str) -> String {
        if self.shown.is_empty() { name.to_owned() } else { format!("{}/{name}", self.shown) }
    }
}

/// A file on disk, kept as folder and name because a folder is shared by many files.
pub(crate) struct OnDisk {
    pub(crate) folder: Arc<Path>,
    pub(crate) name: OsString,
}

impl OnDisk {
    fn open(&self) -> Result<File, ReadError> {
        let path = self.folder.join(&self.name);
        // Evidence may change under us; opening a pipe that took the file's place would wait for ever.
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::other("no longer a plain file").into());
        }
        Ok(File::open(path)?)
    }
}

impl Source for OnDisk {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(self.open()?))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        Ok(Box::new(self.open()?))
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        Ok(Some(Window::whole(self.open()?)?))
    }
}
