//! Rows that say again what an earlier row said.
//!
//! Most rows of a log differ from an earlier one in time, query and sizes only. Where no detector could say anything of such a
//! row, whatever these are, only counting is left, and that is done for many at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};

use foldhash::fast::FixedState;

/// Faces of rows (see [`Glance::face`](afterpatch_model::Glance::face)) seen lately, and what is to be counted for each.
pub struct Faces<C> {
    /// Each face has one of a few neighbours as its place. Their hashes stand together, as most are only looked at.
    hashes: Vec<[u64; NEIGHBOURS]>,
    slots: Vec<[Option<Face<C>>; NEIGHBOURS]>,
    /// Which of the neighbours goes next when all are taken.
    next: usize,
}

const NEIGHBOURS: usize = 4;

struct Face<C> {
    parts: Parts,
    /// What a row of it counts for; nothing when a detector wants to see each.
    counts: Option<C>,
    /// Rows that are not counted yet.
    rows: u64,
}

/// The parts of a face, one behind the other, each behind its length.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Parts(Box<[u8]>);

impl Parts {
    fn of(face: &[&str]) -> Self {
        let mut parts = Vec::with_capacity(face.iter().map(|part| size_of::<usize>() + part.len()).sum());
        for part in face {
            parts.extend_from_slice(&part.len().to_le_bytes());
            parts.extend_from_slice(part.as_bytes());
        }
        Self(parts.into())
    }

    fn are(&self, face: &[&str]) -> bool {
        let mut left = &*self.0;
        let mut next = |part: &&str| {
            let (length, behind) = left.split_first_chunk()?;
            let (own, behind) = behind.split_at_checked(part.len())?;
            left = behind;
            // To compare empty texts would take long (see `same_text`).
            (usize::from_le_bytes(*length) == part.len() && (part.is_empty() || own == part.as_bytes())).then_some(())
        };
        face.iter().all(|part| next(part).is_some()) && left.is_empty()
    }
}

/// A face that was not known: to be given back when its row was looked at.
pub struct NewFace {
    hash: u64,
    parts: Parts,
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
        Self { hashes: Vec::new(), slots: Vec::new(), next: 0 }
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
        let position = position(hash);
        let hashes = self.hashes.get(position).into_iter().flatten();
        let places = hashes.enumerate().filter(|(_, own)| **own == hash).map(|(place, _)| place);
        let neighbours = self.slots.get_mut(position);
        let known = neighbours.and_then(|neighbours| {
            let is_same = |place: &usize| matches!(neighbours.get(*place), Some(Some(known)) if known.parts.are(face));
            let place = { places }.find(is_same)?;
            neighbours.get_mut(place)?.as_mut()
        });
        match known {
            Some(known) => match &known.counts {
                Some(counts) if !is_wanted(counts) => {
                    known.rows += 1;
                    Known::Counted(counts)
                }
                _ => Known::Wanted,
            },
            None => Known::New(NewFace { hash, parts: Parts::of(face) }),
        }
    }

    /// Remembers a face in the place of another, whose uncounted rows are given to `count`.
    pub fn learn(&mut self, face: NewFace, counts: Option<C>, count: impl FnOnce(&C, u64)) {
        if self.slots.is_empty() {
            self.slots.resize_with(Self::SLOTS, || [const { None }; NEIGHBOURS]);
            self.hashes.resize(Self::SLOTS, [0; NEIGHBOURS]);
        }
        let NewFace { hash, parts } = face;
        let position = position(hash);
        let (Some(neighbours), Some(hashes)) = (self.slots.get_mut(position), self.hashes.get_mut(position)) else { return };
        let place = neighbours.iter().position(Option::is_none).unwrap_or_else(|| {
            self.next = (self.next + 1) % NEIGHBOURS;
            self.next
        });
        let (Some(slot), Some(own)) = (neighbours.get_mut(place), hashes.get_mut(place)) else { return };
        *own = hash;
        if let Some(Face { counts: Some(counts), rows: rows @ 1.., .. }) = slot.replace(Face { parts, counts, rows: 0 }) {
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

/// What is known of faces whichever log they stand in: a server's logs have much the same ones.
pub struct CommonFaces<W>(Mutex<HashMap<Parts, W>>);

impl<W: Clone> CommonFaces<W> {
    /// Faces remembered.
    const MOST: usize = 16_384;

    pub fn new() -> Self {
        Self(Mutex::default())
    }

    pub fn get(&self, face: &NewFace) -> Option<W> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&face.parts).cloned()
    }

    pub fn learn(&self, face: &NewFace, what: W) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= Self::MOST {
            known.clear();
        }
        known.insert(face.parts.clone(), what);
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
