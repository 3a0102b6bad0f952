//! Pieces of PHP into one list of tokens, in one pass.
//!
//! Strings with interpolation are part of the list (see [`super::template`]), so that no text is read twice however deep strings
//! nest in each other.

use std::ops::Range;

use memchr::{memchr, memchr3};

use super::super::Piece;
use super::token::{T, Token, keyword};
use crate::ir::Offset;

pub(super) fn lex(text: &[u8], pieces: &[Piece]) -> Vec<Token> {
    // Offsets are 32 bits wide.
    let text = text.get(..Offset::MAX as usize).unwrap_or(text);
    let mut lexer =
        Lexer { whole: text, text, pos: 0, tokens: Vec::with_capacity(text.len() / 6 + 16), modes: Vec::new(), halted: false };
    for piece in pieces {
        match piece {
            Piece::Text(range) => lexer.outside(range),
            Piece::Code(range) => lexer.piece(range),
            Piece::Echo(range) => {
                lexer.push(T::Echo, range.start, range.start);
                lexer.piece(range);
            }
        }
    }
    lexer.tokens
}

pub(super) struct Lexer<'t> {
    whole: &'t [u8],
    /// The whole text up to where the lexer may read at the moment: the end of a piece or of a heredoc's body.
    pub text: &'t [u8],
    pub pos: usize,
    tokens: Vec<Token>,
    /// The templates in whose interpolations the lexer is.
    pub modes: Vec<Mode>,
    /// Behind `__halt_compiler` all is data.
    halted: bool,
}

/// A template that is being read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    /// What ends it; none for a heredoc, which ends with the text.
    pub quote: Option<u8>,
    /// Braces that are open in the interpolation.
    pub braces: u32,
    /// Behind a heredoc: where to go on, and the end of the text there.
    pub resume: Option<(usize, usize)>,
}

impl<'t> Lexer<'t> {
    fn outside(&mut self, range: &Range<usize>) {
        let start = range.start.min(self.whole.len());
        let end = range.end.min(self.whole.len());
        if start < end {
            self.push(T::Text, start, end);
        }
    }

    fn piece(&mut self, range: &Range<usize>) {
        if self.halted {
            return self.outside(range);
        }
        self.limit(range.end);
        self.pos = range.start;
        loop {
            self.skip_space();
            if self.pos < self.text.len() {
                self.token();
            } else if self.modes.is_empty() {
                break;
            } else {
                self.push(T::InterpolationEnd, self.pos, self.pos);
                self.close_template();
            }
        }
        self.push(T::Semicolon, self.pos, self.pos);
    }

    pub(super) fn limit(&mut self, end: usize) {
        self.text = self.whole.get(..end).unwrap_or(self.whole);
    }

    pub(super) fn push(&mut self, kind: T, at: usize, end: usize) {
        // The text is cut to 32 bits; a caller's range may lie behind it and then names nothing.
        let offset = |value: usize| Offset::try_from(value).unwrap_or(Offset::MAX);
        self.tokens.push(Token { kind, at: offset(at), end: offset(end) });
    }

