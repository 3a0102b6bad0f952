#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use afterpatch_model::{GapKind, Place, Record};

use super::*;
use crate::Flow;
use crate::testing::{Written, faces_by_list, golden, survives};
use crate::w3c::read_bytes;

#[test]
fn golden_files() {
    golden("iis_w3c", |_, bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/default_columns.in"), |bytes, sink| read_bytes::<Columns>(bytes, sink));
}

#[test]
fn recognised_by_head_under_any_name_and_by_name_when_the_head_is_gone() {
    let head = include_bytes!("testdata/default_columns.in");
    let row: &[u8] = b"2021-03-14 06:40:11 10.0.0.4 GET / - 443 - 198.51.100.7 - - 200 0 0 1\r\n";
    let utf16: Vec<u8> = String::from_utf8_lossy(head).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table: &[(&str, &[u8], bool)] = &[
        ("renamed.txt", head, true),
        ("renamed.txt", &utf16, true),
        ("x", b"#Fields: time cs-uri-stem", true),
        ("x", b"\0\0\0#Fields: time cs-uri-stem", true),
        ("x", b"#Fields: date-time,cs-uri-stem", false),
        ("httperr1.log", b"#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip cs-method cs-uri sc-status", false),
        ("u_ex210314.log", row, true),
        ("u_ex21031406_x.LOG", row, true),
        ("other.log", row, false),
        ("u_ex210314.log", b"\x01\x02\x03noise", false),
        ("u_ex210314.log", b"", false),
        ("u_ex210314.log", b"#Software: Microsoft Exchange Server\r\n", false),
    ];
    for (name, head, ours) in table {
        assert_eq!(is_iis(name, head), *ours, "{name} {}", String::from_utf8_lossy(head));
    }
}

#[test]
fn a_stop_is_obeyed() {
    let mut sink = Written { stop_after: Some(1), ..Written::default() };
    read_bytes::<Columns>(include_bytes!("testdata/default_columns.in"), &mut sink);
    assert_eq!(sink.records.len(), 1);
}

#[test]
fn a_log_with_a_thousand_heads_is_read_whole() {
    struct Counted(u64);
    impl Sink for Counted {
        fn record(&mut self, _: &Record<'_>) -> Flow {
            self.0 += 1;
            Flow::Continue
        }
        fn gap(&mut self, _: GapKind, _: Place, _: &str) {}
        fn clock_corrected(&mut self, _: i32, _: u64) {}
    }
    let log = include_bytes!("testdata/default_columns.in").repeat(1_000);
    let mut sink = Counted(0);
    read_bytes::<Columns>(&log, &mut sink);
    assert_eq!(sink.0, 3_000);
}

#[test]
fn a_face_is_all_but_time_query_and_sizes_and_belongs_to_its_list_of_columns() {
    let head = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query c-ip sc-status sc-bytes time-taken";
    let other = "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port sc-status sc-bytes time-taken";
    let log = [
        head,
        "2021-03-03 01:00:00 10.0.0.1 GET /a x=1 192.0.2.1 200 10 1",
        "2021-03-03 02:00:00 10.0.0.1 GET /a - 192.0.2.1 200 9999999 2",
        // An answer so large is no everyday row.
        "2021-03-03 02:00:01 10.0.0.1 GET /a - 192.0.2.1 200 10000000 2",
        head,
        "2021-03-03 02:00:02 10.0.0.1 GET /a - 192.0.2.1 200 10 2",
        "2021-03-03 02:00:03 10.0.0.1 GET /a - 192.0.2.2 200 10 2",
        // A row without a time or with a value too many has no face.
        "2021-03-03 xx:00:03 10.0.0.1 GET /a - 192.0.2.1 200 10 2",
        "2021-03-03 02:00:03 10.0.0.1 GET /a - - 192.0.2.1 200 10 2",
        other,
        "2021-03-03 02:00:04 10.0.0.1 GET /a - 192.0.2.1 200 10 2",
        // The first list again.
        head,
        "2021-03-03 02:00:05 10.0.0.1 GET /a - 192.0.2.1 200 10 2",
        "",
    ];
    let mut sink = Written::default();
    read_bytes::<Columns>(log.join("\r\n").as_bytes(), &mut sink);
    let of = |list, client| (list, vec!["10.0.0.1 GET /a", client]);
    assert_eq!(
        faces_by_list(&sink),
        [
            of(0, "192.0.2.1 200"),
            of(0, "192.0.2.1 200"),
            of(0, "192.0.2.1 200"),
            of(0, "192.0.2.2 200"),
            of(1, "192.0.2.1 200"),
            of(0, "192.0.2.1 200"),
        ]
    );
    // None was counted, so each was handed on.
    assert_eq!(sink.records.len(), 8);
}

#[test]
fn an_id_at_the_end_of_a_query_is_seen_at_one_look() {
    let id = "327d1c24-2771-4ff1-86fe-891e3a47ac0c";
    for (query, expected) in [
        (format!("&CorrelationID=<empty>;&cafeReqId={id};"), true),
        (format!("cafeReqId={id}"), true),
        (format!("cafeReqId={id};x"), false),
        ("cafeReqId=;".to_owned(), false),
        (format!("cafeReqId=;{}", &id[1..]), false),
        (format!("ücafeReqId={}", &id[1..]), false),
        (String::new(), false),
    ] {
        assert_eq!(ends_with_request_id(&query), expected, "{query}");
        assert!(!expected || !request_id(&query).is_empty(), "{query}");
    }
}

/// The server writes its own behind what the visitor sent.
#[test]
fn a_visitor_cannot_say_which_request_his_is() {
    let id = "8f2b0a2e-0f1c-4f2e-9a64-1f2a3b4c5d6e";
    for forged in ["cafeReqId=forged;", "x=1&cafeReqId=forged", "cafeReqId=;", "a=cafeReqId=forged&cafeReqId=again;"] {
        assert_eq!(request_id(&format!("{forged}&CorrelationID=<empty>;&cafeReqId={id};")), id);
    }
}
