//! Tokens of Python: ranges of the text, nothing is copied.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    Number,
    /// With its prefix and quotes.
    String,
    /// An operator, filled up with zeros.
    Sign([u8; 3]),
    Newline,
    /// The next lines stand deeper than those before.
    Indent,
    /// They do not any more.
    Dedent,
    /// Behind the last token.
    Nothing,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub sort: Sort,
    pub at: u32,
    pub end: u32,
}

/// Lines that stand deeper than this are taken to stand as deep as the others.
const MAX_INDENTS: usize = 1000;

pub(super) fn lex(text: &[u8], at: usize, end: usize) -> Vec<Token> {
    let mut lexer = Lexer::new(text, at, end);
    lexer.run();
    lexer.push(Sort::Newline, lexer.at);
    while lexer.indents.pop().is_some() {
        lexer.push(Sort::Dedent, lexer.at);
    }
    lexer.tokens
}

/// Tokens of an expression in a string.
pub(super) fn lex_hole(text: &[u8], at: usize, end: usize) -> Vec<Token> {
    let mut lexer = Lexer::new(text, at, end);
    lexer.open = 1;
    lexer.line_begins = false;
    lexer.run();
    lexer.tokens
}

pub(super) const fn sign(text: &[u8]) -> Sort {
    match text {
        [a] => Sort::Sign([*a, 0, 0]),
        [a, b] => Sort::Sign([*a, *b, 0]),
        [a, b, c, ..] => Sort::Sign([*a, *b, *c]),
        [] => Sort::Nothing,
    }
}

/// Operators of more than one character, the longer ones first.
const SIGNS: [&[u8]; 25] = [
    b"**=", b"//=", b">>=", b"<<=", b"...", b"**", b"//", b">>", b"<<", b"<=", b">=", b"==", b"!=", b"<>", b"->", b":=", b"+=",
    b"-=", b"*=", b"/=", b"%=", b"&=", b"|=", b"^=", b"@=",
];

struct Lexer<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
    tokens: Vec<Token>,
    /// Widths of the blocks around this line.
    indents: Vec<usize>,
    /// Brackets around this place, within which lines do not count.
    open: u32,
    line_begins: bool,
}

impl<'t> Lexer<'t> {
    fn new(text: &'t [u8], at: usize, end: usize) -> Self {
        let end = end.min(text.len()).min(u32::MAX as usize);
        let at = at.min(end);
        let tokens = Vec::with_capacity((end - at) / 5 + 4);
        Self { text, at, end, tokens, indents: Vec::new(), open: 0, line_begins: true }
    }

    fn run(&mut self) {
        while self.at < self.end {
            let from = self.at;
            if self.line_begins {
                self.line_begins = false;
                self.indentation();
            } else {
                self.token();
                if self.at <= from {
                    self.at = from + 1;
                }
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.text.get(at).copied().unwrap_or(0) } else { 0 }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn push(&mut self, sort: Sort, at: usize) {
        self.tokens.push(Token { sort, at: at as u32, end: self.at as u32 });
    }

    /// Measures the white space that begins a line.
    fn indentation(&mut self) {
        let mut width = 0_usize;
        loop {
            match self.peek(0) {
                b' ' => width += 1,
                b'\t' => width = (width / 8 + 1) * 8,
                0x0c | b'\r' => width = 0,
                _ => break,
            }
            self.at += 1;
        }
        // Empty lines and notes stand anywhere.
        if matches!(self.peek(0), b'\n' | b'#') || self.at >= self.end {
            return;
        }
        if self.open > 0 {
            // A bracket that is never closed would hide the rest of the program.
            if width > 0 || !begins_statement(self.rest()) {
                return;
            }
            self.open = 0;
            self.push(Sort::Newline, self.at);
        }
        if width > self.indents.last().copied().unwrap_or(0) {
            if self.indents.len() < MAX_INDENTS {
                self.indents.push(width);
                self.push(Sort::Indent, self.at);
            }
            return;
        }
        while self.indents.last().is_some_and(|&last| width < last) {
            self.indents.pop();
            self.push(Sort::Dedent, self.at);
        }
    }

    fn token(&mut self) {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\r' | 0x0c | 0 => self.at += 1,
            b'\n' => {
                let at = self.at;
                self.at += 1;
                self.line_begins = true;
                if self.open == 0 && self.tokens.last().is_some_and(|token| token.sort != Sort::Newline) {
                    self.push(Sort::Newline, at);
                }
            }
            b'#' => self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len()),
            b'\\' if matches!(self.peek(1), b'\n') => self.at += 2,
            b'\\' if self.peek(1) == b'\r' && self.peek(2) == b'\n' => self.at += 3,
            b'"' | b'\'' => self.string(0),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() => self.number(),
            _ => self.sign(),
        }
    }

