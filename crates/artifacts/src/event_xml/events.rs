//! Cuts a stream into events with bounded memory. Only cuts, from tag to tag; what is inside is read by `xml`.
//!
//! An event ends at its end tag; where another begins before it, it broke off. (What is in an event is escaped, so neither tag
//! can stand in a text of one.)

use std::io::{self, BufRead, BufReader, Read};

use afterpatch_model::GapKind;

/// No event longer than this is read. An event of Windows has at most 64 KiB, which XML can make six times as long, and the
/// message the same again.
const MAX_EVENT: usize = 1 << 20;

/// What was found next.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    /// An event, from tag to tag; the bytes are in [`Events::event`].
    Event {
        /// Line that it begins in, the first is 1.
        line: u64,
        /// Its number among the events that begin, the first is 1.
        ordinal: u64,
    },
    /// An event that is not whole.
    Broken {
        /// Line that it begins in.
        line: u64,
        /// What kind of gap it is.
        kind: GapKind,
        /// Why.
        why: &'static str,
    },
    /// Between events, something that is neither an event nor what belongs around one.
    Stray {
        /// Line that it begins in.
        line: u64,
    },
}

/// Cuts a stream of UTF-8 into events.
pub(super) struct Events<R> {
    reader: BufReader<R>,
    /// The tag that was read last, with the text behind it; no more is kept once it is too long.
    tag: Vec<u8>,
    /// The event so far.
    event: Vec<u8>,
    inside: bool,
    too_long: bool,
    /// Line that is being read, and lines in which tag and event began.
    line: u64,
    tag_began: u64,
    began: u64,
    ordinal: u64,
    /// Line of what was found since the last event and belongs to none; one piece for all of it.
    stray: Option<u64>,
    root: bool,
}

impl<R: Read> Events<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader: BufReader::with_capacity(64 * 1024, reader),
            tag: Vec::new(),
            event: Vec::new(),
            inside: false,
            too_long: false,
            line: 1,
            tag_began: 1,
            began: 1,
            ordinal: 0,
            stray: None,
            root: false,
        }
    }

    /// The next piece, or `None` at the end. An error of the stream ends it.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        while self.read_tag()? {
            let piece = if is_begin(&self.tag) {
                self.begin()
            } else if let Some(length) = end_tag(&self.tag) {
                self.end(length)
            } else if self.inside {
                self.keep();
                None
            } else {
                self.look_between(0);
                None
            };
            if piece.is_some() {
                return Ok(piece);
            }
        }
        if std::mem::take(&mut self.inside) {
            return Ok(Some(self.broken(GapKind::Truncated, "ends inside an event")));
        }
        Ok(self.take_stray())
    }

    /// The bytes of the event that [`Events::next`] just gave, or of the one that the stream ended in.
    pub(super) fn event(&self) -> &[u8] {
        &self.event
    }

    /// The line that is being read.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether the events stand below a root.
    pub(super) fn has_root(&self) -> bool {
        self.root
    }

    /// Reads from one `<` up to the next; says whether there was anything.
    fn read_tag(&mut self) -> io::Result<bool> {
        self.tag.clear();
        self.tag_began = self.line;
        let mut is_first = true;
        loop {
            let bytes = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                bytes => bytes?,
            };
            if bytes.is_empty() {
                return Ok(!is_first);
            }
            // The first byte is the tag's own bracket, or text before any.
            let from = usize::from(std::mem::take(&mut is_first));
            let next = memchr::memchr(b'<', bytes.get(from..).unwrap_or_default()).map(|at| at + from);
            let part = next.and_then(|at| bytes.get(..at)).unwrap_or(bytes);
            // One byte more than an event may have shows that it is too long.
            let room = (MAX_EVENT + 1).saturating_sub(self.tag.len());
            self.tag.extend_from_slice(part.get(..room).unwrap_or(part));
            self.line += memchr::memchr_iter(b'\n', part).count() as u64;
            let used = part.len();
            self.reader.consume(used);
            if next.is_some() {
                return Ok(true);
            }
        }
    }

    fn begin(&mut self) -> Option<Piece> {
        let before = if self.inside { Some(self.broken(GapKind::Malformed, "an event broke off")) } else { self.take_stray() };
        self.inside = true;
        self.too_long = false;
        self.began = self.tag_began;
        self.ordinal += 1;
        self.event.clear();
        self.keep();
        before
    }

    /// At an end tag of this length.
    fn end(&mut self, length: usize) -> Option<Piece> {
        let began = self.stray.take().unwrap_or(self.tag_began);
        self.look_between(length);
        if !std::mem::take(&mut self.inside) {
            let why = "the beginning of an event is missing";
            return Some(Piece::Broken { line: began, kind: GapKind::Truncated, why });
        }
        self.tag.truncate(length);
        self.keep();
        Some(if self.too_long { self.too_long() } else { Piece::Event { line: self.began, ordinal: self.ordinal } })
    }

    /// The event that was begun has no end.
    fn broken(&self, kind: GapKind, why: &'static str) -> Piece {
        if self.too_long { self.too_long() } else { Piece::Broken { line: self.began, kind, why } }
    }

    fn too_long(&self) -> Piece {
        Piece::Broken { line: self.began, kind: GapKind::TooLong, why: "an event longer than 1 MiB was skipped" }
    }

    fn take_stray(&mut self) -> Option<Piece> {
        self.stray.take().map(|line| Piece::Stray { line })
    }

    fn keep(&mut self) {
        self.too_long |= self.event.len() + self.tag.len() > MAX_EVENT;
        if !self.too_long {
            self.event.extend_from_slice(&self.tag);
        }
    }

    /// Looks at what stands between events, from this position of the tag on.
    fn look_between(&mut self, from: usize) {
        let rest = self.tag.get(from..).unwrap_or_default();
        self.root |= rest.starts_with(b"<Events");
        // Of a longer one the end was not kept.
        let is_known = self.tag.len() <= MAX_EVENT && belongs_between(rest);
        if self.stray.is_none() && !is_known {
            let blank = rest.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or_default();
            let before = self.tag.get(..from + blank).unwrap_or_default();
            self.stray = Some(self.tag_began + memchr::memchr_iter(b'\n', before).count() as u64);
        }
    }
}

