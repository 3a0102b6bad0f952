//! Tokens of Perl: ranges of the text, nothing is copied.
//!
//! What a sign means in Perl depends on whether an operand or an operator is expected; the token in front tells.

use super::quote::{Heredoc, Quote};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A name, perhaps with `::`.
    Word,
    /// `$a`; the range is that of the name.
    Scalar,
    /// `@a`.
    Array,
    /// `%a`.
    Hash,
    /// `&a`.
    Function,
    /// `*a`.
    Glob,
    /// `$#a`.
    LastIndex,
    /// A sigil in front of a block or another variable; `#` for `$#`.
    Deref(u8),
    Number,
    /// Anything quoted, by its index in [`Tokens::quotes`].
    Quote(u32),
    /// An operator, filled up with zeros.
    Sign([u8; 3]),
    /// Behind the last token.
    Nothing,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub sort: Sort,
    pub at: u32,
    pub end: u32,
}

#[derive(Debug, Default)]
pub(super) struct Tokens {
    pub tokens: Vec<Token>,
    pub quotes: Vec<Quote>,
}

pub(super) fn lex(text: &[u8], at: usize, end: usize) -> Tokens {
    let end = end.min(text.len()).min(u32::MAX as usize);
    let at = at.min(end);
    let mut lexer = Lexer {
        text,
        at,
        end,
        out: Tokens { tokens: Vec::with_capacity((end - at) / 4 + 4), quotes: Vec::new() },
        new_line: true,
        waiting: Vec::new(),
        lost: 0,
    };
    lexer.run();
    lexer.out
}

