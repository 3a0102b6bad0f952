//! The layouts in which collectors lay files down, and what they tell of the path a file had on its server.
//!
//! All layouts are one idea: some folder stands for a volume, and what stands above it names the host.
//!
//! | layout | the volume | above it |
//! |---|---|---|
//! | Velociraptor | percent-encoded: `C%3A`, `%5C%5C.%5CC%3A`, `...HarddiskVolumeShadowCopy1` | `uploads/<accessor>` |
//! | KAPE and copies like it | a letter: `C` | anything |
//! | a mounted image | none: `Windows`, `Program Files` ... stand at the root | – |
//!
//! Source of the Velociraptor layout: its collections as others read them (dissect.target, `loaders/velociraptor.py`).

mod percent;
mod volume;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use volume::Volume;

use crate::disk::PARTITION;

/// A volume's folder is looked for only this many folders deep.
const DEEPEST: usize = 8;

/// Folders and files that stand at the root of a Windows volume (compared without case).
const AT_ROOT_OF_VOLUME: &[&str] = &[
    "windows",
    "winnt",
    "program files",
    "program files (x86)",
    "programdata",
    "users",
    "documents and settings",
    "inetpub",
    "exchangesetuplogs",
    "perflogs",
    "system volume information",
    "$extend",
    "$recycle.bin",
    "$mft",
    "$logfile",
    "$boot",
];

/// Ways in which Velociraptor reads a file; each is a folder below `uploads`.
const ACCESSORS: &[&str] = &["auto", "ntfs", "mft", "lazy_ntfs", "ntfs_vss", "file"];

/// Where a path stood on its server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The path without its percent-encoding, where the layout uses it.
    pub(crate) decoded: Option<String>,
    /// What names the host.
    pub(crate) host_root: Arc<str>,
    /// The volume, and where in the (decoded) path the part below it starts.
    pub(crate) windows: Option<(Arc<str>, usize)>,
}

/// What the listing as a whole says of its layout.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// Folders in which single letters are drives.
    letters: HashSet<String>,
    /// Folders that are the root of a system volume.
    images: HashSet<String>,
    /// What names hosts.
    hosts: HashSet<Arc<str>>,
    /// Volumes, each kept once.
    volumes: HashMap<Volume, Arc<str>>,
}

impl Layout {
    /// Learns the layout from all paths of the evidence, which `paths` gives as often as asked.
    pub(crate) fn learn<'p, P: Iterator<Item = &'p str>>(paths: impl Fn() -> P) -> Self {
        let mut layout = Self::default();
        let mut hosts: HashSet<&str> = HashSet::new();
        for path in paths() {
            for folder in folders(path) {
                if let Some(volume) = Volume::encoded(folder.name) {
                    layout.volumes.entry(volume).or_insert_with_key(|volume| Arc::from(volume.windows()));
                    hosts.insert(host_of(folder.above));
                } else if Volume::letter(folder.name).is_some() && is_at_root_of_volume(folder.next()) {
                    layout.letters.insert(folder.above.to_owned());
                } else if folder.name.eq_ignore_ascii_case("windows") && folder.next().eq_ignore_ascii_case("system32") {
                    layout.images.insert(folder.above.to_owned());
                } else {
                    continue;
                }
                break;
            }
        }
        let nothing_else = layout.letters.is_empty() && layout.images.is_empty() && hosts.is_empty();
        layout.learn_consistent(paths, nothing_else);
        layout.hosts = hosts.into_iter().map(Arc::from).collect();
        layout.hosts.extend(layout.letters.iter().chain(&layout.images).map(|above| Arc::from(host_of(above))));
        layout.hosts.insert(Arc::from(""));
        for letter in 'A'..='Z' {
            layout.volumes.entry(Volume::Drive(letter)).or_insert_with_key(|volume| Arc::from(volume.windows()));
        }
        layout
    }

