//! What the journal told before: folders by number, and what is already known of files that are still open.

use std::collections::HashMap;

use afterpatch_ntfs::{ROOT, Reference};

use super::record::{Change, reason};

/// Folders remembered. A journal of the usual 32 MiB names some thousands.
const FOLDERS: usize = 200_000;
/// Open files remembered; a server has some thousands open.
const OPEN: usize = 100_000;
/// A deeper path is a circle made of damaged numbers.
const DEEPEST: usize = 64;
/// Bytes of a path: more is not told with each change (see `afterpatch_ntfs::Folders`).
const LONGEST: usize = 4096;

#[derive(Default)]
pub(super) struct Names {
    /// Number of a folder to its own folder's number and its name.
    folders: HashMap<u64, (u64, String)>,
    open: HashMap<u64, Open>,
}

#[derive(Default)]
struct Open {
    reasons: u32,
    old_name: Option<String>,
}

impl Names {
    /// Takes note of a change. Gives the reasons that were not told before, and the name that a renamed file had.
    pub(super) fn learn(&mut self, change: &Change) -> (u32, Option<String>) {
        if change.is_folder
            && change.reasons & reason::RENAME_OLD == 0
            && (self.folders.len() < FOLDERS || self.folders.contains_key(&change.file))
        {
            self.folders.insert(change.file, (change.folder, change.name.clone()));
        }
        let mut known = self.open.remove(&change.file).unwrap_or_default();
        // Writing to what was just created, or writing on, is no other change.
        let again = if known.reasons & (reason::CREATE | reason::WRITTEN) != 0 { reason::WRITTEN } else { 0 };
        let new = change.reasons & !known.reasons & !again;
        // A file may be renamed again and again before it is closed: the names alternate.
        let (renamed, renaming) = (change.reasons & reason::RENAME_NEW != 0, change.reasons & reason::RENAME_OLD != 0);
        let old_name = if renamed && !renaming { known.old_name.take() } else { None };
        if renaming {
            known.old_name = Some(change.name.clone());
        }
        known.reasons = change.reasons;
        if change.reasons & reason::CLOSE == 0 && self.open.len() < OPEN {
            self.open.insert(change.file, known);
        }
        (new, old_name)
    }

    /// The path of a changed file as far as its folders are known; from the root with the volume's name before it.
    pub(super) fn path(&self, change: &Change, volume: &str) -> String {
        let mut parts = vec![change.name.as_str()];
        let mut folder = change.folder;
        let mut length = change.name.len();
        let mut from_root = false;
        while parts.len() < DEEPEST {
            if Reference(folder).number() == ROOT {
                from_root = true;
                break;
            }
            let Some((above, name)) = self.folders.get(&folder) else { break };
            length = length.saturating_add(name.len()).saturating_add(1);
            if length > LONGEST {
                break;
            }
            parts.push(name);
            folder = *above;
        }
        parts.reverse();
        let path = parts.join(r"\");
        if from_root { format!(r"{volume}\{path}") } else { path }
    }
}
