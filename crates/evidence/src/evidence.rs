//! Opens evidence of any kind.

use std::fs;
use std::path::Path;

use afterpatch_model::{Gap, GapKind};

use crate::container::Kind;
use crate::listing::Listing;
use crate::window::Window;
use crate::{Entry, Limits, MemoryFile, OpenError, Place, file, folder, joined, memory};

/// A place that bytes come from: a folder, an archive, a single file or memory, with the list of its files.
#[derive(Debug)]
pub struct Evidence {
    name: String,
    entries: Vec<Entry>,
    gaps: Vec<Gap>,
}

impl Evidence {
    /// Opens and lists it. What kind it is, its content decides; its name is only a hint where the content is damaged.
    ///
    /// # Errors
    /// There is nothing, nothing readable, or neither a file nor a folder. Damage inside is no error but a gap.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_with(path, Limits::default())
    }

    /// As [`Evidence::open`], with other bounds.
    ///
    /// # Errors
    /// As [`Evidence::open`].
    pub fn open_with(path: &Path, limits: Limits) -> Result<Self, OpenError> {
        let failed = |source| OpenError::new(path, source);
        let name = name_of(path);
        let mut listing = Listing::new(limits);
        let metadata = fs::metadata(path).map_err(failed)?;
        if metadata.is_dir() {
            folder::list(path, &mut listing).map_err(failed)?;
        } else if metadata.is_file() {
            let (window, name) = joined::open(path, &name).map_err(failed)?;
            match Kind::of(&window, &name).map_err(failed)? {
                Kind::Single if is_sealed(&window) => {
                    listing.gaps.each(GapKind::Encrypted, &name, SEALED, "");
                }
                Kind::Single => file::list(&window, &name, &metadata, &mut listing),
                kind => kind.list(&window, &name, &mut listing).map_err(failed)?,
            }
        } else {
            return Err(OpenError::Special { path: path.to_path_buf() });
        }
        let (entries, gaps) = listing.finish(&name);
        Ok(Self { name, entries, gaps })
    }

    /// Several files and folders of a system that runs here or is mounted, and `made` of what it said of itself. What is not there
    /// is left out. `name` is the system's.
    pub fn of_places(name: &str, places: &[Place], made: Vec<MemoryFile>, limits: Limits) -> Self {
        let mut listing = Listing::new(limits);
        folder::list_places(places, &mut listing);
        memory::list(made, &mut listing);
        let (entries, gaps) = listing.finish(name);
        Self { name: name.to_owned(), entries, gaps }
    }

    /// Files that are in memory already. `name` is the collection's.
    pub fn of_memory(name: &str, files: Vec<MemoryFile>) -> Self {
        Self::of_memory_with(name, files, Limits::default())
    }

    /// As [`Evidence::of_memory`], with other bounds.
    pub fn of_memory_with(name: &str, files: Vec<MemoryFile>, limits: Limits) -> Self {
        let mut listing = Listing::new(limits);
        memory::list(files, &mut listing);
        let (entries, gaps) = listing.finish(name);
        Self { name: name.to_owned(), entries, gaps }
    }

    /// The collection's name: the last component of the path that was opened.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its files, sorted by path: the same evidence gives the same order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What could not be listed, or was listed under another name than its own. Sorted.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

const SEALED: &str = "encrypted with age: decrypt it where the key is (age -d -i KEY -o case.zip case.zip.age), then scan that";

/// A file that is encrypted with age (age-encryption.org/v1), as `collect` makes them.
fn is_sealed(window: &Window) -> bool {
    let mut head = [0; 64];
    let starts = |head: &[u8]| head.starts_with(b"age-encryption.org/") || head.starts_with(b"-----BEGIN AGE ENCRYPTED FILE");
    window.peek(0, &mut head).is_ok_and(starts)
}

fn name_of(path: &Path) -> String {
    let last = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    // `.` and a drive have no last component of their own.
    let name = last(path).or_else(|| std::path::absolute(path).ok().as_deref().and_then(last));
    name.unwrap_or_else(|| path.to_string_lossy().into_owned())
}
