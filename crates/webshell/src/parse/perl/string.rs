//! Strings and what is interpolated in them.

use super::Parser;
use super::lexer::{self, is_word};
use crate::ir::{Expr, Item, Kind};

/// Strings within holes of strings: each level reads its text once more.
const MAX_HOLES: u8 = 4;

impl<'t> Parser<'t> {
    /// `'…'`.
    pub(super) fn plain_string(&self, range: (u32, u32)) -> Expr {
        let bytes = self.slice(range);
        if memchr::memchr(b'\\', bytes).is_none() {
            return Expr::bytes(range.0, bytes);
        }
        let mut out = Vec::with_capacity(bytes.len());
        let mut bytes = bytes.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match bytes.peek() {
                Some(&next) if byte == b'\\' && matches!(next, b'\\' | b'\'') => {
                    out.push(next);
                    bytes.next();
                }
                _ => out.push(byte),
            }
        }
        Expr::bytes(range.0, &out)
    }

    /// `qw(…)`.
    pub(super) fn words(&self, range: (u32, u32)) -> Expr {
        let words = self.slice(range).split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        Expr::new(range.0, Kind::List(words.map(|word| Item::plain(Expr::bytes(range.0, word))).collect()))
    }

    /// `"…"`; of a `pattern` the backslashes stay.
    pub(super) fn interpolated(&mut self, range: (u32, u32), pattern: bool) -> Expr {
        let at = range.0;
        let bytes = self.slice(range);
        if memchr::memchr3(b'$', b'@', b'\\', bytes).is_none() {
            return Expr::bytes(at, bytes);
        }
        let mut pieces = Vec::new();
        let mut plain = Vec::new();
        let mut index = 0;
        while let Some(&byte) = bytes.get(index) {
            match byte {
                b'\\' if pattern => {
                    plain.push(byte);
                    plain.extend(bytes.get(index + 1));
                    index += 2;
                }
                b'\\' => index += escape(bytes.get(index + 1..).unwrap_or_default(), &mut plain) + 1,
                b'$' | b'@' => {
                    let length = hole_length(bytes.get(index..).unwrap_or_default(), pattern);
                    if length == 0 {
                        plain.push(byte);
                        index += 1;
                        continue;
                    }
                    if !plain.is_empty() {
                        pieces.push(Expr::bytes(at, &plain));
                        plain.clear();
                    }
                    let begin = at as usize + index;
                    pieces.push(self.hole(begin, begin + length));
                    index += length;
                }
                _ => {
                    plain.push(byte);
                    index += 1;
                }
            }
        }
        if pieces.is_empty() {
            return Expr::bytes(at, &plain);
        }
        if !plain.is_empty() {
            pieces.push(Expr::bytes(at, &plain));
        }
        Expr::new(at, Kind::Joined(pieces))
    }

    /// A variable in a string.
    fn hole(&mut self, at: usize, end: usize) -> Expr {
        self.inner(at, end, |parser| parser.postfix())
    }

    /// Reads a part of the text once more, as code.
    pub(super) fn inner(&mut self, at: usize, end: usize, read: impl FnOnce(&mut Parser<'_>) -> Expr) -> Expr {
        if self.holes >= MAX_HOLES || !self.bounds.enter() {
            return Expr::null(at as u32);
        }
        let tokens = lexer::lex(self.text, at, end);
        let mut parser = Parser::new(self.text, &tokens);
        parser.bounds = std::mem::take(&mut self.bounds);
        parser.holes = self.holes + 1;
        parser.in_function = self.in_function;
        let value = read(&mut parser);
        self.bounds = parser.bounds;
        self.bounds.leave();
        value
    }
}

/// Writes what an escape stands for, of which the text behind the backslash is given; says how long it was.
fn escape(rest: &[u8], out: &mut Vec<u8>) -> usize {
    let Some(&byte) = rest.first() else {
        out.push(b'\\');
        return 0;
    };
    let simple = match byte {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'e' => 27,
        b'f' => 12,
        b'x' => {
            let braced = rest.get(1) == Some(&b'{');
            let digits = rest.iter().skip(1 + usize::from(braced)).take(if braced { 8 } else { 2 });
            let digits: Vec<u8> = digits.copied().take_while(u8::is_ascii_hexdigit).collect();
            let code =
                digits.iter().filter_map(|&digit| char::from(digit).to_digit(16)).fold(0_u32, |code, digit| code << 4 | digit);
            push_code(code, out);
            return 1 + digits.len() + 2 * usize::from(braced);
        }
        b'0'..=b'7' => {
            let digits: Vec<u8> = rest.iter().copied().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).collect();
            let code = digits.iter().fold(0_u32, |code, digit| code << 3 | u32::from(digit - b'0'));
            push_code(code, out);
            return digits.len();
        }
        // Case and quoting do not matter here.
        b'U' | b'L' | b'E' | b'Q' | b'u' | b'l' => return 1,
        _ => byte,
    };
    out.push(simple);
    1
}

fn push_code(code: u32, out: &mut Vec<u8>) {
    match (u8::try_from(code), char::from_u32(code)) {
        (Ok(byte), _) => out.push(byte),
        (Err(_), Some(char)) => out.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => {}
    }
}

/// How long a variable is that begins the text; 0 if none does.
fn hole_length(text: &[u8], pattern: bool) -> usize {
    let peek = |index: usize| text.get(index).copied().unwrap_or(0);
    let array = peek(0) == b'@';
    let mut at = 1;
    while peek(at) == b'$' && (is_word(peek(at + 1)) || matches!(peek(at + 1), b'$' | b'{' | b':')) {
        at += 1;
    }
    if peek(at) == b'{' {
        at = balanced(text, at, b'{', b'}');
    } else {
        let begin = at;
        loop {
            if is_word(peek(at)) {
                at += 1;
            } else if peek(at) == b':' && peek(at + 1) == b':' && is_word(peek(at + 2)) {
                at += 2;
            } else {
                break;
            }
        }
        if at == begin {
            // `$&`, `$!`, `$@`, `$$`.
            let special = !array
                && at == 1
                && (matches!(peek(1), b'&' | b'!' | b'@' | b'0') || !pattern && matches!(peek(1), b'$' | b',' | b';'));
            return if special { 2 } else { 0 };
        }
        if array && peek(begin).is_ascii_digit() {
            return 0;
        }
    }
    loop {
        let arrow = if peek(at) == b'-' && peek(at + 1) == b'>' { 2 } else { 0 };
        match peek(at + arrow) {
            b'{' if !pattern || !peek(at + arrow + 1).is_ascii_digit() => at = balanced(text, at + arrow, b'{', b'}'),
            // In a pattern it more often is a class of characters.
            b'[' if matches!(peek(at + arrow + 1), b'$' | b'0'..=b'9') || !pattern && peek(at + arrow + 1) == b'-' => {
                at = balanced(text, at + arrow, b'[', b']');
            }
            _ => return at.min(text.len()),
        }
    }
}

/// Behind the bracket that closes the one at this place.
fn balanced(text: &[u8], from: usize, open: u8, close: u8) -> usize {
    let mut depth = 0_u32;
    for (index, &byte) in text.iter().enumerate().skip(from) {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index + 1;
            }
        }
    }
    text.len()
}
