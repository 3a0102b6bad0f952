//! Strings and what is interpolated in them.

use super::Parser;
use super::lexer;
use crate::ir::{Expr, Kind};

/// Strings within holes of strings: each level reads its text once more.
const MAX_HOLES: u8 = 4;

impl Parser<'_> {
    /// One string, as a piece of those that stand side by side.
    pub(super) fn string_piece(&mut self, pieces: &mut Vec<Expr>) {
        let at = self.offset();
        let bytes = self.bytes();
        self.bump();
        let prefix = bytes.iter().position(|byte| matches!(byte, b'"' | b'\'')).unwrap_or(0);
        let flags = bytes.get(..prefix).unwrap_or_default();
        let has = |flag: u8| flags.iter().any(|byte| byte | 0x20 == flag);
        let rest = bytes.get(prefix..).unwrap_or_default();
        let quote = rest.get(..1).unwrap_or_default();
        let triple = rest.len() >= 3 && rest.get(..3).is_some_and(|three| three.iter().all(|byte| quote.contains(byte)));
        let quotes = if triple { 3 } else { 1 };
        let mut inner = rest.get(quotes..).unwrap_or_default();
        // A string that was cut off has no quotes at its end.
        if let Some(closed) = inner.len().checked_sub(quotes).and_then(|length| inner.split_at_checked(length))
            && closed.1.iter().all(|byte| quote.contains(byte))
        {
            inner = closed.0;
        }
        let begin = at as usize + prefix + quotes;
        if has(b'f') {
            return self.interpolated(at, begin, inner, has(b'r'), pieces);
        }
        if has(b'r') || memchr::memchr(b'\\', inner).is_none() {
            return pieces.push(Expr::bytes(at, inner));
        }
        let mut out = Vec::with_capacity(inner.len());
        let mut rest = inner;
        while let Some(found) = memchr::memchr(b'\\', rest) {
            out.extend_from_slice(rest.get(..found).unwrap_or_default());
            rest = rest.get(found + 1..).unwrap_or_default();
            let length = escape(rest, has(b'b'), &mut out);
            rest = rest.get(length..).unwrap_or_default();
        }
        out.extend_from_slice(rest);
        pieces.push(Expr::bytes(at, &out));
    }

    /// `f"…{a!r:>3}…"`.
    fn interpolated(&mut self, at: u32, begin: usize, bytes: &[u8], raw: bool, pieces: &mut Vec<Expr>) {
        let mut plain = Vec::new();
        let mut index = 0;
        while let Some(&byte) = bytes.get(index) {
            match byte {
                b'{' | b'}' if bytes.get(index + 1) == Some(&byte) => {
                    plain.push(byte);
                    index += 2;
                }
                b'{' => {
                    let end = hole_end(bytes, index + 1);
                    if !plain.is_empty() {
                        pieces.push(Expr::bytes(at, &plain));
                        plain.clear();
                    }
                    let value = self.hole(begin + index + 1, begin + end);
                    pieces.push(value);
                    index = end + 1;
                }
                b'\\' if !raw => index += 1 + escape(bytes.get(index + 1..).unwrap_or_default(), false, &mut plain),
                _ => {
                    plain.push(byte);
                    index += 1;
                }
            }
        }
        if !plain.is_empty() || pieces.is_empty() {
            pieces.push(Expr::bytes(at, &plain));
        }
    }

    /// The expression of a hole. What follows it is about its looks.
    fn hole(&mut self, at: usize, end: usize) -> Expr {
        if self.holes >= MAX_HOLES || !self.bounds.enter() {
            return Expr::null(at as u32);
        }
        let tokens = lexer::lex_hole(self.text, at, end);
        let mut parser = Parser::new(self.text, &tokens);
        parser.bounds = std::mem::take(&mut self.bounds);
        parser.holes = self.holes + 1;
        parser.made = self.made;
        let value = parser.expression();
        self.made = parser.made;
        self.bounds = parser.bounds;
        self.bounds.leave();
        value
    }
}

/// Several pieces as one string.
pub(super) fn joined(at: u32, mut pieces: Vec<Expr>) -> Expr {
    match pieces.pop() {
        Some(only) if pieces.is_empty() && matches!(only.kind, Kind::Literal(_)) => only,
        last => {
            pieces.extend(last);
            Expr::new(at, Kind::Joined(pieces))
        }
    }
}

/// Where the brace is that closes a hole, or the end.
fn hole_end(bytes: &[u8], from: usize) -> usize {
    let mut open = 0_u32;
    let mut quoted = None;
    for (index, &byte) in bytes.iter().enumerate().skip(from) {
        match (quoted, byte) {
            (Some(quote), _) if byte == quote => quoted = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quoted = Some(byte),
            (None, b'{' | b'[' | b'(') => open = open.saturating_add(1),
            (None, b'}') if open == 0 => return index,
            (None, b'}' | b']' | b')') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    bytes.len()
}

/// Writes what an escape stands for, of which the text behind the backslash is given; says how long it was.
fn escape(rest: &[u8], bytes: bool, out: &mut Vec<u8>) -> usize {
    let Some(&byte) = rest.first() else {
        out.push(b'\\');
        return 0;
    };
    let simple = match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'\\' | b'\'' | b'"' => byte,
        b'\n' => return 1,
        b'\r' => return if rest.get(1) == Some(&b'\n') { 2 } else { 1 },
        b'x' => return 1 + digits(rest, 2, 16, out),
        b'u' if !bytes => return 1 + digits(rest, 4, 16, out),
        b'U' if !bytes => return 1 + digits(rest, 8, 16, out),
        b'0'..=b'7' => {
            let digits = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte));
            let (length, code) =
                digits.fold((0, 0_u32), |(length, code), digit| (length + 1, code << 3 | u32::from(digit - b'0')));
            push_code(code, out);
            return length;
        }
        _ => {
            out.push(b'\\');
            byte
        }
    };
    out.push(simple);
    1
}

fn digits(rest: &[u8], most: usize, radix: u32, out: &mut Vec<u8>) -> usize {
    let digits = rest.iter().skip(1).take(most).map_while(|&byte| char::from(byte).to_digit(radix));
    let (length, code) = digits.fold((0, 0_u32), |(length, code), digit| (length + 1, code.wrapping_mul(radix) + digit));
    push_code(code, out);
    length
}

/// One byte where one is enough, as Python 2 and `bytes` have it.
fn push_code(code: u32, out: &mut Vec<u8>) {
    match (u8::try_from(code), char::from_u32(code)) {
        (Ok(byte), _) => out.push(byte),
        (Err(_), Some(char)) => out.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {}
    }
}
