//! The character encoding of a file, so that a page in UTF-16 or EBCDIC is read like any other.
//!
//! Single-byte encodings stay as they are: code is ASCII in them. So it is in those of East Asia, which only become UTF-8 where the
//! language counts characters ([`east_asian`]). Text in others becomes UTF-8. An encoding is believed by its mark at the start,
//! by a page's own declaration (what follows is then in it), and without either when only it makes a tag of a script appear.

use std::borrow::Cow;

use super::ebcdic;
use crate::language::Promise;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf7,
    Utf16 { big: bool },
    Utf32 { big: bool },
    Ebcdic(Option<u32>),
}

/// A file's text and the name of its encoding, if that is worth telling.
#[derive(Debug)]
pub(super) struct Decoded<'b> {
    pub text: Cow<'b, [u8]>,
    pub encoding: Option<&'static str>,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Self::Utf7 => "utf-7",
            Self::Utf16 { big: true } => "utf-16be",
            Self::Utf16 { big: false } => "utf-16le",
            Self::Utf32 { big: true } => "utf-32be",
            Self::Utf32 { big: false } => "utf-32le",
            Self::Ebcdic(_) => "ebcdic",
        }
    }

    /// Bytes of a character.
    fn width(self) -> usize {
        match self {
            Self::Utf16 { .. } => 2,
            Self::Utf32 { .. } => 4,
            Self::Utf7 | Self::Ebcdic(_) => 1,
        }
    }

    fn decode(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Utf7 => utf_7(bytes),
            Self::Ebcdic(page) => ebcdic::decode(bytes, page),
            Self::Utf16 { big } => {
                let units = bytes.chunks_exact(2).map(|unit| {
                    let unit = [unit.first().copied().unwrap_or_default(), unit.get(1).copied().unwrap_or_default()];
                    if big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) }
                });
                let characters = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
                utf_8(characters, bytes.len() / 2)
            }
            Self::Utf32 { big } => {
                let characters = bytes.chunks_exact(4).map(|unit| {
                    let number = unit.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
                    let number = if big { number } else { number.swap_bytes() };
                    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
                });
                utf_8(characters, bytes.len() / 4)
            }
        }
    }

    /// By the name that a page declares. UTF-16 and UTF-32 without an order of bytes are both.
    fn of_name(name: &[u8]) -> Vec<Self> {
        let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        match plain.as_str() {
            "utf7" | "unicode11utf7" | "65000" => vec![Self::Utf7],
            "utf16be" | "unicodebigunmarked" | "unicodebig" | "xutf16be" => vec![Self::Utf16 { big: true }],
            "utf16le" | "unicodelittleunmarked" | "unicodelittle" | "xutf16lebom" => vec![Self::Utf16 { big: false }],
            "utf16" | "unicode" | "ucs2" | "iso10646ucs2" | "csunicode" => {
                vec![Self::Utf16 { big: true }, Self::Utf16 { big: false }]
            }
            "utf32be" | "xutf32bebom" => vec![Self::Utf32 { big: true }],
            "utf32le" | "xutf32lebom" => vec![Self::Utf32 { big: false }],
            "utf32" | "ucs4" | "iso10646ucs4" => vec![Self::Utf32 { big: true }, Self::Utf32 { big: false }],
            _ => ebcdic::code_page(&name).map(|page| Self::Ebcdic(Some(page))).into_iter().collect(),
        }
    }
}

pub(super) fn decode(bytes: &[u8], promise: Promise) -> Decoded<'_> {
    if let Some(marked) = by_mark(bytes, promise) {
        return marked;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some((text, encoding)) = by_declaration(bytes).or_else(|| unmarked(bytes)).or_else(|| hidden_in_utf_7(bytes)) {
        return Decoded { text: Cow::Owned(text), encoding: Some(encoding.name()) };
    }
    if let Some(text) = without_nulls(bytes) {
        return Decoded { text: Cow::Owned(text), encoding: Some("null_bytes") };
    }
    Decoded { text: Cow::Borrowed(bytes), encoding: None }
}

/// Text of two-byte characters as UTF-8. Which of these encodings it is matters little: a decoder in it wants to know where a
/// character ends. None if it is UTF-8 already, or something else.
pub(super) fn east_asian(bytes: &[u8]) -> Option<Vec<u8>> {
    if std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    let (mut wide, mut faults) = (0_usize, 0_usize);
    for one in text.chars().filter(|one| !one.is_ascii()) {
        match one {
            char::REPLACEMENT_CHARACTER => faults += 1,
            // Ideographs, their punctuation, and signs that are as wide.
            '\u{2000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{370}'..='\u{4ff}' => wide += 1,
            _ => faults += 1,
        }
    }
    // Letters of Europe come one by one, and what follows them is no second half.
    (wide > 0 && faults * 20 <= wide).then(|| text.into_owned().into_bytes())
}

