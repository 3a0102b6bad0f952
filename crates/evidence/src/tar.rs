//! A tar, plain or packed.
//!
//! The crate `tar` reads headers; the walk from header to header is our own, because the crate's walk holds long names and
//! extended headers of any claimed size in memory and gives no random access.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufReader, Read};

use afterpatch_model::{GapKind, Timestamp};
use tar::{EntryType, Header, PaxExtensions};

use crate::file::Plain;
use crate::gap_kind_of;
use crate::limits::Bounded;
use crate::listing::{Found, Listing};
use crate::packing::{Damaged, Packing};
use crate::spool::to_file;
use crate::window::Window;

const BLOCK: u64 = 512;
/// Names and extended headers beyond this are cut: no honest one comes near.
const EXTENSION: u64 = 1 << 20;
/// Each link is read like a file. NTFS allows so many (Microsoft Learn, `CreateHardLink`).
const LINKS_TO_A_FILE: usize = 1023;
/// So many blocks of zeros end an archive for good (4 MiB; writers pad to records of 10 KiB, at most some MiB).
const ZEROS: u32 = 8192;

/// Lists a tar in place.
///
/// # Errors
/// The file cannot be read. Damage becomes a gap.
pub(crate) fn list(window: &Window, name: &str, listing: &mut Listing) -> io::Result<()> {
    let mut links = Links::default();
    let damage = walk(window, &mut |member| match member.kind {
        EntryType::Link => links.add(member, listing),
        _ => member.list(listing),
    })?;
    if let Some(damage) = damage {
        listing.gaps.each(GapKind::Truncated, name, "the archive is damaged, nothing after it was found", &damage);
    }
    list_links(links.members, window, listing)
}

/// Unpacks a packed tar once to a temporary file without a name, and lists that.
///
/// # Errors
/// There is no room for the temporary file. Damage becomes a gap, what came before it is listed.
pub(crate) fn list_packed(window: &Window, packing: Packing, name: &str, listing: &mut Listing) -> io::Result<()> {
    let decoder = packing.decoder(BufReader::with_capacity(64 * 1024, window.clone()))?;
    let mut decoder = Damaged(Bounded::new(decoder, window.length(), listing.limits));
    let (unpacked, damage) = to_file(&mut decoder, listing.room)?;
    listing.room = listing.room.saturating_sub(unpacked.length());
    if let Some(error) = damage {
        let reason = "the packed stream ends early or is damaged, nothing after that was found";
        listing.gaps.each(gap_kind_of(&error), name, reason, &error.to_string());
    }
    list(&unpacked, name, listing)
}

/// Whether a block is the header of a tar entry: its checksum says so.
pub(crate) fn is_header(block: &[u8]) -> bool {
    if block.len() as u64 != BLOCK || block.iter().all(|byte| *byte == 0) {
        return false;
    }
    // The checksum counts its own field as spaces.
    let counted = |(at, byte): (usize, &u8)| u32::from(if (148..156).contains(&at) { b' ' } else { *byte });
    let sum: u32 = block.iter().enumerate().map(counted).sum();
    Header::from_byte_slice(block).cksum().is_ok_and(|claimed| claimed == sum)
}

