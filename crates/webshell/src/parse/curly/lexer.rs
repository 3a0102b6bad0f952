//! From bytes to tokens. All pieces of a page become one row of tokens; text between them is kept beside it.

use std::ops::Range;

use super::escapes::Decoded;
use super::sign::operator;
use super::token::{T, Token, keyword, mask};
use crate::language::Language;
use crate::parse::Piece;

/// The tokens of a page.
#[derive(Default)]
pub(super) struct Tokens {
    pub list: Vec<Token>,
    /// Text outside of code: in front of which token, and how many bytes.
    pub texts: Vec<(usize, u32)>,
}

pub(super) fn lex(language: Language, decoded: &Decoded) -> Tokens {
    let source: &[u8] = &decoded.source;
    let mut lexer = Lexer {
        source,
        pos: 0,
        end: 0,
        language,
        mask: mask(language),
        list: Vec::with_capacity(source.len() / 5),
        line: true,
        templates: Vec::new(),
        controls: Vec::new(),
        after_control: false,
        regex_budget: 4 * source.len(),
        moved: &decoded.moved,
        shift: None,
    };
    let mut texts = Vec::new();
    for piece in decoded.pieces.iter() {
        match piece {
            Piece::Text(range) => texts.push((lexer.list.len(), small(range.len()))),
            Piece::Code(range) => lexer.piece(range),
            Piece::Echo(range) => {
                let open = lexer.list.len();
                lexer.pos = range.start;
                lexer.push(T::EchoStart, range.start, range.start);
                lexer.piece(range);
                let close = small(lexer.list.len());
                lexer.push(T::EchoEnd, range.end, range.end);
                if let Some(token) = lexer.list.get_mut(open) {
                    token.mate = close;
                }
            }
        }
    }
    let mut list = lexer.list;
    pair(&mut list);
    Tokens { list, texts }
}

pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Finds the closing bracket of each opening one. A brace closes what was left open inside of it; another bracket that does not
/// fit is passed over.
fn pair(list: &mut [Token]) {
    let mut open: Vec<(usize, T)> = Vec::new();
    let mut braces = 0usize;
    for index in 0..list.len() {
        let Some(kind) = list.get(index).map(|token| token.kind) else { break };
        let wanted = match kind {
            T::LParen | T::LBracket => {
                open.push((index, kind));
                continue;
            }
            T::LBrace => {
                braces += 1;
                open.push((index, kind));
                continue;
            }
            T::RParen => T::LParen,
            T::RBracket => T::LBracket,
            T::RBrace => T::LBrace,
            _ => continue,
        };
        if wanted == T::LBrace && braces > 0 {
            while open.last().is_some_and(|(_, kind)| *kind != T::LBrace) {
                open.pop();
            }
            braces -= 1;
        }
        if let Some((opener, kind)) = open.last().copied()
            && kind == wanted
        {
            open.pop();
            if let Some(token) = list.get_mut(opener) {
                token.mate = small(index);
            }
        }
    }
}

pub(super) struct Lexer<'a> {
    pub(super) source: &'a [u8],
    pub(super) pos: usize,
    pub(super) end: usize,
    pub(super) language: Language,
    mask: u8,
    list: Vec<Token>,
    line: bool,
    /// Strings with holes that are open, innermost last.
    pub(super) templates: Vec<Template>,
    /// For each open parenthesis whether it belongs to `if`, `while`, `for` or `with`: a slash behind it starts a regex.
    controls: Vec<bool>,
    after_control: bool,
    /// Bytes that may still be looked at in vain for the end of a regex, so that time stays linear.
    regex_budget: usize,
    moved: &'a [(usize, usize)],
    /// The entry of `moved` that holds for the latest token.
    shift: Option<(usize, usize)>,
}

/// A string with holes.
#[derive(Clone, Copy)]
pub(super) struct Template {
    pub chunk: T,
    /// How many quotes end it (a backtick is 0).
    pub quotes: usize,
    /// How many braces start a hole.
    pub braces: usize,
    /// Brackets that are open inside the hole.
    pub depth: u32,
}

