//! A place in the text, and the words and signs there.

use std::ops::Range;

use crate::ir::Offset;
use crate::parse::MAX_DEPTH;

pub(super) struct Cursor<'t> {
    pub text: &'t [u8],
    pub at: usize,
    pub end: usize,
    pub depth: usize,
    /// Tags whose text is read twice, around this place.
    pub texts: usize,
    /// A quote or tag here never ended: quotes no longer hide the ends of tags, so that they are not searched again and again.
    pub is_broken: bool,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t [u8], range: Range<usize>) -> Self {
        let end = range.end.min(text.len());
        Self { text, at: range.start.min(end), end, depth: 0, texts: 0, is_broken: false }
    }

    /// The same text, another part of it, as deep as this.
    pub(super) fn inside(&self, range: Range<usize>) -> Self {
        let end = range.end.min(self.text.len());
        Self { at: range.start.min(end), end, ..*self }
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    pub(super) fn nth(&self, ahead: usize) -> Option<u8> {
        self.rest().get(ahead).copied()
    }

    pub(super) fn offset(&self) -> Offset {
        Offset::try_from(self.at).unwrap_or(Offset::MAX)
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// Over space and comments.
    pub(super) fn space(&mut self) {
        loop {
            let rest = self.rest();
            let length = match rest {
                [byte, ..] if byte.is_ascii_whitespace() || *byte == 0xA0 => 1,
                [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
                [b'<', b'!', b'-', b'-', b'-', ..] => comment_length(rest),
                _ => return,
            };
            self.at += length;
        }
    }

    /// Takes these signs, if they come next.
    pub(super) fn take(&mut self, signs: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(signs.as_bytes());
        if found {
            self.at += signs.len();
        }
        found
    }

    /// The word that comes next, in lower case, without taking it.
    pub(super) fn word(&mut self) -> Option<String> {
        self.space();
        let rest = self.rest();
        if rest.first().is_none_or(|byte| !is_letter(*byte)) {
            return None;
        }
        let end = rest.iter().position(|byte| !is_letter(*byte) && !byte.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end).map(crate::page::tag::lower)
    }

    pub(super) fn take_any_word(&mut self) -> Option<String> {
        let word = self.word()?;
        // Bytes that are no UTF-8 make the word longer than they are.
        let rest = self.rest();
        self.at += rest.iter().position(|byte| !is_letter(*byte) && !byte.is_ascii_digit()).unwrap_or(rest.len());
        Some(word)
    }

    pub(super) fn take_word(&mut self, wanted: &str) -> bool {
        let found = self.word().is_some_and(|word| word == wanted);
        if found {
            self.at += wanted.len();
        }
        found
    }

    /// One level deeper, or `None` where it is too deep.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

/// Comments of ColdFusion nest.
pub(super) fn comment_length(text: &[u8]) -> usize {
    let mut depth = 0_u32;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'-', rest)) {
        let dash = at + found;
        let before = dash.checked_sub(2).and_then(|start| text.get(start..dash));
        let dashes = text.get(dash..).unwrap_or_default();
        if before == Some(b"<!") && dashes.starts_with(b"---") {
            depth += 1;
            at = dash + 3;
        } else if dashes.starts_with(b"--->") {
            at = dash + 4;
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return at;
            }
        } else {
            at = dash + 1;
        }
    }
    text.len()
}
