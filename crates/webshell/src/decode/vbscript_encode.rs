//! Decoder of Microsoft's script encoder (`VBScript.Encode`, `JScript.Encode`), whose output classic ASP runs as it is.
//!
//! An encoded part is `#@~^`, the length in base64, `==`, the text, a checksum in base64, `==^#~@`. Each character of the text
//! was exchanged by one of three alphabets, which take turns in a fixed order of 64. Characters that would end a page's block or
//! tag are escaped with `@`. The alphabets are those of the encoder itself, published in "Breaking the Windows Script Encoder"
//! (virtualconspiracy.com, 2000) and checked to be permutations.

/// What a character stands for, by the alphabet in turn.
#[rustfmt::skip]
const ALPHABETS: [[u8; 128]; 3] = [
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x57, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
        0x2e, 0x47, 0x7a, 0x56, 0x42, 0x6a, 0x2f, 0x26, 0x49, 0x41, 0x34, 0x32, 0x5b, 0x76, 0x72, 0x43,
        0x38, 0x39, 0x70, 0x45, 0x68, 0x71, 0x4f, 0x09, 0x62, 0x44, 0x23, 0x75, 0x3c, 0x7e, 0x3e, 0x5e,
        0x40, 0x77, 0x4a, 0x61, 0x5d, 0x22, 0x4b, 0x6f, 0x4e, 0x3b, 0x4c, 0x50, 0x67, 0x2a, 0x7d, 0x74,
        0x54, 0x2b, 0x2d, 0x2c, 0x30, 0x6e, 0x6b, 0x66, 0x35, 0x25, 0x21, 0x64, 0x4d, 0x52, 0x63, 0x3f,
        0x7b, 0x78, 0x29, 0x28, 0x73, 0x59, 0x33, 0x7f, 0x6d, 0x55, 0x53, 0x7c, 0x3a, 0x5f, 0x65, 0x46,
        0x58, 0x31, 0x69, 0x6c, 0x5a, 0x48, 0x27, 0x5c, 0x3d, 0x24, 0x79, 0x37, 0x60, 0x51, 0x20, 0x36,
    ],
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x6e, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
        0x2d, 0x75, 0x52, 0x60, 0x71, 0x5e, 0x49, 0x5c, 0x62, 0x7d, 0x29, 0x36, 0x20, 0x7c, 0x7a, 0x7f,
        0x6b, 0x63, 0x33, 0x2b, 0x68, 0x51, 0x66, 0x76, 0x31, 0x64, 0x54, 0x43, 0x3c, 0x3a, 0x3e, 0x7e,
        0x40, 0x45, 0x2c, 0x2a, 0x74, 0x27, 0x37, 0x44, 0x79, 0x59, 0x2f, 0x6f, 0x26, 0x72, 0x6a, 0x39,
        0x7b, 0x3f, 0x38, 0x77, 0x67, 0x53, 0x47, 0x34, 0x78, 0x5d, 0x30, 0x23, 0x5a, 0x5b, 0x6c, 0x48,
        0x55, 0x70, 0x69, 0x2e, 0x4c, 0x21, 0x24, 0x4e, 0x50, 0x09, 0x56, 0x73, 0x35, 0x61, 0x4b, 0x58,
        0x3b, 0x57, 0x22, 0x6d, 0x4d, 0x25, 0x28, 0x46, 0x4a, 0x32, 0x41, 0x3d, 0x5f, 0x4f, 0x42, 0x65,
    ],
    [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x7b, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
        0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
        0x32, 0x30, 0x21, 0x29, 0x5b, 0x38, 0x33, 0x3d, 0x58, 0x3a, 0x35, 0x65, 0x39, 0x5c, 0x56, 0x73,
        0x66, 0x4e, 0x45, 0x6b, 0x62, 0x59, 0x78, 0x5e, 0x7d, 0x4a, 0x6d, 0x71, 0x3c, 0x60, 0x3e, 0x53,
        0x40, 0x42, 0x27, 0x48, 0x72, 0x75, 0x31, 0x37, 0x4d, 0x52, 0x22, 0x54, 0x6a, 0x47, 0x64, 0x2d,
        0x20, 0x7f, 0x2e, 0x4c, 0x5d, 0x7e, 0x6c, 0x6f, 0x79, 0x74, 0x43, 0x26, 0x76, 0x25, 0x24, 0x2b,
        0x28, 0x23, 0x41, 0x34, 0x09, 0x2a, 0x44, 0x3f, 0x77, 0x3b, 0x55, 0x69, 0x61, 0x63, 0x50, 0x67,
        0x51, 0x49, 0x4f, 0x46, 0x68, 0x7c, 0x36, 0x70, 0x6e, 0x7a, 0x2f, 0x5f, 0x4b, 0x5a, 0x2c, 0x57,
    ],
];

/// Which alphabet is in turn.
#[rustfmt::skip]
const TURNS: [u8; 64] = [
    0, 1, 2, 0, 1, 2, 1, 2, 2, 1, 2, 1, 0, 2, 1, 2,
    0, 2, 1, 2, 0, 0, 1, 2, 2, 1, 0, 2, 1, 2, 2, 1,
    0, 0, 2, 1, 2, 1, 2, 0, 2, 0, 0, 1, 2, 0, 2, 1,
    0, 2, 1, 2, 0, 0, 1, 2, 2, 0, 0, 1, 2, 0, 2, 1,
];

const BEGIN: &[u8] = b"#@~^";
const END: &[u8] = b"==^#~@";
/// The length behind the beginning, with its `==`, and the checksum before the end.
const LENGTH: usize = 8;
const CHECKSUM: usize = 6;

