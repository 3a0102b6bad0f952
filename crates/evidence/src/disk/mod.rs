//! A disk image: the NTFS volumes on it, each like a folder.
//!
//! Read are raw images (`dd`), VHD and VHDX, which are three ways of keeping the same bytes. Not read are E01, VMDK, QCOW,
//! images in several parts, differences to another image, other file systems, encrypted volumes and shadow copies.

mod lznt1;
mod ntfs;
mod partitions;
mod pieces;
mod vhd;
mod vhdx;

use std::io;

use afterpatch_model::GapKind;

use crate::listing::Listing;
use crate::window::Window;

/// How an image keeps the bytes of the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    /// As they are.
    Raw,
    Vhd,
    Vhdx,
}

/// Endings of disk images.
pub(crate) const ENDINGS: &[&str] = &[".vhdx", ".vhd", ".dd", ".raw", ".img", ".001"];

impl Image {
    /// Whether a file is a disk image. Of a raw one little is sure, so its name must say it, unless it is one whole volume.
    pub(crate) fn of(window: &Window, head: &[u8], name: &str) -> io::Result<Option<Self>> {
        let name = name.to_ascii_lowercase();
        let is_named = ENDINGS.iter().any(|ending| name.ends_with(ending));
        Ok(if head.starts_with(vhdx::MARK) {
            Some(Self::Vhdx)
        } else if head.starts_with(vhd::MARK) || (is_named && vhd::has_footer(window)?) {
            Some(Self::Vhd)
        } else if ntfs::is_volume(head) || (is_named && partitions::is_table(head)) {
            Some(Self::Raw)
        } else {
            None
        })
    }
}

/// Lists the volumes of a disk image.
///
/// # Errors
/// The image cannot be read. Damage becomes a gap.
pub(crate) fn list(image: Image, window: &Window, name: &str, listing: &mut Listing) -> io::Result<()> {
    let disk = match image {
        Image::Raw => Ok(window.clone()),
        Image::Vhd => vhd::open(window)?,
        Image::Vhdx => vhdx::open(window)?,
    };
    let disk = match disk {
        Ok(disk) => disk,
        Err(why) => {
            listing.gaps.each(GapKind::NotRead, name, "the disk image cannot be read", &why);
            return Ok(());
        }
    };
    if image == Image::Vhdx && !vhdx::was_closed(window)? {
        let reason = "the disk image was not closed: changes that are only in its log are not read";
        listing.gaps.each(GapKind::Truncated, name, reason, "");
    }
    let volumes = partitions::find(&disk)?;
    let is_alone = volumes.iter().filter(|volume| volume.is_of_files()).count() == 1;
    for volume in &volumes {
        let folder = if is_alone { String::new() } else { format!("{PARTITION}{}/", volume.number) };
        let gap = format!("{name}{}{}", if name.is_empty() { "" } else { "/" }, folder.trim_end_matches('/'));
        match volume.unread() {
            None => ntfs::list(&volume.window, window.length(), &folder, &gap, listing)?,
            Some((kind, what)) => {
                listing.gaps.each(kind, gap.trim_end_matches('/'), "a volume of the disk image is not read", what)
            }
        }
    }
    if volumes.is_empty() {
        listing.gaps.each(GapKind::NotRead, name, "no volume was found in the disk image", "");
    }
    Ok(())
}

/// Begins the name of the folder that a volume is shown as, when there are several.
pub(crate) const PARTITION: &str = "partition";