/// Whether an event begins here: `<Event`, and not `<Events`, `<EventData`, ...
fn is_begin(tag: &[u8]) -> bool {
    let next = tag.strip_prefix(b"<Event").map(<[u8]>::first);
    next.is_some_and(|next| next.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')))
}

/// The length of the end tag that stands here.
fn end_tag(tag: &[u8]) -> Option<usize> {
    let rest = tag.strip_prefix(b"</Event")?;
    let blank = rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
    (rest.get(blank) == Some(&b'>')).then_some(b"</Event>".len() + blank)
}

/// Whether this belongs between events: blanks, the root's tags, declarations (of entities, too, which nobody reads).
fn belongs_between(text: &[u8]) -> bool {
    let Some((tag, behind)) = memchr::memrchr(b'>', text).and_then(|at| text.split_at_checked(at + 1)) else {
        // The tag of a document type ends behind the declarations in it.
        return text.starts_with(b"<!") || is_blank(text);
    };
    let known = [&b"<?"[..], b"<!", b"<Events", b"</Events"];
    known.iter().any(|begin| tag.starts_with(begin)) && is_blank(behind)
}

/// Blanks, NULs, a byte order mark (of files that were joined), and the number that `evtx_dump` writes before each event.
fn is_blank(text: &[u8]) -> bool {
    let padding = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf);
    let word = match (text.iter().position(|byte| !padding(byte)), text.iter().rposition(|byte| !padding(byte))) {
        (Some(first), Some(last)) => text.get(first..=last).unwrap_or_default(),
        _ => return true,
    };
    word.strip_prefix(b"Record ").is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    /// `line:event` for events, `line!kind` for what is broken, `line?` for what is stray.
    fn cut(text: &[u8], step: usize) -> Vec<String> {
        let mut events = Events { reader: BufReader::with_capacity(step, text), ..Events::new(text) };
        let mut found = Vec::new();
        while let Some(piece) = events.next().unwrap() {
            assert!(events.tag.len() + events.event.len() <= 2 * MAX_EVENT + 1);
            found.push(match piece {
                Piece::Event { line, .. } => format!("{line}:{}", String::from_utf8_lossy(events.event())),
                Piece::Broken { line, kind, .. } => format!("{line}!{}", kind.slug()),
                Piece::Stray { line } => format!("{line}?"),
            });
        }
        assert_eq!(events.next().unwrap(), None);
        found
    }

    #[test]
    fn events_are_cut_in_every_layout() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("\n\0\n", &[]),
            ("<Event>1</Event>\n<Event a='1'>\n2</Event>\r\n", &["1:<Event>1</Event>", "2:<Event a='1'>\n2</Event>"]),
            ("<?xml?>\n<Events>\n<Event\n>1</Event\n></Events>\n", &["3:<Event\n>1</Event\n>"]),
            ("Record 1\n<?xml?>\n<Event>1</Event>\n\nRecord 2\n<Event/>", &["3:<Event>1</Event>", "6!truncated"]),
            ("<Event><EventData/><Events/></EventData></Event>", &["1:<Event><EventData/><Events/></EventData></Event>"]),
            // Broken off, without a beginning, without an end; something else.
            ("<Event>1</Even\n<Event>2</Event>", &["1!malformed", "2:<Event>2</Event>"]),
            ("1</Data>\n</Event>\n</Event><Event>2</Event>", &["1!truncated", "3!truncated", "3:<Event>2</Event>"]),
            ("<Event>1</Event>\n\n x\n<y/><Event>2", &["1:<Event>1</Event>", "3?", "4!truncated"]),
            ("<Events>x<Event>1</Event></Events>\nRecord x", &["1?", "1:<Event>1</Event>", "1?"]),
            ("<!DOCTYPE a [\n<!ENTITY b '>'>\n]>\n<Event>1</Event>", &["4:<Event>1</Event>"]),
        ];
        for (text, expected) in table {
            for step in [1, 3, 1000] {
                assert_eq!(cut(text.as_bytes(), step), *expected, "{text} in steps of {step}");
            }
        }
    }

    #[test]
    fn long_events_are_skipped_and_the_rest_is_read() {
        let text = "x".repeat(MAX_EVENT);
        for long in [text.clone(), "<a/>".repeat(MAX_EVENT / 4), format!("{text}<b/>{text}"), format!("<a/>{text}")] {
            let around = format!("<Event>{long}</Event>\n<Event>{long}\n<Event>1</Event>");
            assert_eq!(cut(around.as_bytes(), 70_000), ["1!too_long", "2!too_long", "3:<Event>1</Event>"]);
        }
        let fits = format!("<Event>{}</Event>", &text[15..]);
        assert_eq!(cut(fits.as_bytes(), 70_000).len(), 1);
        let blank = " ".repeat(MAX_EVENT);
        assert_eq!(cut(format!("<Event>1</Event>{blank}x").as_bytes(), 70_000), ["1:<Event>1</Event>", "1?"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_the_same_in_any_steps(text in "(<|>|</Event|<Event|s|Data|/| |\n|x){0,60}", step in 1_usize..40) {
            prop_assert_eq!(cut(text.as_bytes(), step), cut(text.as_bytes(), 1000));
        }
    }
}
