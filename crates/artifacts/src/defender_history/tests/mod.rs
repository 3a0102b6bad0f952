#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod builder;

use super::*;
use crate::testing::{Written, kept, survives_damage};
use builder::{many_resources, sample};

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
fn what_is_told_with_every_resource_is_short() {
    let bytes = many_resources(2_000, 100_000);
    let written = read(&bytes);
    assert_eq!((written.records.len(), written.gaps.len()), (MOST_RESOURCES, 1));
    assert!(written.records.iter().all(|record| record.len() < 8 * LETTERS_OF_ALL));
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
