//! Razor pages (`.cshtml`, `.vbhtml`): markup in which `@` leads to code, and code in which a tag leads back to markup.

use super::builder::{BlockKind, Builder};
use super::tag;
use super::{Control, Directive, Page, PageKind, Source};
use crate::language::Language;

/// Words behind `@` that begin a statement with a block.
const STATEMENTS: &[&str] = &["if", "for", "foreach", "while", "switch", "using", "lock", "do", "try"];
/// Words behind `@` that begin a line of directions.
const DIRECTIVES: &[&str] = &[
    "using",
    "imports",
    "model",
    "modeltype",
    "inherits",
    "page",
    "inject",
    "namespace",
    "layout",
    "attribute",
    "implements",
    "addtaghelper",
    "removetaghelper",
    "taghelperprefix",
    "sessionstate",
    "typeparam",
    "rendermode",
    "preservewhitespace",
];
/// Words that continue a statement behind its block.
const CONTINUATIONS: &[&str] = &["else", "catch", "finally", "while"];

pub(crate) fn split(source: Source<'_>, language: Language) -> Page {
    let mut razor = Razor {
        text: source.text,
        language,
        at: 0,
        start: 0,
        modes: Vec::new(),
        runat: tag::Near::new(source.text, "runat"),
        builder: Builder::new(source.text),
    };
    razor.run();
    razor.builder.finish(PageKind::Razor, language)
}

const LONGEST_EXPRESSION: usize = 4096;

/// Deeper pages are read as text from there.
const MAX_MODES: usize = 1000;

enum Mode {
    /// Code with so many open braces; it ends when the last one closes. With a head (`if (…)`) it may be continued (`else`).
    Code { depth: u32, has_head: bool },
    /// Markup in code, until its tag closes so often.
    Markup { name: Vec<u8>, depth: u32 },
    /// Markup in code until the line ends.
    Line,
}

struct Razor<'s> {
    text: &'s [u8],
    language: Language,
    at: usize,
    /// Where the present piece of code began.
    start: usize,
    modes: Vec<Mode>,
    runat: tag::Near<'s>,
    builder: Builder<'s>,
}