/// ASP.NET and Windows's editors write UTF-16 with a mark, so there it says nothing.
fn by_mark(bytes: &[u8], promise: Promise) -> Option<Decoded<'_>> {
    const MARKS: [(&[u8], Encoding); 5] = [
        (b"\xFF\xFE\0\0", Encoding::Utf32 { big: false }),
        (b"\0\0\xFE\xFF", Encoding::Utf32 { big: true }),
        (b"\xFF\xFE", Encoding::Utf16 { big: false }),
        (b"\xFE\xFF", Encoding::Utf16 { big: true }),
        (b"+/v8-", Encoding::Utf7),
    ];
    let (mark, encoding) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark))?;
    // A picture may begin with the same two bytes, and a page may go on in another encoding than its mark says.
    let body = bytes.get(mark.len()..).unwrap_or_default();
    let text = encoding.decode(body);
    if !holds_script(&text) && holds_script(bytes) {
        return None;
    }
    let is_usual = matches!(encoding, Encoding::Utf16 { .. }) && !matches!(promise, Promise::Php | Promise::Java);
    Some(Decoded { text: Cow::Owned(text), encoding: (!is_usual).then(|| encoding.name()) })
}

/// A page that says in ASCII (or EBCDIC) how it goes on.
fn by_declaration(bytes: &[u8]) -> Option<(Vec<u8>, Encoding)> {
    let (name, from) = declared(bytes)?;
    let head = bytes.get(..from)?;
    let body = bytes.get(from..)?;
    let mut best: Option<(usize, Vec<u8>, Encoding)> = None;
    for encoding in Encoding::of_name(name) {
        for skipped in 0..encoding.width() {
            let sample = body.get(skipped..)?;
            let sample = sample.get(..64 * 1024).unwrap_or(sample);
            let decoded = encoding.decode(sample);
            let readable = decoded.iter().filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r')).count();
            // A page that lies about its encoding is left as it is.
            let is_text = readable * 10 >= decoded.len() * 7 && readable >= 8;
            if is_text && best.as_ref().is_none_or(|(most, _, _)| readable > *most) {
                let mut text = head.to_vec();
                text.extend_from_slice(&encoding.decode(body.get(skipped..)?));
                best = Some((readable, text, encoding));
            }
        }
    }
    let (_, text, encoding) = best?;
    (text != bytes).then_some((text, encoding))
}

/// The name of an encoding in which ASCII is not ASCII, and the end of the element that declares it.
fn declared(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let xml = if head.trim_ascii_start().starts_with(b"<?xml") { memchr::memmem::find(head, b"encoding") } else { None };
    let xml = xml.map(|at| (at, b"encoding".len()));
    let jsp = memchr::memmem::find_iter(bytes, b"pageEncoding").take(64).map(|at| (at, b"pageEncoding".len()));
    let content = memchr::memmem::find_iter(bytes, b"charset").take(64).map(|at| (at, b"charset".len()));
    for (at, length) in xml.into_iter().chain(jsp).chain(content) {
        let rest = bytes.get(at + length..)?;
        let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
        let end = value.iter().take(40).position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'));
        let name = value.get(..end.unwrap_or_default()).unwrap_or_default();
        if Encoding::of_name(name).iter().any(|encoding| *encoding != Encoding::Utf7) {
            let behind = bytes.get(at..)?;
            let end = memchr::memchr(b'>', behind.get(..1024).unwrap_or(behind))?;
            return Some((name, at + end + 1));
        }
    }
    None
}

/// UTF-16, UTF-32 and EBCDIC that nothing announces, when a tag of a script shows in them and none without.
fn unmarked(bytes: &[u8]) -> Option<(Vec<u8>, Encoding)> {
    let (encoding, from) = match memchr::memchr(0, bytes) {
        Some(_) => wide_script(bytes).or_else(|| ebcdic::script_at(bytes).map(|_| (Encoding::Ebcdic(None), 0)))?,
        None => ebcdic::script_at(bytes).map(|_| (Encoding::Ebcdic(None), 0))?,
    };
    if holds_script(bytes) {
        return None;
    }
    let mut text = encoding.decode(bytes.get(from..)?);
    if let Encoding::Ebcdic(_) = encoding {
        // The document itself may name its code page.
        let named = declared(&text).and_then(|(name, _)| Encoding::of_name(name).first().copied());
        if let Some(named @ Encoding::Ebcdic(_)) = named {
            text = named.decode(bytes);
        }
    }
    Some((text, encoding))
}

