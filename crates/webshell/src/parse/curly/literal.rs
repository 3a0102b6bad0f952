//! The values of literals: escapes in strings and identifiers, numbers.

use super::token::T;
use crate::ir::Literal;
use crate::language::Language;

/// The bytes that a string token stands for. Characters that are written as escapes become UTF-8.
pub(super) fn string(kind: T, raw: &[u8], language: Language) -> Vec<u8> {
    match kind {
        T::Verbatim => halved(raw, b'"'),
        T::Raw => without_indent(raw),
        T::TextBlock => unescaped(&without_indent(raw), language),
        T::Chunk if language == Language::CSharp => halved(&halved(&unescaped(raw, language), b'{'), b'}'),
        T::ChunkVerbatim => halved(&halved(&halved(raw, b'"'), b'{'), b'}'),
        T::ChunkRaw => raw.to_vec(),
        _ => unescaped(raw, language),
    }
}

/// Without every second one of adjacent `byte`s.
fn halved(raw: &[u8], byte: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(found) = memchr::memchr(byte, rest) {
        out.extend_from_slice(rest.get(..=found).unwrap_or_default());
        let twice = rest.get(found + 1) == Some(&byte);
        rest = rest.get(found + 1 + usize::from(twice)..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// A text block without its first line break and the indentation that all its lines share.
fn without_indent(raw: &[u8]) -> Vec<u8> {
    let Some(first) = memchr::memchr(b'\n', raw) else { return raw.to_vec() };
    if !raw.get(..first).unwrap_or_default().trim_ascii().is_empty() {
        return raw.to_vec();
    }
    let body = raw.get(first + 1..).unwrap_or_default();
    let blank = |line: &&[u8]| !line.trim_ascii().is_empty();
    let last = body.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let indent_of = |line: &[u8]| line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let lines = body.split(|byte| *byte == b'\n');
    let indent = lines.clone().filter(blank).chain([last]).map(indent_of).min().unwrap_or(0);
    let mut out = Vec::with_capacity(body.len());
    for line in lines {
        out.extend_from_slice(line.get(indent..).unwrap_or_default().trim_ascii_end());
        out.push(b'\n');
    }
    out.pop();
    // The closing quotes on a line of their own: C# drops the line break in front of them, and to drop it in Java, too, changes
    // no meaning that matters here.
    if last.trim_ascii().is_empty() {
        out.pop();
    }
    out
}

pub(super) fn unescaped(raw: &[u8], language: Language) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(found) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(rest.get(..found).unwrap_or_default());
        rest = rest.get(found + 1..).unwrap_or_default();
        let Some((&byte, after)) = rest.split_first() else { break };
        rest = after;
        match byte {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' if language == Language::CSharp => out.push(7),
            b'e' if language == Language::CSharp => out.push(0x1b),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'v' => out.push(11),
            b's' if language == Language::Java => out.push(b' '),
            b'0' if language == Language::CSharp => out.push(0),
            b'0'..=b'7' if language != Language::CSharp => rest = octal(byte, rest, &mut out),
            b'u' => rest = unicode(rest, &mut out),
            b'x' => {
                let most = if language == Language::CSharp { 4 } else { 2 };
                let (unit, after) = hex(rest, most);
                push_unit(&mut out, unit);
                rest = after;
            }
            b'U' if language == Language::CSharp => {
                let (unit, after) = hex(rest, 8);
                push_unit(&mut out, unit);
                rest = after;
            }
            // A line that goes on.
            b'\r' => rest = rest.strip_prefix(b"\n").unwrap_or(rest),
            b'\n' => {}
            other => out.push(other),
        }
    }
    out.extend_from_slice(rest);
    out
}

fn octal<'a>(first: u8, rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let most = if first <= b'3' { 2 } else { 1 };
    let digits = rest.iter().take(most).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let mut unit = u32::from(first - b'0');
    for byte in rest.iter().take(digits) {
        unit = unit * 8 + u32::from(byte - b'0');
    }
    push_unit(out, unit);
    rest.get(digits..).unwrap_or_default()
}

