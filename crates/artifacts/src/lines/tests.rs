#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::*;
use crate::testing::Written;

fn lines(reader: impl Read) -> Vec<(u64, String)> {
    let mut lines = Lines::new(reader);
    let mut read = Vec::new();
    while let Some(line) = lines.next() {
        read.push(match line {
            Line::Text(number, text) => (number, text.into_owned()),
            Line::TooLong(number) => (number, "TOO LONG".to_owned()),
            Line::Broken(number, error) => (number, format!("BROKEN {:?}", error.kind())),
        });
    }
    assert!(lines.next().is_none(), "the end is the end");
    read
}

/// Gives its bytes in pieces of a few bytes, then an error if it has one.
struct Pieces<'b>(&'b [u8], usize, Option<ErrorKind>);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.min(self.0.len()).min(buffer.len());
        if count == 0 {
            return self.2.map_or(Ok(0), |kind| Err(kind.into()));
        }
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Takes the number of lines.
#[derive(Default)]
struct Counted(Option<u64>);

impl Sink for Counted {
    fn record(&mut self, _: &Record<'_>) -> Flow {
        Flow::Continue
    }

    fn gap(&mut self, _: GapKind, _: Place, _: &str) {}

    fn clock_corrected(&mut self, _: i32, _: u64) {}

    fn lines(&mut self, count: u64) {
        self.0 = Some(count);
    }
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn line_ends_marks_and_padding() {
    type Case = (&'static [u8], &'static [(u64, &'static str)]);
    let table: &[Case] = &[
        (b"", &[]),
        (b"\r\n\n", &[]),
        (b"a", &[(1, "a")]),
        (b"a\r\nb\nc", &[(1, "a"), (2, "b"), (3, "c")]),
        (b"a\n\n\r\nb\n", &[(1, "a"), (4, "b")]),
        (b"\xef\xbb\xbfa\r\n", &[(1, "a")]),
        (b"a\n\0\0\0\0", &[(1, "a")]),
        (b"a\n\0\0\nb", &[(1, "a"), (3, "b")]),
        (b"a\r\n\0\0\0#b\0\r\n", &[(1, "a"), (2, "#b")]),
        (b"a\0b", &[(1, "a\0b")]),
        (b"\xff\xfe", &[]),
        (b"\xff\n", &[(1, "\u{fffd}")]),
    ];
    for (bytes, expected) in table {
        for piece in [1, 3, 1000] {
            let read = lines(Pieces(bytes, piece, None));
            assert_eq!(read.iter().map(|(number, text)| (*number, text.as_str())).collect::<Vec<_>>(), *expected, "{bytes:?}");
        }
    }
}

#[test]
fn utf_16_with_and_without_mark() {
    let text = "#Software: Ä\r\nzweite 🦀 Zeile\r\ndritte";
    let expected: Vec<(u64, String)> = text.lines().zip(1..).map(|(line, number)| (number, line.to_owned())).collect();
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        for mark in ["", "\u{feff}"] {
            let encoded = utf16(&format!("{mark}{text}"), bytes);
            for piece in [1, 7, 10_000] {
                assert_eq!(lines(Pieces(&encoded, piece, None)), expected);
            }
            assert_eq!(decode(&encoded), text);
            // Cut in the middle of a character.
            assert_eq!(lines(&encoded[..encoded.len() - 1]).len(), 3);
        }
    }
    assert_eq!(first_lines(&utf16(text, u16::to_le_bytes), 2), ["#Software: Ä", "zweite 🦀 Zeile"]);
}

#[test]
fn padding_is_not_taken_for_utf_16() {
    let mut bytes = vec![0; 600];
    bytes.extend_from_slice(b"row\n");
    assert_eq!(lines(&*bytes), [(1, "row".to_owned())]);
}

#[test]
fn a_line_that_is_too_long_is_skipped_once_and_its_neighbours_are_read() {
    let mut bytes = b"before\n".to_vec();
    bytes.resize(bytes.len() + MAX_LINE, b'x');
    let exact = bytes.len();
    bytes.extend_from_slice(b"\nafter\n");
    let read = lines(&*bytes);
    assert_eq!((read.len(), read[1].1.len(), read[2].1.as_str()), (3, MAX_LINE, "after"));
    bytes.splice(exact..exact, std::iter::repeat_n(b'x', 300_000));
    let expected = [(1, "before".to_owned()), (2, "TOO LONG".to_owned()), (3, "after".to_owned())];
    assert_eq!(lines(&*bytes), expected);
    bytes.truncate(exact + 300_000);
    assert_eq!(lines(&*bytes), expected[..2]);
}

#[test]
fn a_gigabyte_without_newline_takes_no_memory() {
    let endless = io::repeat(b'x').take(1 << 30);
    let mut lines = Lines::new(endless.chain(&b"\nrow\n"[..]));
    assert!(matches!(lines.next(), Some(Line::TooLong(1))));
    assert!(matches!(lines.next(), Some(Line::Text(2, _))));
    assert!(lines.buffer.capacity() <= 2 * (MAX_LINE + Lines::<io::Empty>::FIRST_BUFFER));
}

#[test]
fn any_amount_of_padding_is_no_line() {
    let padding = io::repeat(0).take(5 << 20);
    assert_eq!(lines(padding.chain(&b"row\n"[..])), [(1, "row".to_owned())]);
    assert_eq!(lines(io::repeat(0).take(5 << 20)), []);
}

#[test]
fn what_came_before_an_error_is_handed_on() {
    let broken = Pieces(b"first\nsec", 4, Some(ErrorKind::UnexpectedEof));
    assert_eq!(lines(broken), [(1, "first".to_owned()), (2, "sec".to_owned()), (2, "BROKEN UnexpectedEof".to_owned())]);
    let mut sink = Written::default();
    each_line(Pieces(b"", 1, Some(ErrorKind::PermissionDenied)), &mut sink, |_, _, _| Flow::Continue);
    assert_eq!((sink.gaps[0].0, sink.gaps[0].1), (GapKind::Unreadable, Place::Line(1)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_do_not_matter(bytes in prop::collection::vec(prop_oneof![Just(0), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..3000), piece in 1usize..50) {
        prop_assert_eq!(lines(&*bytes), lines(Pieces(&bytes, piece, None)));
    }

    #[test]
    fn blocks_of_lines_are_the_lines(bytes in prop::collection::vec(prop_oneof![Just(0), Just(b'\n'), Just(b'\r'), 32_u8..128, any::<u8>()], 0..3000), sound in 0_usize..3000, piece in 1usize..50) {
        // Up to some point it is all ASCII.
        let bytes: Vec<u8> = bytes.iter().enumerate().map(|(at, byte)| if at < sound { byte & 0x7f } else { *byte }).collect();
        for piece in [piece, 40 * piece, 4_000] {
            let mut sink = Counted::default();
            let mut read = Vec::new();
            each_line(Pieces(&bytes, piece, None), &mut sink, |number, line, _| {
                read.push((number, line.to_owned()));
                Flow::Continue
            });
            prop_assert_eq!(&read, &lines(&*bytes));
            prop_assert_eq!(sink.0, Some(bytes.split(|byte| *byte == b'\n').count() as u64 - 1));
        }
    }

    #[test]
    fn lines_are_those_of_the_text(text in "([a-zä\t ]|\r\n|\n){0,200}") {
        let expected: Vec<(u64, String)> = text.split('\n').zip(1..).map(|(line, number)| (number, line.trim_end_matches('\r').to_owned())).filter(|(_, line)| !line.is_empty()).collect();
        prop_assert_eq!(lines(text.as_bytes()), expected);
    }
}
