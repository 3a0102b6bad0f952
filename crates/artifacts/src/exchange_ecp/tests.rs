#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{golden, survives};

#[test]
fn golden_files() {
    golden("exchange_ecp", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/plain_rows.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    assert!(is_ecp(include_bytes!("testdata/plain_rows.in")));
    assert!(!is_ecp(b"#Software: Microsoft Exchange Server\n#Log-type: ECP Activity Context Log\n"));
}