/// What follows `\u`: four digits (two of them for a pair of surrogates), or any number in braces.
fn unicode<'a>(rest: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    if let Some(braced) = rest.strip_prefix(b"{") {
        let (unit, after) = hex(braced, 6);
        push_unit(out, unit);
        return after.strip_prefix(b"}").unwrap_or(after);
    }
    let (high, after) = hex(rest, 4);
    if (0xd800..0xdc00).contains(&high)
        && let Some(second) = after.strip_prefix(b"\\u")
        && let (low @ 0xdc00..0xe000, behind) = hex(second, 4)
    {
        push_unit(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        return behind;
    }
    push_unit(out, high);
    after
}

fn hex(rest: &[u8], most: usize) -> (u32, &[u8]) {
    let mut unit = 0u32;
    let mut length = 0;
    for digit in rest.iter().take(most).map_while(|byte| hex_value(*byte)) {
        unit = (unit << 4) | digit;
        length += 1;
    }
    (unit, rest.get(length..).unwrap_or_default())
}

pub(super) fn hex_value(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

/// Appends a character as UTF-8; half of a pair of surrogates as the three bytes that it would have.
pub(super) fn push_unit(out: &mut Vec<u8>, unit: u32) {
    match char::from_u32(unit) {
        Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            let low = |shift: u32| 0x80 | u8::try_from((unit >> shift) & 0x3f).unwrap_or(0);
            out.extend_from_slice(&[0xe0 | u8::try_from((unit >> 12) & 0xf).unwrap_or(0), low(6), low(0)]);
        }
    }
}

/// The code point of a character literal.
/// Whether quotes hold none or more than one character.
pub(super) fn is_text(raw: &[u8]) -> bool {
    match raw {
        [] => true,
        [b'\\', ..] => false,
        _ => raw.len() > 1 && String::from_utf8_lossy(raw).chars().count() > 1 && std::str::from_utf8(raw).is_ok(),
    }
}

pub(super) fn character(raw: &[u8], language: Language) -> i64 {
    let bytes = unescaped(raw, language);
    let text = String::from_utf8_lossy(&bytes);
    let first = text.chars().next().map_or(0, u32::from);
    // A text in an encoding of one byte.
    if first == 0xfffd { bytes.first().map_or(0, |byte| i64::from(*byte)) } else { i64::from(first) }
}

pub(super) fn number(raw: &[u8], language: Language) -> Literal {
    let text: String = raw.iter().filter(|byte| **byte != b'_').map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    let bare = text.trim_end_matches(['u', 'l', 'n']);
    if let Some(digits) = bare.strip_prefix("0x") {
        return whole(digits, 16, language == Language::Java && !text.ends_with('l'));
    }
    if let Some(digits) = bare.strip_prefix("0b") {
        return whole(digits, 2, language == Language::Java && !text.ends_with('l'));
    }
    if let Some(digits) = bare.strip_prefix("0o") {
        return whole(digits, 8, false);
    }
    let octal = language != Language::CSharp && bare.len() > 1 && bare.starts_with('0');
    if octal && bare.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
        return whole(bare, 8, false);
    }
    if let Ok(value) = bare.parse::<i64>() {
        return Literal::Int(value);
    }
    let bare = bare.trim_end_matches(['f', 'd', 'm']);
    Literal::Float(bare.parse().unwrap_or(0.0))
}

/// Digits that may use the sign's bit: of 32 bits in Java, else of 64.
fn whole(digits: &str, radix: u32, narrow: bool) -> Literal {
    match u64::from_str_radix(digits, radix) {
        Ok(value) if narrow && u32::try_from(value).is_ok() => {
            Literal::Int(i64::from(u32::try_from(value).unwrap_or(0).cast_signed()))
        }
        Ok(value) => Literal::Int(value.cast_signed()),
        Err(_) => Literal::Float(
            digits.chars().fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0))),
        ),
    }
}
