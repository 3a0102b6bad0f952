//! The folders of a volume, kept small: paths of files need them all.

use std::collections::HashMap;

use crate::{Entry, ROOT, Reference};

/// A deeper path is a circle made of damaged numbers. Windows' own paths end at 32,767 letters.
const DEEPEST: usize = 255;

/// Bytes of a path. Windows knows longer ones, but its programs open 260 letters unless they ask for more (Microsoft Learn,
/// "Maximum Path Length Limitation"), and a million names below 255 long ones would be no list but a flood.
const LONGEST: usize = 4096;

/// The folders of a volume by number. Measured: 120 MB at most while a million folders are added, so some 20 MB for a volume of a
/// million entries, of which one in seven is a folder.
#[derive(Default)]
pub struct Folders {
    folders: HashMap<u64, Folder>,
    /// All names, one after the other.
    names: String,
    /// Folders that there was no room for.
    pub left_out: u64,
}

struct Folder {
    above: Reference,
    sequence: u16,
    /// A deleted folder counts one use more than its files remember.
    in_use: bool,
    name: (usize, usize),
}

impl Folders {
    /// Folders kept at most. A full server volume has some hundred thousand.
    const MOST: usize = 2_000_000;
    /// Bytes of their names at most.
    const NAMES: usize = 128 << 20;

    /// Keeps an entry when it is a folder.
    pub fn add(&mut self, number: u64, entry: &Entry<'_>) {
        if !entry.is_folder || entry.base.is_some() || number == ROOT {
            return;
        }
        let Some(name) = entry.names().next() else { return };
        if self.folders.len() >= Self::MOST || self.names.len().saturating_add(name.name.len()) > Self::NAMES {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        let start = self.names.len();
        self.names.push_str(&name.name);
        let name_at = (start, self.names.len());
        self.folders.insert(number, Folder { above: name.folder, sequence: entry.sequence, in_use: entry.in_use, name: name_at });
    }

    /// The path of a file from the root, with `separator` before each part. When a folder above it is gone and its entry was
    /// used again, only what is below that, without a separator before it.
    pub fn path(&self, folder: Reference, name: &str, separator: char) -> String {
        let mut parts = vec![name];
        let mut at = folder;
        let mut length = name.len();
        let from_root = loop {
            if at.number() == ROOT {
                break true;
            }
            let known = self.folders.get(&at.number()).filter(|known| known.is_meant_by(at));
            let Some(known) = known.filter(|_| parts.len() < DEEPEST) else { break false };
            let part = self.names.get(known.name.0..known.name.1).unwrap_or_default();
            length = length.saturating_add(part.len()).saturating_add(1);
            if length > LONGEST {
                break false;
            }
            parts.push(part);
            at = known.above;
        };
        let mut path = String::new();
        for (position, part) in parts.iter().rev().enumerate() {
            if from_root || position > 0 {
                path.push(separator);
            }
            path.push_str(part);
        }
        path
    }
}

impl Folder {
    fn is_meant_by(&self, reference: Reference) -> bool {
        let used = if self.in_use { self.sequence } else { self.sequence.wrapping_sub(1) };
        reference.sequence() == used || reference.sequence() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_an_end() {
        let mut folders = Folders { names: "d".repeat(255), ..Folders::default() };
        // Each in the one before, the first in the root.
        for number in 100..200 {
            let above = Reference(if number == 100 { ROOT } else { number - 1 });
            folders.folders.insert(number, Folder { above, sequence: 0, in_use: true, name: (0, 255) });
        }
        let path = |folder| folders.path(Reference(folder), "x.aspx", '/');
        assert_eq!(path(100), format!("/{}/x.aspx", "d".repeat(255)));
        assert_eq!((path(114).len(), path(115).len()), (15 * 256 + 7, 15 * 256 + 6));
        assert!(path(199) == path(115) && path(199).starts_with("dd"));
    }
}