/// Hands every member to `take` until that says no. Gives what is damaged, when the walk could not go on.
fn walk(window: &Window, take: &mut dyn FnMut(Member) -> bool) -> io::Result<Option<String>> {
    let mut pending = Pending::default();
    let (mut at, mut zeros) = (0, 0);
    loop {
        let mut block = [0; BLOCK as usize];
        let block = window.peek(at, &mut block)?;
        if block.is_empty() || zeros > ZEROS {
            return Ok(None);
        }
        if block.iter().all(|byte| *byte == 0) {
            // Zeros end an archive, but another one may have been put behind it.
            at = at.saturating_add(BLOCK);
            zeros += 1;
            continue;
        }
        zeros = 0;
        if !is_header(block) {
            return Ok(Some(format!("no header where one must be, at byte {at}")));
        }
        let header = Header::from_byte_slice(block);
        let Some(size) = pending.size.or_else(|| header.entry_size().ok()) else {
            return Ok(Some(format!("a header without a size, at byte {at}")));
        };
        let mut content = at.saturating_add(BLOCK);
        while header_goes_on(window, header, at, content)? {
            content = content.saturating_add(BLOCK);
        }
        let kind = header.entry_type();
        if kind.is_gnu_longname() {
            pending.name = Some(until_nul(extension(window, content, size)?));
        } else if kind.is_gnu_longlink() {
            pending.link = Some(until_nul(extension(window, content, size)?));
        } else if kind.is_pax_local_extensions() {
            pending.extend(&extension(window, content, size)?);
        } else if !kind.is_pax_global_extensions() {
            let member = std::mem::take(&mut pending).member(header, window.part(content, size));
            if !take(member) {
                return Ok(None);
            }
        }
        let next = content.checked_add(size).and_then(|end| end.checked_next_multiple_of(BLOCK));
        match next {
            Some(next) if content.saturating_add(size) <= window.length() => at = next,
            _ => return Ok(Some(format!("it ends in the middle of the entry at byte {at}"))),
        }
    }
}

/// A GNU sparse header may go on in blocks of its own before the content.
fn header_goes_on(window: &Window, header: &Header, header_at: u64, content: u64) -> io::Result<bool> {
    if !header.entry_type().is_gnu_sparse() {
        return Ok(false);
    }
    // The flag is at another place in the first block than in those that follow.
    let flag = if content == header_at.saturating_add(BLOCK) { 482 } else { 504 };
    let mut byte = [0; 1];
    let block = content.saturating_sub(BLOCK);
    Ok(matches!(window.peek(block.saturating_add(flag), &mut byte)?, [goes_on] if *goes_on != 0))
}

fn extension(window: &Window, at: u64, size: u64) -> io::Result<Vec<u8>> {
    let size = size.min(EXTENSION).min(window.length().saturating_sub(at));
    let mut content = Vec::new();
    window.part(at, size).read_to_end(&mut content)?;
    Ok(content)
}

fn until_nul(mut name: Vec<u8>) -> Vec<u8> {
    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
    name
}

/// What extension headers say of the entry that follows them.
#[derive(Default)]
struct Pending {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    modified: Option<Timestamp>,
    sparse: bool,
}

impl Pending {
    fn extend(&mut self, extension: &[u8]) {
        for pair in PaxExtensions::new(extension).flatten() {
            let value = pair.value();
            match pair.key_bytes() {
                b"path" => self.name = Some(pair.value_bytes().to_vec()),
                b"linkpath" => self.link = Some(pair.value_bytes().to_vec()),
                b"size" => self.size = value.ok().and_then(|size| size.parse().ok()).or(self.size),
                b"mtime" => self.modified = value.ok().and_then(seconds).or(self.modified),
                key => self.sparse = self.sparse || key.starts_with(b"GNU.sparse."),
            }
        }
    }

    fn member(self, header: &Header, content: Window) -> Member {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        // Writers that know no time write zero.
        let plain = || header.mtime().ok().filter(|time| *time != 0).and_then(|time| i64::try_from(time).ok());
        Member {
            kind: header.entry_type(),
            content,
            name: self.name.map_or_else(|| text(&header.path_bytes()), |name| text(&name)),
            target: self.link.or_else(|| header.link_name_bytes().map(|link| link.into_owned())).map(|link| text(&link)),
            modified: self.modified.or_else(|| Timestamp::from_second(plain()?).ok()),
            sparse: self.sparse || header.entry_type().is_gnu_sparse(),
        }
    }
}

/// `1615700412.123456789`
fn seconds(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let nanoseconds: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    Timestamp::new(whole.parse().ok()?, nanoseconds.parse().ok()?).ok()
}

