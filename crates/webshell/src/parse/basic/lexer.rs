//! Tokens of VBScript and VB.NET: ranges of the text, nothing is copied.

use super::words::{self, Word};
use crate::parse::Piece;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// An identifier or keyword; brackets around it (`[end]`) are not part of its range.
    Word(Word),
    Number,
    /// With its quotes.
    String,
    /// `"a"c`, with its quotes.
    Char,
    /// `$"…"`, with `$` and quotes.
    Interpolated,
    /// `#1/2/2000#`.
    Date,
    /// A single character that is none of the above.
    Sign(u8),
    LessEqual,
    GreaterEqual,
    NotEqual,
    ShiftLeft,
    ShiftRight,
    /// `:=`.
    Names,
    Newline,
    /// Text of the page.
    Page,
    EchoBegin,
    EchoEnd,
    /// Behind the last token.
    Nothing,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub sort: Sort,
    pub at: u32,
    pub end: u32,
}

/// Longest text between two `#` that may be a date.
const MAX_DATE: usize = 40;

/// The longest keyword has fewer bytes.
const MAX_WORD: usize = 16;

pub(super) fn lex(text: &[u8], pieces: &[Piece], net: bool) -> Vec<Token> {
    let text = text.get(..u32::MAX as usize).unwrap_or(text);
    let mut lexer = Lexer { text, at: 0, end: 0, net, echo: false, tokens: Vec::with_capacity(text.len() / 5 + 8) };
    for piece in pieces {
        let (Piece::Text(range) | Piece::Code(range) | Piece::Echo(range)) = piece;
        let end = range.end.min(text.len());
        lexer.at = range.start.min(end);
        lexer.end = end;
        lexer.echo = matches!(piece, Piece::Echo(_));
        lexer.push(Sort::Newline, lexer.at);
        match piece {
            Piece::Text(_) => {
                let from = lexer.at;
                lexer.at = end;
                lexer.push(Sort::Page, from);
            }
            Piece::Code(_) => lexer.run(),
            Piece::Echo(_) => {
                lexer.push(Sort::EchoBegin, lexer.at);
                lexer.run();
                lexer.push(Sort::EchoEnd, lexer.at);
            }
        }
    }
    lexer.tokens
}

