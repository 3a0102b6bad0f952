//! Archives and packed files inside the evidence.
//!
//! A collection of several hosts is an archive of archives, and old logs are packed one by one or by the month. A disk also
//! holds thousands of archives that are no evidence: installers, backups of other things, what users keep. So an archive is
//! opened where somebody would have put evidence (outside of a Windows volume, near the top), and elsewhere when the names in
//! it are those of logs. What is not opened stays one file, which is told as not read.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use crate::container::{Kind, holds_tar, is_packed_tar};
use crate::entry::{Facts, Source, WindowsPlace};
use crate::gap_kind_of;
use crate::gaps::inside;
use crate::listing::Listing;
use crate::packing::{Packing, Unpacked};
use crate::spool::to_file;
use crate::window::Window;
use crate::{Entry, Limits, ReadError, disk};

/// Above an archive that is opened whatever is in it stand at most so many folders: a case, its hosts.
const TOP: usize = 2;

/// An archive is not unpacked for a look at its names when it is larger.
const LARGEST_LOOK: u64 = 1 << 30;

/// Archives of other kinds (office documents, packages, programs) are no evidence, whatever they begin with.
const ARCHIVES: &[&str] = &[".zip", ".7z", ".tar"];

/// Replaces archives by what is in them and packed files by what they are, to the depth that the limits allow.
///
/// `facts` are those of one container, `depth` says how many containers are around it.
pub(crate) fn open_all(facts: Vec<Facts>, depth: u32, listing: &mut Listing) -> Vec<Facts> {
    // What lies beside a host's drives is of that host.
    let hosts: HashSet<Arc<str>> =
        facts.iter().filter(|fact| fact.windows.is_some()).map(|fact| Arc::clone(&fact.host_root)).collect();
    let mut opened = Vec::with_capacity(facts.len());
    for fact in facts {
        let name = fact.own_path();
        let may_open = depth < listing.limits.nesting && listing.archives > 0;
        if may_open && (is_archive(name) || is_packed_tar(name)) {
            match open(&fact, depth, &hosts, listing) {
                Some(inner) => {
                    let archive = Entry::new(Arc::new(fact));
                    // Of archives in archives the outermost: it is told last.
                    opened.extend(inner.into_iter().map(|one| Facts { unpacked_from: Some(archive.clone()), ..one }));
                }
                None => opened.push(fact),
            }
        } else if let Some(ending) = Packing::ending(name).filter(|_| !is_packed_tar(name)) {
            opened.push(unpack(fact, ending, listing.limits));
        } else {
            opened.push(fact);
        }
    }
    opened
}

/// Whether it goes by the name of a kind that is listed without unpacking it.
fn is_listed_in_place(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".zip") || name.ends_with(".tar")
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ARCHIVES.iter().chain(disk::ENDINGS).any(|ending| name.ends_with(ending))
}

/// A packed file as the file inside; as it is when it is not packed as its name says, or holds a tar.
fn unpack(fact: Facts, ending: usize, limits: Limits) -> Facts {
    let mut head = Vec::new();
    let read = fact.source.reader().map(|reader| io::Read::read_to_end(&mut io::Read::take(reader, 8), &mut head));
    let packing = Packing::of(&head).filter(|_| read.is_ok());
    let holds_tar = |packing| fact.source.reader().is_ok_and(|reader| holds_tar(packing, reader) == Some(true));
    let Some(packing) = packing.filter(|packing| !holds_tar(*packing)) else { return fact };
    let (size, claimed) = (fact.size, claimed_size(&fact, packing));
    let packed: Arc<dyn Source> = Arc::from(fact.source);
    let file = Facts { source: Box::new(Arc::clone(&packed)), ..fact };
    Facts {
        path: file.path.clone(),
        suffix: file.suffix,
        packing: ending,
        host_root: Arc::clone(&file.host_root),
        windows: file.windows.as_ref().map(WindowsPlace::again),
        size: claimed.unwrap_or(size),
        modified: file.modified,
        source: Box::new(Unpacked { packed, packing, size, limits }),
        unpacked_from: Some(Entry::new(Arc::new(file))),
    }
}

/// A gzip stream ends with the size of its content, modulo 4 GiB (RFC 1952), which says nothing when so much is packed.
fn claimed_size(fact: &Facts, packing: Packing) -> Option<u64> {
    let tells = packing == Packing::Gzip && fact.size < 1 << 32;
    let window = fact.source.in_place().ok()?.filter(|_| tells)?;
    let mut end = [0; 4];
    let at = window.length().checked_sub(4)?;
    Some(u32::from_le_bytes(window.peek(at, &mut end).ok()?.try_into().ok()?).into())
}

