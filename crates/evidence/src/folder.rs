//! A folder: a mounted image or a copied tree; or several places of a running system.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirEntry, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
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
    let root = Folder { real: Arc::from(root), shown: String::new(), depth: u32::MAX };
    let children = root.children(listing)?;
    let mut walk = Walk { waiting: Vec::new(), listed: None, listing };
    if walk.take(&root, children, true) {
        walk.on();
    }
    Ok(())
}

/// Lists files and folders of a running system or a mounted one, each under the name that it is given. What lies in several of
/// them is listed once, under its first name; what is not there is no gap, because nobody said that it is.
pub(crate) fn list_places(places: &[Place], listing: &mut Listing) {
    // The deepest first: what they hold is then known to be listed to its end.
    let mut order: Vec<&Place> = places.iter().collect();
    order.sort_by(|one, two| two.depth.cmp(&one.depth).then_with(|| one.shown.cmp(&two.shown)));
    let mut walk = Walk { waiting: Vec::new(), listed: Some(HashMap::new()), listing };
    for place in order {
        walk.begin(place);
    }
}

/// A file or folder of a running or mounted system, and how it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it lies on this machine.
    pub real: PathBuf,
    /// The name under which it is listed, with `/`: `C/inetpub/logs`, `var/log`.
    pub shown: String,
    /// How many levels of folders below it are listed; 0 is its own files.
    pub depth: u32,
}

/// Folders that are still to be listed.
struct Walk<'l> {
    waiting: Vec<Folder>,
    /// Where places may meet: the folders that were listed, in lower case, and how many levels below them.
    listed: Option<HashMap<String, u32>>,
    listing: &'l mut Listing,
}

impl Walk<'_> {
    fn begin(&mut self, place: &Place) {
        let metadata = match fs::symlink_metadata(&place.real) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return,
            Err(error) => {
                self.listing.gaps.each(GapKind::Unreadable, &place.shown, "cannot be looked at", &error.to_string());
                return;
            }
        };
        if metadata.is_dir() {
            self.waiting.push(Folder { real: Arc::from(place.real.as_path()), shown: place.shown.clone(), depth: place.depth });
            self.on();
        } else if let (Some(folder), Some(name)) = (place.real.parent(), place.real.file_name()) {
            let above = place.shown.rsplit_once('/').map_or("", |(above, _)| above).to_lowercase();
            // A file alone counts as a folder of its own.
            let listed = self.listed.get_or_insert_default();
            if !listed.contains_key(&above) && listed.insert(place.shown.to_lowercase(), 0).is_none() {
                let folder = Folder { real: Arc::from(folder), shown: String::new(), depth: 0 };
                self.file(&folder, name.to_owned(), place.shown.clone(), &metadata);
            }
        }
    }

    /// Lists what is waiting, and all below.
    fn on(&mut self) {
        while let Some(folder) = self.waiting.pop() {
            let before = self.listed.as_ref().and_then(|listed| listed.get(&folder.shown.to_lowercase()).copied());
            if before.is_some_and(|depth| depth >= folder.depth) {
                continue;
            }
            if let Some(listed) = &mut self.listed {
                listed.insert(folder.shown.to_lowercase(), folder.depth);
            }
            let children = match folder.children(self.listing) {
                Ok(children) => children,
                Err(error) => {
                    self.listing.gaps.each(GapKind::Unreadable, &folder.shown, "the folder cannot be listed", &error.to_string());
                    continue;
                }
            };
            if !self.take(&folder, children, before.is_none()) {
                self.waiting.clear();
            }
        }
    }

    /// Takes the folders among these, and the files unless they were taken before. `false`: the list is full.
    fn take(&mut self, folder: &Folder, children: Vec<DirEntry>, files_too: bool) -> bool {
        for child in children {
            let name = child.file_name();
            let shown = folder.show(&name.to_string_lossy());
            let metadata = match look(&child) {
                Ok(metadata) => metadata,
                Err(error) => {
                    let gap = if error.kind() == ErrorKind::NotFound { GapKind::Vanished } else { GapKind::Unreadable };
                    self.listing.gaps.each(gap, &shown, "cannot be looked at", &error.to_string());
                    continue;
                }
            };
            if metadata.is_dir() {
                if let Some(depth) = folder.depth.checked_sub(1) {
                    self.waiting.push(Folder { real: Arc::from(folder.real.join(&name)), shown, depth });
                }
            } else if files_too && !self.file(folder, name, shown, &metadata) {
                return false;
            }
        }
        true
    }

    fn file(&mut self, folder: &Folder, name: OsString, shown: String, metadata: &Metadata) -> bool {
        let kind = metadata.file_type();
        if kind.is_symlink() {
            self.listing.gaps.together(GapKind::NotRead, &shown, "links and junctions are not followed");
        } else if kind.is_file() {
            let source = Box::new(OnDisk { folder: Arc::clone(&folder.real), name: name.clone() });
            let (path, size, modified) = (shown.clone(), metadata.len(), modified(metadata));
            return self.listing.add(Found { path, size, modified, source }) && self.streams(folder, &name, &shown, modified);
        } else {
            self.listing.gaps.together(GapKind::NotRead, &shown, "devices, pipes and sockets are not opened");
        }
        true
    }
}

