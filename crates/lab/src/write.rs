//! Evidence on disk: a folder, a zip or a tar.gz, in the layouts of the collectors.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use flate2::{Compression, write::GzEncoder};
use jiff::tz::Offset;
use zip::{CompressionMethod, DateTime, ZipWriter, write::ExtendedFileOptions, write::FileOptions};

use crate::{Lab, LabFile};

/// How a collector lays out the files of a server (KapeFiles; Velociraptor's Windows.KapeFiles.Targets).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// The tree without its drive letters: `inetpub/logs/...`.
    Plain,
    /// Drive letter as a folder: `C/inetpub/logs/...`.
    Kape,
    /// Percent-encoded below `uploads/auto`: `uploads/auto/C%3A/inetpub/logs/...`.
    Velociraptor,
}

/// Why evidence could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file or folder.
    #[error("cannot write {}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The archive.
    #[error("cannot write into the archive {}", path.display())]
    Zip {
        /// Which.
        path: PathBuf,
        /// Why.
        source: zip::result::ZipError,
    },
}

/// Writes the evidence below a folder, which is made if need be, with the files' own times.
///
/// # Errors
/// When something cannot be written.
pub fn write_folder(lab: &Lab, folder: &Path, layout: Layout) -> Result<(), WriteError> {
    Collection::of(lab, layout).folder(folder)
}

/// Writes the evidence as a zip archive whose entries carry UTC times.
///
/// # Errors
/// When the archive cannot be written.
pub fn write_zip(lab: &Lab, path: &Path, layout: Layout) -> Result<(), WriteError> {
    Collection::of(lab, layout).zip(path)
}

/// Writes the evidence as a tar archive, packed with gzip.
///
/// # Errors
/// When the archive cannot be written.
pub fn write_tar_gz(lab: &Lab, path: &Path, layout: Layout) -> Result<(), WriteError> {
    Collection::of(lab, layout).tar_gz(path)
}

/// What one archive or folder holds: the evidence of one server, or of several, each below a folder of its own.
pub struct Collection<'a> {
    layout: Layout,
    members: Vec<(String, &'a Lab)>,
}

impl<'a> Collection<'a> {
    /// Nothing yet.
    pub fn new(layout: Layout) -> Self {
        Self { layout, members: Vec::new() }
    }

    /// One server, with nothing above its tree.
    pub fn of(lab: &'a Lab, layout: Layout) -> Self {
        Self::new(layout).with("", lab)
    }

    /// One more server, its tree below `prefix` (a folder name, or several with `/` between).
    #[must_use]
    pub fn with(mut self, prefix: &str, lab: &'a Lab) -> Self {
        let prefix = prefix.trim_matches('/');
        self.members.push((if prefix.is_empty() { String::new() } else { format!("{prefix}/") }, lab));
        self
    }

    /// Names in the collection (with `/`) and the files, in order.
    pub fn entries(&self) -> impl Iterator<Item = (String, &'a LabFile)> {
        let layout = self.layout;
        self.members.iter().flat_map(move |(prefix, lab)| {
            lab.files.iter().map(move |file| (format!("{prefix}{}", layout.name(&file.windows_path)), file))
        })
    }

    /// Writes a folder.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn folder(&self, folder: &Path) -> Result<(), WriteError> {
        for (name, file) in self.entries() {
            let path = folder.join(name);
            write_file(&path, file).map_err(|source| WriteError::Io { path, source })?;
        }
        Ok(())
    }

    /// Writes a zip archive.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn zip(&self, path: &Path) -> Result<(), WriteError> {
        let broken = |source| WriteError::Zip { path: path.to_owned(), source };
        let io = |source| WriteError::Io { path: path.to_owned(), source };
        let mut archive = ZipWriter::new(BufWriter::new(File::create(path).map_err(io)?));
        for (name, file) in self.entries() {
            let modified = u32::try_from(file.modified.as_second()).ok();
            let options = FileOptions::<ExtendedFileOptions>::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(dos_time(file))
                .with_extended_timestamp(modified, None, None)
                .map_err(broken)?;
            archive.start_file(name, options).map_err(broken)?;
            archive.write_all(&file.bytes).map_err(io)?;
        }
        archive.finish().map_err(broken)?.into_inner().map_err(|error| io(error.into_error()))?;
        Ok(())
    }

    /// Writes a tar archive, packed with gzip.
    ///
    /// # Errors
    /// When the archive cannot be written.
    pub fn tar_gz(&self, path: &Path) -> Result<(), WriteError> {
        self.try_tar_gz(path).map_err(|source| WriteError::Io { path: path.to_owned(), source })
    }

    fn try_tar_gz(&self, path: &Path) -> io::Result<()> {
        let packed = GzEncoder::new(BufWriter::new(File::create(path)?), Compression::default());
        let mut archive = tar::Builder::new(packed);
        for (name, file) in self.entries() {
            let mut header = tar::Header::new_gnu();
            header.set_size(file.bytes.len() as u64);
            header.set_mode(0o644);
            header.set_mtime(u64::try_from(file.modified.as_second()).unwrap_or(0));
            archive.append_data(&mut header, name, file.bytes.as_slice())?;
        }
        archive.into_inner()?.finish()?.flush()
    }
}

impl Layout {
    /// The layout of that name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "plain" => Some(Self::Plain),
            "kape" => Some(Self::Kape),
            "velociraptor" => Some(Self::Velociraptor),
            _ => None,
        }
    }

    /// Where a file of the server stands in the collection, with `/` between the folders.
    pub fn name(self, windows_path: &str) -> String {
        let (drive, rest) = windows_path.split_once(r":\").unwrap_or(("C", windows_path));
        match self {
            Self::Plain => rest.replace('\\', "/"),
            Self::Kape => format!("{drive}/{}", rest.replace('\\', "/")),
            Self::Velociraptor => {
                let parts = rest.split('\\').map(percent_encoded).collect::<Vec<_>>();
                format!("uploads/auto/{}/{}", percent_encoded(&format!("{drive}:")), parts.join("/"))
            }
        }
    }
}

fn percent_encoded(part: &str) -> String {
    part.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b' ' | b'-' | b'_' | b'.' | b'~' | b'$' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn write_file(path: &Path, file: &LabFile) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut target = File::create(path)?;
    target.write_all(&file.bytes)?;
    target
        .set_modified(SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(file.modified.as_millisecond()).unwrap_or(0)))
}

/// The old date of a zip entry has no zone; UTC keeps equal scenarios equal.
fn dos_time(file: &LabFile) -> DateTime {
    let at = Offset::UTC.to_datetime(file.modified);
    let [month, day, hour, minute, second] = [at.month(), at.day(), at.hour(), at.minute(), at.second()].map(i8::unsigned_abs);
    DateTime::from_date_and_time(at.year().unsigned_abs(), month, day, hour, minute, second).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_each_layout() {
        let path = r"D:\Program Files\A (x86)\b.log";
        assert_eq!(Layout::Plain.name(path), "Program Files/A (x86)/b.log");
        assert_eq!(Layout::Kape.name(path), "D/Program Files/A (x86)/b.log");
        assert_eq!(Layout::Velociraptor.name(path), "uploads/auto/D%3A/Program Files/A %28x86%29/b.log");
    }
}
