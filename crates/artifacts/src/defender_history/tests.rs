#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, kept, survives_damage};

/// Writes items, from the same facts as the reader.
#[derive(Clone, Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn item(mut self, kind: u8, content: &[u8]) -> Self {
        self.0.extend((content.len() as u32).to_le_bytes());
        self.0.extend([kind, 0, 0, 0]);
        self.0.extend(content);
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        self
    }

    fn number(self, number: u32) -> Self {
        self.item(6, &number.to_le_bytes())
    }

    fn text(self, text: &str) -> Self {
        self.item(0x15, &wide(text))
    }

    fn time(self, ticks: u64) -> Self {
        self.item(0x0a, &ticks.to_le_bytes())
    }

    fn resource(self, version: bool, schema: &str, location: &str, bag: &[u8]) -> Self {
        let head = if version { self.text("Magic.Version:1.2") } else { self };
        head.text(schema).text(location).number(0).number(bag.len() as u32).item(0x28, bag)
    }
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn bag(head: usize) -> Vec<u8> {
    let mut bag = vec![1; head];
    let sized = |bytes: &[u8]| [&(bytes.len() as u32).to_le_bytes(), bytes].concat();
    for (name, kind, value) in [
        ("ThreatTrackingSha256", 6_u32, sized(&wide(&"ab".repeat(32)))),
        ("ThreatTrackingSize", 4, 812_u64.to_le_bytes().to_vec()),
        ("ThreatTrackingScanType", 3, 2_u32.to_le_bytes().to_vec()),
        ("ThreatTrackingIsEsuSig", 5, vec![0]),
        ("ThreatTrackingIdList", 7, sized(b"1;2\0")),
    ] {
        bag.extend(sized(&wide(name)));
        bag.extend(kind.to_le_bytes());
        bag.extend(value);
    }
    bag
}

const TICKS: u64 = 132_601_776_136_590_000;

/// A page that was taken away, and a process; with and without the version, which Server 2016 does not write.
fn sample(version: bool, kind: u32, bag_head: usize) -> Vec<u8> {
    let id = [0xcf, 0xe9, 0xbb, 0x94, 0xeb, 0xcd, 0x85, 0x48, 0x91, 0x78, 0xcc, 0x93, 0xfb, 0x10, 0x82, 0x2d];
    let head = Writer::default().item(8, &0x8003_f5b6_u64.to_le_bytes()).item(0x1e, &id);
    let head = if version { head.text("Magic.Version:1.2") } else { head };
    let states = head.text("Backdoor:ASP/Example!MSR").number(kind).number(4).number(6).number(0).number(0).number(3);
    let resources = states
        .number(2)
        .number(7)
        .number(8)
        .number(2)
        .resource(true, "file", r"C:\inetpub\wwwroot\aspnet_client\x.aspx", &bag(bag_head))
        .resource(true, "process", "pid:4,ProcessStart:1", &[])
        .time(TICKS + 600_000_000)
        .item(5, &[0; 4])
        .number(0)
        .item(0x1e, &[0; 16])
        .number(1);
    let unknown = if kind == 4 { resources.text("a").text("b").number(0).number(0).text("c").text("d") } else { resources };
    let who = unknown.number(2).text(r"NT AUTHORITY\SYSTEM").number(3).text(r"C:\Windows\System32\inetsrv\w3wp.exe").number(3);
    who.number(1)
        .time(TICKS)
        .number(0)
        .time(TICKS + 600_000_000)
        .number(0)
        .item(0, &[0; 4])
        .text(r"NT AUTHORITY\SYSTEM")
        .number(0)
        .0
}

fn read(bytes: &[u8]) -> Written {
    Written::by(|sink| detection(bytes, sink))
}

#[test]
fn a_detection_is_told_for_each_resource() {
    let bytes = sample(true, 0, 24);
    assert!(is_history(&bytes));
    kept("defender_history", "two_resources", &read(&bytes).text);
}

#[test]
fn without_version_and_with_unknown_texts_it_reads_the_same() {
    let without_places = |written: Written| {
        assert!(written.gaps.is_empty(), "{:?}", written.gaps);
        written.records.iter().map(|record| record.split_once(") ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    let usual = without_places(read(&sample(true, 0, 24)));
    assert_eq!(usual.len(), 2);
    for (version, kind, head) in [(false, 0, 24), (true, 4, 24), (true, 0, 4)] {
        assert_eq!(without_places(read(&sample(version, kind, head))), usual, "{version} {kind} {head}");
    }
}

#[test]
fn a_cut_file_gives_what_came_before() {
    let bytes = sample(true, 0, 24);
    let cut = read(&bytes[..bytes.len() / 2]);
    assert_eq!((cut.records.len(), cut.gaps.len()), (1, 1), "{}", cut.text);
    assert!(cut.text.contains("Backdoor:ASP/Example!MSR") && cut.text.contains("x.aspx"));
    assert_eq!(read(&bytes[..20]).records.len(), 0);
}

#[test]
fn other_files_are_not_taken_for_one() {
    for bytes in [b"".as_slice(), b"regf", &[8, 0, 0, 0, 8, 0, 0, 0], &[0; 100], &[0xff; 100]] {
        assert!(!is_history(bytes));
    }
}

#[test]
fn any_bytes_are_survived() {
    survives_damage(&sample(true, 4, 24), |bytes, sink| {
        is_history(bytes);
        detection(bytes, sink);
    });
}
