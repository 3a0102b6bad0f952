//! Physical lines of a text artifact, streaming, with bounded memory.
//!
//! What real logs need: UTF-8 with and without BOM, UTF-16 with BOM (and without, when the first bytes show its pattern of
//! NULs), CRLF or LF, a last line without newline, blocks of NULs where a preallocated file was never filled, and lines of
//! any length, of which none longer than [`MAX_LINE`] is ever held.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Chain, Cursor, ErrorKind, Read};

use afterpatch_model::{GapKind, Place, Record};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Flow, Input, Sink};

/// A line longer than this (in UTF-8 bytes) is skipped: no real row comes near it.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// Hands every line that is not blank to `each`, with its number (the first is 1); gaps go to the sink.
pub(crate) fn read_lines(input: &Input<'_>, sink: &mut dyn Sink, mut each: impl FnMut(u64, &str, &mut dyn Sink) -> Flow) {
    let reader = match input.reader() {
        Ok(reader) => reader,
        Err(error) => return sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
    };
    match input.section() {
        None => hand_on(Lines::new(reader), sink, each),
        // It may begin with a byte order mark.
        Some(section) if section.from == 0 => hand_on(Lines::new(reader), sink, each),
        Some(section) => {
            for line in section.head.lines() {
                each(0, line, &mut Told);
            }
            hand_on(Lines::of_section(reader, section.first_line), sink, each)
        }
    };
}

/// Takes what was told before.
struct Told;

impl Sink for Told {
    fn record(&mut self, _: &Record<'_>) -> Flow {
        Flow::Continue
    }

    fn gap(&mut self, _: GapKind, _: Place, _: &str) {}

    fn clock_corrected(&mut self, _: i32, _: u64) {}
}

/// As [`read_lines`], over any stream, for tests.
#[cfg(test)]
pub(crate) fn each_line(reader: impl Read, sink: &mut dyn Sink, each: impl FnMut(u64, &str, &mut dyn Sink) -> Flow) -> Flow {
    hand_on(Lines::new(reader), sink, each)
}

/// Hands lines on. Says whether the sink wants more.
fn hand_on<R: Read>(mut lines: Lines<R>, sink: &mut dyn Sink, mut each: impl FnMut(u64, &str, &mut dyn Sink) -> Flow) -> Flow {
    let first = lines.number;
    loop {
        if let Some(block) = lines.block() {
            let Block { text, mut number } = block;
            let (bytes, mut rest) = (text.len(), text);
            while let Some(at) = memchr::memchr(b'\n', rest.as_bytes()) {
                let (line, behind) = rest.split_at(at);
                rest = behind.get(1..).unwrap_or_default();
                number += 1;
                let line = without_padding(line);
                if !line.is_empty() && each(number, line, sink) == Flow::Stop {
                    return Flow::Stop;
                }
            }
            lines.pass(bytes, number);
        }
        let Some(line) = lines.next() else { break };
        match line {
            Line::Text(number, text) => {
                if each(number, &text, sink) == Flow::Stop {
                    return Flow::Stop;
                }
            }
            Line::TooLong(number) => sink.gap(GapKind::TooLong, Place::Line(number), "a line longer than 1 MiB was skipped"),
            Line::Broken(number, error) => {
                sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Line(number), &error.to_string());
            }
        }
    }
    sink.lines(lines.number - first);
    Flow::Continue
}

/// The first lines of an artifact's head that are not blank, at most `count` of them; enough to see what it is.
pub(crate) fn first_lines(head: &[u8], count: usize) -> Vec<String> {
    let mut lines = Lines { first_buffer: 4 * 1024, ..Lines::new(head) };
    let mut found = Vec::new();
    while found.len() < count {
        match lines.next() {
            Some(Line::Text(_, text)) => found.push(text.into_owned()),
            Some(_) => {}
            None => break,
        }
    }
    found
}

/// Bytes as text, by the same rules as the lines of a log; what does not decode becomes U+FFFD.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let (encoding, bom) = encoding_of(bytes);
    encoding.decode_without_bom_handling(bytes.get(bom..).unwrap_or_default()).0
}

/// A line without its carriage return and without NULs around it.
fn without_padding(line: &str) -> &str {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let is_padded = |end: Option<&u8>| matches!(end, Some(0 | b'\r'));
    // Hardly one has more of it.
    let has_more = is_padded(line.as_bytes().first()) || is_padded(line.as_bytes().last());
    if has_more { line.trim_matches(['\0', '\r']) } else { line }
}

