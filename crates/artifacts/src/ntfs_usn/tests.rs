#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::testing::Written;

/// 2021-03-03T04:00:00Z
const TIME: u64 = 132_592_176_000_000_000;

fn record(version: u16, file: u64, folder: u64, reasons: u32, attributes: u32, name: &str) -> Vec<u8> {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = |number: u64| {
        if version == 3 { [number.to_le_bytes().to_vec(), vec![0; 8]].concat() } else { number.to_le_bytes().to_vec() }
    };
    let head: u16 = if version == 3 { 76 } else { 60 };
    let length = (usize::from(head) + name.len()).next_multiple_of(8);
    let mut bytes = (length as u32).to_le_bytes().to_vec();
    bytes.extend(version.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(wide(file));
    bytes.extend(wide(folder));
    bytes.extend(4096_u64.to_le_bytes());
    bytes.extend(TIME.to_le_bytes());
    for number in [reasons, 0, 0, attributes] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend(head.to_le_bytes());
    bytes.extend(name);
    bytes.resize(length, 0);
    bytes
}

const AUTH: u64 = 0x1_0000_0000_0064;
const OWA: u64 = 0x1_0000_0000_0065;
const ROOT: u64 = 0x5_0000_0000_0005;
const CLOSE: u32 = 0x8000_0000;

fn story() -> Vec<u8> {
    let folder = |file, above, name: &str| record(2, file, above, CLOSE | 0x100, 0x10, name);
    [
        vec![0; 70_000],
        folder(OWA, ROOT, "inetpub"),
        folder(AUTH, OWA, "aspnet_client"),
        // Created, written, closed: one change.
        record(2, 900, AUTH, 0x100, 0x20, "x.aspx"),
        record(2, 900, AUTH, 0x102, 0x20, "x.aspx"),
        record(2, 900, AUTH, 0x102 | CLOSE, 0x20, "x.aspx"),
        vec![0; 4096],
        record(3, 901, 0x77, 0x100, 0x20, "note.txt"),
        record(3, 901, 0x77, 0x100 | 0x1000, 0x20, "note.txt"),
        record(3, 901, AUTH, 0x100 | 0x2000, 0x20, "shell.ashx"),
        record(3, 901, AUTH, 0x100 | 0x2000 | CLOSE, 0x20, "shell.ashx"),
        // Stretches of version 4 name no file.
        [80_u32.to_le_bytes().to_vec(), vec![4, 0, 0, 0], vec![1; 72]].concat(),
        record(2, 901, 0x77, 0x200 | CLOSE, 0x20, "shell.ashx"),
        record(2, 902, 0x77, 2, 0x20, "ex210303.log"),
        record(2, 903, ROOT, 1, 0x20, "web.config"),
        record(2, 903, ROOT, 1 | CLOSE, 0x20, "web.config"),
    ]
    .concat()
}

fn told(written: &Written) -> Vec<&str> {
    written
        .records
        .iter()
        .filter(|record| record.contains("FileChange"))
        .map(|record| record.lines().nth(1).unwrap().trim())
        .collect()
}

#[test]
fn the_life_of_files() {
    let written = Written::by(|sink| read(Cursor::new(story()), "C:", sink));
    let change = |action: &str, path: &str| {
        format!("FileChange(FileChange {{ action: {action}, path: {path:?}, image: \"\", pid: None }})")
    };
    assert_eq!(
        told(&written),
        [
            change("Created", r"C:\inetpub\aspnet_client\x.aspx"),
            change("Renamed", r"C:\inetpub\aspnet_client\shell.ashx"),
            change("Deleted", "shell.ashx"),
            change("Created", r"C:\web.config"),
        ]
    );
    assert_eq!((written.records.len(), written.gaps.len()), (13, 0));
    assert!(written.text.contains("Reason=RENAME_NEW_NAME ¦ FileReference=0x385 ¦ OldFileName=note.txt"), "{}", written.text);
    assert!(written.times.iter().all(|time| time.unwrap().to_string() == "2021-03-03T04:00:00Z"));
    assert!(written.records[2].starts_with("Offset(70168)"), "{}", written.records[2]);
}

#[test]
fn damage_is_told_once_and_passed() {
    let story = story();
    let noise = vec![0xab; 8 * 500];
    let written = Written::by(|sink| read(Cursor::new([&story[..], &noise, &story].concat()), "", sink));
    assert_eq!((told(&written).len(), written.gaps.len()), (8, 1));
    assert_eq!(written.gaps[0].1, Place::Offset(story.len() as u64));
    assert_eq!(told(&written)[0].matches(r#"path: "\\inetpub"#).count(), 1);
}

#[test]
fn names_of_journals() {
    for (name, ours) in [
        ("$J", true),
        ("$UsnJrnl:$J", true),
        ("$UsnJrnl%3A$J", true),
        ("$UsnJrnl_$J", true),
        ("C_$UsnJrnl-$J.bin", true),
        ("$Max", false),
        ("$UsnJrnl:$Max", false),
        ("$MFT", false),
    ] {
        assert_eq!(is_journal_name(name), ours, "{name}");
    }
}

proptest! {
    #[test]
    fn damage_never_panics(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        length in any::<prop::sample::Index>(),
    ) {
        let mut bytes = story().split_off(69_000);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(length.index(bytes.len()) + 1);
        read(Cursor::new(bytes), "C:", &mut Written::default());
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..5000)) {
        read(Cursor::new(bytes), "C:", &mut Written::default());
    }
}