struct Member {
    kind: EntryType,
    content: Window,
    name: String,
    target: Option<String>,
    modified: Option<Timestamp>,
    sparse: bool,
}

impl Member {
    /// `false` when the list is full.
    fn list(self, listing: &mut Listing) -> bool {
        match self.kind {
            EntryType::Directory => {}
            EntryType::Symlink => listing.gaps.together(GapKind::NotRead, &self.name, "links and junctions are not followed"),
            EntryType::Char | EntryType::Block | EntryType::Fifo => {
                listing.gaps.together(GapKind::NotRead, &self.name, "devices, pipes and sockets are not opened");
            }
            _ if self.sparse => listing.gaps.each(GapKind::NotRead, &self.name, "sparse entries of a tar are not read", ""),
            // GNU: a volume's label and a list of a folder's names; neither is a file of the server.
            kind if matches!(kind.as_byte(), b'V' | b'D') => {}
            // POSIX: an unknown kind is to be taken as a file.
            _ => {
                let (size, modified) = (self.content.length(), self.modified);
                return listing.add_archived(Found { path: self.name, size, modified, source: Box::new(Plain(self.content)) });
            }
        }
        true
    }
}

/// Hard links, which can be listed when all files are known.
#[derive(Default)]
struct Links {
    members: Vec<Member>,
    path_bytes: u64,
    /// How often each file is linked to.
    to: HashMap<String, usize>,
}

impl Links {
    /// `false` when there is no room for more.
    fn add(&mut self, link: Member, listing: &mut Listing) -> bool {
        let target = link.target.clone().unwrap_or_default();
        let bytes = link.name.len().saturating_add(target.len()) as u64;
        self.path_bytes = self.path_bytes.saturating_add(bytes);
        if self.members.len() >= listing.limits.entries || self.path_bytes > listing.limits.path_bytes {
            listing.gaps.together(GapKind::Capped, &link.name, "too many hard links: this one and all after it were not listed");
            return false;
        }
        let count = self.to.entry(target).or_default();
        *count = count.saturating_add(1);
        if *count > LINKS_TO_A_FILE {
            listing.gaps.together(GapKind::Capped, &link.name, "more hard links to one file than it can have");
        } else {
            self.members.push(link);
        }
        true
    }
}

/// A hard link is another name of a file in the archive: lists it with that file's content.
fn list_links(links: Vec<Member>, window: &Window, listing: &mut Listing) -> io::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let wanted: HashSet<&str> = links.iter().filter_map(|link| link.target.as_deref()).collect();
    let mut contents: HashMap<String, (EntryType, Window)> = HashMap::new();
    // Links are rare: a second walk costs less than to keep every name of every archive.
    walk(window, &mut |member| {
        if member.kind != EntryType::Link && !member.sparse && wanted.contains(member.name.as_str()) {
            contents.insert(member.name, (member.kind, member.content));
        }
        true
    })?;
    for link in links {
        match link.target.as_ref().and_then(|target| contents.get(target)).cloned() {
            Some((kind, content)) => {
                if !(Member { kind, content, ..link }).list(listing) {
                    break;
                }
            }
            None => listing.gaps.each(GapKind::Unreadable, &link.name, "a hard link to what is not in the archive", ""),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_of_extended_headers() {
        let nanoseconds = |text| seconds(text).map(|time| time.as_nanosecond());
        assert_eq!(nanoseconds("1615700412"), Some(1_615_700_412_000_000_000));
        assert_eq!(nanoseconds("1615700412.9400000000001"), Some(1_615_700_412_940_000_000));
        for text in ["", ".", "x", "1.x", "99999999999999999999"] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn only_a_checksum_makes_a_header(block in prop::collection::vec(any::<u8>(), 0..600)) {
            prop_assert!(!is_header(&block));
        }
    }
}
