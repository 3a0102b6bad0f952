//! Opens evidence of any kind.

use std::fs::{self, File};
use std::path::Path;

use afterpatch_model::Gap;

use crate::listing::Listing;
use crate::window::Window;
use crate::{Entry, Limits, OpenError, file, folder, tar, zip};

/// A place that bytes come from: a folder, a zip, a tar, a gzipped tar or a single file, with the list of its files.
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
                Kind::Zip => zip::list(&window, &name, &mut listing).map_err(failed)?,
                Kind::Tar => tar::list(&window, &name, &mut listing).map_err(failed)?,
                Kind::TarGz => tar::list_gz(&window, &name, &mut listing).map_err(failed)?,
                Kind::Single => file::list(&window, &name, &metadata, &mut listing),
            }
        } else {
            return Err(OpenError::Special { path: path.to_path_buf() });
        }
        let (entries, gaps) = listing.finish(&name);
        Ok(Self { name, entries, gaps })
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

/// Kinds of files that evidence comes in.
enum Kind {
    Zip,
    Tar,
    TarGz,
    Single,
}

impl Kind {
    fn of(window: &Window, name: &str) -> std::io::Result<Self> {
        let named = |ends: &[&str]| ends.iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        let mut head = [0; 512];
        let head = window.peek(0, &mut head)?;
        Ok(match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            // The start is damaged or something stands before it; the directory at the end may still be whole.
            _ if named(&[".zip"]) && zip::has_directory(window)? => Self::Zip,
            [0x1f, 0x8b, 8, ..] => match tar::starts_gz(window) {
                Some(true) => Self::TarGz,
                None if named(&[".tar.gz", ".tgz"]) => Self::TarGz,
                _ => Self::Single,
            },
            _ if tar::is_header(head) => Self::Tar,
            _ => Self::Single,
        })
    }
}

fn name_of(path: &Path) -> String {
    let last = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    // `.` and a drive have no last component of their own.
    let name = last(path).or_else(|| std::path::absolute(path).ok().as_deref().and_then(last));
    name.unwrap_or_else(|| path.to_string_lossy().into_owned())
}
