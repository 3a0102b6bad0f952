#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hostile;
mod same_record;

use super::*;
use crate::testing::{Written, golden};

fn read_bytes(bytes: &[u8]) -> Written {
    Written::by(|sink| read_events(bytes, sink))
}

/// An event with this number in its data.
fn event(number: u32) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='X'/><EventID>7</EventID>\
         <TimeCreated SystemTime='2021-03-14T06:40:13.6591234Z'/><Channel>X</Channel><Computer>MXS01</Computer></System>\
         <EventData><Data Name='Number'>{number}</Data></EventData></Event>"
    )
}

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn places(written: &Written) -> Vec<&str> {
    written.records.iter().map(|record| record.split(' ').next().unwrap()).collect()
}

#[test]
fn golden_files() {
    golden("event_xml", |_, bytes, sink| {
        assert!(looks_like_events(bytes));
        read_events(bytes, sink);
    });
}

#[test]
fn every_encoding_reads_the_same() {
    let text = format!("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n<Events>{}\r\n{}</Events>", event(1), event(2));
    let text = text.replace(">1<", ">1 é€😀<");
    let plain = read_bytes(text.as_bytes());
    assert!(plain.text.contains("Number=1 é€😀") && plain.gaps.is_empty() && plain.records.len() == 2, "{}", plain.text);
    let little = wide(&text, u16::to_le_bytes);
    for bytes in [
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        [b"\xff\xfe", little.as_slice()].concat(),
        [b"\xfe\xff", wide(&text, u16::to_be_bytes).as_slice()].concat(),
        little,
    ] {
        assert!(looks_like_events(&bytes));
        assert_eq!(read_bytes(&bytes).text, plain.text);
    }
}

#[test]
fn places_are_lines_and_below_a_root_ordinals() {
    let (one, two) = (event(1), event(2).replace("<EventData>", "\r\n<EventData>\r\n"));
    let written = read_bytes(format!("{one}\r\n\r\n{two}{one}\r\n{one}").as_bytes());
    assert_eq!(places(&written), ["Line(1)", "Line(3)", "Line(5)", "Line(6)"]);
    let written = read_bytes(format!("\u{feff}<?xml version='1.0'?>\n<Events>{one}{two}\n{one}</Events>\n").as_bytes());
    assert_eq!(places(&written), ["Record(1)", "Record(2)", "Record(3)"]);
    assert!(written.gaps.is_empty(), "{:?}", written.gaps);
}

#[test]
fn what_is_broken_is_a_gap_and_the_rest_is_read() {
    let (whole, nothing) = (event(1), "<Event xmlns='x'><System><Channel>X</Channel></System></Event>");
    let (cut, crossed) = (&whole[..whole.len() - 30], whole.replace("</Data>", "</Date>"));
    let behind = &whole[100..];
    let text = format!("{whole}\n{cut}\n{whole}\n{crossed}\n{whole}\n{nothing}\n\nnoise\n{whole}\n{behind}\n{whole}\n{cut}");
    let written = read_bytes(text.as_bytes());
    assert_eq!(places(&written), ["Line(1)", "Line(3)", "Line(5)", "Line(9)", "Line(11)"]);
    let gaps: Vec<_> = written.gaps.iter().map(|(kind, place, _)| (*kind, *place)).collect();
    let malformed = |line| (GapKind::Malformed, Place::Line(line));
    let truncated = |line| (GapKind::Truncated, Place::Line(line));
    assert_eq!(gaps, [malformed(2), malformed(4), malformed(6), malformed(8), truncated(10), truncated(12)]);
    // A letter that is no UTF-8 costs the letter.
    let damaged = [whole.split_once(">1<").unwrap().0.as_bytes(), b">\xff<", whole.split_once(">1<").unwrap().1.as_bytes()];
    let written = read_bytes(&damaged.concat());
    assert!(written.text.contains("Number=\u{fffd}") && written.gaps.is_empty(), "{}", written.text);
}

#[test]
fn entities_are_not_expanded() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE Events [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;\">\n\
                <!ENTITY file SYSTEM \"file:///etc/passwd\">\n]>\n";
    let text = format!("{bomb}<Events>{}</Events>", event(1).replace(">1<", ">&b;&file;&lt;&#65;&#x42;<"));
    assert!(looks_like_events(text.as_bytes()));
    let written = read_bytes(text.as_bytes());
    assert!(written.text.contains("Number=&b;&file;<AB"), "{}", written.text);
    assert!(written.gaps.is_empty(), "{:?}", written.gaps);
}

#[test]
fn only_what_begins_with_events_is_recognised() {
    let event = event(1);
    let long = event.replace(">1<", &format!(">{}<", "x".repeat(Input::HEAD_BYTES)));
    for events in [
        event.clone(),
        format!("\r\n {event}"),
        format!("<Events>\n{event}"),
        format!("Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{event}\n\nRecord 2\n"),
        // The part of a log that begins in an event, and one whose first event broke off.
        format!("{}\n{event}", &event[150..]),
        format!("{}\n{event}", &event[..150]),
        long[..Input::HEAD_BYTES].to_owned(),
    ] {
        assert!(looks_like_events(events.as_bytes()), "{events}");
    }
    for other in [
        "",
        "<Events/>",
        "<Event/>",
        "<EventData><Data>1</Data></EventData>",
        "<Task xmlns='http://schemas.microsoft.com/windows/2004/02/mit/task'><Actions/></Task>",
        &format!("<html><pre>{event}</pre></html>"),
        &format!("# what an event looks like\n$xml = '{event}'"),
    ] {
        assert!(!looks_like_events(other.as_bytes()), "{other}");
    }
}

#[test]
fn reading_stops_when_told() {
    let mut written = Written { stop_after: Some(2), ..Written::default() };
    read_events(event(1).repeat(9).as_bytes(), &mut written);
    assert_eq!(written.records.len(), 2);
}