impl Walk<'_> {
    /// Lists what stands behind a file of a running Windows (`page.txt:hidden.aspx`), which no listing of a folder shows. Logs, of
    /// which there are most, are passed over: their writers hold them, and nothing runs them.
    fn streams(&mut self, folder: &Folder, name: &OsStr, shown: &str, modified: Option<Timestamp>) -> bool {
        let is_log = [".log", ".evtx", ".etl", ".blg", ".edb"].iter().any(|end| shown.to_lowercase().ends_with(end));
        if !cfg!(windows) || self.listed.is_none() || is_log {
            return true;
        }
        // What cannot be opened is told when it is to be read.
        let Ok(file) = File::open(folder.real.join(name)) else { return true };
        for stream in afterpatch_sys::streams::streams(&file).unwrap_or_default() {
            let own = stream.name.trim_end_matches(":$DATA");
            // Where a file came from, which browsers write behind it.
            if own.is_empty() || own.eq_ignore_ascii_case(":Zone.Identifier") {
                continue;
            }
            let mut name = name.to_owned();
            name.push(own);
            let source = Box::new(OnDisk { folder: Arc::clone(&folder.real), name });
            if !self.listing.add(Found { path: format!("{shown}{own}"), size: stream.size, modified, source }) {
                return false;
            }
        }
        true
    }
}

/// What a child is; of itself, not of what a link points to.
fn look(child: &DirEntry) -> io::Result<Metadata> {
    // Windows brings a folder's list up to date when a file is closed: there, a log that is being written may be empty since
    // midnight. The file itself knows; asking it costs opening it.
    #[cfg(windows)]
    if may_be_written(&child.file_name()) {
        return fs::symlink_metadata(child.path());
    }
    child.metadata()
}

/// Whether it has the name of something that a program keeps open while it grows.
#[cfg(any(windows, test))]
fn may_be_written(name: &std::ffi::OsStr) -> bool {
    const KINDS: [&str; 8] = ["csv", "evtx", "json", "log", "ndjson", "out", "txt", "xml"];
    let Some(kind) = Path::new(name).extension().map(std::ffi::OsStr::to_ascii_lowercase) else { return true };
    // `access.log.1`, `localhost_access_log.2026-11-28`
    kind.to_str().is_some_and(|kind| KINDS.contains(&kind) || kind.starts_with(|first: char| first.is_ascii_digit()))
}

/// A file's last change. File systems keep it in UTC (FAT does not, but evidence on FAT is rare and cannot be told here).
pub(crate) fn modified(metadata: &Metadata) -> Option<Timestamp> {
    metadata.modified().ok().and_then(|time| Timestamp::try_from(time).ok())
}

struct Folder {
    real: Arc<Path>,
    shown: String,
    /// How many levels below it are listed.
    depth: u32,
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
    // As long as it is now: a log that grows while it is read must have an end, and the same one for every reader of it.
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(Window::whole(self.open()?)?))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        Ok(Box::new(Window::whole(self.open()?)?))
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        Ok(Some(Window::whole(self.open()?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_while_it_is_open_is_told_by_its_name() {
        let grows = |name: &str| may_be_written(std::ffi::OsStr::new(name));
        for name in
            ["u_ex261129.log", "HttpProxy_1.LOG", "access.log.1", "access_log.2026-11-29", "Security.evtx", "catalina.out", "log"]
        {
            assert!(grows(name), "{name}");
        }
        for name in ["owaauth.dll", "logon.aspx", "web.config", "u_ex261129.log.gz"] {
            assert!(!grows(name), "{name}");
        }
    }
}
