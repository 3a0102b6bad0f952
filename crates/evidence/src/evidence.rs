//! Opens evidence of any kind.

use std::fs::{self, File};
use std::path::Path;

use afterpatch_model::Gap;

use crate::container::Kind;
use crate::listing::Listing;
use crate::window::Window;
use crate::{Entry, Limits, MemoryFile, OpenError, Place, file, folder, memory};

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
            let window = File::open(path).and_then(Window::whole).map_err(failed)?;
            match Kind::of(&window, &name).map_err(failed)? {
                Kind::Single => file::list(&window, &name, &metadata, &mut listing),
                kind => kind.list(&window, &name, &mut listing).map_err(failed)?,
            }
        } else {
            return Err(OpenError::Special { path: path.to_path_buf() });
        }
        let (entries, gaps) = listing.finish(&name);
        Ok(Self { name, entries, gaps })
    }

    /// Several files and folders of a system that runs here or is mounted. What is not there is left out. `name` is the system's.
    pub fn of_places(name: &str, places: &[Place], limits: Limits) -> Self {
        let mut listing = Listing::new(limits);
        folder::list_places(places, &mut listing);
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

fn name_of(path: &Path) -> String {
    let last = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    // `.` and a drive have no last component of their own.
    let name = last(path).or_else(|| std::path::absolute(path).ok().as_deref().and_then(last));
    name.unwrap_or_else(|| path.to_string_lossy().into_owned())
}
