#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_rps_cmdlet", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/rows.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/rows.in"), true),
        (b"DateTime,Cmdlet,Parameters,ExecutionResult\n", true),
        (b"#Log-type: Rps Http Logs\n", false),
        (b"#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_rps_cmdlet(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
