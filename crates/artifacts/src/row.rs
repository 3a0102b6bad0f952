//! Rows of values between separators, cut where they stand, and which of these values are a row's face.

use std::hash::{DefaultHasher, Hash, Hasher};

use smallvec::SmallVec;
use wide::u8x16;

/// Where the values of a row end.
#[derive(Default)]
pub(crate) struct Ends(Vec<usize>);

/// A row cut at its separators.
#[derive(Clone, Copy)]
pub(crate) struct CutRow<'l, 'e> {
    row: &'l str,
    ends: &'e [usize],
}

impl Ends {
    /// Cuts a row at each separator, an ASCII character.
    pub(crate) fn cut<'l>(&mut self, row: &'l str, separator: u8) -> CutRow<'l, '_> {
        self.0.clear();
        find(separator, row.as_bytes(), &mut self.0);
        self.0.push(row.len());
        CutRow { row, ends: &self.0 }
    }
}

impl<'l> CutRow<'l, '_> {
    /// How many values there are.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// A value; nothing when there is none at this position.
    pub(crate) fn value(self, position: Option<usize>) -> Option<&'l str> {
        position.and_then(|position| self.run((position, position)))
    }

    /// The values from the first of these positions to the last, and what stands between them.
    fn run(self, (first, last): (usize, usize)) -> Option<&'l str> {
        let start = first.checked_sub(1).map_or(Some(0), |before| Some(self.ends.get(before)? + 1));
        self.row.get(start?..*self.ends.get(last)?)
    }
}

/// Pushes the positions of a byte. Values are so short that a search which starts anew behind each takes several times as long.
fn find(byte: u8, row: &[u8], found: &mut Vec<usize>) {
    const BLOCK: usize = 64;
    let wanted = u8x16::splat(byte);
    // The first `known` bytes of a block were looked at before.
    let mut push = |block: &[u8; BLOCK], from: usize, known: usize| {
        let mut hits = block.as_chunks().0.iter().enumerate().fold(0_u64, |hits, (number, bytes)| {
            hits | u64::from(u8x16::new(*bytes).simd_eq(wanted).to_bitmask()) << (16 * number)
        });
        hits = hits >> known << known;
        while hits != 0 {
            found.push(from + hits.trailing_zeros() as usize);
            hits &= hits - 1;
        }
    };
    let (blocks, tail) = row.as_chunks();
    for (number, block) in blocks.iter().enumerate() {
        push(block, number * BLOCK, 0);
    }
    if tail.is_empty() {
        return;
    }
    match row.last_chunk() {
        Some(last) => push(last, row.len() - BLOCK, BLOCK - tail.len()),
        None => {
            let mut last = [!byte; BLOCK];
            last.iter_mut().zip(tail).for_each(|(last, byte)| *last = *byte);
            push(&last, 0, 0);
        }
    }
}

/// Where a column belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Face,
    Rest,
    /// To neither: a time of [`Glance::OF_TIMES`](afterpatch_model::Glance::OF_TIMES) alone.
    Time,
}

/// Which values are a row's face (see [`Glance::face`](afterpatch_model::Glance::face)), under one list of columns.
pub(crate) struct FaceColumns {
    /// Stands for the list of columns: the same text under another list is another face.
    list: String,
    /// First and last columns of the runs that belong to it.
    face: Vec<(usize, usize)>,
    /// The same of those that do not.
    rest: Vec<(usize, usize)>,
}

impl FaceColumns {
    /// Faces in more pieces are not looked at.
    const MOST: usize = 15;

    /// Of a list of columns; `side` says where a column belongs.
    pub(crate) fn of(names: &[String], side: impl Fn(usize) -> Side) -> Option<Self> {
        let runs = |wanted: Side| runs_of(&(0..names.len()).filter(|column| side(*column) == wanted).collect::<Vec<_>>());
        let (face, rest) = (runs(Side::Face), runs(Side::Rest));
        let mut hasher = DefaultHasher::new();
        names.hash(&mut hasher);
        (face.len() < Self::MOST && rest.len() <= Self::MOST).then(|| Self { list: hasher.finish().to_string(), face, rest })
    }

    /// Calls `look` with the parts of a row that are its face, and with the others.
    pub(crate) fn with<R>(&self, row: CutRow<'_, '_>, look: impl FnOnce(&[&str], &[&str]) -> R) -> R {
        let mut face = SmallVec::<[&str; Self::MOST]>::new();
        let mut rest = SmallVec::<[&str; Self::MOST]>::new();
        face.push(&self.list);
        for run in &self.face {
            face.push(row.run(*run).unwrap_or_default());
        }
        for run in &self.rest {
            rest.push(row.run(*run).unwrap_or_default());
        }
        look(&face, &rest)
    }
}

/// Columns that stand next to one another, put together: the first and the last of each run.
fn runs_of(columns: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &column in columns {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == column => *last = column,
            _ => runs.push((column, column)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_separator_is_found(
            row in prop::collection::vec(prop_oneof![Just(b' '), Just(b'!'), Just(0xa0), Just(0), any::<u8>()], 0..300),
        ) {
            let mut found = Vec::new();
            find(b' ', &row, &mut found);
            let expected: Vec<usize> = memchr::memchr_iter(b' ', &row).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn face_and_rest_are_the_whole_row() {
        let mut ends = Ends::default();
        let row = ends.cut("a,bb,,d,é", b',');
        assert_eq!((row.len(), row.value(Some(1)), row.value(Some(4)), row.value(Some(5))), (5, Some("bb"), Some("é"), None));
        let names = |count: usize| vec![String::new(); count];
        let side = |column| [Side::Time, Side::Face, Side::Face, Side::Rest, Side::Face][column];
        let columns = FaceColumns::of(&names(5), side).unwrap();
        columns.with(row, |face, rest| assert_eq!((&face[1..], rest), (&["bb,", "é"][..], &["d"][..])));
        let alternately = |column: usize| if column.is_multiple_of(2) { Side::Face } else { Side::Rest };
        assert!(FaceColumns::of(&names(100), alternately).is_none());
    }
}
