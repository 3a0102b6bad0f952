#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden};

fn read(bytes: &[u8], sink: &mut Written) {
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(String::from_utf8_lossy(bytes).lines()) {
        if reader.line(number, line, sink) == Flow::Stop {
            break;
        }
    }
    reader.finish(sink);
}

#[test]
fn golden_files() {
    golden("vault_journal", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn recognised_by_its_first_line_under_any_name() {
    let journal = include_bytes!("testdata/removed_and_undone.in").as_slice();
    assert!(is_journal(journal));
    assert!(!is_journal(journal.get(65..).unwrap()));
    assert!(!is_journal(b"{\"record\":\"vault\"}"));
}

#[test]
fn a_torn_line_is_a_gap_and_what_was_not_done_is_nothing() {
    let journal = include_str!("testdata/removed_and_undone.in");
    let torn = journal.trim_end().rsplit_once('\n').unwrap().0;
    let cut = torn.get(..torn.len() - 20).unwrap();
    let written = Written::by(|sink| read(cut.as_bytes(), sink));
    assert_eq!(written.gaps.len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(text in "[ -~\\n]{0,200}", at in 0_usize..2000) {
        let journal = include_str!("testdata/removed_and_undone.in");
        let at = journal.floor_char_boundary(at.min(journal.len()));
        let mixed = format!("{}{text}{}", &journal[..at], &journal[at..]);
        Written::by(|sink| read(mixed.as_bytes(), sink));
    }
}
