//! Rows that say again what an earlier row said.
//!
//! Most rows of a log differ from an earlier one in time, query and sizes only. Where no detector could say anything of such a
//! row, whatever these are, only counting is left, and that is done for many at once.

use std::hash::{BuildHasher, Hasher};

use afterpatch_model::same_text;
use foldhash::fast::FixedState;

/// Faces of rows (see [`Glance::face`](afterpatch_model::Glance::face)) seen lately, and what is to be counted for each.
pub struct Faces<C> {
    /// Each face has one of a few neighbours as its place.
    slots: Vec<[Option<Face<C>>; NEIGHBOURS]>,
    /// Which of the neighbours goes next when all are taken.
    next: usize,
}

const NEIGHBOURS: usize = 4;

struct Face<C> {
    hash: u64,
    parts: Box<[Box<str>]>,
    /// What a row of it counts for; nothing when a detector wants to see each.
    counts: Option<C>,
    /// Rows that are not counted yet.
    rows: u64,
}

/// A face that was not known: to be given back when its row was looked at.
pub struct NewFace {
    hash: u64,
    parts: Box<[Box<str>]>,
}

/// What is known of a face.
pub enum Known<'f, C> {
    /// Rows of it only count for this; the row is counted.
    Counted(&'f C),
    /// A detector wants to see each.
    Wanted,
    /// It is met for the first time, or was forgotten.
    New(NewFace),
}

impl<C> Faces<C> {
    const SLOTS: usize = 2048;
    /// A longer face (bytes) hardly comes again.
    const LONGEST: usize = 1024;

    pub fn new() -> Self {
        Self { slots: Vec::new(), next: 0 }
    }

    /// Looks a face up. `is_wanted` says whether this row of a known face is to be looked at all the same.
    pub fn look(&mut self, face: &[&str], is_wanted: impl FnOnce(&C) -> bool) -> Known<'_, C> {
        if face.iter().map(|part| part.len()).sum::<usize>() > Self::LONGEST {
            return Known::Wanted;
        }
        let mut hasher = FixedState::default().build_hasher();
        for part in face {
            hasher.write(part.as_bytes());
            hasher.write_usize(part.len());
        }
        let hash = hasher.finish();
        let is_same = |known: &Face<C>| {
            known.hash == hash
                && known.parts.len() == face.len()
                && known.parts.iter().zip(face).all(|(own, part)| same_text(own, part))
        };
        let neighbours = self.slots.get_mut(position(hash)).into_iter().flatten().flatten();
        match neighbours.into_iter().find(|known| is_same(known)) {
            Some(known) => match &known.counts {
                Some(counts) if !is_wanted(counts) => {
                    known.rows += 1;
                    Known::Counted(counts)
                }
                _ => Known::Wanted,
            },
            None => Known::New(NewFace { hash, parts: face.iter().map(|part| (*part).into()).collect() }),
        }
    }

    /// Remembers a face in the place of another, whose uncounted rows are given to `count`.
    pub fn learn(&mut self, face: NewFace, counts: Option<C>, count: impl FnOnce(&C, u64)) {
        if self.slots.is_empty() {
            self.slots.resize_with(Self::SLOTS, || [const { None }; NEIGHBOURS]);
        }
        let NewFace { hash, parts } = face;
        let Some(neighbours) = self.slots.get_mut(position(hash)) else { return };
        let place = neighbours.iter().position(Option::is_none).unwrap_or_else(|| {
            self.next = (self.next + 1) % NEIGHBOURS;
            self.next
        });
        let Some(slot) = neighbours.get_mut(place) else { return };
        if let Some(Face { counts: Some(counts), rows: rows @ 1.., .. }) = slot.replace(Face { hash, parts, counts, rows: 0 }) {
            count(&counts, rows);
        }
    }

    /// Gives all uncounted rows to `count`.
    pub fn finish(self, mut count: impl FnMut(&C, u64)) {
        for face in self.slots.into_iter().flatten().flatten() {
            if let Face { counts: Some(counts), rows: rows @ 1.., .. } = face {
                count(&counts, rows);
            }
        }
    }
}

fn position(hash: u64) -> usize {
    usize::try_from(hash % (Faces::<()>::SLOTS as u64)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_row_is_counted_once_or_seen() {
        let mut faces = Faces::new();
        let mut counted: BTreeMap<String, u64> = BTreeMap::new();
        let mut count = |of: &String, rows: u64| *counted.entry(of.clone()).or_default() += rows;
        let rows = 40_000_u64;
        for row in 0..rows {
            // More of them than there is room for.
            let face = format!("{}", row * 7919 % 9_000);
            let parts = ["GET", face.as_str(), ""];
            match faces.look(&parts, |_| row % 100 == 0) {
                Known::Counted(of) => assert_eq!(*of, face),
                Known::Wanted => count(&face, 1),
                Known::New(new) => {
                    count(&face, 1);
                    // Every tenth is wanted for itself.
                    let counts = (row % 10 > 0).then(|| face.clone());
                    faces.learn(new, counts, &mut count);
                }
            }
        }
        faces.finish(&mut count);
        assert_eq!(counted.values().sum::<u64>(), rows);
        assert!(counted.values().all(|count| (4..=5).contains(count)), "{counted:?}");
    }

    #[test]
    fn faces_that_join_to_the_same_text_are_told_apart() {
        let mut faces = Faces::new();
        let Known::New(new) = faces.look(&["ab", "c"], |_| false) else { panic!("known") };
        faces.learn(new, Some(()), |(), _| ());
        assert!(matches!(faces.look(&["ab", "c"], |_| false), Known::Counted(())));
        assert!(matches!(faces.look(&["a", "bc"], |_| false), Known::New(_)));
        assert!(matches!(faces.look(&["abc"], |_| false), Known::New(_)));
        assert!(matches!(faces.look(&[&"x".repeat(2_000)], |_| false), Known::Wanted));
    }
}
