#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::lines::each_line;
use crate::testing::{Written, golden};

fn read(bytes: &[u8], sink: &mut Written) {
    let mut reader = Reader::default();
    each_line(bytes, sink, |number, text, sink| reader.line(number, text, sink));
}

#[test]
fn golden_files() {
    golden("defender_log", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn utf_16_reads_the_same() {
    let utf8 = include_str!("testdata/lines.in");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(is_text(&utf16) && !is_text(b"\x01\xfe\x80noise") && !is_text(b""));
    assert_eq!(Written::by(|sink| read(&utf16, sink)).text, Written::by(|sink| read(utf8.as_bytes(), sink)).text);
}

#[test]
fn names_of_the_log() {
    assert!(is_defender_log_name("MPLog-20210314-064000.log") && is_defender_log_name("MPDetection-20210314-064000.log"));
    assert!(!is_defender_log_name("MPScanSkip-20210314-064000.log") && !is_defender_log_name("mplog.txt"));
}

#[test]
fn of_very_many_files_in_a_line_some_are_told() {
    for (count, records, gaps) in [(64, 64, 0), (65, 64, 1), (20_000, 3, 1), (50_000, 1, 1)] {
        let files: Vec<String> = (0..count).map(|file| format!(r"file:C:\{file};")).collect();
        let log = format!("2021-03-14T06:40:13.659Z DETECTION_ADD#1 Backdoor:ASP/Example {}\n", files.concat());
        let written = Written::by(|sink| read(log.as_bytes(), sink));
        assert_eq!((written.records.len(), written.gaps.len()), (records, gaps), "{count}");
    }
}

#[test]
fn any_lines_are_survived() {
    use proptest::prelude::*;
    let text = "(2021-03-14T06:40:13\\.659Z |DETECTIONEVENT|DETECTION_ADD#1|DETECTION_CLEANEVENT| |MPSOURCE_X|MP_THREAT_ACTION_X|file:|C:\\\\x|;|->|\\|\
        |PropBag \\[|\\[|\\]|Mini-filter\\] Blocked file|: | Process: |\\[Exclusion\\] |command line reported as |threat|\\(|\\)|Issuing SDN query for |sha1=\
        |ProcessImageName: |, |Begin Resource Scan|End Scan|Beginning threat actions|Threat Name:|Path:|Path Exclusions:|\n|\t|ä){0,60}";
    proptest!(|(text in text, bytes in prop::collection::vec(any::<u8>(), 0..500))| {
        read(text.as_bytes(), &mut Written::default());
        read(&bytes, &mut Written::default());
    });
}

#[test]
fn a_broken_line_loses_no_other() {
    crate::testing::survives(
        "2021-03-14T06:40:13.659Z DETECTION_ADD#1 Backdoor:ASP/Example file:C:\\x.asp\r\n2021-03-14T06:40:14.000Z a\r\n",
        read,
    );
}
