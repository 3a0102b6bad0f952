#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_ews", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/columns_of_2016.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/columns_of_2013.in"), true),
        (include_bytes!("testdata/columns_of_2016.in"), true),
        (b"DateTime,RequestId,MajorVersion,MinorVersion,SoapAction,HttpStatus\n", true),
        (b"DateTime,RequestId,MajorVersion,MinorVersion,HttpStatus\n", false),
        (b"#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_ews(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}