/// The text with its encoded parts decoded, if it has any. What stands around them stays: the encoder leaves the text before
/// its mark as it is.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = memchr::memmem::find(rest, BEGIN) {
        let inside = rest.get(at + BEGIN.len()..).unwrap_or_default();
        if inside.get(..LENGTH).is_none_or(|head| !head.ends_with(b"==")) {
            out.extend_from_slice(rest.get(..at + BEGIN.len()).unwrap_or_default());
            rest = inside;
            continue;
        }
        found = true;
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        let body = inside.get(LENGTH..).unwrap_or_default();
        let end = memchr::memmem::find(body, END);
        let (encoded, sum) = match end {
            Some(end) => body.split_at_checked(end.saturating_sub(CHECKSUM)).unwrap_or_default(),
            None => (body, &b""[..]),
        };
        append(encoded, checksum(sum), &mut out);
        rest = end.and_then(|end| body.get(end + END.len()..)).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    found.then_some(out)
}

/// The sum of the characters that took a turn, as it stands behind the text.
fn checksum(base64: &[u8]) -> Option<u32> {
    let bytes = super::base64(base64.get(..CHECKSUM)?);
    Some(u32::from_le_bytes(*bytes.first_chunk::<4>()?))
}

/// The second byte of a character of two may look like one of its own; the checksum tells how the text is to be read.
fn append(encoded: &[u8], sum: Option<u32>, out: &mut Vec<u8>) {
    let start = out.len();
    if append_as(encoded, false, out) == sum.unwrap_or_default() || encoded.is_ascii() {
        return;
    }
    let mut paired = Vec::new();
    if Some(append_as(encoded, true, &mut paired)) == sum {
        out.truncate(start);
        out.append(&mut paired);
    }
}

/// Gives the sum of what was decoded.
fn append_as(encoded: &[u8], pairs: bool, out: &mut Vec<u8>) -> u32 {
    let mut turn = 0_usize;
    let mut sum = 0_u32;
    let mut bytes = encoded.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        // Bytes of other characters than ASCII stay, and take no turn.
        if !byte.is_ascii() {
            out.push(byte);
            out.extend(if pairs { bytes.next() } else { None });
            continue;
        }
        let escaped = match (byte, bytes.peek()) {
            (b'@', Some(b'&')) => Some(b'\n'),
            (b'@', Some(b'#')) => Some(b'\r'),
            (b'@', Some(b'*')) => Some(b'>'),
            (b'@', Some(b'!')) => Some(b'<'),
            (b'@', Some(b'$')) => Some(b'@'),
            _ => None,
        };
        let alphabet = TURNS.get(turn % TURNS.len()).and_then(|turn| ALPHABETS.get(usize::from(*turn)));
        turn += 1;
        let character = match escaped {
            Some(character) => {
                bytes.next();
                character
            }
            None => alphabet.and_then(|alphabet| alphabet.get(usize::from(byte))).copied().unwrap_or(byte),
        };
        sum = sum.wrapping_add(u32::from(character));
        out.push(character);
    }
    sum
}

#[cfg(test)]
pub(crate) mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What the encoder makes of a text.
    pub(crate) fn encode(text: &str) -> String {
        let mut out = String::from("#@~^AAAAAA==");
        for (at, byte) in text.bytes().enumerate() {
            let alphabet = &ALPHABETS[usize::from(TURNS[at % 64])];
            match byte {
                b'\n' => out.push_str("@&"),
                b'\r' => out.push_str("@#"),
                b'>' => out.push_str("@*"),
                b'<' => out.push_str("@!"),
                b'@' => out.push_str("@$"),
                _ => out.push(char::from(alphabet.iter().position(|plain| *plain == byte).unwrap() as u8)),
            }
        }
        out + "AAAAAA==^#~@"
    }

    #[test]
    fn texts_come_back() {
        let every: String = ('\t'..='\n').chain(' '..='~').collect();
        for text in ["demo(1)", "If a < b Then\r\n  demo \"a@b\"\r\nEnd If", &every.repeat(3)] {
            assert_eq!(decode(encode(text).as_bytes()).as_deref(), Some(text.as_bytes()));
        }
        let two = format!("' before\n{} and {}!", encode("demo 1"), encode("demo 2"));
        assert_eq!(decode(two.as_bytes()).as_deref(), Some(b"' before\ndemo 1 and demo 2!".as_slice()));
    }

    #[test]
    fn characters_of_two_bytes_stay_whole() {
        let (one, two) = (encode("demo"), encode("demo x = 1"));
        let (one, two) = (one.as_bytes(), two.as_bytes());
        let sum: u32 = "demo x = 1".bytes().map(u32::from).sum();
        let sum = String::from_utf8(crate::decode::to_base64(&sum.to_le_bytes())).unwrap();
        for pair in [b"\xd6\x40", b"\xb7\xfe"] {
            let text = [one.get(..16).unwrap(), &pair[..], two.get(16..22).unwrap(), sum.as_bytes(), &END[2..]].concat();
            assert_eq!(decode(&text), Some([&b"demo"[..], pair, &b" x = 1"[..]].concat()));
            // Without its checksum nobody knows that it is a pair.
            let text = [one.get(..16).unwrap(), &pair[..], two.get(16..22).unwrap(), b"AAAAAA", END].concat();
            assert_eq!(decode(&text).is_some_and(|text| text.ends_with(b" x = 1")), pair[1] > 127);
        }
    }

    #[test]
    fn other_texts_stay() {
        for text in ["", "demo(1)", "#@~^", "#@~^abc", "#@~^#@~^#@~^"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
        assert_eq!(decode(b"#@~^AAAAAA==").as_deref(), Some(b"".as_slice()));
    }
}
