//! Where the volumes of a disk are: the tables MBR and GPT (UEFI specification, chapter 5).

use std::io;

use afterpatch_model::GapKind;
use afterpatch_ntfs::{u32_at, u64_at};

use super::ntfs;
use crate::window::Window;

const SECTOR: u64 = 512;
/// A chain of logical partitions is not longer; a damaged one may be a circle.
const LOGICAL: usize = 64;
/// Entries of a GPT that are looked at; Windows writes 128.
const GPT_ENTRIES: u32 = 256;
/// Kinds of partitions that hold no files: Microsoft's reserved one, as its bytes stand in the table.
const RESERVED: [u8; 16] = [0x16, 0xe3, 0xc9, 0xe3, 0x5c, 0x0b, 0xb8, 0x4d, 0x81, 0x7d, 0xf9, 0x2d, 0xf0, 0x02, 0x15, 0xae];
/// The one that firmware starts from, which Windows keeps no files of its own on.
const EFI_SYSTEM: [u8; 16] = [0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11, 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b];

/// A stretch of the disk that may hold files.
pub(super) struct Volume {
    /// Its number in the table, from 1.
    pub(super) number: usize,
    pub(super) window: Window,
    head: Vec<u8>,
}

impl Volume {
    fn new(number: usize, window: Window) -> io::Result<Self> {
        let mut head = [0; SECTOR as usize];
        let head = window.peek(0, &mut head)?.to_vec();
        Ok(Self { number, window, head })
    }

    /// Whether it may hold files that matter.
    pub(super) fn is_of_files(&self) -> bool {
        self.unread().is_none_or(|(_, what)| what != OTHER)
    }

    /// Why it is not read; `None` for NTFS.
    pub(super) fn unread(&self) -> Option<(GapKind, &'static str)> {
        match self.head.get(3..11) {
            _ if ntfs::is_volume(&self.head) => None,
            Some(b"-FVE-FS-") => Some((GapKind::Encrypted, "encrypted by BitLocker")),
            Some([b'R', b'e', b'F', b'S', ..]) => Some((GapKind::NotRead, "ReFS")),
            _ => Some((GapKind::NotRead, OTHER)),
        }
    }
}

const OTHER: &str = "not NTFS";

/// Whether a first sector is a partition table: its end mark, and entries that can be true.
pub(super) fn is_table(sector: &[u8]) -> bool {
    let mut entries = mbr(sector).peekable();
    entries.peek().is_some() && entries.all(|entry| entry.boot & 0x7f == 0 && entry.length > 0)
}

/// The volumes of a disk in the order of its table. A disk without a table may be one volume.
pub(super) fn find(disk: &Window) -> io::Result<Vec<Volume>> {
    let mut sector = [0; SECTOR as usize];
    let sector = disk.peek(0, &mut sector)?;
    if ntfs::is_volume(sector) {
        return Ok(vec![Volume::new(1, disk.clone())?]);
    }
    if mbr(sector).any(|entry| entry.kind == 0xee) {
        return gpt(disk);
    }
    let mut volumes = Vec::new();
    for entry in mbr(sector) {
        if entry.is_chain() {
            logical(disk, entry.start, &mut volumes)?;
        } else {
            volumes.push(part(disk, entry.start, entry.length));
        }
    }
    volumes.into_iter().enumerate().map(|(at, window)| Volume::new(at.saturating_add(1), window)).collect()
}

struct Primary {
    boot: u8,
    kind: u8,
    start: u64,
    length: u64,
}

impl Primary {
    fn is_chain(&self) -> bool {
        matches!(self.kind, 0x05 | 0x0f | 0x85)
    }
}

/// The entries of a table that are used.
fn mbr(sector: &[u8]) -> impl Iterator<Item = Primary> {
    let table = sector.get(446..510).filter(|_| sector.get(510..512) == Some(&[0x55, 0xaa])).unwrap_or_default();
    table.chunks_exact(16).filter_map(|entry| {
        let (boot, kind) = (*entry.first()?, *entry.get(4)?);
        let (start, length) = (u32_at(entry, 8)?.into(), u32_at(entry, 12)?.into());
        (kind != 0).then_some(Primary { boot, kind, start, length })
    })
}

/// Partitions beyond the fourth: each has a table of its own that names the next.
fn logical(disk: &Window, first: u64, volumes: &mut Vec<Window>) -> io::Result<()> {
    let mut at = first;
    for _ in 0..LOGICAL {
        let mut sector = [0; SECTOR as usize];
        let sector = disk.peek(at.saturating_mul(SECTOR), &mut sector)?;
        let mut next = None;
        for entry in mbr(sector) {
            if entry.is_chain() {
                next = Some(first.saturating_add(entry.start));
            } else {
                volumes.push(part(disk, at.saturating_add(entry.start), entry.length));
            }
        }
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(())
}

fn gpt(disk: &Window) -> io::Result<Vec<Volume>> {
    for sector in [SECTOR, 4096] {
        let mut header = [0; 92];
        let header = disk.peek(sector, &mut header)?;
        let fields = || Some((u64_at(header, 72)?, u32_at(header, 80)?, u64::from(u32_at(header, 84)?)));
        let Some((table, count, size)) = fields().filter(|_| header.starts_with(b"EFI PART")) else { continue };
        let mut volumes = Vec::new();
        for number in 0..count.min(GPT_ENTRIES) {
            let mut entry = [0; 128];
            let at = table.saturating_mul(sector).saturating_add(size.saturating_mul(number.into()));
            let entry = disk.peek(at, &mut entry)?;
            let kind = entry.get(..16).unwrap_or_default();
            let is_used = kind.iter().any(|byte| *byte != 0) && kind != RESERVED && kind != EFI_SYSTEM;
            let Some((first, last)) = u64_at(entry, 32).zip(u64_at(entry, 40)).filter(|_| is_used) else { continue };
            let length = last.saturating_sub(first).saturating_add(1);
            let window = disk.part(first.saturating_mul(sector), length.saturating_mul(sector));
            volumes.push(Volume::new(volumes.len().saturating_add(1), window)?);
        }
        return Ok(volumes);
    }
    Ok(Vec::new())
}

fn part(disk: &Window, start: u64, length: u64) -> Window {
    disk.part(start.saturating_mul(SECTOR), length.saturating_mul(SECTOR))
}
