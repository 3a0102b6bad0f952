//! Files that are in memory already: what a program has made or fetched, so that it need not write them somewhere first.

use afterpatch_model::Timestamp;

use crate::file::Plain;
use crate::listing::{Found, Listing};
use crate::window::Window;

/// A file in memory.
#[derive(Clone, Debug)]
pub struct MemoryFile {
    /// Where it lies in the collection, with `/`; the layout of a collection is understood as in an archive.
    pub path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Last change, UTC.
    pub modified: Option<Timestamp>,
}

/// Lists the files, whose names are claims like those of an archive.
pub(crate) fn list(files: Vec<MemoryFile>, listing: &mut Listing) {
    for MemoryFile { path, bytes, modified } in files {
        let source = Box::new(Plain(Window::of(bytes)));
        let size = source.0.length();
        if !listing.add_archived(Found { path, size, modified, source }) {
            return;
        }
    }
}