/// What is in an archive; `None` when it is none, or not one that is likely evidence.
fn open(archive: &Facts, depth: u32, hosts: &HashSet<Arc<str>>, listing: &mut Listing) -> Option<Vec<Facts>> {
    let at_top = archive.windows.is_none() && archive.path.matches('/').count() <= TOP;
    if !at_top && (!is_listed_in_place(archive.own_path()) || archive.size > LARGEST_LOOK) {
        return None;
    }
    let cannot = "an archive inside the evidence cannot be opened";
    let (content, damage) = match Content::of(archive, listing.room) {
        Ok(content) => content,
        // Reading the entry will say so.
        Err(ReadError::Encrypted | ReadError::Unsupported { .. }) => return None,
        Err(error) => {
            listing.gaps.each(error.gap_kind(), &archive.path, cannot, &error.to_string());
            return None;
        }
    };
    let kind = Kind::of(&content.window, &archive.path).unwrap_or(Kind::Single);
    if kind == Kind::Single {
        if let Some(damage) = damage {
            listing.gaps.each(gap_kind_of(&damage), &archive.path, cannot, &damage.to_string());
        }
        return None;
    }
    let limits = listing.limits.inside(content.window.length(), content.packed);
    let is_likely = at_top || (matches!(kind, Kind::Zip | Kind::Tar) && names_logs(kind, &content.window, limits));
    if !is_likely {
        return None;
    }
    listing.archives -= 1;
    listing.room = listing.room.saturating_sub(content.unpacked);
    let outer_limits = std::mem::replace(&mut listing.limits, limits);
    let outer = listing.gaps.enter(&archive.path);
    if let Some(damage) = damage {
        listing.gaps.each(
            gap_kind_of(&damage),
            "",
            "the archive is packed and damaged, nothing after that was found",
            &damage.to_string(),
        );
    }
    if let Err(error) = kind.list(&content.window, "", listing) {
        listing.gaps.each(gap_kind_of(&error), "", "the archive cannot be listed", &error.to_string());
    }
    let inner = listing.place(depth.saturating_add(1));
    listing.gaps.leave(outer);
    listing.limits = outer_limits;
    Some(Around::new(archive, hosts.contains(&archive.host_root), &inner).name(inner))
}

/// An archive's own bytes.
struct Content {
    window: Window,
    /// Bytes of the evidence that they come from.
    packed: u64,
    /// Bytes in a temporary file.
    unpacked: u64,
}

impl Content {
    /// Unpacks them where they are packed; damage in mid-stream ends them.
    fn of(archive: &Facts, room: u64) -> Result<(Self, Option<io::Error>), ReadError> {
        if let Some(window) = archive.source.in_place()? {
            let packed = window.length();
            return Ok((Self { window, packed, unpacked: 0 }, None));
        }
        let (window, damage) = to_file(&mut archive.source.reader()?, room)?;
        let unpacked = window.length();
        let packed = archive.source.packed().unwrap_or(unpacked);
        Ok((Self { window, packed, unpacked }, damage))
    }
}

/// Whether the names in an archive are those of logs.
fn names_logs(kind: Kind, window: &Window, limits: Limits) -> bool {
    let mut look = Listing::new(limits);
    kind.list(window, "", &mut look).is_ok() && look.paths().any(is_log_name)
}

/// Beginnings and ends of names, in lower case, that hardly anything but a log of a server has.
const LOGS: &[(&str, &str)] = &[
    ("", ".evtx"),
    ("u_ex", ".log"),
    ("httpproxy_", ".log"),
    ("ecpserver", ".log"),
    ("ecpactivity_", ".log"),
    ("rps_http_", ".log"),
    ("rps_cmdlet_", ".log"),
    ("ews_", ".log"),
    ("msgtrk", ".log"),
    ("httperr", ".log"),
    ("mplog-", ".log"),
    ("exchangesetup.log", ""),
    ("$mft", ""),
    ("$j", ""),
];

fn is_log_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let name = Packing::ending(&name).and_then(|ending| name.get(..name.len() - ending)).unwrap_or(&name);
    LOGS.iter().any(|(start, end)| name.starts_with(start) && name.ends_with(end))
}

/// What stands around the files of an archive.
struct Around<'a> {
    archive: &'a Facts,
    /// Whether the files tell a host of their own, which they do not beside another host's drives.
    is_host: bool,
    /// Names of hosts in the archive, and what they become.
    hosts: HashMap<Arc<str>, Arc<str>>,
}

impl<'a> Around<'a> {
    fn new(archive: &'a Facts, of_host: bool, inner: &[Facts]) -> Self {
        let is_host = !of_host && inner.iter().any(|fact| fact.windows.is_some());
        Self { archive, is_host, hosts: HashMap::new() }
    }

    fn name(mut self, inner: Vec<Facts>) -> Vec<Facts> {
        inner.into_iter().map(|fact| self.one(fact)).collect()
    }

    fn one(&mut self, mut fact: Facts) -> Facts {
        let path = inside(&self.archive.path, &fact.path);
        let before = path.len().saturating_sub(fact.path.len());
        fact.windows = fact.windows.map(|place| WindowsPlace { below: place.below.saturating_add(before), ..place });
        fact.host_root = self.host(&fact.host_root);
        fact.path = path;
        fact
    }

    fn host(&mut self, own: &Arc<str>) -> Arc<str> {
        if !self.is_host {
            return Arc::clone(&self.archive.host_root);
        }
        let archive = &self.archive.path;
        let name = || if own.is_empty() { Arc::from(archive.as_str()) } else { Arc::from(inside(archive, own)) };
        Arc::clone(self.hosts.entry(Arc::clone(own)).or_insert_with(name))
    }
}
