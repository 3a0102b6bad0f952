//! Everything quoted: strings, commands, patterns, heredocs.

use super::lexer::{Lexer, Sort, is_word, sign};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// `'…'`, `q(…)`.
    Plain,
    /// `"…"`, `qq(…)`.
    Interpolated,
    /// `` `…` ``, `qx(…)`.
    Command,
    /// `qw(…)`.
    Words,
    /// `/…/`, `m(…)`.
    Match,
    /// `qr/…/`.
    Pattern,
    /// `s/…/…/`.
    Substitution,
    /// `tr/…/…/`, `y/…/…/`.
    Translation,
    /// `<…>`.
    Angle,
}

/// Ranges of the text, without delimiters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    pub sense: Sense,
    /// Its delimiter says that nothing is interpolated.
    pub raw: bool,
    pub body: (u32, u32),
    /// What is put in place of it.
    pub second: (u32, u32),
    pub flags: (u32, u32),
}

/// A heredoc whose text is still to come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heredoc {
    quote: usize,
    tag: (usize, usize),
    indented: bool,
}

/// Longest text between `<` and `>` that may be a file to read.
const MAX_ANGLE: usize = 200;

/// After so many heredocs without an end no more are looked for: each look takes the rest of the text.
const MAX_LOST: u8 = 8;

