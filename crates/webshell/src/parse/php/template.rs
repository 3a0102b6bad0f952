//! Strings: quoted ones, heredocs, and what they interpolate, as tokens.

use memchr::{memchr2, memchr3};

use super::lexer::{Lexer, Mode, is_word, is_word_start};
use super::token::T;

/// Templates in interpolations of templates, at most so deep: each heredoc looks for its end anew.
const MAX_NESTED: usize = 32;

impl Lexer<'_> {
    pub(super) fn single(&mut self) {
        let start = self.pos + 1;
        let end = self.quote_end(start, b'\'', b'\'');
        self.push(T::Single, start, end);
        self.pos = end + 1;
    }

    pub(super) fn double(&mut self) {
        let start = self.pos + 1;
        let mut end = self.quote_end(start, b'"', b'$');
        if self.modes.len() >= MAX_NESTED {
            end = self.quote_end(start, b'"', b'"');
        } else if self.byte(end) == b'$' {
            self.push(T::Template, self.pos, start);
            self.pos = start;
            return self.open_template(Mode { quote: Some(b'"'), braces: 0, resume: None });
        }
        self.push(T::Double, start, end);
        self.pos = end + 1;
    }

    /// Where the quote, or the other byte if it could be an interpolation, stands first outside of an escape.
    fn quote_end(&self, start: usize, quote: u8, other: u8) -> usize {
        let mut from = start;
        loop {
            let hit = memchr3(quote, b'\\', other, self.text.get(from..).unwrap_or_default());
            let Some(hit) = hit else { return self.text.len() };
            let hit = from + hit;
            match self.byte(hit) {
                b'\\' => from = hit + 2,
                b'$' if other == b'$' && !matches!(self.byte(hit + 1), b'{' | b'$') && !is_word_start(self.byte(hit + 1)) => {
                    from = hit + 1;
                }
                _ => return hit,
            }
        }
    }

    /// Begins a template whose first byte is the next one.
    pub(super) fn open_template(&mut self, mode: Mode) {
        self.modes.push(mode);
        self.template();
    }

    pub(super) fn close_template(&mut self) {
        let Some(mode) = self.modes.pop() else { return };
        self.push(T::TemplateEnd, self.pos, self.pos);
        if let Some((pos, end)) = mode.resume {
            self.limit(end);
            self.pos = pos;
        }
    }

    /// Reads a template up to its end, or up to an interpolation that is code.
    pub(super) fn template(&mut self) {
        let quote = self.modes.last().and_then(|mode| mode.quote);
        let mut chunk = self.pos;
        // Bytes before it belong to an escape, or are known to begin nothing.
        let mut from = self.pos;
        loop {
            let rest = self.text.get(from..).unwrap_or_default();
            let hit = match quote {
                Some(quote) => memchr3(quote, b'\\', b'$', rest),
                None => memchr2(b'\\', b'$', rest),
            };
            let Some(hit) = hit.map(|hit| from + hit) else {
                self.chunk(chunk, self.text.len());
                self.pos = self.text.len();
                return self.close_template();
            };
            let next = self.byte(hit + 1);
            match self.byte(hit) {
                b'\\' => from = hit + 2,
                b'$' if hit > from
                    && self.byte(hit - 1) == b'{'
                    && (is_word_start(next) || matches!(next, b'{' | b'$'))
                    && self.modes.len() < MAX_NESTED =>
                {
                    self.chunk(chunk, hit - 1);
                    self.push(T::Interpolation, hit - 1, hit);
                    self.pos = hit;
                    return self.begin_code();
                }
                b'$' if is_word_start(next) => {
                    self.chunk(chunk, hit);
                    self.simple(hit);
                    chunk = self.pos;
                    from = self.pos;
                }
                b'$' if next == b'{' && self.modes.len() < MAX_NESTED => {
                    self.chunk(chunk, hit);
                    self.push(T::InterpolationDollar, hit, hit + 2);
                    self.pos = hit + 2;
                    let end = self.word_end(self.pos);
                    if is_word_start(self.peek(0)) && matches!(self.byte(end), b'[' | b'}') {
                        self.push(T::InterpolationName, self.pos, end);
                        self.pos = end;
                    }
                    return self.begin_code();
                }
                b'$' => from = hit + 1,
                _ => {
                    self.chunk(chunk, hit);
                    self.pos = hit;
                    self.close_template();
                    // Behind the quote.
                    self.pos = hit + 1;
                    return;
                }
            }
        }
    }

    fn begin_code(&mut self) {
        if let Some(mode) = self.modes.last_mut() {
            mode.braces = 0;
        }
    }

    fn chunk(&mut self, start: usize, end: usize) {
        if start < end {
            self.push(T::Chunk, start, end);
        }
    }

    /// `$a`, `$a[b]`, `$a[1]`, `$a[$b]`, `$a->b`.
    fn simple(&mut self, at: usize) {
        let end = self.word_end(at + 1);
        self.push(T::Variable, at, end);
        self.pos = end;
        let member = match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'-', b'>', _) => 2,
            (b'?', b'-', b'>') => 3,
            (b'[', ..) => return self.simple_key(),
            _ => return,
        };
        if is_word_start(self.peek(member)) {
            let start = end + member;
            self.pos = self.word_end(start);
            self.push(T::ChunkMember, start, self.pos);
        }
    }

    fn simple_key(&mut self) {
        let start = self.pos + 1;
        let (kind, first) = match self.byte(start) {
            b'$' => (T::ChunkKeyVariable, start + 1),
            b'-' if self.byte(start + 1).is_ascii_digit() => (T::ChunkKey, start + 1),
            _ => (T::ChunkKey, start),
        };
        let end = self.word_end(first);
        let begins = if kind == T::ChunkKey { is_word(self.byte(first)) } else { is_word_start(self.byte(first)) };
        // Else the bracket is text; PHP would refuse the page.
        if begins && self.byte(end) == b']' {
            self.push(kind, start, end);
            self.pos = end + 1;
        }
    }

    /// A heredoc or nowdoc, if one begins here.
    pub(super) fn heredoc(&mut self) -> bool {
        let Some(found) = self.heredoc_at(self.pos) else { return false };
        let Heredoc { raw, body, end, resume, indent } = found;
        let outer = self.text.len();
        self.push(if raw { T::Nowdoc } else { T::Heredoc }, self.pos, indent);
        self.limit(end);
        self.pos = body;
        let mode = Mode { quote: None, braces: 0, resume: Some((resume, outer)) };
        if raw || self.modes.len() >= MAX_NESTED {
            self.modes.push(mode);
            self.chunk(body, end);
            self.pos = end;
            self.close_template();
        } else {
            self.open_template(mode);
        }
        true
    }

    fn heredoc_at(&self, at: usize) -> Option<Heredoc> {
        let mut start = at + 3;
        while matches!(self.byte(start), b' ' | b'\t') {
            start += 1;
        }
        let quote = matches!(self.byte(start), b'\'' | b'"').then(|| self.byte(start));
        start += usize::from(quote.is_some());
        let label_end = self.word_end(start);
        let label = self.text.get(start..label_end)?;
        if !is_word_start(self.byte(start)) || quote.is_some_and(|quote| self.byte(label_end) != quote) {
            return None;
        }
        let line_end = label_end + usize::from(quote.is_some());
        let body = match (self.byte(line_end), self.byte(line_end + 1)) {
            (b'\r', b'\n') => line_end + 2,
            (b'\n' | b'\r', _) => line_end + 1,
            _ => return None,
        };
        let raw = quote == Some(b'\'');
        let mut line = body;
        loop {
            let mut word = line;
            while matches!(self.byte(word), b' ' | b'\t') {
                word += 1;
            }
            let rest = self.text.get(word..).unwrap_or_default();
            if rest.starts_with(label) && !is_word(self.byte(word + label.len())) {
                let end = match line.checked_sub(2).map(|before| (self.byte(before), self.byte(before + 1))) {
                    Some((b'\r', b'\n')) => line - 2,
                    _ => line - 1,
                };
                return Some(Heredoc { raw, body, end: end.max(body), resume: word + label.len(), indent: word - line });
            }
            match memchr2(b'\n', b'\r', rest) {
                Some(hit) => line = word + hit + 1,
                // Cut off: all that is left is its body.
                None => {
                    let end = self.text.len().max(body);
                    return Some(Heredoc { raw, body, end, resume: end, indent: 0 });
                }
            }
        }
    }
}

struct Heredoc {
    /// A nowdoc.
    raw: bool,
    body: usize,
    end: usize,
    /// Behind the closing label.
    resume: usize,
    indent: usize,
}
