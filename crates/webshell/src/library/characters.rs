//! Text by characters, for languages that count these. A long text is indexed once, as a loop asks for one after the other.

use std::cell::RefCell;
use std::rc::Rc;

/// Text as a row of characters. Text that is no UTF-8 has one for each byte.
pub(crate) enum Characters<'a> {
    Bytes(&'a [u8]),
    /// UTF-8; where its characters stand, if it is long.
    Text(&'a [u8], Option<Rc<Index>>),
}

/// Where the characters of a long text stand, so that a loop over them need not count from the beginning each time.
pub(crate) struct Index {
    text: Vec<u8>,
    /// The byte at which each [`STRIDE`]th character begins.
    every: Vec<usize>,
    count: usize,
}

/// So far apart are characters whose places are remembered.
const STRIDE: usize = 32;
/// Shorter texts are counted each time.
const INDEXED: usize = 1 << 10;
/// So many long texts are remembered: a decoder has one or two.
const MAX_INDEXED: usize = 3;

thread_local! {
    static INDEXES: RefCell<Vec<Rc<Index>>> = const { RefCell::new(Vec::new()) };
}

impl Index {
    fn new(text: &[u8]) -> Self {
        let starts = text.iter().enumerate().filter(|(_, byte)| begins(**byte)).map(|(at, _)| at);
        let every: Vec<usize> = starts.step_by(STRIDE).collect();
        Self { text: text.to_vec(), every, count: text.iter().filter(|byte| begins(**byte)).count() }
    }

    /// The index of a text, made if it is none of those last asked for. Comparing texts is far cheaper than counting.
    fn of(text: &[u8]) -> Option<Rc<Self>> {
        INDEXES.with_borrow_mut(|indexes| {
            if let Some(found) = indexes.iter().find(|index| index.text == text) {
                return Some(found.clone());
            }
            std::str::from_utf8(text).ok()?;
            let index = Rc::new(Self::new(text));
            indexes.truncate(MAX_INDEXED - 1);
            indexes.insert(0, index.clone());
            Some(index)
        })
    }
}

/// Whether a byte of UTF-8 begins a character.
fn begins(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

impl<'a> Characters<'a> {
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        if bytes.is_ascii() {
            return Self::Bytes(bytes);
        }
        if bytes.len() >= INDEXED {
            return Index::of(bytes).map_or(Self::Bytes(bytes), |index| Self::Text(bytes, Some(index)));
        }
        if std::str::from_utf8(bytes).is_ok() { Self::Text(bytes, None) } else { Self::Bytes(bytes) }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Text(_, Some(index)) => index.count,
            Self::Text(text, None) => text.iter().filter(|byte| begins(**byte)).count(),
        }
    }

    /// So many characters from a place, as far as there are any.
    pub(crate) fn cut(&self, start: usize, count: usize) -> &'a [u8] {
        let all = match self {
            Self::Bytes(all) | Self::Text(all, _) => all,
        };
        all.get(self.offset(start)..self.offset(start.saturating_add(count))).unwrap_or_default()
    }

    /// Which character stands at a byte.
    pub(crate) fn position(&self, at: usize) -> usize {
        let (text, first, from) = match self {
            Self::Bytes(_) => return at,
            Self::Text(text, Some(index)) => {
                let stride = index.every.partition_point(|start| *start <= at).saturating_sub(1);
                (text, stride * STRIDE, index.every.get(stride).copied().unwrap_or_default())
            }
            Self::Text(text, None) => (text, 0, 0),
        };
        first + text.get(from..at).unwrap_or_default().iter().filter(|byte| begins(**byte)).count()
    }

    /// The byte at which a character stands.
    pub(crate) fn offset(&self, character: usize) -> usize {
        let (text, from, rest) = match self {
            Self::Bytes(bytes) => return character.min(bytes.len()),
            Self::Text(text, Some(index)) => {
                let Some(from) = index.every.get(character / STRIDE) else { return text.len() };
                (text, *from, character % STRIDE)
            }
            Self::Text(text, None) => (text, 0, character),
        };
        let starts = text.iter().enumerate().skip(from).filter(|(_, byte)| begins(**byte));
        starts.map(|(at, _)| at).nth(rest).unwrap_or(text.len())
    }

    /// The number of the first one.
    pub(crate) fn first_code(&self) -> Option<u32> {
        match self {
            Self::Bytes(bytes) => bytes.first().copied().map(u32::from),
            Self::Text(..) => std::str::from_utf8(self.cut(0, 1)).ok()?.chars().next().map(u32::from),
        }
    }

    pub(crate) fn all(&self) -> Vec<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => bytes.chunks(1).collect(),
            Self::Text(text, _) => {
                // A text begins with a beginning, and whatever comes before the next one belongs to it.
                let mut starts = text.iter().enumerate().filter(|(_, byte)| begins(**byte)).map(|(at, _)| at).peekable();
                let mut all = Vec::new();
                while let Some(start) = starts.next() {
                    all.push(text.get(start..starts.peek().copied().unwrap_or(text.len())).unwrap_or_default());
                }
                all
            }
        }
    }

    pub(crate) fn reversed(&self) -> Vec<u8> {
        self.all().into_iter().rev().flatten().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Characters;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        /// Short and long texts of one to four bytes a character, against the standard library.
        #[test]
        fn as_the_standard_library_counts(
            text in "[a-cä\u{4f60}\u{1f600}]{0,40}", times in prop::sample::select(vec![1_usize, 60]), at in 0_usize..2500, count in 0_usize..90,
        ) {
            let text = text.repeat(times);
            let all: Vec<char> = text.chars().collect();
            let characters = Characters::of(text.as_bytes());
            prop_assert_eq!(characters.len(), all.len());
            let cut: String = all.iter().skip(at).take(count).collect();
            prop_assert_eq!(characters.cut(at, count), cut.as_bytes());
            prop_assert_eq!(characters.first_code(), all.first().map(|one| u32::from(*one)));
            let offset = text.char_indices().nth(at).map_or(text.len(), |(offset, _)| offset);
            prop_assert_eq!(characters.offset(at), offset);
            prop_assert_eq!(characters.position(offset), at.min(all.len()));
            let turned: String = all.iter().rev().collect();
            prop_assert_eq!(characters.reversed(), turned.into_bytes());
            prop_assert_eq!(characters.all().len(), all.len());
        }
    }

    #[test]
    fn bytes_that_are_no_text() {
        let bytes = [b"\xe4".repeat(2000), b"a".to_vec()].concat();
        let characters = Characters::of(&bytes);
        assert_eq!((characters.len(), characters.cut(1999, 5)), (2001, &b"\xe4a"[..]));
    }
}