impl Lexer<'_> {
    fn push_quote(&mut self, quote: Quote, at: usize) {
        let index = self.out.quotes.len() as u32;
        self.out.quotes.push(quote);
        self.push(Sort::Quote(index), at, self.at);
    }

    /// A quote that is one character.
    pub(super) fn quoted(&mut self) {
        let at = self.at;
        let open = self.peek(0);
        let sense = match open {
            b'"' => Sense::Interpolated,
            b'`' => Sense::Command,
            _ => Sense::Plain,
        };
        self.at += 1;
        let body = self.delimited(open);
        self.push_quote(Quote { sense, raw: open == b'\'', body, second: (0, 0), flags: (0, 0) }, at);
    }

    /// `/…/`.
    pub(super) fn pattern(&mut self) {
        let at = self.at;
        self.at += 1;
        let body = self.delimited(b'/');
        let flags = self.flags();
        self.push_quote(Quote { sense: Sense::Match, raw: false, body, second: (0, 0), flags }, at);
    }

    /// `q`, `qq`, `qw`, `qx`, `qr`, `m`, `s`, `y`, `tr` and what they quote; false if the word is a plain one here.
    pub(super) fn quote_like(&mut self, length: usize) -> bool {
        let at = self.at;
        let sense = match self.text.get(at..at + length).unwrap_or_default() {
            b"q" => Sense::Plain,
            b"qq" => Sense::Interpolated,
            b"qw" => Sense::Words,
            b"qx" => Sense::Command,
            b"qr" => Sense::Pattern,
            b"m" => Sense::Match,
            b"s" => Sense::Substitution,
            b"y" | b"tr" => Sense::Translation,
            _ => return false,
        };
        let before = self.out.tokens.last();
        let touches = before.is_some_and(|token| token.end as usize == at);
        match before.map(|token| (token.sort, self.text.get(token.at as usize..token.end as usize).unwrap_or_default())) {
            // A method, a name of a function, and the test `-s`.
            Some((Sort::Sign([b'-', b'>', 0]), _) | (Sort::Word, b"sub")) => return false,
            Some((Sort::Sign([b'-', 0, 0]), _)) if touches => return false,
            _ => {}
        }
        let mut ahead = length;
        while matches!(self.peek(ahead), b' ' | b'\t' | b'\r' | b'\n') {
            ahead += 1;
        }
        let open = self.peek(ahead);
        let spaced = ahead > length;
        let no_quote = match open {
            0 | b';' | b')' => true,
            b',' => spaced,
            b'=' => spaced || matches!(self.peek(ahead + 1), b'>' | b'=' | b' '),
            b'#' => spaced,
            // `$h{s}`.
            b'}' => true,
            _ => is_word(open) || open.is_ascii_whitespace(),
        };
        if no_quote {
            return false;
        }
        self.at += ahead + 1;
        let body = self.delimited(open);
        let mut second = (0, 0);
        if matches!(sense, Sense::Substitution | Sense::Translation) {
            let mut close = open;
            if closing(open) != open {
                while self.peek(0).is_ascii_whitespace() {
                    self.at += 1;
                }
                close = self.peek(0);
                self.at += 1;
            }
            second = self.delimited(close);
        }
        let flagged = matches!(sense, Sense::Match | Sense::Pattern | Sense::Substitution | Sense::Translation);
        let flags = if flagged { self.flags() } else { (0, 0) };
        self.push_quote(Quote { sense, raw: open == b'\'' || sense == Sense::Plain, body, second, flags }, at);
        true
    }

    fn flags(&mut self) -> (u32, u32) {
        let at = self.at;
        while self.peek(0).is_ascii_lowercase() {
            self.at += 1;
        }
        (at as u32, self.at as u32)
    }

    /// Takes text up to the delimiter that closes, and that one.
    fn delimited(&mut self, open: u8) -> (u32, u32) {
        let at = self.at;
        let close = closing(open);
        let mut depth = 0_u32;
        loop {
            let found = if open == close {
                memchr::memchr2(close, b'\\', self.rest())
            } else {
                memchr::memchr3(close, open, b'\\', self.rest())
            };
            let Some(found) = found else {
                self.at = self.end;
                return (at as u32, self.end as u32);
            };
            self.at += found;
            let byte = self.peek(0);
            if byte == b'\\' && close != b'\\' {
                self.at = (self.at + 2).min(self.end);
                continue;
            }
            self.at += 1;
            if byte == close {
                if depth == 0 {
                    return (at as u32, self.at as u32 - 1);
                }
                depth -= 1;
            } else {
                depth += 1;
            }
        }
    }

    /// `<F>`, `<$f>`, `<>`, `<*.txt>`.
    pub(super) fn angle(&mut self) -> bool {
        let at = self.at;
        let rest = self.rest().get(1..).unwrap_or_default();
        let rest = rest.get(..MAX_ANGLE).unwrap_or(rest);
        let Some(length) = memchr::memchr2(b'>', b'\n', rest).filter(|&length| rest.get(length) == Some(&b'>')) else {
            return false;
        };
        if rest.get(..length).is_some_and(|inner| inner.iter().any(|byte| matches!(byte, b';' | b'=' | b'"'))) {
            return false;
        }
        let body = (at as u32 + 1, (at + 1 + length) as u32);
        self.at += length + 2;
        self.push_quote(Quote { sense: Sense::Angle, raw: false, body, second: (0, 0), flags: (0, 0) }, at);
        true
    }

    /// `<<"A"`, `<<A`, `<<~A`.
    pub(super) fn heredoc(&mut self) -> bool {
        let at = self.at;
        let mut ahead = 2;
        let indented = self.peek(ahead) == b'~';
        ahead += usize::from(indented);
        while self.peek(ahead) == b' ' && matches!(self.peek(ahead + 1), b' ' | b'"' | b'\'') {
            ahead += 1;
        }
        let quote = self.peek(ahead);
        let (tag, after) = if matches!(quote, b'"' | b'\'' | b'`') {
            let rest = self.rest().get(ahead + 1..).unwrap_or_default();
            let Some(length) = memchr::memchr2(quote, b'\n', rest).filter(|&length| rest.get(length) == Some(&quote)) else {
                return false;
            };
            ((at + ahead + 1, at + ahead + 1 + length), ahead + length + 2)
        } else {
            let length = self.name_length(ahead);
            let operator = matches!(self.last(), Sort::Number | Sort::Sign([b')' | b']', ..]) | Sort::Scalar)
                && !self.text.get(at + ahead).is_some_and(u8::is_ascii_uppercase);
            if length == 0 || operator || quote.is_ascii_digit() {
                return false;
            }
            ((at + ahead, at + ahead + length), ahead + length)
        };
        if self.lost >= MAX_LOST {
            return false;
        }
        self.at += after;
        let sense = match quote {
            b'\'' => Sense::Plain,
            b'`' => Sense::Command,
            _ => Sense::Interpolated,
        };
        self.waiting.push(Heredoc { quote: self.out.quotes.len(), tag, indented });
        self.push_quote(Quote { sense, raw: quote == b'\'', body: (0, 0), second: (0, 0), flags: (0, 0) }, at);
        true
    }

    /// Finds the text of the heredocs of the line that has just ended.
    pub(super) fn heredoc_bodies(&mut self) {
        for heredoc in std::mem::take(&mut self.waiting) {
            let begin = self.at;
            let tag = self.text.get(heredoc.tag.0..heredoc.tag.1).unwrap_or_default();
            let mut at = begin;
            let found = loop {
                if at >= self.end {
                    break None;
                }
                let rest = self.text.get(at..self.end).unwrap_or_default();
                let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                let line = rest.get(..length).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                if line == tag || heredoc.indented && line.trim_ascii_start() == tag {
                    break Some((at, at + length));
                }
                at += length + 1;
            };
            match found {
                Some((end, after)) => {
                    if let Some(quote) = self.out.quotes.get_mut(heredoc.quote) {
                        quote.body = (begin as u32, end as u32);
                    }
                    self.at = (after + 1).min(self.end);
                }
                None => self.lost = self.lost.saturating_add(1),
            }
        }
    }
}

fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        _ => open,
    }
}

/// `=>`, which makes a name of the word in front.
pub(super) const FAT_COMMA: Sort = sign(b"=>");
