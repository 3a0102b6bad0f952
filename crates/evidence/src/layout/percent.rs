//! Undoes the percent-encoding of file names.

use std::borrow::Cow;

/// One component of a path, decoded: what is no `%` and two hex digits stays as it is, and so does what cannot be part of a
/// component (separators and control characters), so that the result is still one component.
pub(super) fn component(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let decoded = decode(text, |byte| !matches!(byte, b'/' | b'\\' | 0..0x20 | 0x7f));
    if matches!(decoded.as_str(), "" | "." | "..") { Cow::Borrowed(text) } else { Cow::Owned(decoded) }
}

/// Decoded without exception.
pub(super) fn everything(text: &str) -> String {
    decode(text, |_| true)
}

fn decode(text: &str, wanted: impl Fn(u8) -> bool) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let [first, rest @ ..] = bytes {
        match bytes {
            [b'%', high, low, after @ ..] => match hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low) {
                Some(byte) if wanted(byte) => {
                    decoded.push(byte);
                    bytes = after;
                }
                _ => {
                    decoded.push(b'%');
                    bytes = rest;
                }
            },
            _ => {
                decoded.push(*first);
                bytes = rest;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decoding() {
        let cases = [
            ("plain", "plain"),
            ("C%3A", "C:"),
            ("c%3a", "c:"),
            ("M%C3%BCller%20%28x86%29", "Müller (x86)"),
            ("100%25", "100%"),
            ("%2541", "%41"),
            ("%", "%"),
            ("%4", "%4"),
            ("%ZZ%41", "%ZZA"),
            ("%%41", "%A"),
            ("%+1", "%+1"),
            ("a%2Fb%5Cc%00%0A", "a%2Fb%5Cc%00%0A"),
            ("%2E%2E", "%2E%2E"),
            ("%2E", "%2E"),
            ("%FF", "\u{fffd}"),
            ("é%é", "é%é"),
        ];
        for (text, decoded) in cases {
            assert_eq!(component(text), decoded, "{text}");
        }
        assert_eq!(everything("%5C%5C.%5CC%3A"), r"\\.\C:");
    }

    proptest! {
        #[test]
        fn stays_one_component(text in r"([a-zé.]|%[0-9A-Fa-f]{0,2}){1,12}") {
            let decoded = component(&text);
            prop_assert!(!decoded.contains(['/', '\\', '\0']));
            prop_assert!(!decoded.is_empty() && (decoded != ".." || text == ".."));
            let _ = everything(&text);
        }
    }
}
