//! Tags and their attributes, as HTML, ASP.NET and JSP write them.

use super::begins;

/// No real tag is longer; a page full of unclosed tags must not be searched to its end for each.
const LONGEST_TAG: usize = 8 * 1024;
const MAX_ATTRIBUTES: usize = 64;

/// An attribute of a tag or directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Lower case.
    pub name: String,
    /// As written, without quotes.
    pub value: Vec<u8>,
    /// Where the value stands.
    pub at: usize,
}

#[derive(Debug)]
pub(crate) struct Tag {
    /// Lower case.
    pub name: String,
    pub attributes: Vec<Attribute>,
    /// Behind the `>`.
    pub end: usize,
    /// `<a />`.
    pub is_empty: bool,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&[u8]> {
        value(&self.attributes, name)
    }

    pub(crate) fn runs_at_server(&self) -> bool {
        self.attribute("runat").is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(b"server"))
    }
}

pub(crate) fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a [u8]> {
    attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value.as_slice())
}

/// The tag that begins with the `<` at this place, if it ends.
pub(crate) fn read(text: &[u8], at: usize) -> Option<Tag> {
    let limit = text.len().min(at.saturating_add(LONGEST_TAG));
    let text = text.get(..limit)?;
    if text.get(at + 1).is_none_or(|byte| !byte.is_ascii_alphabetic()) {
        return None;
    }
    let name_end = at + 1 + text.get(at + 1..)?.iter().position(|byte| !is_name(*byte))?;
    let name = lower(text.get(at + 1..name_end)?);
    let (attributes, end) = list(text, name_end, &[b"/>", b">"]);
    let end = end?;
    let is_empty = text.get(end) == Some(&b'/');
    Some(Tag { name, attributes, end: end + if is_empty { 2 } else { 1 }, is_empty })
}

/// The attributes of a directive or comment from here, and the place of its closing mark.
pub(crate) fn directive(text: &[u8], at: usize, close: &[u8]) -> (Vec<Attribute>, Option<usize>) {
    let limit = text.len().min(at.saturating_add(LONGEST_TAG));
    list(text.get(..limit).unwrap_or_default(), at, &[close])
}

/// A name without `=` has an empty value. Another `<` ends the reading, so that unclosed tags cost nothing.
fn list(text: &[u8], mut at: usize, closes: &[&[u8]]) -> (Vec<Attribute>, Option<usize>) {
    let mut attributes = Vec::new();
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if closes.iter().any(|close| rest.starts_with(close)) {
            return (attributes, Some(at));
        }
        let byte = rest.first().copied().unwrap_or_default();
        if closes.contains(&b">".as_slice()) && rest.starts_with(b"<%") {
            // A whole attribute that an expression writes.
            match memchr::memmem::find(rest, b"%>") {
                Some(end) => at += end + 2,
                None => return (attributes, None),
            }
            continue;
        }
        if byte == b'<' {
            return (attributes, None);
        }
        if !is_name(byte) || attributes.len() >= MAX_ATTRIBUTES {
            at = if matches!(byte, b'"' | b'\'') { quoted(text, at + 1, byte).1 } else { at + 1 };
            continue;
        }
        let end = at + rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
        let name = lower(text.get(at..end).unwrap_or_default());
        let equals = skip_space(text, end);
        if text.get(equals) != Some(&b'=') {
            attributes.push(Attribute { name, value: Vec::new(), at: end });
            at = end;
            continue;
        }
        let start = skip_space(text, equals + 1);
        let (range, next) = match text.get(start) {
            Some(&quote @ (b'"' | b'\'')) => {
                let (end, next) = quoted(text, start + 1, quote);
                (start + 1..end, next)
            }
            _ => {
                let end = bare(text, start, closes);
                (start..end, end)
            }
        };
        let at_value = range.start;
        attributes.push(Attribute { name, value: text.get(range).unwrap_or_default().to_vec(), at: at_value });
        at = next.max(at + 1);
    }
    (attributes, None)
}

/// End of a quoted value and the place behind its quote. Expressions of ASP.NET inside may have quotes of their own.
fn quoted(text: &[u8], start: usize, quote: u8) -> (usize, usize) {
    let mut at = start;
    // A search that found nothing is not made again.
    let mut may_close = true;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(quote, b'<', rest)) {
        at += found;
        if text.get(at) == Some(&quote) {
            return (at, at + 1);
        }
        let inside = text.get(at..).unwrap_or_default();
        let close = if may_close && inside.starts_with(b"<%") { memchr::memmem::find(inside, b"%>") } else { None };
        may_close &= close.is_some() || !inside.starts_with(b"<%");
        at += close.map_or(1, |end| end + 2);
    }
    (text.len(), text.len())
}

fn bare(text: &[u8], start: usize, closes: &[&[u8]]) -> usize {
    let mut at = start;
    while let Some(byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        if byte.is_ascii_whitespace() || closes.iter().any(|close| rest.starts_with(close)) {
            break;
        }
        at += 1;
    }
    at
}

pub(crate) fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|byte| byte.is_ascii_whitespace()) {
        at += 1;
    }
    at
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b':' | b'.')
}

pub(crate) fn lower(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_ascii_lowercase()
}

/// The next places of a word, whatever its case, so that asking for each tag whether the word is near costs one search in all.
pub(crate) struct Near<'t> {
    text: &'t [u8],
    word: &'static str,
    next: Option<usize>,
}

impl<'t> Near<'t> {
    pub(crate) fn new(text: &'t [u8], word: &'static str) -> Self {
        let mut near = Self { text, word, next: None };
        near.next = near.search(0);
        near
    }

    pub(crate) fn is_near(&mut self, at: usize) -> bool {
        if self.next.is_some_and(|next| next < at) {
            self.next = self.search(at);
        }
        self.next.is_some_and(|next| next < at.saturating_add(LONGEST_TAG))
    }

    fn search(&self, from: usize) -> Option<usize> {
        let first = *self.word.as_bytes().first()?;
        let rest = self.text.get(from..)?;
        memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), rest)
            .find(|at| rest.get(*at..).is_some_and(|word| begins(word, self.word)))
            .map(|at| from + at)
    }
}
