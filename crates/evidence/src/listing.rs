//! Takes what a kind of evidence finds and makes the list of entries of it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use afterpatch_model::{Gap, GapKind, Timestamp};

use crate::entry::{Facts, Source, WindowsPlace};
use crate::gaps::Gaps;
use crate::layout::Layout;
use crate::name::{Flaw, safe_name};
use crate::{Entry, Limits, nested};

/// What was found so far.
pub(crate) struct Listing {
    pub(crate) limits: Limits,
    pub(crate) gaps: Gaps,
    /// Bytes that may still be unpacked to temporary files.
    pub(crate) room: u64,
    /// Archives inside the evidence that may still be opened.
    pub(crate) archives: usize,
    /// Files of the container that is listed now.
    found: Vec<Found>,
    /// Files of all containers.
    count: usize,
    path_bytes: u64,
}

/// One file that was found.
pub(crate) struct Found {
    /// Relative, separators `/`.
    pub(crate) path: String,
    /// Expanded bytes, as claimed.
    pub(crate) size: u64,
    pub(crate) modified: Option<Timestamp>,
    pub(crate) source: Box<dyn Source>,
}

impl Listing {
    pub(crate) fn new(limits: Limits) -> Self {
        let (room, archives) = (limits.unpacked_bytes, limits.archives);
        Self { limits, gaps: Gaps::default(), room, archives, found: Vec::new(), count: 0, path_bytes: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Paths of the container that is listed now.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|found| found.path.as_str())
    }

    /// Adds a file. `false`: the list is full, which is already noted as a gap; stop looking.
    pub(crate) fn add(&mut self, found: Found) -> bool {
        let path_bytes = self.path_bytes.saturating_add(found.path.len() as u64);
        if self.count >= self.limits.entries || path_bytes > self.limits.path_bytes {
            self.gaps.together(GapKind::Capped, &found.path, "too many files: this one and those after it were not listed");
            return false;
        }
        self.path_bytes = path_bytes;
        self.count += 1;
        self.found.push(found);
        true
    }

    /// Adds an entry of an archive under a safe name. `found.path` is the name as the archive has it.
    pub(crate) fn add_archived(&mut self, mut found: Found) -> bool {
        let raw = std::mem::take(&mut found.path);
        let safe = safe_name(&raw);
        if safe.folder && found.size == 0 {
            return true;
        }
        for flaw in safe.flaws {
            match flaw {
                // A tool that writes one such name writes them all.
                Flaw::Backslash => self.gaps.together(GapKind::UnsafeName, &safe.path, flaw.reason()),
                _ => self.gaps.each(GapKind::UnsafeName, &safe.path, flaw.reason(), &quoted(&raw)),
            }
        }
        if safe.folder {
            self.gaps.each(GapKind::UnsafeName, &safe.path, "named as a folder, but has content", "");
        }
        found.path = safe.path;
        self.add(found)
    }

    /// The entries in order, and the gaps.
    pub(crate) fn finish(mut self, evidence: &str) -> (Vec<Entry>, Vec<Gap>) {
        let mut facts: Vec<Arc<Facts>> = self.place(0).into_iter().map(Arc::new).collect();
        if facts.is_empty() && self.gaps.is_empty() {
            self.gaps.together(GapKind::Empty, evidence, "there is no file in it");
        }
        // Stable: entries of one name stay in the order of the archive.
        facts.sort_by(|one, two| one.path.cmp(&two.path));
        make_unique(&mut facts, &mut self.gaps);
        (facts.into_iter().map(Entry::new).collect(), self.gaps.into_sorted())
    }

    /// The files of the container that is listed now, which is inside of `depth` others, with their places on their server;
    /// archives among them are opened.
    pub(crate) fn place(&mut self, depth: u32) -> Vec<Facts> {
        let found = std::mem::take(&mut self.found);
        let layout = Layout::learn(|| found.iter().map(|found| found.path.as_str()));
        let facts = found.into_iter().map(|found| place(&layout, found)).collect();
        nested::open_all(facts, depth, self)
    }
}

pub(crate) fn place(layout: &Layout, found: Found) -> Facts {
    let placed = layout.place(&found.path);
    let windows = placed.windows.map(|(volume, below)| WindowsPlace { volume, below, spelled: OnceLock::new() });
    Facts {
        path: placed.decoded.unwrap_or(found.path),
        suffix: 0,
        packing: 0,
        host_root: Arc::clone(&placed.host_root),
        windows,
        size: found.size,
        modified: found.modified,
        source: found.source,
        unpacked_from: None,
    }
}

/// Gives the second entry of one name the suffix ` (2)` and so on, in a sorted list that stays sorted.
fn make_unique(facts: &mut [Arc<Facts>], gaps: &mut Gaps) {
    let twice = |pair: &[Arc<Facts>]| matches!(pair, [one, two] if one.path == two.path);
    if !facts.windows(2).any(twice) {
        return;
    }
    // For every path that is taken: the number that the last entry of this name got.
    let mut taken: HashMap<String, u64> = facts.iter().map(|fact| (fact.path.clone(), 1)).collect();
    let mut previous = String::new();
    for fact in facts.iter_mut().filter_map(Arc::get_mut) {
        if fact.path != previous {
            previous.clone_from(&fact.path);
            continue;
        }
        gaps.each(GapKind::UnsafeName, &fact.path, "this name stands there more than once", "");
        let mut number = taken.get(&previous).copied().unwrap_or(1);
        let unique = loop {
            number = number.saturating_add(1);
            let unique = format!("{previous} ({number})");
            if !taken.contains_key(&unique) {
                break unique;
            }
        };
        taken.insert(previous.clone(), number);
        taken.insert(unique.clone(), 1);
        fact.suffix = unique.len().saturating_sub(previous.len());
        fact.path = unique;
    }
    facts.sort_by(|one, two| one.path.cmp(&two.path));
}

/// A name for a message: quoted, and not longer than a line.
fn quoted(raw: &str) -> String {
    let end = raw.floor_char_boundary(200);
    match raw.get(..end) {
        Some(start) if end < raw.len() => format!("{start:?}\u{2026}"),
        _ => format!("{raw:?}"),
    }
}