impl Lexer<'_> {
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        let at = self.pos + ahead;
        if at < self.end { self.source.get(at).copied().unwrap_or(0) } else { 0 }
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.source.get(self.pos..self.end).unwrap_or_default()
    }

    pub(super) fn push(&mut self, kind: T, start: usize, end: usize) {
        let at = small(self.original(start));
        self.list.push(Token { kind, line: self.line, start: small(start), end: small(end), at, mate: 0 });
        self.line = false;
    }

    fn original(&mut self, start: usize) -> usize {
        // Tokens come in order, so that the table is read once.
        while let Some((next, rest)) = self.moved.split_first()
            && next.0 <= start
        {
            self.shift = Some(*next);
            self.moved = rest;
        }
        self.shift.map_or(start, |(from, to)| to + (start - from.min(start)))
    }

    fn piece(&mut self, range: &Range<usize>) {
        self.pos = range.start;
        self.end = range.end.min(self.source.len());
        self.line = true;
        while self.pos < self.end {
            let before = self.pos;
            self.step();
            self.pos = self.pos.max(before + 1);
        }
        while self.templates.pop().is_some() {
            self.push(T::HoleEnd, self.end, self.end);
            self.push(T::TemplateEnd, self.end, self.end);
        }
        self.pos = self.end;
        self.line = true;
    }

    fn step(&mut self) {
        let start = self.pos;
        let java = self.language == Language::Java;
        let cs = self.language == Language::CSharp;
        match self.byte(0) {
            b'\n' | b'\r' => {
                self.line = true;
                self.pos += 1;
            }
            0..=b' ' | 0x7f => self.pos += 1,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(start),
            b'$' if cs => self.dollar(),
            b'$' => self.word(start),
            b'0'..=b'9' => self.number(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            b'"' => self.quoted(),
            b'\'' => self.simple_string(b'\'', if java || cs { T::Char } else { T::Str }),
            b'`' if !java && !cs => self.template(Template { chunk: T::Chunk, quotes: 0, braces: 1, depth: 0 }, 1),
            b'@' => self.at_sign(),
            b'\\' if self.byte(1) == b'u' => self.word(start),
            b'#' if cs => self.preprocessor(),
            b'#' if !java => self.word(start + 1),
            b'/' => self.slash(),
            b'(' => {
                self.controls.push(matches!(self.previous(), T::If | T::While | T::For | T::With));
                self.bracket(T::LParen, 1);
            }
            b')' => {
                self.after_control = self.controls.pop().unwrap_or(false);
                self.bracket(T::RParen, -1);
            }
            b'[' => self.bracket(T::LBracket, 1),
            b']' => self.bracket(T::RBracket, -1),
            b'{' => self.bracket(T::LBrace, 1),
            b'}' if self.templates.last().is_some_and(|template| template.depth == 0) => self.close_hole(),
            b'}' => self.bracket(T::RBrace, -1),
            b':' if cs && self.byte(1) != b':' && self.templates.last().is_some_and(|template| template.depth == 0) => {
                self.format_of_hole();
            }
            b'<' if !java && !cs && self.rest().starts_with(b"<!--") => self.skip_line(),
            0x80.. => self.wide(),
            _ => self.operator(),
        }
    }

    fn bracket(&mut self, kind: T, by: i32) {
        self.push(kind, self.pos, self.pos + 1);
        self.pos += 1;
        if let Some(template) = self.templates.last_mut() {
            template.depth = template.depth.saturating_add_signed(by);
        }
    }

    fn previous(&self) -> T {
        self.list.last().map_or(T::Semi, |token| token.kind)
    }

    fn word(&mut self, start: usize) {
        self.pos = start;
        let mut escaped = false;
        while self.pos < self.end {
            match self.byte(0) {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' => self.pos += 1,
                b'$' if self.language != Language::CSharp => self.pos += 1,
                0x80.. if self.wide_space() == 0 => self.pos += 1,
                b'\\' if matches!(self.byte(1), b'u' | b'U') => {
                    escaped = true;
                    self.pos += 2;
                    if self.byte(0) == b'{' {
                        self.pos += 1 + self.rest().iter().take(8).position(|byte| *byte == b'}').unwrap_or(0);
                    }
                }
                _ => break,
            }
        }
        let word = self.source.get(start..self.pos).unwrap_or_default();
        let after_dot = matches!(self.previous(), T::Dot | T::QuestionDot);
        let kind = match escaped {
            true => T::EscapedWord,
            // A member may have any name, but `x.class` and `x.new` say something in Java.
            false if after_dot && self.language != Language::Java => T::Word,
            false => keyword(word, self.mask),
        };
        self.push(kind, start, self.pos);
    }

    /// Bytes of the white space that does not fit in one byte, at this place; 0 for none.
    fn wide_space(&self) -> usize {
        match (self.byte(0), self.byte(1), self.byte(2)) {
            (0xc2, 0xa0, _) => 2,
            (0xef, 0xbb, 0xbf) | (0xe2, 0x80, 0x80..=0x8b | 0xa8..=0xaf) | (0xe3, 0x80, 0x80) => 3,
            _ => 0,
        }
    }

    fn wide(&mut self) {
        match self.wide_space() {
            0 => self.word(self.pos),
            width => self.pos += width,
        }
    }

    fn number(&mut self) {
        let start = self.pos;
        let hex = self.byte(0) == b'0' && matches!(self.byte(1), b'x' | b'X');
        while self.pos < self.end {
            match self.byte(0) {
                b'e' | b'E' if !hex && matches!(self.byte(1), b'+' | b'-') => self.pos += 2,
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.pos += 1,
                b'.' if !hex && self.byte(1).is_ascii_digit() => self.pos += 1,
                // `1.` of JScript.
                b'.' if self.mask == mask(Language::Jscript) && self.pos > start && !self.byte(1).is_ascii_alphabetic() => {
                    self.pos += 1;
                    break;
                }
                _ => break,
            }
        }
        self.push(T::Number, start, self.pos);
    }

    fn at_sign(&mut self) {
        match (self.language, self.byte(1), self.byte(2)) {
            (Language::CSharp, b'"', _) => self.verbatim_string(),
            (Language::CSharp, b'$', b'"') => self.dollar(),
            (Language::CSharp, b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'\\' | 0x80.., _) => {
                self.word(self.pos + 1);
                if let Some(token) = self.list.last_mut()
                    && token.kind != T::EscapedWord
                {
                    token.kind = T::Word;
                }
            }
            (Language::CSharp, b'*', _) => {
                // A comment of Razor.
                let length = memchr::memmem::find(self.rest(), b"*@").map_or(self.rest().len(), |found| found + 2);
                self.pos += length;
            }
            (Language::Java, ..) => {
                self.push(T::At, self.pos, self.pos + 1);
                self.pos += 1;
            }
            (Language::Jscript | Language::JscriptNet, b'*', b'/') => self.pos += 3,
            (Language::Jscript | Language::JscriptNet, b'a'..=b'z', _) => self.conditional(),
            _ => self.pos += 1,
        }
    }

    /// `@if` and the like of JScript's conditional compilation: all branches count as code.
    fn conditional(&mut self) {
        let length = self.rest().iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        let name = self.rest().get(1..=length).unwrap_or_default();
        if matches!(name, b"if" | b"elif" | b"else" | b"end" | b"cc_on" | b"set") {
            self.pos += length + 1;
        } else {
            self.word(self.pos + 1);
        }
    }

    fn preprocessor(&mut self) {
        match self.line {
            true => self.skip_line(),
            false => self.pos += 1,
        }
    }

    fn skip_line(&mut self) {
        self.pos += memchr::memchr2(b'\n', b'\r', self.rest()).unwrap_or(self.rest().len());
    }

    fn slash(&mut self) {
        let scripted = matches!(self.language, Language::Jscript | Language::JscriptNet);
        match self.byte(1) {
            b'/' | b'*' if scripted && self.byte(2) == b'@' && self.is_conditional() => self.pos += 2,
            b'/' => self.skip_line(),
            b'*' => {
                self.pos += 2;
                let length = memchr::memmem::find(self.rest(), b"*/").map_or(self.rest().len(), |found| found + 2);
                self.line |= memchr::memchr(b'\n', self.rest().get(..length).unwrap_or_default()).is_some();
                self.pos += length;
            }
            _ if scripted && self.regex_may_stand() && self.regex() => {}
            _ => self.operator(),
        }
    }

    fn is_conditional(&self) -> bool {
        let rest = self.rest().get(3..).unwrap_or_default();
        [&b"cc_on"[..], b"if", b"elif", b"else", b"end", b"set"].iter().any(|name| rest.starts_with(name))
    }

    fn regex_may_stand(&self) -> bool {
        match self.previous() {
            T::RParen => self.after_control,
            T::RBrace => self.line,
            T::RBracket | T::Number | T::Str | T::Regex | T::TemplateEnd | T::This | T::Base | T::Null => false,
            T::True | T::False | T::Increment | T::Decrement => false,
            kind => !kind.is_word(),
        }
    }

    fn regex(&mut self) -> bool {
        if self.regex_budget == 0 {
            return false;
        }
        let mut class = false;
        let mut length = 1;
        loop {
            match self.byte(length) {
                0 | b'\n' | b'\r' => {
                    self.regex_budget = self.regex_budget.saturating_sub(length);
                    return false;
                }
                b'\\' => length += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => break,
                _ => {}
            }
            length += 1;
        }
        let start = self.pos;
        self.pos += length + 1;
        while self.byte(0).is_ascii_alphabetic() {
            self.pos += 1;
        }
        self.push(T::Regex, start, self.pos);
        true
    }

    fn operator(&mut self) {
        let (kind, length) = operator(self.byte(0), self.byte(1), self.byte(2), self.mask == mask(Language::Jscript));
        // `a ?.5 : b`.
        let (kind, length) = match kind {
            T::QuestionDot if self.byte(2).is_ascii_digit() => (T::Question, 1),
            _ => (kind, length),
        };
        self.push(kind, self.pos, self.pos + length);
        self.pos += length;
    }
}
