#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{Written, golden, survives};

#[test]
fn golden_files() {
    golden("exchange_httpproxy", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/short_2013_then_updated.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_only() {
    let table: &[(&[u8], bool)] = &[
        (include_bytes!("testdata/bare_columns_then_head.in"), true),
        (include_bytes!("testdata/short_2013_then_updated.in"), true),
        (b"DateTime,RequestId,UrlStem,ProxyAction,AnchorMailbox\n", true),
        (b"DateTime,RequestId,MajorVersion,SoapAction\n", false),
        (b"#Software: Microsoft Exchange Server\n#Log-type: EWS Logs\n", false),
        (b"", false),
    ];
    for (head, ours) in table {
        assert_eq!(is_httpproxy(head), *ours, "{}", String::from_utf8_lossy(head));
    }
}

#[test]
fn the_build_of_each_head_is_told_at_its_time_and_place() {
    let written = Written::by(|sink| read_bytes::<Columns>(include_bytes!("testdata/short_2013_then_updated.in"), sink));
    let builds: Vec<&str> =
        written.records.iter().filter(|record| record.contains("Build(")).filter_map(|record| record.lines().next()).collect();
    assert_eq!(
        builds,
        [
            "Line(2) 2021-03-02T23:00:00Z server=- source=exchange//build",
            "Line(8) 2021-03-02T23:30:00Z server=- source=exchange//build",
        ]
    );
}
