//! A stream as UTF-8, whatever Unicode encoding it has: PowerShell's `>` writes UTF-16.

use std::io::{self, Chain, Cursor, Read};

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};

/// A stream as UTF-8 without a byte order mark. UTF-8 itself is passed on as it is, damage included.
pub(crate) struct Utf8<R> {
    inner: Chain<Cursor<Vec<u8>>, R>,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    /// Decoded and not yet handed on, from `start`.
    text: String,
    start: usize,
}

impl<R: Read> Utf8<R> {
    const RAW: usize = 32 * 1024;

    pub(crate) fn new(mut reader: R) -> io::Result<Self> {
        let mut head = Vec::new();
        reader.by_ref().take(4).read_to_end(&mut head)?;
        let (encoding, mark) = match (Encoding::for_bom(&head), head.as_slice()) {
            (Some((encoding, mark)), _) => (Some(encoding), mark),
            // Without a mark: JSON and XML begin with a bracket, or white space, of ASCII.
            (None, [1..=0xff, 0, ..]) => (Some(UTF_16LE), 0),
            (None, [0, 1..=0xff, ..]) => (Some(UTF_16BE), 0),
            (None, _) => (None, 0),
        };
        head.drain(..mark);
        let decoder = encoding.filter(|encoding| *encoding == UTF_16LE || *encoding == UTF_16BE);
        Ok(Self {
            inner: Cursor::new(head).chain(reader),
            decoder: decoder.map(Encoding::new_decoder_without_bom_handling),
            raw: Vec::new(),
            text: String::new(),
            start: 0,
        })
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(());
        };
        self.raw.resize(Self::RAW, 0);
        let count = self.inner.read(&mut self.raw)?;
        let raw = self.raw.get(..count).unwrap_or_default();
        let room = decoder.max_utf8_buffer_length(count).unwrap_or(Self::RAW * 4);
        self.text.clear();
        self.start = 0;
        self.text.reserve(room);
        let _ = decoder.decode_to_string(raw, &mut self.text, count == 0);
        if count == 0 {
            // It has given its last character and may not be asked again; the stream behind it has ended.
            self.decoder = None;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while self.start == self.text.len() && self.decoder.is_some() {
            self.decode_more()?;
        }
        let mut text = self.text.as_bytes().get(self.start..).unwrap_or_default();
        if text.is_empty() {
            return self.inner.read(room);
        }
        let count = text.read(room)?;
        self.start += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8]) -> String {
        let mut text = Vec::new();
        Utf8::new(bytes).unwrap().read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    }

    proptest! {
        #[test]
        fn every_encoding_reads_the_same(text in "[{\\[][ -~é€😀\n]{1,200}") {
            let wide: Vec<u16> = text.encode_utf16().collect();
            let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
            prop_assert_eq!(&read(text.as_bytes()), &text);
            prop_assert_eq!(&read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), &text);
            prop_assert_eq!(&read(&little), &text);
            prop_assert_eq!(&read(&[&[0xff, 0xfe][..], &little].concat()), &text);
            prop_assert_eq!(&read(&big), &text);
            prop_assert_eq!(&read(&[&[0xfe, 0xff][..], &big].concat()), &text);
        }

        #[test]
        fn any_bytes_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes);
        }
    }

    #[test]
    fn long_texts_and_cut_characters() {
        let text = format!("{{{}", "é€".repeat(100_000));
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&little), text);
        assert_eq!(read(&little[..little.len() - 1]), format!("{}\u{fffd}", &text[..text.len() - 3]));
        assert_eq!(read(b""), "");
    }
}