    /// The byte so many places ahead; zero behind the end.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.byte(self.pos.saturating_add(ahead))
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.pos..).unwrap_or_default()
    }

    // Control bytes as well: some get into a page with a bad copy, and PHP 4 and 5 ignored them.
    fn skip_space(&mut self) {
        while self.text.get(self.pos).is_some_and(|byte| *byte <= b' ' || *byte == 0x7f) {
            self.pos += 1;
        }
    }

    fn token(&mut self) {
        let (kind, length) = match self.peek(0) {
            b'$' => return self.dollar(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => return self.word(),
            b'0'..=b'9' => return self.number(),
            b'\'' => return self.single(),
            b'"' => return self.double(),
            b'`' => {
                self.push(T::Backtick, self.pos, self.pos + 1);
                self.pos += 1;
                return self.open_template(Mode { quote: Some(b'`'), braces: 0, resume: None });
            }
            b'{' => {
                if let Some(mode) = self.modes.last_mut() {
                    mode.braces = mode.braces.saturating_add(1);
                }
                (T::OpenBrace, 1)
            }
            b'}' => return self.close_brace(),
            b'\\' if is_word_start(self.peek(1)) => return self.word(),
            b'.' if self.peek(1).is_ascii_digit() => return self.number(),
            b'#' if self.is_attribute() => (T::Attribute, 2),
            b'#' => return self.line_comment(),
            b'/' if self.peek(1) == b'/' => return self.line_comment(),
            b'/' if self.peek(1) == b'*' => return self.block_comment(),
            b'?' if self.peek(1) == b'>' => return self.close_tag(),
            b'<' if self.peek(1) == b'?' => return self.open_tag(),
            b'<' if self.peek(1) == b'<' && self.peek(2) == b'<' && self.heredoc() => return,
            b'(' => match self.cast() {
                Some((type_name, end)) => {
                    self.push(T::Cast, type_name.start, type_name.end);
                    self.pos = end;
                    return;
                }
                None => (T::OpenParen, 1),
            },
            byte => match operator(byte, self.peek(1), self.peek(2)) {
                Some(found) => found,
                // A stray byte: nothing that it could mean.
                None => {
                    self.pos += 1;
                    return;
                }
            },
        };
        self.push(kind, self.pos, self.pos + length);
        self.pos += length;
    }

    fn dollar(&mut self) {
        if is_word_start(self.peek(1)) {
            let end = self.word_end(self.pos + 1);
            self.push(T::Variable, self.pos, end);
            self.pos = end;
        } else {
            let start = self.pos;
            self.pos += 1;
            // Space and comments may stand between the sign and the brace.
            let after = self.after_comments();
            if matches!(self.byte(after), b'$' | b'{') {
                self.push(T::Dollar, start, start + 1);
            }
        }
    }

    /// Where the next byte is that is neither space nor in a comment of the long kind.
    fn after_comments(&self) -> usize {
        let mut at = self.pos;
        loop {
            let byte = self.byte(at);
            if byte.is_ascii_whitespace() {
                at += 1;
            } else if byte == b'/' && self.byte(at + 1) == b'*' {
                let rest = self.text.get(at + 2..).unwrap_or_default();
                let Some(end) = memchr::memmem::find(rest, b"*/") else { return at };
                at += end + 4;
            } else {
                return at;
            }
        }
    }

    pub(super) fn word_end(&self, from: usize) -> usize {
        let mut end = from;
        while self.text.get(end).is_some_and(|byte| is_word(*byte)) {
            end += 1;
        }
        end
    }

    fn word(&mut self) {
        let start = self.pos;
        let mut end = self.word_end(start);
        let mut qualified = false;
        while self.byte(end) == b'\\' && is_word_start(self.byte(end + 1)) {
            qualified = true;
            end = self.word_end(end + 1);
        }
        self.pos = end;
        if qualified {
            return self.push(T::Qualified, start, end);
        }
        let word = self.text.get(start..end).unwrap_or_default();
        // `b"…"`, `b<<<X`.
        if word.eq_ignore_ascii_case(b"b") && (matches!(self.peek(0), b'"' | b'\'') || self.rest().starts_with(b"<<<")) {
            return;
        }
        match keyword(word) {
            T::HaltCompiler => self.halt(start, end),
            kind => self.push(kind, start, end),
        }
    }

    fn halt(&mut self, start: usize, end: usize) {
        self.push(T::HaltCompiler, start, end);
        if !self.modes.is_empty() {
            return;
        }
        for bracket in [b'(', b')'] {
            self.skip_space();
            if self.peek(0) != bracket {
                return;
            }
            self.pos += 1;
        }
        self.skip_space();
        self.pos += if self.rest().starts_with(b"?>") { 2 } else { usize::from(self.peek(0) == b';') };
        self.push(T::Semicolon, self.pos, self.pos);
        self.outside(&(self.pos..self.text.len()));
        self.pos = self.text.len();
        self.halted = true;
    }

    fn number(&mut self) {
        let start = self.pos;
        let mut end = start;
        let digits = |lexer: &Self, mut at: usize| {
            while lexer.byte(at).is_ascii_digit() || (lexer.byte(at) == b'_' && lexer.byte(at + 1).is_ascii_digit()) {
                at += 1;
            }
            at
        };
        if self.peek(0) == b'0'
            && matches!(self.peek(1), b'x' | b'X' | b'b' | b'B' | b'o' | b'O')
            && self.peek(2).is_ascii_hexdigit()
        {
            let is_digit: fn(u8) -> bool = match self.peek(1) {
                b'x' | b'X' => |byte| byte.is_ascii_hexdigit(),
                _ => |byte| byte.is_ascii_digit(),
            };
            end += 2;
            while is_digit(self.byte(end)) || (self.byte(end) == b'_' && is_digit(self.byte(end + 1))) {
                end += 1;
            }
        } else {
            end = digits(self, end);
            // `1...$a` would be a spread, which nobody writes; `1 . 'a'` without blanks is a number in PHP too.
            if self.byte(end) == b'.' && !(self.byte(end + 1) == b'.' && self.byte(end + 2) == b'.') {
                end = digits(self, end + 1);
            }
            if matches!(self.byte(end), b'e' | b'E') {
                let sign = usize::from(matches!(self.byte(end + 1), b'+' | b'-'));
                if self.byte(end + 1 + sign).is_ascii_digit() {
                    end = digits(self, end + 1 + sign);
                }
            }
        }
        // Progress, whatever stands there.
        self.pos = end.max(start + 1);
        self.push(T::Number, start, self.pos);
    }

    fn close_brace(&mut self) {
        let at = self.pos;
        self.pos += 1;
        match self.modes.last_mut() {
            Some(Mode { braces: 0, .. }) => {
                self.push(T::InterpolationEnd, at, at + 1);
                self.template();
            }
            Some(mode) => {
                mode.braces -= 1;
                self.push(T::CloseBrace, at, at + 1);
            }
            None => self.push(T::CloseBrace, at, at + 1),
        }
    }

    /// `(int)` and its like: the range of the name and the end.
    fn cast(&self) -> Option<(Range<usize>, usize)> {
        let blanks = |mut at: usize| {
            while matches!(self.byte(at), b' ' | b'\t') {
                at += 1;
            }
            at
        };
        let start = blanks(self.pos + 1);
        if !is_word_start(self.byte(start)) {
            return None;
        }
        let end = self.word_end(start);
        let close = blanks(end);
        if self.byte(close) != b')' || end - start > 7 {
            return None;
        }
        cast_type(self.text.get(start..end)?)?;
        Some((start..end, close + 1))
    }

    // Before PHP 8 `#[` began a comment, and banners look like it: `#[ made by … ]`. So only what reads like an attribute is one.
    fn is_attribute(&self) -> bool {
        let blanks = |mut at: usize| {
            while self.byte(at).is_ascii_whitespace() {
                at += 1;
            }
            at
        };
        if self.peek(1) != b'[' {
            return false;
        }
        let start = blanks(self.pos + 2);
        let mut end = start;
        while is_word(self.byte(end)) || self.byte(end) == b'\\' {
            end += 1;
        }
        let named = is_word_start(self.byte(start)) || self.byte(start) == b'\\';
        named && matches!(self.byte(blanks(end)), b'(' | b',' | b']')
    }

    // A closing tag ends it.
    fn line_comment(&mut self) {
        loop {
            let Some(hit) = memchr3(b'\n', b'\r', b'?', self.rest()) else {
                self.pos = self.text.len();
                return;
            };
            self.pos += hit;
            if self.peek(0) != b'?' || self.peek(1) == b'>' {
                return;
            }
            self.pos += 1;
        }
    }

    fn block_comment(&mut self) {
        self.pos += 2;
        while let Some(hit) = memchr(b'*', self.rest()) {
            self.pos += hit + 1;
            if self.peek(0) == b'/' {
                self.pos += 1;
                return;
            }
        }
        self.pos = self.text.len();
    }

    fn close_tag(&mut self) {
        let at = self.pos;
        self.pos += 2;
        if !self.modes.is_empty() {
            return;
        }
        self.push(T::Semicolon, at, self.pos);
        self.pos += if self.rest().starts_with(b"\r\n") { 2 } else { usize::from(self.peek(0) == b'\n') };
        let start = self.pos;
        loop {
            let Some(hit) = memchr(b'<', self.rest()) else {
                self.pos = self.text.len();
                break;
            };
            self.pos += hit;
            if self.peek(1) == b'?' && !self.rest().get(2..5).is_some_and(|word| word.eq_ignore_ascii_case(b"xml")) {
                break;
            }
            self.pos += 1;
        }
        self.outside(&(start..self.pos));
    }

    // Also in the middle of code, where a second opening tag means nothing.
    fn open_tag(&mut self) {
        let at = self.pos;
        if self.peek(2) == b'=' {
            self.pos += 3;
            self.push(T::Semicolon, at, at);
            self.push(T::Echo, at, self.pos);
        } else {
            let long = self.rest().get(2..5).is_some_and(|word| word.eq_ignore_ascii_case(b"php")) && !is_word(self.peek(5));
            self.pos += if long { 5 } else { 2 };
        }
    }
}

