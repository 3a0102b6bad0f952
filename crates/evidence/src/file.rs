//! A single file that is evidence by itself.

use std::fs::Metadata;
use std::io::Read;

use crate::entry::Source;
use crate::folder::modified;
use crate::listing::{Found, Listing};
use crate::window::Window;
use crate::{ReadError, ReadSeek};

/// Lists the file itself.
pub(crate) fn list(window: &Window, name: &str, metadata: &Metadata, listing: &mut Listing) {
    let source = Box::new(Plain(window.clone()));
    listing.add(Found { path: name.to_owned(), size: window.length(), modified: modified(metadata), source });
}

/// Content that lies in a file as it is.
pub(crate) struct Plain(pub(crate) Window);

impl Source for Plain {
    fn reader(&self) -> Result<Box<dyn Read + Send>, ReadError> {
        Ok(Box::new(self.0.clone()))
    }

    fn seekable(&self) -> Result<Box<dyn ReadSeek + Send>, ReadError> {
        Ok(Box::new(self.0.clone()))
    }

    fn in_place(&self) -> Result<Option<Window>, ReadError> {
        Ok(Some(self.0.clone()))
    }
}
