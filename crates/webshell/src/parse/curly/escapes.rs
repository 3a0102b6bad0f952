//! Java's unicode escapes, which may stand for any character of the source, also for quotes and brackets.

use std::borrow::Cow;
use std::ops::Range;

use super::literal::{hex_value, push_unit};
use crate::parse::Piece;

/// A source whose escapes are decoded, and the way back to the text that was given.
pub(super) struct Decoded<'a> {
    pub source: Cow<'a, [u8]>,
    pub pieces: Cow<'a, [Piece]>,
    /// Offsets in `source` from which on a byte stands at another place of the text, and that place.
    pub moved: Vec<(usize, usize)>,
}

impl<'a> Decoded<'a> {
    pub(super) fn unchanged(text: &'a [u8], pieces: &'a [Piece]) -> Self {
        Self { source: Cow::Borrowed(text), pieces: Cow::Borrowed(pieces), moved: Vec::new() }
    }

    pub(super) fn java(text: &'a [u8], pieces: &'a [Piece]) -> Self {
        if memchr::memmem::find(text, b"\\u").is_none() {
            return Self::unchanged(text, pieces);
        }
        let mut source = Vec::with_capacity(text.len());
        let mut moved = Vec::new();
        let mut decoded = Vec::with_capacity(pieces.len());
        for piece in pieces {
            decoded.push(match piece {
                // Its length is all that is asked of a text.
                Piece::Text(range) => Piece::Text(range.clone()),
                Piece::Code(range) => Piece::Code(decode(text, range, &mut source, &mut moved)),
                Piece::Echo(range) => Piece::Echo(decode(text, range, &mut source, &mut moved)),
            });
        }
        Self { source: Cow::Owned(source), pieces: Cow::Owned(decoded), moved }
    }
}

fn decode(text: &[u8], range: &Range<usize>, source: &mut Vec<u8>, moved: &mut Vec<(usize, usize)>) -> Range<usize> {
    let start = source.len();
    let mut rest = text.get(range.clone()).unwrap_or_default();
    let mut offset = range.start;
    moved.push((start, offset));
    while let Some(plain) = memchr::memchr(b'\\', rest) {
        source.extend_from_slice(rest.get(..plain).unwrap_or_default());
        rest = rest.get(plain..).unwrap_or_default();
        offset += plain;
        // A backslash that is itself escaped starts nothing.
        let (unit, length) = match unicode_escape(rest) {
            Some((high, length)) => with_low_surrogate(high, length, rest),
            None => {
                let length = if rest.get(1) == Some(&b'\\') { 2 } else { 1 };
                source.extend_from_slice(rest.get(..length).unwrap_or_default());
                rest = rest.get(length..).unwrap_or_default();
                offset += length;
                continue;
            }
        };
        push_unit(source, unit);
        rest = rest.get(length..).unwrap_or_default();
        offset += length;
        moved.push((source.len(), offset));
    }
    source.extend_from_slice(rest);
    start..source.len()
}

/// The code unit of `\uXXXX` (any number of `u`) at the start of `text`, and its length.
fn unicode_escape(text: &[u8]) -> Option<(u32, usize)> {
    let mut rest = text.strip_prefix(b"\\u")?;
    while let Some(shorter) = rest.strip_prefix(b"u") {
        rest = shorter;
    }
    let mut unit = 0;
    for digit in rest.get(..4)? {
        unit = unit * 16 + hex_value(*digit)?;
    }
    Some((unit, text.len() - rest.len() + 4))
}

fn with_low_surrogate(high: u32, length: usize, text: &[u8]) -> (u32, usize) {
    if (0xd800..0xdc00).contains(&high)
        && let Some((low @ 0xdc00..0xe000, more)) = text.get(length..).and_then(unicode_escape)
    {
        return (0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), length + more);
    }
    (high, length)
}
