#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{golden, survives};
use crate::w3c::read_bytes;

#[test]
fn golden_files() {
    golden("http_err", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/streams_and_scopes.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/streams_and_scopes.in"), true),
        (b"#Fields: date time cs-method s-reason\n", true),
        (b"#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-uri-stem\n", false),
        (b"2021-03-14 06:40:11 192.0.2.1\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_http_err(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
