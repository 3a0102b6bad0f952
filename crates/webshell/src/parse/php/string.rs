//! What literals mean: escapes and numbers.

use std::borrow::Cow;

use memchr::memchr;

use crate::ir::Literal;

/// The inside of `'…'`.
pub(super) fn single(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'\\', raw) else { return Cow::Borrowed(raw) };
    let (plain, mut rest) = raw.split_at_checked(first).unwrap_or((raw, &[]));
    let mut out = Vec::with_capacity(raw.len());
    out.extend_from_slice(plain);
    loop {
        rest = match rest {
            [b'\\', byte @ (b'\\' | b'\''), tail @ ..] => {
                out.push(*byte);
                tail
            }
            [byte, tail @ ..] => {
                out.push(*byte);
                tail
            }
            [] => return Cow::Owned(out),
        };
    }
}

/// The inside of a string with escapes. The quote that can be escaped is `"`, a backtick, or none in a heredoc.
pub(super) fn escaped(raw: &[u8], quote: Option<u8>) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'\\', raw) else { return Cow::Borrowed(raw) };
    let (plain, mut rest) = raw.split_at_checked(first).unwrap_or((raw, &[]));
    let mut out = Vec::with_capacity(raw.len());
    out.extend_from_slice(plain);
    loop {
        rest = match rest {
            [b'\\', tail @ ..] => escape(tail, quote, &mut out),
            [byte, tail @ ..] => {
                out.push(*byte);
                tail
            }
            [] => return Cow::Owned(out),
        };
    }
}

/// One escape, of which the backslash is read; what is left behind it.
fn escape<'t>(rest: &'t [u8], quote: Option<u8>, out: &mut Vec<u8>) -> &'t [u8] {
    let [first, tail @ ..] = rest else {
        out.push(b'\\');
        return rest;
    };
    let simple = match first {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'\\' | b'$' => *first,
        byte if Some(*byte) == quote => *byte,
        b'0'..=b'7' => {
            let (value, tail) = digits(rest, 8, 3);
            // `\400` is `\000`, as PHP has it.
            out.push((value & 0xff) as u8);
            return tail;
        }
        b'x' | b'X' if tail.first().is_some_and(u8::is_ascii_hexdigit) => {
            let (value, tail) = digits(tail, 16, 2);
            out.push((value & 0xff) as u8);
            return tail;
        }
        b'u' => {
            if let Some((character, tail)) = code_point(tail) {
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return tail;
            }
            out.push(b'\\');
            b'u'
        }
        byte => {
            out.push(b'\\');
            *byte
        }
    };
    out.push(simple);
    tail
}

fn code_point(rest: &[u8]) -> Option<(char, &[u8])> {
    let (value, tail) = digits(rest.strip_prefix(b"{")?, 16, 8);
    Some((char::from_u32(value)?, tail.strip_prefix(b"}")?))
}

/// So many digits at most, and what stands behind them.
fn digits(text: &[u8], radix: u32, most: usize) -> (u32, &[u8]) {
    let mut value = 0_u32;
    let mut rest = text;
    for _ in 0..most {
        let [first, tail @ ..] = rest else { break };
        let Some(digit) = char::from(*first).to_digit(radix) else { break };
        value = value.wrapping_mul(radix).wrapping_add(digit);
        rest = tail;
    }
    (value, rest)
}

/// A heredoc's text without the indentation of its closing label. Only a chunk at the start of a line has some at its own start.
pub(super) fn without_indent(raw: &[u8], indent: usize, line_start: bool) -> Cow<'_, [u8]> {
    if indent == 0 {
        return Cow::Borrowed(raw);
    }
    let mut out = Vec::with_capacity(raw.len());
    let mut left = if line_start { indent } else { 0 };
    for byte in raw {
        if left > 0 && matches!(byte, b' ' | b'\t') {
            left -= 1;
            continue;
        }
        left = if *byte == b'\n' { indent } else { 0 };
        out.push(*byte);
    }
    Cow::Owned(out)
}

/// A number as PHP reads it: too large a whole number is a float.
pub(super) fn number(raw: &[u8]) -> Literal {
    let (digits, radix) = match raw {
        [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
        [b'0', b'b' | b'B', digits @ ..] => (digits, 2),
        [b'0', b'o' | b'O', digits @ ..] => (digits, 8),
        [b'0', digits @ ..] if !digits.is_empty() && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_') => {
            (digits, 8)
        }
        _ if raw.iter().all(|byte| byte.is_ascii_digit() || *byte == b'_') => (raw, 10),
        _ => return float(raw),
    };
    let mut whole = Some(0_i64);
    let mut wide = 0_f64;
    for digit in digits.iter().filter_map(|byte| char::from(*byte).to_digit(radix)) {
        whole = whole.and_then(|value| value.checked_mul(i64::from(radix))?.checked_add(i64::from(digit)));
        wide = wide * f64::from(radix) + f64::from(digit);
    }
    match whole {
        Some(value) => Literal::Int(value),
        // Rounded once instead of at every digit.
        None if radix == 10 => float(raw),
        None => Literal::Float(wide),
    }
}

fn float(raw: &[u8]) -> Literal {
    let text: String = raw.iter().filter(|byte| **byte != b'_').map(|byte| char::from(*byte)).collect();
    Literal::Float(text.parse().unwrap_or(0.0))
}

/// The key in `"$a[key]"`: a whole number in its usual spelling is one, all else a string.
pub(super) fn key(raw: &[u8]) -> Literal {
    let text = std::str::from_utf8(raw).unwrap_or_default();
    match text.parse::<i64>() {
        Ok(value) if value.to_string() == text => Literal::Int(value),
        _ => Literal::Bytes(raw.into()),
    }
}
