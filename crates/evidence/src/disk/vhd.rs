//! VHD, the image of Virtual PC and Hyper-V 2008 (Microsoft: Virtual Hard Disk Image Format Specification, 2006).
//!
//! Fixed: the bytes of the disk and a footer. Dynamic: blocks in any order and a table of where each one is.

use std::io;
use std::sync::Arc;

use crate::window::{Bytes, Window};

/// Begins the footer, and the copy of it that a dynamic image begins with.
pub(super) const MARK: &[u8] = b"conectix";
const FOOTER: u64 = 512;
const SECTOR: u64 = 512;

/// Whether the file ends in a footer.
pub(super) fn has_footer(window: &Window) -> io::Result<bool> {
    let mut mark = [0; 8];
    Ok(window.peek(window.length().saturating_sub(FOOTER), &mut mark)? == MARK)
}

/// The disk in the image, or why it cannot be read.
///
/// # Errors
/// The image cannot be read.
pub(super) fn open(image: &Window) -> io::Result<Result<Window, String>> {
    let at = if has_footer(image)? { image.length().saturating_sub(FOOTER) } else { 0 };
    let mut footer = [0; FOOTER as usize];
    let footer = image.peek(at, &mut footer)?;
    let size = be(footer, 48, 8).unwrap_or_default();
    Ok(match be(footer, 60, 4) {
        Some(2) => Ok(image.part(0, size.min(at))),
        Some(3) => dynamic(image, be(footer, 16, 8).unwrap_or(u64::MAX), size)?,
        Some(4) => Err("it holds only the differences to another image".to_owned()),
        _ => Err("its footer is damaged".to_owned()),
    })
}

fn dynamic(image: &Window, at: u64, size: u64) -> io::Result<Result<Window, String>> {
    let mut header = [0; 64];
    let header = image.peek(at, &mut header)?;
    let fields = || Some((be(header, 16, 8)?, be(header, 28, 4)?, be(header, 32, 4)?));
    let Some((table, entries, block)) = fields().filter(|_| header.starts_with(b"cxsparse")) else {
        return Ok(Err("the header of its blocks is damaged".to_owned()));
    };
    if !block.is_power_of_two() || block < SECTOR {
        return Ok(Err(format!("a size of blocks that cannot be: {block}")));
    }
    // Before each block stands a bit for each of its sectors, filled up to whole sectors.
    let bits = (block / SECTOR).div_ceil(8).next_multiple_of(SECTOR);
    let disk = Dynamic { image: image.clone(), table, entries, block, bits };
    Ok(Ok(Window::over(Arc::new(disk), size)))
}

struct Dynamic {
    image: Window,
    /// Where the table of blocks is.
    table: u64,
    entries: u64,
    block: u64,
    bits: u64,
}

impl Bytes for Dynamic {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let (number, inside) = (offset / self.block, offset % self.block);
        let left = usize::try_from(self.block.saturating_sub(inside)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        let mut entry = [0; 4];
        let entry = match number < self.entries {
            true => self.image.peek(self.table.saturating_add(number.saturating_mul(4)), &mut entry)?,
            false => return Ok(0),
        };
        match be(entry, 0, 4) {
            Some(sector) if sector != u64::from(u32::MAX) => {
                let at = sector.saturating_mul(SECTOR).saturating_add(self.bits).saturating_add(inside);
                Ok(self.image.peek(at, buffer)?.len())
            }
            // Never written.
            _ => {
                buffer.fill(0);
                Ok(buffer.len())
            }
        }
    }
}

/// A big-endian number of so many bytes.
fn be(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.get(..length)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
