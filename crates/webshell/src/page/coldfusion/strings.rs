//! Strings with `#expressions#` in them, in quotes, in attributes and in the text of `<cfoutput>`.

use std::ops::Range;

use super::cursor::Cursor;
use crate::ir::{Expr, Kind, Offset};

impl Cursor<'_> {
    /// The string that begins with the quote here; a doubled quote is one.
    pub(super) fn string(&mut self) -> Option<Expr> {
        let at = self.offset();
        let quote = self.peek()?;
        let start = self.at + 1;
        let end = self.end_of_string(start, quote);
        let joined = self.text_with_expressions(start..end, Some(quote));
        self.at = (end + 1).min(self.end);
        Some(from_parts(at, joined))
    }

    /// The place of the closing quote. Quotes in `#…#` belong to the expression.
    pub(super) fn end_of_string(&self, start: usize, quote: u8) -> usize {
        let mut at = start;
        while let Some(found) = self.text.get(at..self.end).and_then(|rest| memchr::memchr2(quote, b'#', rest)) {
            at += found;
            if self.text.get(at) == Some(&b'#') {
                at = self.end_of_expression(at).map_or(at + 1, |end| end + 1);
            } else if self.text.get(at + 1) == Some(&quote) && at + 1 < self.end {
                at += 2;
            } else {
                return at;
            }
        }
        self.end
    }

    /// The place of the `#` that closes the one here. `##` is a sign, not an expression.
    fn end_of_expression(&self, hash: usize) -> Option<usize> {
        let text = self.text.get(hash + 1..self.end)?;
        // Real expressions are short; a page full of lone signs is not searched for each.
        let text = text.get(..2048).unwrap_or(text);
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'#' => return (at > 0).then_some(hash + 1 + at),
                b'"' | b'\'' => {
                    let inside = text.get(at + 1..)?;
                    at += memchr::memchr(byte, inside)? + 2;
                }
                b'<' | b'\n' if text.get(at + 1) == Some(&b'<') => return None,
                _ => at += 1,
            }
        }
        None
    }

    /// Literals and expressions of a text. In a string, doubled quotes are single.
    pub(super) fn text_with_expressions(&mut self, range: Range<usize>, quote: Option<u8>) -> Vec<Expr> {
        let mut parts = Vec::new();
        let mut literal = Vec::new();
        let mut literal_at = range.start;
        let mut at = range.start;
        let text = self.text;
        let outer = (self.at, self.end);
        self.end = range.end.min(text.len());
        while let Some(&byte) = text.get(at).filter(|_| at < range.end) {
            if byte == b'#' && text.get(at + 1) == Some(&b'#') && at + 1 < range.end {
                literal.push(b'#');
                at += 2;
                continue;
            }
            if quote == Some(byte) && text.get(at + 1) == Some(&byte) {
                literal.push(byte);
                at += 2;
                continue;
            }
            let end = if byte == b'#' { self.end_of_expression(at) } else { None };
            let Some(end) = end else {
                let rest = text.get(at..range.end).unwrap_or_default();
                // Plain text is copied in one go.
                let plain = rest
                    .iter()
                    .skip(1)
                    .position(|byte| *byte == b'#' || quote == Some(*byte))
                    .map_or(rest.len(), |next| next + 1);
                literal.extend_from_slice(rest.get(..plain).unwrap_or_default());
                at += plain.max(1);
                continue;
            };
            if !literal.is_empty() {
                parts.push(Expr::bytes(offset(literal_at), &literal));
                literal.clear();
            }
            let mut inside = self.inside(at + 1..end);
            let expression = inside.deeper(Cursor::expression);
            parts.push(expression.unwrap_or_else(|| Expr::bytes(offset(at), text.get(at..=end).unwrap_or_default())));
            at = end + 1;
            literal_at = at;
        }
        if !literal.is_empty() {
            parts.push(Expr::bytes(offset(literal_at), &literal));
        }
        (self.at, self.end) = outer;
        parts
    }
}

/// One part stands for itself, none is an empty string.
pub(super) fn from_parts(at: Offset, mut parts: Vec<Expr>) -> Expr {
    match parts.len() {
        0 => Expr::bytes(at, b""),
        1 => parts.pop().unwrap_or_else(|| Expr::bytes(at, b"")),
        _ => Expr::new(at, Kind::Joined(parts)),
    }
}

pub(super) fn offset(at: usize) -> Offset {
    Offset::try_from(at).unwrap_or(Offset::MAX)
}
