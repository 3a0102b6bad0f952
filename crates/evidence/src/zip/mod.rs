//! A zip.
//!
//! The directory is read by our own small reader and not by the crate `zip`, because that one keeps only the last of two
//! entries of one name, refuses the whole archive for one bad record, reads a directory of any claimed size into memory, and
//! lends readers that cannot outlive it. Evidence needs all entries, as far as they go. The decoders are the crates' own.

mod content;
mod directory;
mod fields;
mod marks;
mod salvage;

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, OnceLock};

use afterpatch_model::{GapKind, Timestamp};

use crate::Limits;
use crate::listing::{Found, Listing};
use crate::name::safe_name;
use crate::window::Window;

pub(crate) use directory::is_there as has_directory;

/// What a zip says of one entry, in its directory or in the entry's own header.
#[derive(Debug)]
struct Item {
    /// As written, separators and all.
    name: String,
    encrypted: bool,
    /// Method number (APPNOTE 4.4.5).
    method: u16,
    /// Checksum of the expanded content; `None` when the archive ends before telling it.
    crc: Option<u32>,
    packed: u64,
    size: u64,
    /// Where the entry's own header starts.
    header: u64,
    modified: Option<Timestamp>,
}

/// What all entries of one zip share.
struct Archive {
    window: Window,
    limits: Limits,
    /// Known when all entries are.
    overlap: OnceLock<Overlap>,
}

/// Lists a zip.
///
/// # Errors
/// The file cannot be read. Damage becomes a gap.
pub(crate) fn list(window: &Window, name: &str, listing: &mut Listing) -> io::Result<()> {
    let archive = Arc::new(Archive { window: window.clone(), limits: listing.limits, overlap: OnceLock::new() });
    let mut stretches = Vec::new();
    let damage = directory::read(window, &mut |item| {
        stretches.push(Stretch::of(&item));
        add(&archive, item, listing)
    })?;
    if let Some(damage) = damage {
        let known: HashSet<u64> = stretches.iter().map(|stretch| stretch.header).collect();
        salvage::read(window, &archive.limits, &mut |item| {
            if known.contains(&item.header) {
                return true;
            }
            stretches.push(Stretch::of(&item));
            add(&archive, item, listing)
        })?;
        let salvaged = stretches.len().saturating_sub(known.len());
        let about = format!("{damage}; {} entries were found by it, {salvaged} by their own headers", known.len());
        listing.gaps.each(GapKind::Truncated, name, "the directory of the zip is damaged or missing", &about);
    }
    let overlap = archive.overlap.get_or_init(|| Overlap::of(stretches, &listing.limits));
    if !overlap.steep.is_empty() {
        let reason = "entries expand out of all proportion, and more of them than are read";
        listing.gaps.each(GapKind::Bomb, name, reason, &format!("{} entries are not read", overlap.steep.len()));
    }
    if overlap.bomb {
        let reason = "entries share their packed bytes and together expand out of all proportion; they are not read";
        listing.gaps.each(GapKind::Bomb, name, reason, &format!("{} entries", overlap.entries));
    }
    Ok(())
}

/// `false` when the list is full.
fn add(archive: &Arc<Archive>, item: Item, listing: &mut Listing) -> bool {
    if item.encrypted {
        listing.gaps.together(GapKind::Encrypted, &safe_name(&item.name).path, "encrypted in the zip, no password is known");
    }
    let source = Box::new(content::Packed::new(Arc::clone(archive), &item));
    listing.add_archived(Found { path: item.name, size: item.size, modified: item.modified, source })
}

/// The stretch of the archive that an entry claims.
struct Stretch {
    header: u64,
    packed: u64,
    size: u64,
}

impl Stretch {
    fn of(item: &Item) -> Self {
        Self { header: item.header, packed: item.packed, size: item.size }
    }
}

/// So many times the size of a bomb may all entries together expand to that expand as steeply as one: event logs that nothing
/// was written into do, by a megabyte each.
const STEEP_TOGETHER: u64 = 4;

/// What is odd about entries only when they are seen together.
struct Overlap {
    /// Entries that share packed bytes with another one. No honest archive has them; one that does can expand without end
    /// although each entry alone is harmless.
    headers: HashSet<u64>,
    entries: u64,
    /// Together they claim to be a bomb.
    bomb: bool,
    /// Entries that are no bomb alone, but one too many of that kind.
    steep: HashSet<u64>,
}

impl Overlap {
    fn of(mut stretches: Vec<Stretch>, limits: &Limits) -> Self {
        stretches.sort_by_key(|stretch| (stretch.header, stretch.packed));
        let (mut end, mut entries, mut claimed, mut packed) = (0, 0_u64, 0_u64, 0_u64);
        let (mut headers, mut steep, mut steep_bytes) = (HashSet::new(), HashSet::new(), 0_u64);
        for stretch in stretches {
            if stretch.size > limits.bomb_ratio.saturating_mul(stretch.packed.max(1)) {
                // Each alone is stopped there.
                steep_bytes = steep_bytes.saturating_add(stretch.size.min(limits.bomb_bytes));
                if steep_bytes > limits.bomb_bytes.saturating_mul(STEEP_TOGETHER) {
                    steep.insert(stretch.header);
                }
            }
            if stretch.header < end {
                headers.insert(stretch.header);
                entries = entries.saturating_add(1);
                claimed = claimed.saturating_add(stretch.size);
                packed = packed.max(stretch.packed);
            }
            end = end.max(stretch.header.saturating_add(stretch.packed));
        }
        Self { headers, entries, bomb: limits.is_bomb(claimed, packed), steep }
    }
}
