//! Collects gaps without letting hostile evidence make millions of them.

use std::collections::HashMap;

use afterpatch_model::{Gap, GapKind};

/// So many gaps of one reason are listed one by one; the last of them counts the rest.
const LISTED: u64 = 100;

/// A list of gaps that tells each reason at most a hundred times by name and counts the rest.
#[derive(Default)]
pub struct Gaps {
    /// The archive inside the evidence that is listed now; empty for the evidence itself.
    inside: String,
    list: Vec<Gap>,
    reasons: HashMap<(GapKind, String), Reason>,
}

#[derive(Default)]
struct Reason {
    listed: u64,
    last: usize,
}

impl Gaps {
    /// A gap that is told by itself, up to a hundred of one reason. `about` goes on after the reason and does not tell reasons
    /// apart; it may be empty.
    pub fn each(&mut self, kind: GapKind, path: &str, reason: &str, about: &str) {
        self.add(kind, path, reason, about, LISTED);
    }

    /// A gap that is told once, at the first path, with how many there are.
    pub(crate) fn together(&mut self, kind: GapKind, path: &str, reason: &str) {
        self.add(kind, path, reason, "", 1);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All gaps, in a fixed order.
    pub fn into_sorted(mut self) -> Vec<Gap> {
        self.list.sort();
        self.list
    }

    /// Gaps from now on are of this archive in what was listed so far: a path is one in it, no path is the archive itself.
    /// Gives what [`Gaps::leave`] takes.
    pub(crate) fn enter(&mut self, archive: &str) -> String {
        let archive = self.full(archive);
        std::mem::replace(&mut self.inside, archive)
    }

    /// Gaps from now on are of what they were of before.
    pub(crate) fn leave(&mut self, before: String) {
        self.inside = before;
    }

    fn full(&self, path: &str) -> String {
        match (self.inside.as_str(), path) {
            ("", path) => path.to_owned(),
            (archive, "") => archive.to_owned(),
            (archive, path) => inside(archive, path),
        }
    }

    fn add(&mut self, kind: GapKind, path: &str, reason: &str, about: &str, listed: u64) {
        let known = self.reasons.entry((kind, reason.to_owned())).or_default();
        if known.listed < listed {
            known.listed += 1;
            known.last = self.list.len();
            let detail = if about.is_empty() { reason.to_owned() } else { format!("{reason}: {about}") };
            let path = self.full(path);
            self.list.push(Gap::new(path, kind, detail));
        } else if let Some(last) = self.list.get_mut(known.last) {
            last.count = last.count.saturating_add(1);
        }
    }
}

/// The one notation for what lies in an archive inside the evidence.
pub(crate) fn inside(archive: &str, path: &str) -> String {
    format!("{archive}!/{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_gaps_is_counted() {
        let mut gaps = Gaps::default();
        for number in 0..1000 {
            gaps.each(GapKind::Unreadable, &format!("{number:04}"), "cannot be opened", "denied");
            gaps.together(GapKind::Encrypted, &format!("{number:04}"), "encrypted");
        }
        let gaps = gaps.into_sorted();
        assert_eq!(gaps.len(), 101);
        let count = |kind| gaps.iter().filter(|gap| gap.kind == kind).map(|gap| gap.count).sum::<u64>();
        assert_eq!((count(GapKind::Unreadable), count(GapKind::Encrypted)), (1000, 1000));
        assert_eq!(gaps.iter().find(|gap| gap.kind == GapKind::Encrypted).map(|gap| gap.path.as_str()), Some("0000"));
    }
}
