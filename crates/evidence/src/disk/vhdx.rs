//! VHDX, the image of Hyper-V since 2012 and of KAPE (Microsoft: \[MS-VHDX\]).
//!
//! Blocks in any order and a table of where each one is. An image that was not closed has changes of its tables in a log, which
//! is not replayed: what those changes tell is read as it was before.

use std::io;
use std::sync::Arc;

use afterpatch_ntfs::{u16_at, u32_at, u64_at};

use crate::window::{Bytes, Window};

/// A VHDX begins so.
pub(super) const MARK: &[u8] = b"vhdxfile";

const HEADERS: [u64; 2] = [64 << 10, 128 << 10];
const REGIONS: [u64; 2] = [192 << 10, 256 << 10];
const REGION_ENTRIES: u32 = 2047;
const METADATA_ENTRIES: u16 = 2047;
// Identifiers as their bytes stand in the file.
const BLOCK_TABLE: [u8; 16] = [0x66, 0x77, 0xc2, 0x2d, 0x23, 0xf6, 0x00, 0x42, 0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08];
const METADATA: [u8; 16] = [0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e];
const FILE_PARAMETERS: [u8; 16] =
    [0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b];
const DISK_SIZE: [u8; 16] = [0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48, 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8];
const SECTOR_SIZE: [u8; 16] = [0x1d, 0xbf, 0x41, 0x81, 0x6f, 0xa9, 0x09, 0x47, 0xba, 0x47, 0xf2, 0x33, 0xa8, 0xfa, 0xab, 0x5f];

/// The disk in the image, or why it cannot be read.
///
/// # Errors
/// The image cannot be read.
pub(super) fn open(image: &Window) -> io::Result<Result<Window, String>> {
    let mut regions = None;
    for at in REGIONS {
        regions = match regions {
            None => Regions::read(image, at)?,
            found => found,
        };
    }
    let Some(regions) = regions else { return Ok(Err("its table of regions is damaged".to_owned())) };
    let Some(facts) = Facts::read(image, regions.metadata)? else { return Ok(Err("its metadata are damaged".to_owned())) };
    if facts.has_parent {
        return Ok(Err("it holds only the differences to another image".to_owned()));
    }
    // Behind the entries of so many blocks stands one of another kind.
    let ratio = (u64::from(facts.sector) << 23) / facts.block;
    let disk = Blocks { image: image.clone(), table: regions.blocks, block: facts.block, ratio: ratio.max(1) };
    Ok(Ok(Window::over(Arc::new(disk), facts.size)))
}

/// Whether the image was closed, so that nothing is left in its log: the newer of its two headers names none.
///
/// # Errors
/// The image cannot be read.
pub(super) fn was_closed(image: &Window) -> io::Result<bool> {
    let mut newest = None;
    for at in HEADERS {
        let mut header = [0; 64];
        let header = image.peek(at, &mut header)?;
        let log = header.get(48..64).filter(|_| header.starts_with(b"head"));
        newest = newest.max(u64_at(header, 8).zip(log.map(|log| log.iter().any(|byte| *byte != 0))));
    }
    Ok(newest.is_none_or(|(_, has_log)| !has_log))
}

struct Regions {
    blocks: u64,
    metadata: u64,
}

impl Regions {
    fn read(image: &Window, at: u64) -> io::Result<Option<Self>> {
        let mut head = [0; 16];
        let head = image.peek(at, &mut head)?;
        let count = u32_at(head, 8).filter(|_| head.starts_with(b"regi")).unwrap_or_default().min(REGION_ENTRIES);
        let (mut blocks, mut metadata) = (None, None);
        for number in 0..count {
            let mut entry = [0; 32];
            let entry = image.peek(at.saturating_add(16).saturating_add(u64::from(number).saturating_mul(32)), &mut entry)?;
            match entry.get(..16) {
                Some(own) if own == BLOCK_TABLE => blocks = u64_at(entry, 16),
                Some(own) if own == METADATA => metadata = u64_at(entry, 16),
                _ => {}
            }
        }
        Ok(blocks.zip(metadata).map(|(blocks, metadata)| Self { blocks, metadata }))
    }
}

struct Facts {
    block: u64,
    has_parent: bool,
    size: u64,
    sector: u32,
}

impl Facts {
    fn read(image: &Window, at: u64) -> io::Result<Option<Self>> {
        let mut head = [0; 32];
        let head = image.peek(at, &mut head)?;
        let count = u16_at(head, 10).filter(|_| head.starts_with(b"metadata")).unwrap_or_default().min(METADATA_ENTRIES);
        let (mut parameters, mut size, mut sector) = (None, None, None);
        for number in 0..count {
            let mut entry = [0; 32];
            let entry = image.peek(at.saturating_add(32).saturating_add(u64::from(number).saturating_mul(32)), &mut entry)?;
            let mut value = [0; 8];
            let value = image.peek(at.saturating_add(u32_at(entry, 16).unwrap_or_default().into()), &mut value)?;
            match entry.get(..16) {
                Some(own) if own == FILE_PARAMETERS => parameters = u32_at(value, 0).zip(u32_at(value, 4)),
                Some(own) if own == DISK_SIZE => size = u64_at(value, 0),
                Some(own) if own == SECTOR_SIZE => sector = u32_at(value, 0),
                _ => {}
            }
        }
        let facts = parameters.zip(size).zip(sector).map(|(((block, flags), size), sector)| Self {
            block: block.into(),
            has_parent: flags & 2 != 0,
            size,
            sector,
        });
        // [MS-VHDX] 2.6.2.1: a power of two from 1 to 256 MiB.
        Ok(facts.filter(|facts| facts.block.is_power_of_two() && (1 << 20..=256 << 20).contains(&facts.block)))
    }
}

struct Blocks {
    image: Window,
    table: u64,
    block: u64,
    ratio: u64,
}

impl Bytes for Blocks {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let (number, inside) = (offset / self.block, offset % self.block);
        let left = usize::try_from(self.block.saturating_sub(inside)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let buffer = buffer.get_mut(..wanted).unwrap_or_default();
        let index = number.saturating_add(number / self.ratio);
        let mut entry = [0; 8];
        let entry = u64_at(self.image.peek(self.table.saturating_add(index.saturating_mul(8)), &mut entry)?, 0);
        match entry {
            // Fully present; the upper bits count MiB.
            Some(entry) if entry & 7 == 6 => {
                let at = (entry & !0xf_ffff).saturating_add(inside);
                Ok(self.image.peek(at, buffer)?.len())
            }
            Some(_) => {
                buffer.fill(0);
                Ok(buffer.len())
            }
            None => Ok(0),
        }
    }
}
