#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::exchange_table::read_bytes;
use crate::testing::{Written, faces_by_list, golden, survives};

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

#[test]
fn a_row_is_offered_at_a_glance_unless_it_has_quotes_or_the_head_waits_for_its_time() {
    let fields = "#Fields: DateTime,RequestId,Protocol,UrlStem,AuthenticatedUser,UserAgent,ClientIpAddress,ServerHostName,\
                  HttpStatus,Method,ResponseBytes,UrlQuery";
    let row = |id: &str, user: &str, bytes: &str| {
        format!("2021-03-03T02:00:02.000Z,{id},Owa,/owa/,{user},Mozilla,192.0.2.1,EX01,200,GET,{bytes},x=1")
    };
    let log = [
        "#Software: Microsoft Exchange Server",
        "#Version: 15.01.2375.007",
        "#Log-type: HttpProxy Logs",
        fields,
        &row("1", "a", "10"),
        &row("2", "a", "20"),
        &row("3", "\"b,c\"", "20"),
        &row("4", "b", "12345678"),
        // The same list again is no other one.
        fields,
        &row("5", "b", "1"),
        "",
    ];
    let written = Written::by(|sink| read_bytes::<Columns>(log.join("\r\n").as_bytes(), sink));
    let of = |user: &str| format!("Owa,/owa/,{user},Mozilla,192.0.2.1,EX01,200,GET");
    assert_eq!(faces_by_list(&written), [(0, vec![&*of("a")]), (0, vec![&*of("b")])]);
    // The build, and five rows.
    assert_eq!(written.records.len(), 6);
}