    /// Takes letters as drives also where no Windows folder proves it, but every folder beside them is a letter too:
    /// a host of whose drives only `E/Exchange2016` was collected. Looks as deep as proven drives lie, without any
    /// proof only at the root; and only for capital letters, as collectors write them.
    fn learn_consistent<'p, P: Iterator<Item = &'p str>>(&mut self, paths: impl Fn() -> P, nothing_else: bool) {
        let depth = |above: &str| if above.is_empty() { 0 } else { above.split('/').count() };
        let mut depths: HashSet<usize> = self.letters.iter().map(|above| depth(above)).collect();
        if nothing_else {
            depths.insert(0);
        }
        let mut only_letters: HashMap<&str, bool> = HashMap::new();
        for path in paths() {
            for (depth, folder) in folders(path).enumerate() {
                if depths.contains(&depth) {
                    let capital = folder.name.starts_with(|first: char| first.is_ascii_uppercase());
                    let letter = Volume::letter(folder.name).is_some() && capital;
                    let all = only_letters.entry(folder.above).or_insert(true);
                    *all = *all && letter;
                }
            }
        }
        self.letters.extend(only_letters.into_iter().filter(|(_, all)| *all).map(|(above, _)| above.to_owned()));
    }

    /// Where a path of this evidence stood on its server. The volume nearest to the root decides.
    pub(crate) fn place(&self, path: &str) -> Placed {
        for folder in folders(path) {
            if let Some(volume) = Volume::encoded(folder.name) {
                let head = if folder.above.is_empty() { String::new() } else { format!("{}/", folder.above) };
                let mut decoded = head + &percent::everything(folder.name);
                let below = decoded.len().saturating_add(1);
                for part in folder.below.split('/') {
                    decoded.push('/');
                    decoded.push_str(&percent::component(part));
                }
                return self.placed(Some(decoded), folder.above, volume, below);
            }
            let letter = Volume::letter(folder.name).filter(|_| self.letters.contains(folder.above));
            if let Some(volume) = letter {
                return self.placed(None, folder.above, volume, path.len().saturating_sub(folder.below.len()));
            }
            if self.images.contains(folder.above) {
                return self.image(folder.above);
            }
        }
        let above = path.rsplit_once('/').map_or("", |(above, _)| above);
        if self.images.contains(above) {
            return self.image(above);
        }
        let named = |above: &str| self.hosts.get(above).cloned();
        let deepest = folders(path).filter_map(|folder| named(folder.above)).last();
        let host_root = named(above).or(deepest).unwrap_or_default();
        Placed { decoded: None, host_root, windows: None }
    }

    /// Below the root of a system volume. Its letter is not known; a system's own is `C:` but for very old ones.
    fn image(&self, above: &str) -> Placed {
        let below = if above.is_empty() { 0 } else { above.len().saturating_add(1) };
        self.placed(None, above, Volume::Drive('C'), below)
    }

    fn placed(&self, decoded: Option<String>, above: &str, volume: Volume, below: usize) -> Placed {
        let host_root = self.hosts.get(host_of(above)).cloned().unwrap_or_default();
        let volume = self.volumes.get(&volume).cloned().unwrap_or_else(|| Arc::from(volume.windows()));
        Placed { decoded, host_root, windows: Some((volume, below)) }
    }
}

/// A folder in a path.
struct Folder<'p> {
    /// The path above it, without the separator.
    above: &'p str,
    name: &'p str,
    /// The path below it, without the separator.
    below: &'p str,
}

impl<'p> Folder<'p> {
    /// The first component below it.
    fn next(&self) -> &'p str {
        self.below.split('/').next().unwrap_or_default()
    }
}

/// The folders of a path from its root, at most [`DEEPEST`].
fn folders(path: &str) -> impl Iterator<Item = Folder<'_>> {
    let mut start = 0;
    path.match_indices('/').take(DEEPEST).filter_map(move |(slash, _)| {
        let own = start;
        start = slash.saturating_add(1);
        Some(Folder { above: path.get(..own.saturating_sub(1))?, name: path.get(own..slash)?, below: path.get(start..)? })
    })
}

/// What names the host: the path above its volumes without Velociraptor's own folders, or the one that tells a disk's volumes
/// apart.
fn host_of(above: &str) -> &str {
    let (rest, last) = above.rsplit_once('/').unwrap_or(("", above));
    let number = last.strip_prefix(PARTITION).unwrap_or_default();
    if !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()) {
        return rest;
    }
    if !ACCESSORS.contains(&last) {
        return above;
    }
    match rest.rsplit_once('/') {
        Some((host, "uploads")) => host,
        None if matches!(rest, "uploads" | "") => "",
        _ => above,
    }
}

fn is_at_root_of_volume(name: &str) -> bool {
    AT_ROOT_OF_VOLUME.iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests;
