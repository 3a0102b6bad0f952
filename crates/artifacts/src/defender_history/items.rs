//! The items of a detection history: length, type, content, padded to eight bytes.

use afterpatch_model::Timestamp;

use super::MOST_LETTERS;
use crate::filetime::filetime;

/// The content of one item.
pub(super) enum Value<'b> {
    Number(u64),
    Time(Option<Timestamp>),
    Text(String),
    Guid(String),
    Bytes(&'b [u8]),
}

/// Takes items from the front.
pub(super) struct Items<'b> {
    bytes: &'b [u8],
    /// Where the next item begins.
    pub(super) at: u64,
    /// The last item was cut short.
    pub(super) broken: bool,
}

impl<'b> Items<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0, broken: false }
    }

    /// The next item, whatever it is.
    pub(super) fn next(&mut self) -> Option<Value<'b>> {
        let (head, rest) = self.bytes.split_first_chunk::<8>()?;
        let [l0, l1, l2, l3, kind, 0, 0, 0] = *head else {
            self.broken = true;
            return None;
        };
        let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
        let Some(content) = rest.get(..length) else {
            self.broken = true;
            return None;
        };
        // The padding of the last item may be missing.
        let padded = length.next_multiple_of(8);
        self.bytes = rest.get(padded..).unwrap_or_default();
        self.at += 8 + padded as u64;
        Some(value_of(kind, content))
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        match self.next()? {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn text(&mut self) -> Option<String> {
        match self.next()? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn guid(&mut self) -> Option<String> {
        match self.next()? {
            Value::Guid(guid) => Some(guid),
            _ => None,
        }
    }

    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        match self.next()? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

fn value_of(kind: u8, content: &[u8]) -> Value<'_> {
    match (kind, content.len()) {
        (0x05 | 0x06, 4) => Value::Number(u64::from(number(content) as u32)),
        (0x08, 8) => Value::Number(number(content)),
        (0x0a, 8) => Value::Time(filetime(number(content))),
        (0x15, _) => Value::Text(utf16(content)),
        (0x1e, 16) => Value::Guid(guid(content)),
        _ => Value::Bytes(content),
    }
}

/// A number of up to eight bytes.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A text up to its NUL, no longer than any real one.
pub(super) fn utf16(bytes: &[u8]) -> String {
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).take(MOST_LETTERS);
    String::from_utf16_lossy(&units.take_while(|unit| *unit != 0).collect::<Vec<_>>())
}

/// In the notation of Windows: the first three groups are numbers, the others bytes.
fn guid(bytes: &[u8]) -> String {
    let part = |from: usize, to: usize| number(bytes.get(from..to).unwrap_or_default());
    let tail = crate::hex::hex(bytes.get(10..).unwrap_or_default());
    let fourth = crate::hex::hex(bytes.get(8..10).unwrap_or_default());
    format!("{{{:08X}-{:04X}-{:04X}-{}-{}}}", part(0, 4), part(4, 6), part(6, 8), fourth.to_uppercase(), tail.to_uppercase())
}