/// The name that a cast's type has in the tree.
pub(super) fn cast_type(word: &[u8]) -> Option<&'static str> {
    let mut lower = [0; 7];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"int" | b"integer" => "int",
        b"bool" | b"boolean" => "bool",
        b"float" | b"double" | b"real" => "float",
        b"string" | b"binary" => "string",
        b"array" => "array",
        b"object" => "object",
        b"unset" => "unset",
        b"void" => "void",
        _ => return None,
    })
}

#[rustfmt::skip]
fn operator(first: u8, second: u8, third: u8) -> Option<(T, usize)> {
    Some(match (first, second, third) {
        (b';', ..) => (T::Semicolon, 1),
        (b',', ..) => (T::Comma, 1),
        (b')', ..) => (T::CloseParen, 1),
        (b'[', ..) => (T::OpenBracket, 1),
        (b']', ..) => (T::CloseBracket, 1),
        (b'(', ..) => (T::OpenParen, 1),
        (b'-', b'>', _) => (T::Arrow, 2),
        (b'=', b'>', _) => (T::FatArrow, 2),
        (b'=', b'=', b'=') => (T::Identical, 3),
        (b'=', b'=', _) => (T::Equal, 2),
        (b'=', ..) => (T::Assign, 1),
        (b'.', b'.', b'.') => (T::Ellipsis, 3),
        (b'.', b'=', _) => (T::DotAssign, 2),
        (b'.', ..) => (T::Dot, 1),
        (b':', b':', _) => (T::DoubleColon, 2),
        (b':', ..) => (T::Colon, 1),
        (b'?', b'-', b'>') => (T::NullArrow, 3),
        (b'?', b'?', b'=') => (T::CoalesceAssign, 3),
        (b'?', b'?', _) => (T::Coalesce, 2),
        (b'?', ..) => (T::Question, 1),
        (b'+', b'+', _) => (T::Increment, 2),
        (b'+', b'=', _) => (T::PlusAssign, 2),
        (b'+', ..) => (T::Plus, 1),
        (b'-', b'-', _) => (T::Decrement, 2),
        (b'-', b'=', _) => (T::MinusAssign, 2),
        (b'-', ..) => (T::Minus, 1),
        (b'*', b'*', b'=') => (T::PowAssign, 3),
        (b'*', b'*', _) => (T::Pow, 2),
        (b'*', b'=', _) => (T::StarAssign, 2),
        (b'*', ..) => (T::Star, 1),
        (b'/', b'=', _) => (T::SlashAssign, 2),
        (b'/', ..) => (T::Slash, 1),
        (b'%', b'=', _) => (T::PercentAssign, 2),
        (b'%', ..) => (T::Percent, 1),
        (b'&', b'&', _) => (T::AmpAmp, 2),
        (b'&', b'=', _) => (T::AmpAssign, 2),
        (b'&', ..) => (T::Amp, 1),
        (b'|', b'|', _) => (T::BarBar, 2),
        (b'|', b'=', _) => (T::BarAssign, 2),
        (b'|', b'>', _) => (T::Pipe, 2),
        (b'|', ..) => (T::Bar, 1),
        (b'^', b'=', _) => (T::CaretAssign, 2),
        (b'^', ..) => (T::Caret, 1),
        (b'~', ..) => (T::Tilde, 1),
        (b'!', b'=', b'=') => (T::NotIdentical, 3),
        (b'!', b'=', _) => (T::NotEqual, 2),
        (b'!', ..) => (T::Not, 1),
        (b'@', ..) => (T::At, 1),
        (b'<', b'=', b'>') => (T::Spaceship, 3),
        (b'<', b'<', b'=') => (T::ShiftLeftAssign, 3),
        (b'<', b'<', _) => (T::ShiftLeft, 2),
        (b'<', b'=', _) => (T::LessEqual, 2),
        (b'<', b'>', _) => (T::NotEqual, 2),
        (b'<', ..) => (T::Less, 1),
        (b'>', b'>', b'=') => (T::ShiftRightAssign, 3),
        (b'>', b'>', _) => (T::ShiftRight, 2),
        (b'>', b'=', _) => (T::GreaterEqual, 2),
        (b'>', ..) => (T::Greater, 1),
        _ => return None,
    })
}

/// Bytes from 0x80 on are letters to PHP.
pub(super) fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit()
}
