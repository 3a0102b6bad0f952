use proptest::prelude::*;

use super::*;
use crate::testing::survives_damage;

#[test]
fn damage_never_panics() {
    let sound = format!("<?xml version='1.0'?>\n<Events>{}\n{}</Events>", event(1), event(2));
    let read = |bytes: &[u8], sink: &mut Written| {
        looks_like_events(bytes);
        read_events(bytes, sink);
    };
    survives_damage(sound.as_bytes(), read);
    survives_damage(&[&b"\xff\xfe"[..], &wide(&sound, u16::to_le_bytes)].concat(), read);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_of_tags_never_panics(text in "(<|>|</|/>|Event|Events|System|EventData|Data|EventID|Name=|'|7| |\n|&|;|#|<!|--|\\[|\\]|<\\?|CDATA|é){0,80}") {
        read_bytes(text.as_bytes());
        looks_like_events(text.as_bytes());
    }

    #[test]
    fn whole_events_survive_anything_between_them(junk in "[^<]{0,60}", tag in "(</?[a-z]{1,5}( a='b')?/?>|<Event>|<Event |</Event>|<!--|-->){0,4}") {
        let written = read_bytes(format!("{}\n{junk}{tag}{junk}\n{}\n", event(1), event(2)).as_bytes());
        prop_assert!(written.text.contains("Number=1") && written.text.contains("Number=2"), "{}", written.text);
    }
}

/// A hundred megabytes in one line, in a text, in tags, and behind the last event.
#[test]
fn a_line_without_end_is_a_gap_and_the_rest_is_read() {
    let (begin, end) = ("<Event><System><EventID>7</EventID></System><EventData><Data>", "</Data></EventData></Event>");
    let long = |piece: &'static [u8]| Repeated { piece, left: 100 << 20 };
    let whole = event(1);
    let stream = begin.as_bytes().chain(long(b"x")).chain(end.as_bytes()).chain(whole.as_bytes());
    let stream = stream.chain(begin.as_bytes()).chain(long(b"<a><b>some text</b></a>")).chain(whole.as_bytes());
    let stream = stream.chain(long(b"\0")).chain(b"\n".as_slice()).chain(whole.as_bytes());
    let written = Written::by(|sink| read_events(stream, sink));
    assert_eq!(places(&written), ["Line(1)", "Line(1)", "Line(2)"]);
    let gaps: Vec<_> = written.gaps.iter().map(|(kind, place, _)| (*kind, *place)).collect();
    let too_long = (GapKind::TooLong, Place::Line(1));
    assert_eq!(gaps, [too_long, too_long, (GapKind::Malformed, Place::Line(1))]);
}

/// A piece again and again, up to this many bytes.
struct Repeated {
    piece: &'static [u8],
    left: usize,
}

impl Read for Repeated {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = room.len().min(self.left).min(self.piece.len() * 1024) / self.piece.len() * self.piece.len();
        for (to, from) in room.iter_mut().zip(self.piece.iter().cycle()).take(count) {
            *to = *from;
        }
        self.left -= if count == 0 { self.left } else { count };
        Ok(count)
    }
}