/// Tokens of an expression in an interpolated string.
pub(super) fn lex_hole(text: &[u8], at: usize, end: usize, net: bool) -> Vec<Token> {
    let end = end.min(text.len());
    let mut lexer = Lexer { text, at: at.min(end), end, net, echo: true, tokens: Vec::new() };
    lexer.run();
    lexer.tokens
}

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
    net: bool,
    /// Inside of `<%= … %>`, where lines do not count.
    echo: bool,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.end {
            let from = self.at;
            self.token();
            if self.at <= from {
                self.at = from + 1;
            }
        }
    }

    /// The byte so many places on; 0 behind the end of the piece.
    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.text.get(at).copied().unwrap_or(0) } else { 0 }
    }

    fn push(&mut self, sort: Sort, from: usize) {
        self.tokens.push(Token { sort, at: from as u32, end: self.at as u32 });
    }

    fn sign(&mut self, sort: Sort, length: usize) {
        let from = self.at;
        self.at += length;
        self.push(sort, from);
    }

    fn token(&mut self) {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | 0 | 0x0b | 0x0c => self.at += 1,
            b'\r' | b'\n' => self.newline(),
            b'_' => self.underscore(),
            b'a'..=b'z' | b'A'..=b'Z' | 0x80..=0xff => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            b'"' => self.string(),
            b'\'' => self.line(),
            b'&' if matches!(self.peek(1) | 0x20, b'h' | b'o' | b'b') => self.based(),
            b'&' if self.is_bare_octal() => self.bare_octal(),
            b'#' => self.hash(),
            b'[' => self.bracket(),
            b'$' if self.peek(1) == b'"' => self.interpolated(),
            b'<' => match (self.peek(1), self.peek(2)) {
                (b'=', _) => self.sign(Sort::LessEqual, 2),
                (b'>', _) => self.sign(Sort::NotEqual, 2),
                (b'<', _) => self.sign(Sort::ShiftLeft, 2),
                // A script block may be hidden from old browsers.
                (b'!', b'-') => self.line(),
                _ => self.sign(Sort::Sign(b'<'), 1),
            },
            b'>' => match self.peek(1) {
                b'=' => self.sign(Sort::GreaterEqual, 2),
                b'<' => self.sign(Sort::NotEqual, 2),
                b'>' => self.sign(Sort::ShiftRight, 2),
                _ => self.sign(Sort::Sign(b'>'), 1),
            },
            b'=' => match self.peek(1) {
                b'<' => self.sign(Sort::LessEqual, 2),
                b'>' => self.sign(Sort::GreaterEqual, 2),
                _ => self.sign(Sort::Sign(b'='), 1),
            },
            b':' if self.peek(1) == b'=' => self.sign(Sort::Names, 2),
            _ => self.sign(Sort::Sign(byte), 1),
        }
    }

    /// Skips to the end of the line, without it.
    fn line(&mut self) {
        let rest = self.text.get(self.at..self.end).unwrap_or_default();
        self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
    }

    fn newline(&mut self) {
        let from = self.at;
        while matches!(self.peek(0), b'\r' | b'\n' | b' ' | b'\t') {
            self.at += 1;
        }
        let last = self.tokens.last().map_or(Sort::Newline, |token| token.sort);
        if self.echo || last == Sort::Newline {
            return;
        }
        if self.net {
            let goes_on = match last {
                // `?` and `!` end types and names; `>` ends attributes, whose declaration may follow on the next line.
                Sort::Sign(sign) => matches!(
                    sign,
                    b',' | b'(' | b'{' | b'&' | b'+' | b'-' | b'*' | b'/' | b'\\' | b'^' | b'=' | b'<' | b'>' | b'.'
                ),
                Sort::LessEqual | Sort::GreaterEqual | Sort::NotEqual | Sort::ShiftLeft | Sort::ShiftRight | Sort::Names => true,
                Sort::Word(word) => word.goes_on() && !self.member(self.tokens.len().saturating_sub(1)),
                _ => false,
            };
            if goes_on || matches!(self.peek(0), b')' | b'}') {
                return;
            }
        }
        self.push(Sort::Newline, from);
    }

    /// Whether a word is the name of a member, and so no keyword.
    fn member(&self, index: usize) -> bool {
        index.checked_sub(1).and_then(|index| self.tokens.get(index)).is_some_and(|token| token.sort == Sort::Sign(b'.'))
    }

    /// Continues a line, or begins a name.
    fn underscore(&mut self) {
        let mut ahead = 1;
        while matches!(self.peek(ahead), b' ' | b'\t') {
            ahead += 1;
        }
        match self.peek(ahead) {
            b'\r' | b'\n' => {
                self.at += ahead;
                if self.peek(0) == b'\r' && self.peek(1) == b'\n' {
                    self.at += 1;
                }
                self.at += 1;
            }
            b'\'' if self.net => {
                self.line();
                self.at += 1;
            }
            // At the end of a piece it continues nothing.
            0 if self.at + ahead >= self.end => self.at += ahead,
            _ => self.word(),
        }
    }

    fn word(&mut self) {
        let from = self.at;
        let rest = self.text.get(from..self.end).unwrap_or_default();
        let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len()).max(1);
        let bytes = rest.get(..length).unwrap_or_default();
        self.at += length;
        let mut lower = [0; MAX_WORD];
        let word = match lower.get_mut(..length) {
            Some(lower) if !self.tokens.last().is_some_and(|token| token.sort == Sort::Sign(b'.')) => {
                lower.copy_from_slice(bytes);
                lower.make_ascii_lowercase();
                words::find(lower, self.net)
            }
            _ => Word::Plain,
        };
        if word == Word::Rem && self.tokens.last().is_none_or(|token| matches!(token.sort, Sort::Newline | Sort::Sign(b':'))) {
            self.line();
            return;
        }
        self.push(Sort::Word(word), from);
        // Characters that give the type: `s$`, `n%`. `&` would be taken for the operator too often, `!` asks for a member.
        if matches!(self.peek(0), b'$' | b'%' | b'@') || (self.peek(0) == b'#' && !is_word(self.peek(1))) {
            self.at += 1;
        }
    }

    fn number(&mut self) {
        let from = self.at;
        let mut seen_point = false;
        loop {
            match self.peek(0) {
                b'0'..=b'9' => self.at += 1,
                b'.' if !seen_point && self.peek(1).is_ascii_digit() => {
                    seen_point = true;
                    self.at += 1;
                }
                b'e' | b'E' if self.peek(1).is_ascii_digit() => self.at += 2,
                b'e' | b'E' if matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit() => self.at += 3,
                b'_' if self.net && self.peek(1).is_ascii_digit() => self.at += 1,
                _ => break,
            }
        }
        self.push(Sort::Number, from);
        self.suffix();
    }

    /// `&H41`, `&O17`, `&B1`.
    fn based(&mut self) {
        let digits = |byte: u8| byte.is_ascii_hexdigit();
        // `&b` and `&o` more often join a variable.
        let fits = match self.peek(1) | 0x20 {
            b'h' => digits(self.peek(2)),
            b'o' => self.only_digits(b'7'),
            _ => self.net && self.only_digits(b'1'),
        };
        if !fits {
            return self.sign(Sort::Sign(b'&'), 1);
        }
        let from = self.at;
        let mut ahead = 2;
        while digits(self.peek(ahead)) {
            ahead += 1;
        }
        let mut behind = ahead;
        while self.net && matches!(self.peek(behind) | 0x20, b'l' | b's' | b'i' | b'u') {
            behind += 1;
        }
        // `&home` joins a variable, too.
        if is_word(self.peek(behind)) {
            return self.sign(Sort::Sign(b'&'), 1);
        }
        self.at += ahead;
        self.push(Sort::Number, from);
        if self.peek(0) == b'&' && !self.operand_follows() {
            self.at += 1;
        }
        self.suffix();
    }

    /// `&17` is what `&O17` is, where nothing stands in front that it could join.
    fn is_bare_octal(&self) -> bool {
        let last = self.tokens.last().map(|token| token.sort);
        matches!(last, Some(Sort::Sign(b'(' | b',' | b'=' | b'&' | b'+' | b'-'))) && (b'0'..=b'7').contains(&self.peek(1))
    }

    fn bare_octal(&mut self) {
        let from = self.at;
        self.at += 1;
        while (b'0'..=b'7').contains(&self.peek(0)) {
            self.at += 1;
        }
        self.push(Sort::Number, from);
        if self.peek(0) == b'&' && !self.operand_follows() {
            self.at += 1;
        }
    }

    /// Whether only digits up to the given one follow `&O`.
    fn only_digits(&self, highest: u8) -> bool {
        let mut ahead = 2;
        while (b'0'..=highest).contains(&self.peek(ahead)) {
            ahead += 1;
        }
        ahead > 2 && !is_word(self.peek(ahead))
    }

    /// Whether something that can be joined stands behind this `&`; if not, it says that the number is long.
    fn operand_follows(&self) -> bool {
        let mut ahead = 1;
        while matches!(self.peek(ahead), b' ' | b'\t') {
            ahead += 1;
        }
        ahead == 1 && (is_word(self.peek(ahead)) || matches!(self.peek(ahead), b'"' | b'('))
    }

    /// What gives a number its type.
    fn suffix(&mut self) {
        if self.net {
            while matches!(
                self.peek(0),
                b'L' | b'S' | b'I' | b'U' | b'D' | b'F' | b'R' | b'l' | b's' | b'i' | b'u' | b'd' | b'f' | b'r'
            ) {
                self.at += 1;
            }
        }
        if matches!(self.peek(0), b'%' | b'@' | b'!') || (self.peek(0) == b'#' && !is_word(self.peek(1))) {
            self.at += 1;
        }
    }

    /// A string ends with its line, if nothing else ends it; VB.NET's may go on.
    fn string(&mut self) {
        let from = self.at;
        self.at += 1;
        self.string_end();
        if self.net && matches!(self.peek(0), b'c' | b'C') && !is_word(self.peek(1)) {
            let sort = Sort::Char;
            self.push(sort, from);
            self.at += 1;
            return;
        }
        self.push(Sort::String, from);
    }

    fn string_end(&mut self) {
        loop {
            let rest = self.text.get(self.at..self.end).unwrap_or_default();
            let Some(found) = memchr::memchr3(b'"', b'\n', b'\r', rest) else {
                self.at = self.end;
                return;
            };
            self.at += found;
            if self.peek(0) != b'"' {
                return;
            }
            self.at += 1;
            if self.peek(0) != b'"' {
                return;
            }
            self.at += 1;
        }
    }

    fn interpolated(&mut self) {
        let from = self.at;
        self.at += 2;
        let mut open = 0_u32;
        loop {
            let rest = self.text.get(self.at..self.end).unwrap_or_default();
            let Some(found) = rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'\n')) else {
                self.at = self.end;
                break;
            };
            self.at += found;
            match self.peek(0) {
                b'{' if open == 0 && self.peek(1) == b'{' => self.at += 1,
                b'{' => open = open.saturating_add(1),
                b'}' => open = open.saturating_sub(1),
                b'"' if self.peek(1) == b'"' => self.at += 1,
                b'"' if open > 0 => {
                    self.at += 1;
                    self.string_end();
                    continue;
                }
                _ => {
                    self.at += usize::from(self.peek(0) == b'"');
                    break;
                }
            }
            self.at += 1;
        }
        self.push(Sort::Interpolated, from);
    }

    /// A date, or a line for the compiler.
    fn hash(&mut self) {
        let first = self.tokens.last().is_none_or(|token| token.sort == Sort::Newline);
        if first && self.net {
            return self.line();
        }
        let rest = self.text.get(self.at + 1..self.end).unwrap_or_default();
        let rest = rest.get(..MAX_DATE).unwrap_or(rest);
        match memchr::memchr3(b'#', b'\n', b'"', rest) {
            Some(length) if rest.get(length) == Some(&b'#') => self.sign(Sort::Date, length + 2),
            _ => self.sign(Sort::Sign(b'#'), 1),
        }
    }

    /// `[name]`.
    fn bracket(&mut self) {
        let from = self.at + 1;
        let mut ahead = 1;
        while is_word(self.peek(ahead)) {
            ahead += 1;
        }
        if ahead == 1 || self.peek(ahead) != b']' {
            return self.sign(Sort::Sign(b'['), 1);
        }
        self.at += ahead;
        self.push(Sort::Word(Word::Plain), from);
        self.at += 1;
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
