//! Cuts a stream into JSON objects with bounded memory: one object a line, an array of objects, or objects one after the
//! other over many lines. Only cuts; what is inside is read by `serde_json`.

use std::io::{self, BufRead, BufReader, Read};

use afterpatch_model::GapKind;

/// No object longer than this is read. An event of Windows has at most 64 KiB, which JSON can make three times as long, and
/// the message the same again; as a tree of values an object of odd making takes eighty times its length.
const MAX_OBJECT: usize = 1 << 20;
/// No object nested deeper is read; `serde_json` has the same bound.
const MAX_DEPTH: u32 = 127;
/// When nothing more was understood over at least this many bytes up to the end, more than a line was lost.
const MUCH: u64 = 64 * 1024;

/// What was found next.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// An object, from brace to brace; the bytes are in [`Objects::object`].
    Object {
        /// Line on which it begins, the first is 1.
        line: u64,
        /// Its number among the objects, the first is 1.
        ordinal: u64,
    },
    /// Something that is no whole object.
    Broken {
        /// Line on which it begins.
        line: u64,
        /// What kind of gap it is.
        kind: GapKind,
        /// Why.
        why: &'static str,
    },
}

/// Cuts a stream of UTF-8 into objects.
pub(super) struct Objects<R> {
    reader: BufReader<R>,
    cutter: Cutter,
}

impl<R: Read> Objects<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader: BufReader::with_capacity(64 * 1024, reader), cutter: Cutter::default() }
    }

    /// The next piece, or `None` at the end. An error of the stream ends it.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        loop {
            let bytes = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                return Ok(self.cutter.end());
            }
            let (used, piece) = self.cutter.feed(bytes);
            self.reader.consume(used);
            if piece.is_some() {
                return Ok(piece);
            }
        }
    }

    /// The bytes of the object that [`Objects::next`] just gave.
    pub(super) fn object(&self) -> &[u8] {
        &self.cutter.object
    }

    /// The line that is being read.
    pub(super) fn line(&self) -> u64 {
        self.cutter.line
    }

    /// Whether the objects are elements of an array.
    pub(super) fn is_array(&self) -> bool {
        self.cutter.array
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between objects.
    Between,
    /// Inside an object, outside texts.
    Object,
    /// Inside a text of an object.
    Text,
    /// Behind a backslash in a text.
    Escape,
    /// In a line that is not understood.
    LostLine,
    /// At the beginning of a line while lost: an object that begins here is taken up again.
    LostStart,
}

#[derive(Debug)]
struct Cutter {
    state: State,
    /// The object so far; no more is kept once it is too long.
    object: Vec<u8>,
    too_long: bool,
    /// Line that is being read, and line on which the object began.
    line: u64,
    began: u64,
    ordinal: u64,
    /// Open brackets; bit n of `arrays` says that the n-th is square.
    depth: u32,
    arrays: u128,
    /// The last byte that is no white space.
    last: u8,
    /// Something but white space was seen.
    seen: bool,
    array: bool,
    lost: u64,
    ended: bool,
}

impl Default for Cutter {
    fn default() -> Self {
        Self {
            state: State::Between,
            object: Vec::new(),
            too_long: false,
            line: 1,
            began: 1,
            ordinal: 0,
            depth: 0,
            arrays: 0,
            last: 0,
            seen: false,
            array: false,
            lost: 0,
            ended: false,
        }
    }
}