    fn sign(&mut self) {
        let byte = self.peek(0);
        match byte {
            b'(' | b'[' | b'{' => self.open += 1,
            b')' | b']' | b'}' => self.open = self.open.saturating_sub(1),
            _ => {}
        }
        let rest = self.rest();
        let long = match byte {
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b'`' | b'~' => None,
            _ => SIGNS.iter().find(|&&sign| rest.starts_with(sign)),
        };
        let at = self.at;
        let (sort, length) = long.map_or((Sort::Sign([byte, 0, 0]), 1), |text| (sign(text), text.len()));
        self.at += length;
        self.push(sort, at);
    }

    fn word(&mut self) {
        let at = self.at;
        let rest = self.rest();
        let length = rest.iter().position(|&byte| !is_word(byte)).unwrap_or(rest.len()).max(1);
        // `rb"…"`.
        if length <= 3 && matches!(self.peek(length), b'"' | b'\'') {
            let prefix = rest.get(..length).unwrap_or_default();
            if prefix.iter().all(|byte| b"rbufRBUF".contains(byte)) {
                return self.string(length);
            }
        }
        self.at += length;
        self.push(Sort::Word, at);
    }

    fn number(&mut self) {
        let at = self.at;
        if self.peek(0) == b'0' && matches!(self.peek(1) | 0x20, b'x' | b'o' | b'b') {
            self.at += 2;
            while self.peek(0).is_ascii_hexdigit() || self.peek(0) == b'_' {
                self.at += 1;
            }
        } else {
            let mut point = false;
            loop {
                match self.peek(0) {
                    b'0'..=b'9' | b'_' => {}
                    b'.' if !point => point = true,
                    b'e' | b'E' if self.peek(1).is_ascii_digit() => {}
                    b'e' | b'E' if matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit() => self.at += 1,
                    _ => break,
                }
                self.at += 1;
            }
        }
        self.push(Sort::Number, at);
        // Long and imaginary numbers.
        if matches!(self.peek(0), b'L' | b'l' | b'j' | b'J') {
            self.at += 1;
        }
    }

    fn string(&mut self, prefix: usize) {
        let at = self.at;
        let quote = self.peek(prefix);
        let triple = self.peek(prefix + 1) == quote && self.peek(prefix + 2) == quote;
        self.at += prefix + if triple { 3 } else { 1 };
        loop {
            let found = if triple {
                memchr::memchr2(quote, b'\\', self.rest())
            } else {
                memchr::memchr3(quote, b'\\', b'\n', self.rest())
            };
            let Some(found) = found else {
                self.at = self.end;
                break;
            };
            self.at += found;
            match self.peek(0) {
                // Also in raw strings it hides a quote.
                b'\\' => self.at = (self.at + 2).min(self.end),
                b'\n' => break,
                _ if !triple => {
                    self.at += 1;
                    break;
                }
                _ if self.peek(1) == quote && self.peek(2) == quote => {
                    self.at += 3;
                    break;
                }
                _ => self.at += 1,
            }
        }
        self.push(Sort::String, at);
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Whether a line can only be the beginning of a statement.
fn begins_statement(line: &[u8]) -> bool {
    [b"def ".as_slice(), b"class ", b"import ", b"from ", b"if __name__"].iter().any(|word| line.starts_with(word))
}
