//! One file of the evidence.

use std::fmt;
use std::io::{Read, Seek};
use std::sync::{Arc, OnceLock};

use afterpatch_model::Timestamp;

use crate::ReadError;
use crate::file::Plain;
use crate::window::Window;

/// Bytes that can be read at random.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// Where an entry's bytes lie; implemented once per kind of evidence.
pub(crate) trait Source: Send + Sync {
    /// The content from its start.
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError>;

    /// The content for random access.
    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError>;

    /// The content where it lies, when it lies somewhere as it is: what a container in it is listed from.
    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        Ok(None)
    }

    /// How many bytes of an archive the content is unpacked from; `None` when it is not packed.
    fn packed(&self) -> Option<u64> {
        None
    }
}

impl<T: Source + ?Sized> Source for Arc<T> {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        (**self).reader()
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        (**self).seekable()
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        (**self).in_place()
    }

    fn packed(&self) -> Option<u64> {
        (**self).packed()
    }
}

/// One file of the evidence. Cheap to clone; may be read from several threads at once.
#[derive(Clone)]
pub struct Entry(Arc<Facts>);

pub(crate) struct Facts {
    pub(crate) path: String,
    /// Length of the ` (2)` at the end of `path` that is not of the evidence but of ours.
    pub(crate) suffix: usize,
    /// Length of what names the packing (`.gz`) before that, when the content is given unpacked.
    pub(crate) packing: usize,
    pub(crate) host_root: Arc<str>,
    pub(crate) windows: Option<WindowsPlace>,
    pub(crate) size: u64,
    pub(crate) modified: Option<Timestamp>,
    pub(crate) source: Box<dyn Source>,
    /// The file that it was unpacked from.
    pub(crate) unpacked_from: Option<Entry>,
}

/// Where the entry was on its server.
pub(crate) struct WindowsPlace {
    /// `C:` or a shadow copy's device.
    pub(crate) volume: Arc<str>,
    /// Where in `path` the part below the volume starts.
    pub(crate) below: usize,
    /// Spelled out when first asked for: a disk image lists a million files and a few thousand are looked at.
    pub(crate) spelled: OnceLock<String>,
}

impl WindowsPlace {
    /// The same place, of another file.
    pub(crate) fn again(&self) -> Self {
        Self { volume: Arc::clone(&self.volume), below: self.below, spelled: OnceLock::new() }
    }
}

impl Entry {
    pub(crate) fn new(facts: Arc<Facts>) -> Self {
        Self(facts)
    }

    /// Where it lies in the evidence, as the evidence names it: separators are `/`, never absolute, no `..`; unique in its
    /// evidence (a second entry of the same name ends in ` (2)`). What lies in an archive inside the evidence is named by both:
    /// `case/EX01.zip!/C/Windows/x.log`. Percent-encoding is undone where the collector's layout uses it. Not escaped for
    /// display.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The path it had on its server (`C:\inetpub\...`), when the layout of the collection tells it.
    pub fn windows_path(&self) -> Option<&str> {
        let place = self.0.windows.as_ref()?;
        let spelled = place.spelled.get_or_init(|| {
            let below = self.0.own_path().get(place.below..).unwrap_or_default();
            format!(r"{}\{}", place.volume, below.replace('/', r"\"))
        });
        Some(spelled)
    }

    /// The part of the path before the drive: empty, or the folder of one host in a collection of several (`EX01`).
    pub fn host_root(&self) -> &str {
        &self.0.host_root
    }

    /// [`Entry::windows_path`], else [`Entry::path`].
    pub fn location(&self) -> &str {
        self.windows_path().unwrap_or(self.path())
    }

    /// The last component of the path, as the evidence names it. A file that is packed by itself is read unpacked, and named
    /// as what is in it: `u_ex210303.log` of `u_ex210303.log.gz`.
    pub fn file_name(&self) -> &str {
        let own = self.0.own_path();
        let name = own.rsplit('/').next().unwrap_or(own);
        name.get(..name.len().saturating_sub(self.0.packing)).unwrap_or(name)
    }

    /// Size in bytes, expanded, as the evidence claims. Of a file that is packed by itself and makes no such claim, the packed
    /// size.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// Last change, UTC. `None` when the evidence has no such time or only one without a zone (the plain DOS time of a zip).
    /// For a folder it is the file system's time, which copying may have changed.
    pub fn modified(&self) -> Option<Timestamp> {
        self.0.modified
    }

    /// The file that this one was unpacked from, as it lies in the evidence: the outermost archive around it, or the packed log.
    /// `None` when it lies there itself.
    pub fn unpacked_from(&self) -> Option<&Entry> {
        self.0.unpacked_from.as_ref()
    }

    /// Reads the content from its start, streaming. May be called again and again.
    ///
    /// The stream itself may fail later: [`crate::gap_kind_of`] says what an error in mid-stream means.
    ///
    /// # Errors
    /// The entry cannot be opened, is encrypted, or packed with a method that is not supported.
    pub fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        self.0.source.reader()
    }

    /// The same file, held open: every reader of it sees what was there now, also when another file takes its name (a log that
    /// is rotated). `None` when it cannot be opened, or does not lie in the evidence as it is, so that random access to it would
    /// cost more than reading.
    pub fn held(&self) -> Option<Self> {
        let window = self.0.source.in_place().ok()??;
        let Facts { path, suffix, packing, host_root, windows, size, modified, unpacked_from, source: _ } = &*self.0;
        Some(Self::new(Arc::new(Facts {
            path: path.clone(),
            suffix: *suffix,
            packing: *packing,
            host_root: Arc::clone(host_root),
            windows: windows.as_ref().map(WindowsPlace::again),
            size: *size,
            modified: *modified,
            source: Box::new(Plain(window)),
            unpacked_from: unpacked_from.clone(),
        })))
    }

    /// The content for random access. Content that is packed is unpacked first: to memory when small, else to a temporary
    /// file that has no name and goes away by itself. Damaged content is given up to the damage; reading on gives the error.
    ///
    /// # Errors
    /// As [`Entry::reader`]; also when the content is a bomb or there is no room for the temporary file.
    pub fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        self.0.source.seekable()
    }
}

impl Facts {
    /// The path without the suffix that is ours.
    pub(crate) fn own_path(&self) -> &str {
        self.path.get(..self.path.len().saturating_sub(self.suffix)).unwrap_or(&self.path)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("path", &self.path())
            .field("windows_path", &self.windows_path())
            .field("host_root", &self.host_root())
            .field("size", &self.size())
            .field("modified", &self.modified())
            .finish_non_exhaustive()
    }
}
