//! Rows of values between separators, cut where they stand, and which of these values are a row's face.

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

/// Pushes the positions of a byte. Values are so short that a search which starts anew behind each takes thrice as long.
fn find(byte: u8, row: &[u8], found: &mut Vec<usize>) {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    let (words, tail) = row.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let other = u64::from_le_bytes(*word) ^ u64::from_ne_bytes([byte; 8]);
        // The upper bit of each byte that has become 0.
        let mut hits = !(((other & LOW) + LOW) | other | LOW);
        while hits != 0 {
            found.push(number * 8 + (hits.trailing_zeros() / 8) as usize);
            hits &= hits - 1;
        }
    }
    let from = row.len() - tail.len();
    found.extend(tail.iter().enumerate().filter(|(_, own)| **own == byte).map(|(at, _)| from + at));
}

/// Which values are a row's face (see [`Glance::face`](afterpatch_model::Glance::face)), under one list of columns.
pub(crate) struct FaceColumns {
    /// The number of the list of columns: the same text under another list is another face.
    number: String,
    /// First and last columns of the runs that belong to it.
    face: Vec<(usize, usize)>,
    /// The same of those that do not.
    rest: Vec<(usize, usize)>,
}

impl FaceColumns {
    /// Faces in more pieces are not looked at.
    const MOST: usize = 15;

    /// Of the list of columns with this number, which has `count` of them.
    pub(crate) fn of(number: u32, count: usize, is_of_face: impl Fn(usize) -> bool) -> Option<Self> {
        let (face, rest): (Vec<usize>, Vec<usize>) = (0..count).partition(|column| is_of_face(*column));
        let (face, rest) = (runs_of(&face), runs_of(&rest));
        (face.len() < Self::MOST && rest.len() <= Self::MOST).then(|| Self { number: number.to_string(), face, rest })
    }

    /// Calls `look` with the parts of a row that are its face, and with the others.
    pub(crate) fn with<R>(&self, row: CutRow<'_, '_>, look: impl FnOnce(&[&str], &[&str]) -> R) -> R {
        let text = |run: &(usize, usize)| row.run(*run).unwrap_or_default();
        let (mut face, mut rest) = ([""; Self::MOST], [""; Self::MOST]);
        for (part, of) in face.iter_mut().zip(std::iter::once(&*self.number).chain(self.face.iter().map(text))) {
            *part = of;
        }
        for (part, of) in rest.iter_mut().zip(self.rest.iter().map(text)) {
            *part = of;
        }
        look(face.get(..=self.face.len()).unwrap_or_default(), rest.get(..self.rest.len()).unwrap_or_default())
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
            row in prop::collection::vec(prop_oneof![Just(b' '), Just(b'!'), Just(0xa0), Just(0), any::<u8>()], 0..80),
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
        let columns = FaceColumns::of(7, 5, |column| [1, 2, 4].contains(&column)).unwrap();
        columns.with(row, |face, rest| assert_eq!((face, rest), (&["7", "bb,", "é"][..], &["a", "d"][..])));
        assert!(FaceColumns::of(0, 100, |column| column % 2 == 0).is_none());
    }
}
