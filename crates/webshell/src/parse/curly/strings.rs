//! Strings without holes.

use super::lexer::Lexer;
use super::token::T;
use crate::language::Language;

impl Lexer<'_> {
    /// A string that starts with `"`.
    pub(super) fn quoted(&mut self) {
        let three = self.byte(1) == b'"' && self.byte(2) == b'"';
        match self.language {
            Language::CSharp if three => {
                let quotes = self.rest().iter().take_while(|byte| **byte == b'"').count();
                self.raw_string(quotes, T::Raw);
            }
            Language::Java if three => self.text_block(),
            _ => self.simple_string(b'"', T::Str),
        }
    }

    pub(super) fn simple_string(&mut self, quote: u8, kind: T) {
        let start = self.pos + 1;
        self.pos = start;
        loop {
            // An unclosed string ends with its line.
            let Some(found) = memchr::memchr3(quote, b'\\', b'\n', self.rest()) else {
                self.pos = self.end;
                break self.push(kind, start, self.end);
            };
            self.pos += found;
            match self.byte(0) {
                b'\\' if self.byte(1) == b'\r' && self.byte(2) == b'\n' => self.pos += 3,
                b'\\' => self.pos = (self.pos + 2).min(self.end),
                byte => {
                    self.push(kind, start, self.pos);
                    self.pos += usize::from(byte == quote);
                    break self.utf8_suffix();
                }
            }
        }
    }

    /// `"…"u8`: the bytes are the same.
    fn utf8_suffix(&mut self) {
        if self.language == Language::CSharp && self.rest().starts_with(b"u8") && !self.byte(2).is_ascii_alphanumeric() {
            self.pos += 2;
        }
    }

    fn raw_string(&mut self, quotes: usize, kind: T) {
        let start = self.pos + quotes;
        self.pos = start;
        let mut end = self.end;
        while let Some(found) = memchr::memchr(b'"', self.rest()) {
            self.pos += found;
            let run = self.rest().iter().take_while(|byte| **byte == b'"').count();
            self.pos += run;
            if run >= quotes {
                end = self.pos - quotes;
                break;
            }
        }
        if end == self.end {
            self.pos = self.end;
        }
        self.push(kind, start.min(end), end);
        self.utf8_suffix();
    }

    fn text_block(&mut self) {
        let start = self.pos + 3;
        self.pos = start;
        while let Some(found) = memchr::memchr2(b'"', b'\\', self.rest()) {
            self.pos += found;
            if self.byte(0) == b'\\' {
                self.pos = (self.pos + 2).min(self.end);
            } else if self.rest().starts_with(b"\"\"\"") {
                self.push(T::TextBlock, start, self.pos);
                self.pos += 3;
                return;
            } else {
                self.pos += 1;
            }
        }
        self.push(T::TextBlock, start.min(self.end), self.end);
        self.pos = self.end;
    }

    pub(super) fn verbatim_string(&mut self) {
        let start = self.pos + 2;
        self.pos = start;
        while let Some(found) = memchr::memchr(b'"', self.rest()) {
            self.pos += found;
            if self.byte(1) == b'"' {
                self.pos += 2;
                continue;
            }
            self.push(T::Verbatim, start, self.pos);
            self.pos += 1;
            return self.utf8_suffix();
        }
        self.push(T::Verbatim, start.min(self.end), self.end);
        self.pos = self.end;
    }
}