/// Whole lines, the last line end included.
struct Block<'l> {
    text: &'l str,
    /// The lines before.
    number: u64,
}

/// One step of [`Lines`].
pub(crate) enum Line<'l> {
    /// A line that is not blank, without its line end and without NULs around it.
    Text(u64, Cow<'l, str>),
    /// This line was longer than [`MAX_LINE`] and was skipped.
    TooLong(u64),
    /// Reading broke off in this line; what was read of it was handed on before, nothing comes after.
    Broken(u64, io::Error),
}

/// Reads lines.
pub(crate) struct Lines<R> {
    source: Source<R>,
    /// Holds UTF-8 from `start` to `end`; `searched` bytes of it are known to hold no newline.
    buffer: Vec<u8>,
    /// Its first size: a dozen formats look at the head of each file, and the long buffer of a log was most of their time.
    first_buffer: usize,
    start: usize,
    end: usize,
    searched: usize,
    /// Lines passed so far.
    number: u64,
    /// The current line is too long: drop bytes up to its end.
    skipping: bool,
    /// Nobody has looked for a block since the buffer was filled.
    fresh: bool,
    ended: bool,
    broken: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    const FIRST_BUFFER: usize = 128 * 1024;
    /// A decoder makes no progress in less room than one character.
    const LEAST_ROOM: usize = 64;

    /// Lines of a stream.
    pub(crate) fn new(reader: R) -> Self {
        let (source, broken) = Source::new(reader);
        Self::of(source, broken, 0)
    }

    /// Lines from the middle of UTF-8, the first of which has this number.
    fn of_section(reader: R, first: u64) -> Self {
        let source = Source::Plain(Cursor::new(Vec::new()).chain(reader));
        Self::of(source, None, first.saturating_sub(1))
    }

    fn of(source: Source<R>, broken: Option<io::Error>, number: u64) -> Self {
        let (buffer, first_buffer) = (Vec::new(), Self::FIRST_BUFFER);
        Self {
            source,
            buffer,
            first_buffer,
            start: 0,
            end: 0,
            searched: 0,
            number,
            skipping: false,
            fresh: false,
            ended: false,
            broken,
        }
    }

