//! LZNT1, in which NTFS packs files (Microsoft: \[MS-XCA\] 2.5).

use std::io::{self, ErrorKind};

/// Stretches of so many bytes are packed one by one.
const CHUNK: usize = 4096;

/// Unpacks to `size` bytes; what the packed bytes do not fill is zeros.
///
/// # Errors
/// The bytes are damaged.
pub(super) fn unpack(mut packed: &[u8], size: usize) -> io::Result<Vec<u8>> {
    let damaged = || io::Error::new(ErrorKind::InvalidData, "content that NTFS packed is damaged");
    let mut content = Vec::with_capacity(size);
    while let Some((head, rest)) = packed.split_first_chunk::<2>() {
        let head = u16::from_le_bytes(*head);
        if head == 0 || content.len() >= size {
            break;
        }
        let (chunk, rest) = rest.split_at_checked(usize::from(head & 0xfff) + 1).ok_or_else(damaged)?;
        packed = rest;
        let start = content.len();
        if head & 0x8000 == 0 {
            content.extend_from_slice(chunk);
        } else {
            unpack_chunk(chunk, &mut content).ok_or_else(damaged)?;
        }
        // Each chunk stands for a whole stretch, even when it ends early.
        content.resize(start.saturating_add(CHUNK), 0);
    }
    content.resize(size, 0);
    Ok(content)
}

fn unpack_chunk(mut chunk: &[u8], content: &mut Vec<u8>) -> Option<()> {
    let start = content.len();
    while let Some((flags, rest)) = chunk.split_first() {
        chunk = rest;
        for bit in 0..8 {
            if chunk.is_empty() {
                return Some(());
            }
            if flags & 1 << bit == 0 {
                let (byte, rest) = chunk.split_first()?;
                content.push(*byte);
                chunk = rest;
            } else {
                let (token, rest) = chunk.split_first_chunk::<2>()?;
                chunk = rest;
                copy(u16::from_le_bytes(*token), start, content)?;
            }
            if content.len().checked_sub(start)? > CHUNK {
                return None;
            }
        }
    }
    Some(())
}

/// The farther into the chunk, the more bits of a token are distance and the fewer are length.
fn copy(token: u16, start: usize, content: &mut Vec<u8>) -> Option<()> {
    let done = content.len().checked_sub(start)?;
    let (mut length_bits, mut reach) = (12_u32, 16);
    while reach < done {
        length_bits = length_bits.checked_sub(1)?;
        reach *= 2;
    }
    let length = usize::from(token & ((1 << length_bits) - 1)) + 3;
    let distance = usize::from(token >> length_bits) + 1;
    let from = content.len().checked_sub(distance).filter(|from| *from >= start)?;
    // It may reach into what it writes.
    for at in from..from.checked_add(length)? {
        let byte = *content.get(at)?;
        content.push(byte);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_the_specification() {
        // [MS-XCA] 3.3
        let packed = [
            0x38, 0xb0, 0x88, 0x46, 0x23, 0x20, 0x00, 0x20, 0x47, 0x20, 0x41, 0x00, 0x10, 0xa2, 0x47, 0x01, 0xa0, 0x45, 0x20,
            0x44, 0x00, 0x08, 0x45, 0x01, 0x50, 0x79, 0x00, 0xc0, 0x45, 0x20, 0x05, 0x24, 0x13, 0x88, 0x05, 0xb4, 0x02, 0x4a,
            0x44, 0xef, 0x03, 0x58, 0x02, 0x8c, 0x09, 0x16, 0x01, 0x48, 0x45, 0x00, 0xbe, 0x00, 0x9e, 0x00, 0x04, 0x01, 0x18,
            0x90, 0x00,
        ];
        let text = b"F# F# G A A G F# E D D E F# F# E E F# F# G A A G F# E D D E F# E D D E E F# D E F# G F# D E F# G F# \
                     E D E A F# F# G A A G F# E D D E F# E D D\0";
        assert_eq!(unpack(&packed, text.len()).unwrap(), text);
    }

    proptest! {
        #[test]
        fn damage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(content) = unpack(&bytes, 65536) {
                prop_assert_eq!(content.len(), 65536);
            }
        }
    }
}
