//! Numbers and strings.

use super::Parser;
use super::lexer;
use crate::ir::{Expr, Kind, Literal};

/// Interpolated strings within holes of interpolated strings: each level reads its text once more.
const MAX_HOLES: u8 = 4;

impl Parser<'_> {
    pub(super) fn number(&mut self) -> Expr {
        let at = self.offset();
        let literal = number(self.bytes(), self.net);
        self.bump();
        Expr::new(at, Kind::Literal(literal))
    }

    pub(super) fn string(&mut self) -> Expr {
        let at = self.offset();
        let value = Expr::bytes(at, &unquoted(self.bytes()));
        self.bump();
        value
    }

    /// `"a"c`.
    pub(super) fn char(&mut self) -> Expr {
        let at = self.offset();
        let bytes = unquoted(self.bytes());
        let code = String::from_utf8_lossy(&bytes).chars().next().map_or(0, |first| i64::from(u32::from(first)));
        self.bump();
        Expr::new(at, Kind::Cast("char".into(), Box::new(Expr::new(at, Kind::Literal(Literal::Int(code))))))
    }

    pub(super) fn date(&mut self) -> Expr {
        let at = self.offset();
        let bytes = self.bytes();
        let inner = bytes.get(1..bytes.len().saturating_sub(1)).unwrap_or_default();
        self.bump();
        Expr::bytes(at, inner)
    }

    /// `$"text {value:format}"`.
    pub(super) fn interpolated(&mut self) -> Expr {
        let at = self.offset();
        let bytes = self.bytes();
        let base = at as usize;
        self.bump();
        let mut pieces = Vec::new();
        let mut plain = Vec::new();
        let mut index = 2;
        while let Some(&byte) = bytes.get(index) {
            let doubled = bytes.get(index + 1) == Some(&byte);
            match byte {
                b'{' | b'}' | b'"' if doubled => {
                    plain.push(byte);
                    index += 2;
                }
                b'"' => break,
                b'{' => {
                    let end = hole_end(bytes, index + 1);
                    if !plain.is_empty() {
                        pieces.push(Expr::bytes(at, &plain));
                        plain.clear();
                    }
                    pieces.push(self.hole(base + index + 1, base + end));
                    index = end + 1;
                }
                _ => {
                    plain.push(byte);
                    index += 1;
                }
            }
        }
        if !plain.is_empty() || pieces.is_empty() {
            pieces.push(Expr::bytes(at, &plain));
        }
        Expr::new(at, Kind::Joined(pieces))
    }

    /// The expression of a hole. What follows it is about its looks.
    fn hole(&mut self, at: usize, end: usize) -> Expr {
        if self.holes >= MAX_HOLES || !self.bounds.enter() {
            return Expr::null(at as u32);
        }
        let tokens = lexer::lex_hole(self.text, at, end, self.net);
        let mut parser = Parser::new(self.text, &tokens, self.net);
        parser.bounds = std::mem::take(&mut self.bounds);
        parser.with = std::mem::take(&mut self.with);
        parser.hidden = self.hidden;
        parser.holes = self.holes + 1;
        let value = parser.expression();
        self.hidden = parser.hidden;
        self.with = parser.with;
        self.bounds = parser.bounds;
        self.bounds.leave();
        value
    }
}

/// Where the brace is that closes a hole, or the end.
fn hole_end(bytes: &[u8], from: usize) -> usize {
    let mut open = 0_u32;
    let mut quoted = false;
    for (index, &byte) in bytes.iter().enumerate().skip(from) {
        match byte {
            b'"' => quoted = !quoted,
            b'{' if !quoted => open = open.saturating_add(1),
            b'}' if !quoted && open == 0 => return index,
            b'}' if !quoted => open -= 1,
            _ => {}
        }
    }
    bytes.len()
}

/// A string's value: without its quotes, and doubled ones once.
fn unquoted(bytes: &[u8]) -> Vec<u8> {
    let inner = bytes.get(1..).unwrap_or_default();
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        out.extend_from_slice(rest.get(..quote).unwrap_or_default());
        if rest.get(quote + 1) != Some(&b'"') {
            return out;
        }
        out.push(b'"');
        rest = rest.get(quote + 2..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

fn number(bytes: &[u8], net: bool) -> Literal {
    if bytes.first() == Some(&b'&') {
        let (radix, start) = match bytes.get(1).map(|byte| byte | 0x20) {
            Some(b'h') => (16, 2),
            Some(b'o') => (8, 2),
            Some(b'0'..=b'7') => (8, 1),
            _ => (2, 2),
        };
        let digits = bytes.get(start..).unwrap_or_default();
        let value = digits.iter().filter_map(|&digit| char::from(digit).to_digit(radix));
        let value = value.fold(0_u64, |value, digit| value.wrapping_mul(u64::from(radix)).wrapping_add(u64::from(digit)));
        // Hexadecimal numbers are of 16 bits in VBScript, or of 32 if they do not fit.
        let value = match value {
            0x8000..=0xffff if !net && digits.len() <= 4 => i64::from(value as u16 as i16),
            0x8000_0000..=0xffff_ffff => i64::from(value as u32 as i32),
            _ => value as i64,
        };
        return Literal::Int(value);
    }
    let text: String = bytes.iter().filter(|byte| byte.is_ascii() && **byte != b'_').map(|&byte| char::from(byte)).collect();
    match text.parse::<i64>() {
        Ok(value) => Literal::Int(value),
        Err(_) => Literal::Float(text.parse().unwrap_or(0.0)),
    }
}
