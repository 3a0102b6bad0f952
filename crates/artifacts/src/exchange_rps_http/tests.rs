#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_rps_http", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/front_end_paths.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/front_end_paths.in"), true),
        (include_bytes!("testdata/damaged_rows.in"), true),
        (b"DateTime,StartTime,UrlStem,CommandName,ShellId\n", true),
        (b"DateTime,UrlStem,ProxyAction,AnchorMailbox\n", false),
        (b"#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_rps_http(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
