#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_audit", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/rows.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/rows.in"), true),
        (include_bytes!("testdata/damaged_rows.in"), true),
        (b"#Software: Microsoft Exchange\n#Log-type: audits\n", false),
        (b"Timestamp,Operation\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_audit(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