impl Razor<'_> {
    fn run(&mut self) {
        while self.at < self.text.len() {
            match self.modes.last() {
                Some(Mode::Code { .. }) => self.code(),
                _ => self.markup(),
            }
        }
        if let Some(Mode::Code { .. }) = self.modes.last() {
            self.builder.code(BlockKind::Code, self.start..self.text.len(), self.language);
        }
    }

    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn markup(&mut self) {
        let line = matches!(self.modes.last(), Some(Mode::Line));
        let found = if line { memchr::memchr2(b'@', b'\n', self.rest()) } else { memchr::memchr2(b'@', b'<', self.rest()) };
        let Some(found) = found else {
            self.at = self.text.len();
            return;
        };
        self.at += found;
        match self.text.get(self.at) {
            Some(b'\n') => {
                self.at += 1;
                self.back_to_code();
            }
            Some(b'<') => self.tag_in_markup(),
            _ => self.transition(),
        }
    }

    /// Counts the tags of the name that opened this markup.
    fn tag_in_markup(&mut self) {
        let at = self.at;
        self.at += 1;
        let text = self.text;
        let rest = text.get(at..).unwrap_or_default();
        if let Some(Mode::Markup { name, depth }) = self.modes.last_mut() {
            let closing = rest.get(1) == Some(&b'/');
            let inside = rest.get(if closing { 2 } else { 1 }..).unwrap_or_default();
            let is_same = inside.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && inside.get(name.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'-');
            if is_same && closing {
                *depth = depth.saturating_sub(1);
                if *depth == 0 {
                    self.at = memchr::memchr(b'>', rest).map_or(text.len(), |end| at + end + 1);
                    self.back_to_code();
                    return;
                }
            } else if is_same {
                *depth += u32::from(!is_void(rest));
                if *depth == 0 {
                    self.at = memchr::memchr(b'>', rest).map_or(text.len(), |end| at + end + 1);
                    self.back_to_code();
                    return;
                }
            }
        }
        if rest.get(1).is_some_and(u8::is_ascii_alphabetic)
            && self.runat.is_near(at)
            && let Some(tag) = tag::read(text, at).filter(tag::Tag::runs_at_server)
        {
            let id = tag.attribute("id").map(<[u8]>::to_vec);
            self.builder.text_until(at);
            self.builder.control(Control { tag: tag.name, id, attributes: tag.attributes, at });
        }
    }

    fn back_to_code(&mut self) {
        self.modes.pop();
        self.builder.text_until(self.at);
        self.start = self.at;
    }

    /// At `@` in markup.
    fn transition(&mut self) {
        let at = self.at;
        let before = at.checked_sub(1).and_then(|before| self.text.get(before)).copied().unwrap_or(b' ');
        let inside = self.text.get(at + 1..).unwrap_or_default();
        let Some(&first) = inside.first() else {
            self.at += 1;
            return;
        };
        match first {
            b'@' => self.at += 2,
            b'*' => {
                let end = memchr::memmem::find(inside, b"*@").map_or(self.text.len(), |end| at + 1 + end + 2);
                self.builder.text_until(at);
                self.builder.skip_until(end);
                self.at = end;
            }
            b'{' => self.enter(at, at + 2, false),
            b'(' => self.echo(at, true),
            _ if before.is_ascii_alphanumeric() => self.at += 1,
            first if first.is_ascii_alphabetic() || first == b'_' => self.word(at),
            _ => self.at += 1,
        }
    }

    fn word(&mut self, at: usize) {
        let inside = self.text.get(at + 1..).unwrap_or_default();
        let word = word_at(inside);
        let lower = tag::lower(word);
        let after = tag::skip_space(self.text, at + 1 + word.len());
        let next = self.text.get(after).copied().unwrap_or_default();
        let lower = lower.as_str();
        if matches!(lower, "functions" | "code") && next == b'{' {
            self.enter(at, after + 1, false);
        } else if lower == "section" || lower == "helper" {
            // A section's body is markup; a helper is a method whose body is code.
            let Some(brace) = memchr::memchr(b'{', self.text.get(after..).unwrap_or_default()) else {
                self.at = after.max(at + 1);
                return;
            };
            if lower == "helper" {
                self.enter_from(at, after, after + brace + 1);
            } else {
                self.builder.text_until(at);
                self.builder.skip_until(after + brace + 1);
                self.at = after + brace + 1;
            }
        } else if STATEMENTS.contains(&lower) && matches!(next, b'(' | b'{') {
            self.statement(at);
        } else if DIRECTIVES.contains(&lower) && !matches!(self.text.get(at + 1 + word.len()), Some(b'.' | b'(' | b'[')) {
            self.directive(at, word.len());
        } else {
            self.echo(at, false);
        }
    }

    /// `@using A.B` and its like: a line.
    fn directive(&mut self, at: usize, length: usize) {
        let start = at + 1 + length;
        let rest = self.text.get(start..).unwrap_or_default();
        let end = start + memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let value = self.text.get(start..end).unwrap_or_default();
        let value_at = start + value.len() - value.trim_ascii_start().len();
        let name = tag::lower(self.text.get(at + 1..start).unwrap_or_default());
        let attribute = tag::Attribute { name: "value".to_owned(), value: value.trim_ascii().to_vec(), at: value_at };
        self.builder.text_until(at);
        self.builder.directive(Directive { name, attributes: vec![attribute], at });
        self.builder.skip_until(end);
        self.at = end.max(at + 1);
    }

    /// `@if (…) { … }`: the head and the block are code.
    fn statement(&mut self, at: usize) {
        let head = at + 1;
        let Some(brace) = self.brace_behind(head) else {
            self.at = at + 1;
            return;
        };
        self.enter_from(at, head, brace + 1);
    }

    /// The `{` that ends the head of a statement.
    fn brace_behind(&self, from: usize) -> Option<usize> {
        let mut at = from;
        let limit = from + 4096;
        let mut parens = 0_u32;
        while at < limit {
            match self.text.get(at)? {
                b'(' => parens += 1,
                b')' => parens = parens.saturating_sub(1),
                b'{' if parens == 0 => return Some(at),
                b'"' | b'\'' => {
                    at = end_of_string(self.text, at);
                    continue;
                }
                b'@' if at > from => return None,
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Code without its `@{` and the brace that closes it.
    fn enter(&mut self, at: usize, inside: usize, has_head: bool) {
        if self.modes.len() >= MAX_MODES {
            self.at = at + 1;
            return;
        }
        self.builder.text_until(at);
        self.builder.skip_until(inside);
        self.modes.push(Mode::Code { depth: 1, has_head });
        self.start = inside;
        self.at = inside;
        let _ = self.tag_begins_line();
    }

    /// Code with its head and both braces; the inside begins behind the opening one.
    fn enter_from(&mut self, at: usize, head: usize, inside: usize) {
        if self.modes.len() >= MAX_MODES {
            self.at = at + 1;
            return;
        }
        self.builder.text_until(at);
        self.builder.skip_until(head);
        self.modes.push(Mode::Code { depth: 1, has_head: true });
        self.start = head;
        self.at = inside;
        let _ = self.tag_begins_line();
    }

    fn code(&mut self) {
        while let Some(&byte) = self.text.get(self.at) {
            let begins_statement = match byte {
                b'"' | b'\'' => {
                    self.at = end_of_string(self.text, self.at);
                    false
                }
                b'@' if self.text.get(self.at + 1) == Some(&b'*') => {
                    let rest = self.rest();
                    self.at += memchr::memmem::find(rest, b"*@").map_or(rest.len(), |end| end + 2);
                    false
                }
                b'/' if self.text.get(self.at + 1) == Some(&b'/') => {
                    let rest = self.rest();
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    false
                }
                b'/' if self.text.get(self.at + 1) == Some(&b'*') => {
                    let rest = self.rest();
                    self.at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2);
                    false
                }
                b'{' => {
                    self.at += 1;
                    if let Some(Mode::Code { depth, .. }) = self.modes.last_mut() {
                        *depth += 1;
                    }
                    true
                }
                b'}' => {
                    if self.brace_closes() {
                        return;
                    }
                    true
                }
                _ => {
                    self.at += 1;
                    matches!(byte, b'\n' | b';')
                }
            };
            if begins_statement && self.tag_begins_line() {
                return;
            }
        }
    }

    /// Whether the brace here ends the code.
    fn brace_closes(&mut self) -> bool {
        let brace = self.at;
        self.at += 1;
        let Some(Mode::Code { depth, has_head }) = self.modes.last_mut() else { return true };
        *depth = depth.saturating_sub(1);
        if *depth > 0 {
            return false;
        }
        let has_head = *has_head;
        if has_head {
            let next = tag::skip_space(self.text, brace + 1);
            let word = tag::lower(word_at(self.text.get(next..).unwrap_or_default()));
            if CONTINUATIONS.contains(&word.as_str())
                && let Some(open) = self.brace_behind(next)
            {
                if let Some(Mode::Code { depth, .. }) = self.modes.last_mut() {
                    *depth = 1;
                }
                self.at = open + 1;
                return self.tag_begins_line();
            }
        }
        self.builder.code(BlockKind::Code, self.start..if has_head { brace + 1 } else { brace }, self.language);
        self.builder.skip_until(brace + 1);
        self.modes.pop();
        true
    }

    /// Markup begins where a tag is the first thing of a statement.
    fn tag_begins_line(&mut self) -> bool {
        let at = tag::skip_space(self.text, self.at);
        let rest = self.text.get(at..).unwrap_or_default();
        let mode = match rest {
            [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                Mode::Markup { name: word_at(rest.get(1..).unwrap_or_default()).to_vec(), depth: 0 }
            }
            [b'@', b':', ..] => Mode::Line,
            _ => {
                self.at = at;
                return false;
            }
        };
        if self.modes.len() >= MAX_MODES {
            return false;
        }
        self.builder.code(BlockKind::Code, self.start..at, self.language);
        self.builder.skip_until(at);
        self.at = if matches!(mode, Mode::Line) { at + 2 } else { at };
        self.modes.push(mode);
        true
    }

    /// `@(…)` and `@a.b(c)[d]`.
    fn echo(&mut self, at: usize, in_parens: bool) {
        let start = at + 1;
        let range = if in_parens {
            let end = end_of_group(self.text, start);
            start + 1..end.saturating_sub(1).max(start + 1)
        } else {
            start..end_of_expression(self.text, start)
        };
        let end = if in_parens { range.end + 1 } else { range.end };
        self.builder.text_until(at);
        self.builder.code(BlockKind::Echo, range, self.language);
        self.builder.skip_until(end);
        self.at = end.max(at + 1);
    }
}

fn word_at(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// A tag that has no end tag.
fn is_void(text: &[u8]) -> bool {
    let name = tag::lower(word_at(text.get(1..).unwrap_or_default()));
    let head = text.get(..8 * 1024).unwrap_or(text);
    let end = memchr::memchr(b'>', head).unwrap_or_default();
    matches!(name.as_str(), "br" | "img" | "input" | "hr" | "meta" | "link")
        || end.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'/')
}

/// Behind the string or character that begins here. Only verbatim strings go over lines.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let quote = text.get(start).copied().unwrap_or(b'"');
    let before = |back: usize| start.checked_sub(back).and_then(|at| text.get(at)).copied();
    let verbatim = before(1) == Some(b'@') || (before(1) == Some(b'$') && before(2) == Some(b'@'));
    let mut at = start + 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' if !verbatim => at += 2,
            b'\n' if !verbatim => return at,
            byte if byte == quote && verbatim && text.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// Behind the bracket that closes the one that begins here, or as far as an expression may go.
fn end_of_group(text: &[u8], start: usize) -> usize {
    let limit = text.len().min(start + LONGEST_EXPRESSION);
    let mut depth = 0_u32;
    let mut at = start;
    while let Some(&byte) = text.get(at).filter(|_| at < limit) {
        match byte {
            b'"' | b'\'' => {
                at = end_of_string(text, at);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    limit.max(at.min(text.len()))
}

/// Behind `a.b(c)?[d]!.e`.
pub(super) fn end_of_expression(text: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let is_letter = |at: usize| rest.get(at).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        match rest.first() {
            Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => at += word_at(rest).len(),
            Some(b'(' | b'[') => at = end_of_group(text, at),
            Some(b'.') if is_letter(1) => at += 1,
            Some(b'?') if rest.get(1) == Some(&b'.') && is_letter(2) => at += 2,
            Some(b'?' | b'!') if matches!(rest.get(1), Some(b'.' | b'[')) => at += 1,
            _ => return at,
        }
    }
}
