#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod builder;

use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::testing::Written;
use builder::{record, story};

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
fn a_path_has_an_end() {
    let folders = (0..60).map(|number| record(2, 100 + number, 99 + number, 0x8000_0100, 0x10, &"d".repeat(255)));
    let change = record(2, 900, 159, 0x100, 0x20, "x.aspx");
    let journal: Vec<u8> = folders.chain([change]).flatten().collect();
    let written = Written::by(|sink| read(Cursor::new(journal), "C:", sink));
    assert_eq!(told(&written).len(), 1);
    assert!(told(&written)[0].contains(r"ddd\\x.aspx") && told(&written)[0].len() < 5_000, "{}", told(&written)[0]);
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
