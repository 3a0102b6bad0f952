//! Files that hold other files, by their content.

use std::io::{self, BufReader, Read};

use crate::disk::Image;
use crate::listing::Listing;
use crate::packing::{Damaged, Packing};
use crate::window::Window;
use crate::{disk, seven_zip, tar, zip};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Zip,
    Tar,
    PackedTar(Packing),
    SevenZip,
    Disk(Image),
    /// No container.
    Single,
}

impl Kind {
    /// What the file is. Its name is only a hint where the content is damaged.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn of(window: &Window, name: &str) -> io::Result<Self> {
        let named = |ends: &[&str]| ends.iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        let mut head = [0; 512];
        let head = window.peek(0, &mut head)?;
        Ok(match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            // The start is damaged or something stands before it; the directory at the end may still be whole.
            _ if named(&[".zip"]) && zip::has_directory(window)? => Self::Zip,
            _ if head.starts_with(seven_zip::MARK) => Self::SevenZip,
            _ if tar::is_header(head) => Self::Tar,
            _ => match (Packing::of(head), Image::of(window, head, name)?) {
                (Some(packing), _) => match holds_tar(packing, window.clone()) {
                    Some(true) => Self::PackedTar(packing),
                    None if is_packed_tar(name) => Self::PackedTar(packing),
                    _ => Self::Single,
                },
                (None, Some(image)) => Self::Disk(image),
                (None, None) => Self::Single,
            },
        })
    }

    /// Lists what is in it; gaps of the container itself are told of `shown`.
    ///
    /// # Errors
    /// It cannot be read, or there is no room for a temporary file. Damage becomes a gap.
    pub(crate) fn list(self, window: &Window, shown: &str, listing: &mut Listing) -> io::Result<()> {
        match self {
            Self::Zip => zip::list(window, shown, listing),
            Self::Tar => tar::list(window, shown, listing),
            Self::PackedTar(packing) => tar::list_packed(window, packing, shown, listing),
            Self::SevenZip => seven_zip::list(window, shown, listing),
            Self::Disk(image) => disk::list(image, window, shown, listing),
            Self::Single => Ok(()),
        }
    }
}

/// Whether the name is that of a packed tar.
pub(crate) fn is_packed_tar(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tgz", ".tbz", ".tbz2", ".txz", ".tzst"].iter().any(|end| name.ends_with(end))
        || Packing::ending(&name).is_some_and(|ending| name.get(..name.len() - ending).is_some_and(|rest| rest.ends_with(".tar")))
}

/// Whether a packed stream holds a tar; `None` when it is too damaged to tell.
pub(crate) fn holds_tar(packing: Packing, packed: impl Read + Send + 'static) -> Option<bool> {
    let mut decoder = Damaged(packing.decoder(BufReader::new(packed)).ok()?).take(512);
    let mut block = Vec::new();
    match decoder.read_to_end(&mut block) {
        Ok(512) => Some(tar::is_header(&block)),
        Ok(_) => Some(false),
        Err(_) => None,
    }
}