pub(super) struct Lexer<'t> {
    pub text: &'t [u8],
    pub at: usize,
    pub end: usize,
    pub out: Tokens,
    /// A line has ended since the last token.
    new_line: bool,
    /// Heredocs whose text begins with the next line.
    pub waiting: Vec<Heredoc>,
    /// Heredocs of which no end was found.
    pub lost: u8,
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
const SIGNS: [&[u8]; 36] = [
    b"<=>", b"**=", b"||=", b"&&=", b"//=", b"...", b"<<=", b">>=", b"=>", b"->", b"=~", b"!~", b"==", b"!=", b"<=", b">=",
    b"++", b"--", b"**", b"||", b"&&", b"//", b"..", b"::", b"<<", b">>", b"+=", b"-=", b"*=", b"/=", b".=", b"%=", b"&=", b"|=",
    b"^=", b"~~",
];

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.end {
            let from = self.at;
            if self.token().is_none() {
                break;
            }
            if self.at <= from {
                self.at = from + 1;
            }
        }
    }

    /// The byte so many places on; 0 behind the end.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        let at = self.at + ahead;
        if at < self.end { self.text.get(at).copied().unwrap_or(0) } else { 0 }
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    pub(super) fn push(&mut self, sort: Sort, at: usize, end: usize) {
        self.new_line = false;
        self.out.tokens.push(Token { sort, at: at as u32, end: end as u32 });
    }

    pub(super) fn last(&self) -> Sort {
        self.out.tokens.last().map_or(Sort::Nothing, |token| token.sort)
    }

    fn last_bytes(&self) -> &[u8] {
        self.out.tokens.last().and_then(|token| self.text.get(token.at as usize..token.end as usize)).unwrap_or_default()
    }

    /// Nothing at the end of the program.
    fn token(&mut self) -> Option<()> {
        let byte = self.peek(0);
        match byte {
            b' ' | b'\t' | b'\r' | 0 | 0x0b | 0x0c => self.at += 1,
            b'\n' => self.newline(),
            b'#' => self.line(),
            b'=' if self.peek(1).is_ascii_alphabetic() && self.line_begins() => self.pod(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => return self.word(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() && self.expects_operand() => self.number(),
            b'$' => self.scalar(),
            b'@' => self.sigil(Sort::Array),
            b'%' if self.sigil_fits() => self.sigil(Sort::Hash),
            b'&' if self.peek(1) != b'&' && self.sigil_fits() => self.sigil(Sort::Function),
            b'*' if self.sigil_fits() => self.sigil(Sort::Glob),
            b'"' | b'\'' | b'`' => self.quoted(),
            b'/' if self.expects_operand() && !self.defaults() => self.pattern(),
            b':' if self.peek(1) == b':' && is_word(self.peek(2)) && self.expects_operand() => return self.word(),
            b'(' if self.at_prototype() => {}
            b'<' if self.peek(1) == b'<' && self.heredoc() => {}
            b'<' if self.expects_operand() && self.angle() => {}
            _ => self.sign(),
        }
        Some(())
    }

    fn line_begins(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.text.get(at)).is_none_or(|&byte| byte == b'\n')
    }

    fn newline(&mut self) {
        self.at += 1;
        self.new_line = true;
        if !self.waiting.is_empty() {
            self.heredoc_bodies();
        }
    }

    /// Skips to the end of the line, without it.
    fn line(&mut self) {
        self.at += memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
    }

    /// Documentation, up to `=cut`.
    fn pod(&mut self) {
        loop {
            let ends = self.rest().starts_with(b"=cut");
            self.line();
            if ends || self.at >= self.end {
                return;
            }
            self.at += 1;
        }
    }

    fn sign(&mut self) {
        let rest = self.rest();
        let byte = self.peek(0);
        // Most signs stand alone.
        let long = match byte {
            b'(' | b')' | b'{' | b'}' | b'[' | b']' | b';' | b',' | b'?' | b'\\' => None,
            _ => SIGNS.iter().find(|&&sign| rest.starts_with(sign)),
        };
        let (sort, length) = long.map_or((Sort::Sign([byte, 0, 0]), 1), |text| (sign(text), text.len()));
        let at = self.at;
        self.at += length;
        self.push(sort, at, self.at);
    }

    /// Whether an operand comes next, judged by the token in front.
    pub(super) fn expects_operand(&self) -> bool {
        match self.last() {
            Sort::Sign([b')' | b']', ..]) => false,
            // After a block a statement begins, mostly on a line of its own; after an index an operator follows.
            Sort::Sign([b'}', ..]) => self.new_line,
            Sort::Sign([b'+', b'+', 0] | [b'-', b'-', 0]) => false,
            Sort::Sign(_) | Sort::Nothing | Sort::Deref(_) => true,
            Sort::Word => !self.is_member() && expects_operand_after(self.last_bytes()),
            _ => false,
        }
    }

    /// `//` on a line of its own behind a brace: an empty pattern is not what is meant.
    fn defaults(&self) -> bool {
        self.peek(1) == b'/' && self.last() == sign(b"}")
    }

    /// Skips a prototype, whose signs would be taken for variables.
    fn at_prototype(&mut self) -> bool {
        let tokens = &self.out.tokens;
        let is_sub = |back: usize| {
            let token = tokens.len().checked_sub(back).and_then(|index| tokens.get(index));
            token.is_some_and(|token| {
                token.sort == Sort::Word && self.text.get(token.at as usize..token.end as usize) == Some(b"sub")
            })
        };
        if !is_sub(1) && !is_sub(2) {
            return false;
        }
        let signs = self.rest().iter().skip(1).take_while(|byte| b"$@%&*;\\[]_+ ".contains(byte)).count();
        if self.peek(signs + 1) != b')' {
            return false;
        }
        self.at += signs + 2;
        true
    }

    /// Whether the last token is the name of a method.
    fn is_member(&self) -> bool {
        let before = self.out.tokens.len().checked_sub(2).and_then(|index| self.out.tokens.get(index));
        before.is_some_and(|token| token.sort == sign(b"->"))
    }

    /// Whether `%`, `&` or `*` belongs to a name.
    fn sigil_fits(&self) -> bool {
        let next = self.peek(1);
        let named = is_word(next) && !next.is_ascii_digit() || matches!(next, b'$' | b'{' | b':');
        if !named {
            return false;
        }
        match self.last() {
            // `keys %h` needs no list of such words: a word, a space and a sign that touches a name.
            Sort::Word => {
                self.expects_operand()
                    || !self.is_member()
                        && self.at.checked_sub(1).and_then(|at| self.text.get(at)).is_some_and(u8::is_ascii_whitespace)
            }
            _ => self.expects_operand(),
        }
    }

    /// How long a name is that begins so many bytes on; it may hold `::`.
    pub(super) fn name_length(&self, ahead: usize) -> usize {
        let mut length = ahead;
        loop {
            let byte = self.peek(length);
            if is_word(byte) {
                length += 1;
            } else if byte == b':' && self.peek(length + 1) == b':' && self.peek(length + 2) != b':' {
                length += 2;
            } else {
                return length - ahead;
            }
        }
    }

    fn word(&mut self) -> Option<()> {
        let at = self.at;
        let mut length = self.name_length(0).max(1);
        let bytes = self.text.get(at..at + length).unwrap_or_default();
        // `"-" x80`.
        if bytes.first() == Some(&b'x') && length > 1 && !self.expects_operand() && bytes.iter().skip(1).all(u8::is_ascii_digit) {
            length = 1;
        }
        if matches!(bytes, b"__END__" | b"__DATA__") {
            return None;
        }
        if length <= 2 && self.quote_like(length) {
            return Some(());
        }
        if bytes == b"format" && self.line_begins() && self.format() {
            return Some(());
        }
        self.at += length;
        self.push(Sort::Word, at, self.at);
        Some(())
    }

    /// `format NAME =`, up to a line with a point only.
    fn format(&mut self) -> bool {
        let rest = self.rest();
        let line = rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default();
        if !line.trim_ascii().ends_with(b"=") {
            return false;
        }
        self.line();
        while self.at < self.end {
            self.at += 1;
            let ends = self.peek(0) == b'.' && matches!(self.peek(1), b'\n' | b'\r' | 0);
            self.line();
            if ends {
                break;
            }
        }
        true
    }

    fn number(&mut self) {
        let at = self.at;
        if self.peek(0) == b'0' && matches!(self.peek(1) | 0x20, b'x' | b'b') {
            self.at += 2;
            while self.peek(0).is_ascii_hexdigit() || self.peek(0) == b'_' {
                self.at += 1;
            }
        } else {
            let mut point = false;
            loop {
                match self.peek(0) {
                    b'0'..=b'9' | b'_' => {}
                    b'.' if !point && self.peek(1).is_ascii_digit() => point = true,
                    b'e' | b'E' if self.peek(1).is_ascii_digit() => {}
                    b'e' | b'E' if matches!(self.peek(1), b'+' | b'-') && self.peek(2).is_ascii_digit() => self.at += 1,
                    _ => break,
                }
                self.at += 1;
            }
        }
        self.push(Sort::Number, at, self.at);
    }

    fn scalar(&mut self) {
        let next = self.peek(1);
        if next == b'#' {
            // `$#a`, `$#{…}`, `$#$a`.
            if matches!(self.peek(2), b'{' | b'$') {
                let at = self.at;
                self.at += 2;
                self.push(Sort::Deref(b'#'), at, self.at);
                return;
            }
            let length = self.name_length(2);
            if length > 0 {
                let at = self.at + 2;
                self.at = at + length;
                self.push(Sort::LastIndex, at, self.at);
                return;
            }
        }
        // `$ {…}`.
        if next == b' ' && self.peek(2) == b'{' {
            let at = self.at;
            self.at += 2;
            self.push(Sort::Deref(b'$'), at, at + 1);
            return;
        }
        if next == b'$' && !(is_word(self.peek(2)) || matches!(self.peek(2), b'$' | b'{' | b':')) {
            let at = self.at + 1;
            self.at += 2;
            self.push(Sort::Scalar, at, self.at);
            return;
        }
        if next == b'^' && self.peek(2).is_ascii_uppercase() {
            let at = self.at + 1;
            self.at += 3;
            self.push(Sort::Scalar, at, self.at);
            return;
        }
        if matches!(
            next,
            b'&' | b'`'
                | b'\''
                | b'+'
                | b'!'
                | b'@'
                | b'/'
                | b'\\'
                | b','
                | b';'
                | b'.'
                | b'<'
                | b'>'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'-'
                | b'|'
                | b'"'
                | b'?'
                | b'~'
                | b'='
                | b'%'
        ) {
            let at = self.at + 1;
            self.at += 2;
            self.push(Sort::Scalar, at, self.at);
            return;
        }
        self.sigil(Sort::Scalar);
    }

    /// A sigil and the name behind it; or a sigil alone, in front of a block or another sigil.
    fn sigil(&mut self, sort: Sort) {
        let at = self.at;
        let byte = self.peek(0);
        let next = self.peek(1);
        if next == b'{' {
            let mut ahead = 2;
            while matches!(self.peek(ahead), b' ' | b'^') {
                ahead += 1;
            }
            let length = self.name_length(ahead);
            let mut close = ahead + length;
            while self.peek(close) == b' ' {
                close += 1;
            }
            if length > 0 && self.peek(close) == b'}' {
                self.at += close + 1;
                self.push(sort, at + ahead, at + ahead + length);
            } else {
                self.at += 1;
                self.push(Sort::Deref(byte), at, self.at);
            }
            return;
        }
        let length = self.name_length(1);
        if length > 0 {
            self.at += 1 + length;
            self.push(sort, at + 1, self.at);
        } else if next == b'$' {
            self.at += 1;
            self.push(Sort::Deref(byte), at, self.at);
        } else {
            self.sign();
        }
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Words behind which `/` begins a pattern and `<` reads a file.
fn expects_operand_after(word: &[u8]) -> bool {
    matches!(
        word,
        b"and"
            | b"or"
            | b"not"
            | b"xor"
            | b"if"
            | b"unless"
            | b"while"
            | b"until"
            | b"foreach"
            | b"for"
            | b"return"
            | b"split"
            | b"grep"
            | b"map"
            | b"join"
            | b"push"
            | b"unshift"
            | b"print"
            | b"x"
            | b"lt"
            | b"gt"
            | b"le"
            | b"ge"
            | b"eq"
            | b"ne"
            | b"cmp"
            | b"chomp"
            | b"chop"
            | b"defined"
            | b"die"
            | b"warn"
            | b"when"
            | b"elsif"
            | b"else"
            | b"do"
            | b"eval"
            | b"printf"
            | b"say"
            | b"lc"
            | b"uc"
            | b"length"
            | b"sort"
            | b"reverse"
            | b"scalar"
            | b"system"
            | b"exec"
    )
}