/// The first tag of a script in characters of two or four bytes, and on which byte characters begin.
fn wide_script(bytes: &[u8]) -> Option<(Encoding, usize)> {
    let zeros =
        |from: usize, count: usize| bytes.get(from..from + count).is_some_and(|zeros| zeros.iter().all(|zero| *zero == 0));
    for at in memchr::memchr_iter(b'<', bytes) {
        let candidates = [
            (Encoding::Utf32 { big: false }, Some(at), zeros(at + 1, 3)),
            (Encoding::Utf32 { big: true }, at.checked_sub(3), at >= 3 && zeros(at - 3, 3) && zeros(at + 1, 3)),
            (Encoding::Utf16 { big: false }, Some(at), zeros(at + 1, 1)),
            (Encoding::Utf16 { big: true }, at.checked_sub(1), at >= 1 && zeros(at - 1, 1)),
        ];
        let possible = candidates.iter().filter(|(_, _, possible)| *possible);
        let mut possible: Vec<_> = possible.filter_map(|(encoding, start, _)| Some((*encoding, (*start)?))).collect();
        // One order of bytes reads like the other, one byte on. Most files begin with a whole character.
        possible.sort_by_key(|(encoding, start)| start % encoding.width() != 0);
        for (encoding, start) in possible {
            let window = bytes.get(start..).unwrap_or_default();
            let text = encoding.decode(window.get(..16 * encoding.width()).unwrap_or(window));
            let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r');
            if text.len() >= 8 && text.iter().all(is_text) && holds_script(&text) {
                return Some((encoding, start % encoding.width()));
            }
        }
    }
    None
}

fn hidden_in_utf_7(bytes: &[u8]) -> Option<(Vec<u8>, Encoding)> {
    memchr::memmem::find(bytes, b"+A")?;
    let head = bytes.get(..16 * 1024).unwrap_or(bytes);
    let head = head.to_ascii_lowercase();
    let is_declared = [b"utf-7".as_slice(), b"65000"].iter().any(|name| memchr::memmem::find(&head, name).is_some());
    if !is_declared {
        memchr::memmem::find(bytes, b"+AD")?;
    }
    let text = utf_7(bytes);
    (is_declared || count_scripts(&text) > count_scripts(bytes)).then_some((text, Encoding::Utf7))
}

/// Text with zeros strewn in, which appears only without them.
fn without_nulls(bytes: &[u8]) -> Option<Vec<u8>> {
    let zeros = memchr::memchr_iter(0, bytes).count();
    // In a picture or a program they are not strewn into text.
    if zeros == 0 || holds_script(bytes) || bytes.len() > 4 << 20 {
        return None;
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let is_text = text.iter().take(4096).filter(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r' | 0x80..)).count();
    (is_text * 100 >= text.len().min(4096) * 95 && holds_script(&text)).then_some(text)
}

const SCRIPTS: [&[u8]; 8] = [b"<%", b"<?php", b"<?PHP", b"<?=", b"<script", b"<SCRIPT", b"<jsp:", b"<cf"];

/// Whether a tag of a script stands in the text. Short marks must be followed by text, since chance writes them, too.
fn holds_script(text: &[u8]) -> bool {
    let is_text = |at: usize| {
        let behind = text.get(at..).unwrap_or_default();
        let behind = behind.get(..12).unwrap_or(behind);
        behind.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r' | 0x80..))
    };
    SCRIPTS.iter().any(|mark| memchr::memmem::find_iter(text, mark).any(|at| mark.len() > 4 || is_text(at)))
}

fn count_scripts(text: &[u8]) -> usize {
    SCRIPTS.iter().map(|mark| memchr::memmem::find_iter(text, mark).count()).sum()
}

fn utf_8(characters: impl Iterator<Item = char>, length: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(length);
    for character in characters {
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
    out
}

/// RFC 2152. What is no UTF-7 stays.
fn utf_7(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(plus) = memchr::memchr(b'+', rest) {
        out.extend_from_slice(rest.get(..plus).unwrap_or_default());
        rest = rest.get(plus + 1..).unwrap_or_default();
        if let Some(behind) = rest.strip_prefix(b"-") {
            out.push(b'+');
            rest = behind;
            continue;
        }
        let length = rest.iter().position(|byte| base_64(*byte).is_none()).unwrap_or(rest.len());
        let mut units = Vec::with_capacity(length / 2);
        let (mut bits, mut count) = (0_u32, 0_u32);
        for value in rest.get(..length).unwrap_or_default().iter().filter_map(|byte| base_64(*byte)) {
            bits = (bits << 6 | value) & 0x3F_FFFF;
            count += 6;
            if count >= 16 {
                count -= 16;
                units.push(u16::try_from(bits >> count & 0xFFFF).unwrap_or_default());
            }
        }
        if units.is_empty() {
            out.push(b'+');
            continue;
        }
        let characters = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        out.extend_from_slice(&utf_8(characters, length));
        rest = rest.get(length..).unwrap_or_default();
        rest = rest.strip_prefix(b"-").unwrap_or(rest);
    }
    out.extend_from_slice(rest);
    out
}

fn base_64(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
