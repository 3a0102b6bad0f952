//! Decoders: what the functions of the platforms make of bytes. Each gives None for what is not its kind.

pub(crate) mod cfencode;
pub(crate) mod vbscript_encode;

use std::io::Read;

/// So much comes out of one decompression.
const MAX_OUT: u64 = 16 << 20;

/// Base64 as PHP and most runtimes read it: other characters are skipped, padding may be missing, both alphabets.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

pub(crate) fn to_base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::with_capacity(bytes.len() / 3 * 4 + 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4u32 {
            let letter = LETTERS.get((bits >> (18 - 6 * index) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if index as usize <= three.len() { letter } else { b'=' });
        }
    }
    out
}

/// Pairs of hex digits; None if anything else stands there.
pub(crate) fn hex(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    bytes
        .chunks_exact(2)
        .map(|pair| {
            let digit = |index: usize| pair.get(index).and_then(|byte| char::from(*byte).to_digit(16));
            Some((digit(0)? * 16 + digit(1)?) as u8)
        })
        .collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
}

/// Letters moved by 13 places.
pub(crate) fn rot13(bytes: &[u8]) -> Vec<u8> {
    let turn = |byte: &u8| match byte {
        b'a'..=b'z' => (byte - b'a' + 13) % 26 + b'a',
        b'A'..=b'Z' => (byte - b'A' + 13) % 26 + b'A',
        byte => *byte,
    };
    bytes.iter().map(turn).collect()
}

/// `%41` escapes, `+` as a space if asked for, `%u0041` as Microsoft writes it.
pub(crate) fn url(bytes: &[u8], plus: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        if *byte == b'%' {
            if let Some(pair) = bytes.get(index + 1..index + 3).and_then(hex) {
                out.extend_from_slice(&pair);
                index += 3;
                continue;
            }
            if matches!(bytes.get(index + 1), Some(b'u' | b'U'))
                && let Some(four) = bytes.get(index + 2..index + 6).and_then(hex)
            {
                let code = four.iter().fold(0u32, |code, byte| code << 8 | u32::from(*byte));
                let character = char::from_u32(code).unwrap_or('\u{fffd}');
                out.extend_from_slice(character.to_string().as_bytes());
                index += 6;
                continue;
            }
        }
        out.push(if *byte == b'+' && plus { b' ' } else { *byte });
        index += 1;
    }
    out
}

/// Raw deflate, zlib or gzip, told by what they begin with.
pub(crate) fn inflate(bytes: &[u8]) -> Option<Vec<u8>> {
    let attempt = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let ended = reader.take(MAX_OUT).read_to_end(&mut out);
        // What came before the damage may be all that matters.
        (ended.is_ok() || out.len() > 16).then_some(out)
    };
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return attempt(&mut flate2::read::GzDecoder::new(bytes));
    }
    let zlib = bytes.first().is_some_and(|first| first & 0x0f == 8)
        && bytes.get(..2).is_some_and(|head| head.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)).is_multiple_of(31));
    if zlib && let Some(out) = attempt(&mut flate2::read::ZlibDecoder::new(bytes)) {
        return Some(out);
    }
    attempt(&mut flate2::read::DeflateDecoder::new(bytes))
}

/// Unix-to-unix encoding, as PHP's `convert_uudecode` reads it.
pub(crate) fn uu(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some((length, rest)) = line.split_first() else { continue };
        let length = usize::from(length.wrapping_sub(32) & 63);
        let mut made = Vec::with_capacity(length + 3);
        for four in rest.chunks(4) {
            let bits = (0..4).fold(0u32, |bits, index| {
                let byte = four.get(index).copied().unwrap_or(b' ');
                bits << 6 | u32::from(byte.wrapping_sub(32) & 63)
            });
            made.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
        made.truncate(length);
        out.extend_from_slice(&made);
    }
    out
}

/// `=41` escapes and soft line breaks.
pub(crate) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        index += 1;
        if *byte != b'=' {
            out.push(*byte);
            continue;
        }
        if let Some(pair) = bytes.get(index..index + 2).and_then(hex) {
            out.extend_from_slice(&pair);
            index += 2;
        } else if bytes.get(index) == Some(&b'\r') && bytes.get(index + 1) == Some(&b'\n') {
            index += 2;
        } else if bytes.get(index) == Some(&b'\n') {
            index += 1;
        }
    }
    out
}

/// `&lt;`, `&#65;`, `&#x41;`.
pub(crate) fn entities(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        if *byte == b'&'
            && let Some(rest) = bytes.get(index + 1..bytes.len().min(index + 12))
            && let Some(end) = rest.iter().position(|byte| *byte == b';')
            && let Some(character) = rest.get(..end).and_then(entity)
        {
            out.extend_from_slice(character.to_string().as_bytes());
            index += end + 2;
            continue;
        }
        out.push(*byte);
        index += 1;
    }
    out
}

fn entity(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        b"nbsp" => '\u{a0}',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?)?,
        [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
        _ => return None,
    })
}

/// A string with C escapes: `\n`, `\x41`, `\101`.
pub(crate) fn c_escapes(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        index += 1;
        if *byte != b'\\' {
            out.push(*byte);
            continue;
        }
        let Some(next) = bytes.get(index) else { break };
        index += 1;
        match next {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'x' => {
                let digits = bytes.iter().skip(index).take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
                let text = bytes.get(index..index + digits).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
                out.push(u8::from_str_radix(text, 16).unwrap_or(b'x'));
                index += digits;
            }
            b'0'..=b'7' => {
                let digits = bytes.iter().skip(index - 1).take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let text = bytes.get(index - 1..index - 1 + digits).and_then(|text| std::str::from_utf8(text).ok());
                out.push(text.and_then(|text| u32::from_str_radix(text, 8).ok()).unwrap_or_default() as u8);
                index += digits - 1;
            }
            other => out.push(*other),
        }
    }
    out
}

pub(crate) fn md5(bytes: &[u8]) -> Vec<u8> {
    use md5::Digest as _;
    md5::Md5::digest(bytes).to_vec()
}

pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    use sha1::Digest as _;
    sha1::Sha1::digest(bytes).to_vec()
}
