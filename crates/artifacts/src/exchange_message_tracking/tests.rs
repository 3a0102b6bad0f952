#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_message_tracking", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/rows.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/rows.in"), true),
        (b"date-time,client-ip,event-id,recipient-address,message-subject\n", true),
        (b"#Log-type: SMTP Receive Protocol Log\n#Fields: date-time,event-id\n", false),
        (b"#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_message_tracking(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