    /// All whole lines of the buffer at once, which costs a fraction; nothing when one of them is not UTF-8. To be told what was
    /// taken of it by [`Self::pass`].
    fn block(&mut self) -> Option<Block<'_>> {
        if !std::mem::take(&mut self.fresh) || self.skipping {
            return None;
        }
        let held = self.buffer.get(self.start..self.end)?;
        let whole = held.get(..=memchr::memrchr(b'\n', held)?)?;
        Some(Block { text: simdutf8::basic::from_utf8(whole).ok()?, number: self.number })
    }

    /// The block of so many bytes was taken; its last line has this number.
    fn pass(&mut self, bytes: usize, number: u64) {
        self.start += bytes;
        self.searched = self.end;
        self.number = number;
    }

    /// The next step, or `None` at the end. Lends from the buffer, so this is no `Iterator`.
    pub(crate) fn next(&mut self) -> Option<Line<'_>> {
        loop {
            let unseen = self.buffer.get(self.searched..self.end).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unseen) {
                let (from, to) = trimmed(&self.buffer, self.start, self.searched + at);
                self.searched += at + 1;
                self.start = self.searched;
                self.number += 1;
                if std::mem::take(&mut self.skipping) {
                    return Some(Line::TooLong(self.number));
                }
                if from < to {
                    return Some(Line::Text(self.number, lossy(&self.buffer, from, to)));
                }
                continue;
            }
            self.searched = self.end;
            if self.end - self.start > MAX_LINE {
                self.skipping = true;
            }
            if self.skipping {
                self.start = self.end;
            }
            if self.ended {
                return self.last();
            }
            match self.fill() {
                Ok(0) => self.ended = true,
                Ok(_) => {}
                Err(error) => {
                    self.ended = true;
                    self.broken = Some(error);
                }
            }
        }
    }

    /// The last line, which has no newline; then the error that ended the stream, if one did.
    fn last(&mut self) -> Option<Line<'_>> {
        let number = self.number + 1;
        if std::mem::take(&mut self.skipping) {
            return Some(Line::TooLong(number));
        }
        let (from, to) = trimmed(&self.buffer, self.start, self.end);
        self.start = self.end;
        if from < to {
            return Some(Line::Text(number, lossy(&self.buffer, from, to)));
        }
        self.broken.take().map(|error| Line::Broken(number, error))
    }

    /// Reads more behind `end`, moving what is kept to the front and growing the buffer only when one line fills it.
    fn fill(&mut self) -> io::Result<usize> {
        // NULs before a line are padding, however many: they must not count as a line that is too long.
        let held = self.buffer.get(self.start..self.end).unwrap_or_default();
        self.start += held.iter().position(|byte| *byte != 0).unwrap_or(held.len());
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.searched = self.end;
        self.start = 0;
        if self.buffer.len() - self.end < Self::LEAST_ROOM {
            let grown = (self.buffer.len() * 2).clamp(self.first_buffer, MAX_LINE + Self::FIRST_BUFFER);
            self.buffer.resize(grown, 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let count = self.source.read(room)?;
        self.end += count;
        self.fresh = true;
        Ok(count)
    }
}

/// The bounds of a line without its carriage return and without NULs around it.
fn trimmed(buffer: &[u8], from: usize, to: usize) -> (usize, usize) {
    let line = buffer.get(from..to).unwrap_or_default();
    let padding = |byte: &u8| !matches!(*byte, 0 | b'\r');
    match (line.iter().position(padding), line.iter().rposition(padding)) {
        (Some(first), Some(last)) => (from + first, from + last + 1),
        _ => (from, from),
    }
}

fn lossy(buffer: &[u8], from: usize, to: usize) -> Cow<'_, str> {
    let bytes = buffer.get(from..to).unwrap_or_default();
    // The check alone runs over ASCII a word at a time; the lossy conversion goes byte by byte, and hardly any line needs it.
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

/// The encoding that the first bytes show, and the length of the byte order mark.
fn encoding_of(head: &[u8]) -> (&'static Encoding, usize) {
    if let Some(found) = Encoding::for_bom(head) {
        return found;
    }
    // Without a mark: UTF-16 of a log is mostly ASCII, so every second byte is NUL and the others are not.
    let pairs = head.get(..256).unwrap_or(head).as_chunks::<2>().0;
    let share =
        |is: fn(&[u8; 2]) -> bool| pairs.len() >= 8 && pairs.iter().filter(|pair| is(pair)).count() * 4 >= pairs.len() * 3;
    if share(|pair| pair[0] != 0 && pair[1] == 0) {
        (UTF_16LE, 0)
    } else if share(|pair| pair[0] == 0 && pair[1] != 0) {
        (UTF_16BE, 0)
    } else {
        (UTF_8, 0)
    }
}

/// A stream as UTF-8 bytes (not checked, when it is UTF-8 already).
enum Source<R> {
    Plain(Sniffed<R>),
    Decoded(Box<Decoded<R>>),
}

/// A stream whose first bytes were looked at.
type Sniffed<R> = Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> Source<R> {
    const SNIFF: u64 = 512;

    /// Looks at the first bytes. An error there is given back apart; the bytes before it are not lost.
    fn new(mut reader: R) -> (Self, Option<io::Error>) {
        let mut head = Vec::new();
        let broken = reader.by_ref().take(Self::SNIFF).read_to_end(&mut head).err();
        let (encoding, bom) = encoding_of(&head);
        head.drain(..bom);
        let inner = Cursor::new(head).chain(reader);
        let source = if encoding == UTF_16LE || encoding == UTF_16BE {
            Self::Decoded(Box::new(Decoded::new(inner, encoding)))
        } else {
            Self::Plain(inner)
        };
        (source, broken)
    }

    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(inner) => read_some(inner, room),
            Self::Decoded(decoded) => decoded.read(room),
        }
    }
}

/// A stream that is being decoded.
struct Decoded<R> {
    inner: Sniffed<R>,
    /// Gone when it has given its last character: it may not be asked again.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
}

impl<R: Read> Decoded<R> {
    const RAW: usize = 64 * 1024;

    fn new(inner: Sniffed<R>, encoding: &'static Encoding) -> Self {
        let decoder = Some(encoding.new_decoder_without_bom_handling());
        Self { inner, decoder, raw: vec![0; Self::RAW], start: 0, end: 0, ended: false }
    }

    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.decoder {
            if self.start == self.end && !self.ended {
                self.start = 0;
                self.end = read_some(&mut self.inner, &mut self.raw)?;
                self.ended = self.end == 0;
            }
            let raw = self.raw.get(self.start..self.end).unwrap_or_default();
            let (result, read, written, _) = decoder.decode_to_utf8(raw, room, self.ended);
            self.start += read;
            if self.ended && result == CoderResult::InputEmpty {
                self.decoder = None;
            }
            // A piece that ends inside a character may give nothing yet.
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

fn read_some(reader: &mut impl Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