impl Cutter {
    /// Reads on. Gives the number of bytes used, and a piece if one was completed.
    fn feed(&mut self, bytes: &[u8]) -> (usize, Option<Piece>) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            let rest = bytes.get(at..).unwrap_or_default();
            let (used, piece) = match self.state {
                State::Between => self.between(byte),
                State::Object => self.in_object(byte),
                State::Text => self.in_text(rest),
                State::Escape => {
                    self.keep(rest.get(..1).unwrap_or_default());
                    self.state = State::Text;
                    // A raw newline cannot be escaped; the text state must see it.
                    if byte == b'\n' { (1, Some(self.broken_line("a text broke off"))) } else { (1, None) }
                }
                State::LostLine => (self.skip_line(rest), None),
                State::LostStart => self.lost_start(byte),
            };
            at += used;
            if piece.is_some() {
                return (at, piece);
            }
        }
        (at, None)
    }

    fn between(&mut self, byte: u8) -> (usize, Option<Piece>) {
        match byte {
            b'{' => {
                self.seen = true;
                self.begin();
                return (1, None);
            }
            b'[' if !self.seen => self.array = true,
            b'\n' => self.line += 1,
            b'[' | b']' | b',' | b' ' | b'\t' | b'\r' | 0 => {}
            _ => {
                self.seen = true;
                self.state = State::LostLine;
                let piece = Piece::Broken { line: self.line, kind: GapKind::Malformed, why: "not a JSON object" };
                return (0, Some(piece));
            }
        }
        self.seen |= !matches!(byte, b'\n' | b' ' | b'\t' | b'\r' | 0);
        (1, None)
    }

    fn begin(&mut self) {
        self.object.clear();
        self.object.push(b'{');
        self.too_long = false;
        self.began = self.line;
        self.depth = 1;
        self.arrays = 0;
        self.last = b'{';
        self.lost = 0;
        self.state = State::Object;
    }

    fn in_object(&mut self, byte: u8) -> (usize, Option<Piece>) {
        let in_array = self.arrays & 1 == 1;
        match byte {
            b'\n' => self.line += 1,
            b' ' | b'\t' | b'\r' => {}
            b'"' => self.state = State::Text,
            b'{' | b'[' => {
                // Where no value can stand, the object before broke off and a new one begins.
                let value_expected = if in_array { matches!(self.last, b'[' | b',') } else { self.last == b':' };
                if !value_expected {
                    self.state = if byte == b'{' { State::Between } else { State::LostLine };
                    return (0, Some(self.broken("an object broke off")));
                }
                if self.depth > MAX_DEPTH {
                    self.state = State::LostLine;
                    return (1, Some(self.broken("nested too deep")));
                }
                self.depth += 1;
                self.arrays = self.arrays << 1 | u128::from(byte == b'[');
            }
            b'}' | b']' => {
                if in_array != (byte == b']') {
                    self.state = State::LostLine;
                    return (1, Some(self.broken("brackets do not match")));
                }
                self.depth -= 1;
                self.arrays >>= 1;
                if self.depth == 0 {
                    self.keep(&[byte]);
                    return (1, Some(self.complete()));
                }
            }
            _ => {}
        }
        self.keep(&[byte]);
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
        (1, None)
    }

    fn in_text(&mut self, bytes: &[u8]) -> (usize, Option<Piece>) {
        let Some(at) = memchr::memchr3(b'"', b'\\', b'\n', bytes) else {
            self.keep(bytes);
            return (bytes.len(), None);
        };
        match bytes.get(at) {
            // JSON writes a newline as \n; a raw one means that the line was cut.
            Some(b'\n') => return (at + 1, Some(self.broken_line("a text broke off"))),
            Some(b'\\') => self.state = State::Escape,
            _ => {
                self.state = State::Object;
                self.last = b'"';
            }
        }
        self.keep(bytes.get(..=at).unwrap_or_default());
        (at + 1, None)
    }

    fn skip_line(&mut self, bytes: &[u8]) -> usize {
        let used = match memchr::memchr(b'\n', bytes) {
            Some(at) => {
                self.line += 1;
                self.state = State::LostStart;
                at + 1
            }
            None => bytes.len(),
        };
        self.lost += used as u64;
        used
    }

    fn lost_start(&mut self, byte: u8) -> (usize, Option<Piece>) {
        match byte {
            b'{' => {
                self.state = State::Between;
                (0, None)
            }
            b'\n' => {
                self.line += 1;
                (1, None)
            }
            b'[' | b']' | b',' | b' ' | b'\t' | b'\r' | 0 => (1, None),
            _ => {
                self.state = State::LostLine;
                (0, None)
            }
        }
    }

    /// What is left at the end of the stream; asked again it gives nothing.
    fn end(&mut self) -> Option<Piece> {
        if std::mem::replace(&mut self.ended, true) {
            return None;
        }
        match self.state {
            State::Object | State::Text | State::Escape => {
                Some(Piece::Broken { line: self.began, kind: GapKind::Truncated, why: "ends inside an object" })
            }
            State::LostLine | State::LostStart if self.lost >= MUCH => Some(Piece::Broken {
                line: self.began,
                kind: GapKind::Truncated,
                why: "nothing was understood from here to the end",
            }),
            _ => None,
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.object.len() + bytes.len() > MAX_OBJECT {
            self.too_long = true;
        } else if !self.too_long {
            self.object.extend_from_slice(bytes);
        }
    }

    fn complete(&mut self) -> Piece {
        self.state = State::Between;
        self.ordinal += 1;
        if self.too_long {
            return Piece::Broken { line: self.began, kind: GapKind::TooLong, why: "an object longer than 1 MiB was skipped" };
        }
        Piece::Object { line: self.began, ordinal: self.ordinal }
    }

    fn broken(&mut self, why: &'static str) -> Piece {
        Piece::Broken { line: self.began, kind: GapKind::Malformed, why }
    }

    /// Broken by the newline that was just read.
    fn broken_line(&mut self, why: &'static str) -> Piece {
        self.line += 1;
        self.state = State::LostStart;
        self.broken(why)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    /// `line:object` for objects, `line!kind` for what is broken.
    fn cut(text: &[u8], step: usize) -> Vec<String> {
        struct Steps<'t>(&'t [u8], usize);
        impl Read for Steps<'_> {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                let count = self.1.min(self.0.len()).min(room.len());
                room[..count].copy_from_slice(&self.0[..count]);
                self.0 = &self.0[count..];
                Ok(count)
            }
        }
        let mut objects = Objects::new(Steps(text, step));
        let mut found = Vec::new();
        while let Some(piece) = objects.next().unwrap() {
            found.push(match piece {
                Piece::Object { line, .. } => format!("{line}:{}", String::from_utf8_lossy(objects.object())),
                Piece::Broken { line, kind, .. } => format!("{line}!{}", kind.slug()),
            });
        }
        assert_eq!(objects.next().unwrap(), None);
        found
    }

    #[test]
    fn objects_are_cut_in_every_layout() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("\n\n", &[]),
            ("{\"a\":1}\n{\"b\":2}\r\n", &["1:{\"a\":1}", "2:{\"b\":2}"]),
            ("{\"a\":1}{\"b\":2}", &["1:{\"a\":1}", "1:{\"b\":2}"]),
            ("[{\"a\":[1,{}]},\n {\"b\":\"}\\\"{\"}]", &["1:{\"a\":[1,{}]}", "2:{\"b\":\"}\\\"{\"}"]),
            ("{\n \"a\": {\n  \"b\": 1\n }\n}\n{}\n", &["1:{\n \"a\": {\n  \"b\": 1\n }\n}", "6:{}"]),
            // A line cut inside a text, between values, inside a value; a line of something else.
            ("{\"a\":\"xx\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("{\"a\":{\"c\":1\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("{\"a\":1,\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("{\"a\":[1}\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("{\"a\":\"x\\\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("oops\n{\"b\":2}", &["1!malformed", "2:{\"b\":2}"]),
            ("{\"a\":1}}\n{\"b\":2}", &["1:{\"a\":1}", "1!malformed", "2:{\"b\":2}"]),
            // In a long form, one broken object is one gap, however many lines it has.
            ("[\n{\n\"a\": \"x\n\"b\": 1,\n\"c\": 2\n},\n{\n\"d\": 1\n}\n]", &["2!malformed", "7:{\n\"d\": 1\n}"]),
            ("{\"a\":1}\n{\"b\":", &["1:{\"a\":1}", "2!truncated"]),
        ];
        for (text, expected) in table {
            for step in [1, 3, 1000] {
                assert_eq!(cut(text.as_bytes(), step), *expected, "{text} in steps of {step}");
            }
        }
    }

    #[test]
    fn long_and_deep_objects_are_skipped_and_the_rest_is_read() {
        let long = format!("{{\"a\":\"{}\"}}\n{{\"b\":2}}", "x".repeat(MAX_OBJECT));
        assert_eq!(cut(long.as_bytes(), 70_000), ["1!too_long", "2:{\"b\":2}"]);
        let deep = format!("{{\"a\":{}\n{{\"b\":2}}", "[".repeat(100_000));
        assert_eq!(cut(deep.as_bytes(), 1000), ["1!malformed", "2:{\"b\":2}"]);
    }

    #[test]
    fn losing_the_rest_is_said() {
        let text = format!("[{{\"a\":[1}},{}", "{\"b\":1},".repeat(20_000));
        assert_eq!(cut(text.as_bytes(), 1000), ["1!malformed", "1!truncated"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_the_same_in_any_steps(bytes in prop::collection::vec(prop::sample::select(b"{}[]:,\"\\\n ax".to_vec()), 0..200), step in 1_usize..40) {
            prop_assert_eq!(cut(&bytes, step), cut(&bytes, 1000));
        }

        #[test]
        fn whole_lines_survive_any_broken_line_between_them(junk in "[^\n]{0,40}") {
            let text = format!("{{\"EventID\":1}}\n{junk}\n{{\"EventID\":2}}\n{{\"EventID\":3}}\n");
            let found = cut(text.as_bytes(), 1000);
            prop_assert_eq!(found.first().map(String::as_str), Some("1:{\"EventID\":1}"));
            prop_assert_eq!(found.last().map(String::as_str), Some("4:{\"EventID\":3}"));
        }
    }
}
