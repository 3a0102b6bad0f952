#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod events;
mod hostile;
mod real_set;
pub(crate) mod renderings;

use super::*;
use crate::testing::Written;
use afterpatch_model::{Cmdlet, Record, Unified};
use events::{CMDLET, PARAMETERS, meanings};
use renderings::renderings;
use serde_json::json;

fn read_bytes(bytes: &[u8], sink: &mut dyn Sink) {
    read_events(bytes, clock::prove(bytes), sink);
}

#[test]
fn one_event_gives_one_record_in_every_rendering() {
    let renderings = renderings();
    let meanings = meanings();
    let fields = |record: &Record<'_>| {
        let mut fields: Vec<_> = record.fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        fields.sort();
        fields
    };
    let (_, first) = &renderings[0];
    let first: Vec<_> = first
        .iter()
        .map(|object| fields(&rendering::event(&object.clone().into()).unwrap().into_record(Place::Whole, 0)))
        .collect();
    for (name, objects) in &renderings {
        let objects: Vec<Json<'_>> = objects.iter().cloned().map(Json::from).collect();
        let records: Vec<_> =
            objects.iter().map(|object| rendering::event(object).unwrap().into_record(Place::Line(1), 0)).collect();
        assert_eq!(records.len(), meanings.len() + 1, "{name}");
        for (record, (category, service, unified)) in records.iter().zip(&meanings) {
            assert_eq!(&record.unified, unified, "{name}");
            let own = &record.source;
            assert_eq!((&*own.product, &*own.category, &*own.service), ("windows", *category, *service), "{name} {unified:?}");
        }
        for (record, expected) in records.iter().zip(&first).take(meanings.len()) {
            let mut expected = expected.clone();
            // The table of Sentinel drops the record's number and keywords.
            expected.retain(|(field, _)| *name != "sentinel" || !["EventRecordID", "Keywords"].contains(&field.as_str()));
            assert_eq!(fields(record), expected, "{name}");
        }
        for (at, record) in records.iter().enumerate() {
            // Sysmon's own time goes before the header's.
            let time = if at == 0 { "2021-03-14T06:40:15.338Z" } else { "2021-03-14T06:40:15.342Z" };
            assert_eq!(record.time, Some(time.parse().unwrap()), "{name}");
            assert_eq!(record.server.as_deref(), Some("MXS01.example.org"), "{name}");
        }
        is_the_command(name, records.last().unwrap());
    }
}

#[test]
fn what_powershell_writes_has_its_data_by_position() {
    let properties = CMDLET.map(|text| json!({"Value": text}));
    let events = [r"\/Date(1615704015342)\/", "2021-03-14T07:40:15.342+01:00"].map(|time| {
        let event = json!({
            "Id": 1, "Qualifiers": 16384, "Level": 4, "Keywords": 36_028_797_018_963_968_u64, "RecordId": 77,
            "ProviderName": "MSExchange CmdletLogs", "LogName": "MSExchange Management", "ProcessId": 0,
            "MachineName": "MXS01.example.org", "TimeCreated": "TIME", "LevelDisplayName": "Information",
            "Properties": properties, "Message": format!("Cmdlet suceeded. Cmdlet Set-OabVirtualDirectory, parameters {PARAMETERS}."),
        });
        serde_json::to_string_pretty(&event).unwrap().replace("TIME", time)
    });
    let text = format!("[\n{}\n]\n", events.join(",\n"));
    assert!(looks_like_events(text.as_bytes()));
    let (_, evtx_dump) = &renderings()[1];
    let last = evtx_dump.last().unwrap().clone().into();
    let expected = rendering::event(&last).unwrap().into_record(Place::Whole, 0);
    for event in &events {
        let object = Json::parse(event).unwrap();
        let record = rendering::event(&object).unwrap().into_record(Place::Whole, 0);
        is_the_command("powershell", &record);
        assert_eq!((record.time, &record.server, &record.unified), (expected.time, &expected.server, &expected.unified));
        for name in ["EventID", "Channel", "Provider_Name", "Computer", "EventRecordID", "Level", "Data"] {
            assert_eq!(record.fields.get(name), expected.fields.get(name), "{name}");
        }
        assert_eq!(record.fields.get("Keywords"), Some("0x80000000000000"));
        let long = event.replace("Remote", &"x".repeat(Input::HEAD_BYTES));
        assert!(looks_like_events(&long.as_bytes()[..Input::HEAD_BYTES]));
    }
}

fn is_the_command(name: &str, record: &Record<'_>) {
    assert_eq!((&*record.source.category, &*record.source.service), ("", "msexchange-management"), "{name}");
    let Unified::Cmdlet(Cmdlet { name: cmdlet, parameters, succeeded, user, host, .. }) = &record.unified else {
        panic!("{name}: {:?}", record.unified);
    };
    assert_eq!((&**cmdlet, *succeeded), ("Set-OabVirtualDirectory", Some(true)), "{name}");
    assert!(parameters.starts_with(PARAMETERS), "{name}: {parameters}");
    // The message tells no more; Wazuh's joined data cannot be taken apart.
    if !["nxlog", "wazuh"].contains(&name) {
        assert_eq!((&**parameters, &**user, &**host), (PARAMETERS, "corp/Users/eve", "w3wp#MSExchangeECPAppPool"), "{name}");
    }
    let message = record.fields.get("Message").unwrap();
    assert!(message.contains("Set-OabVirtualDirectory") && message.contains(PARAMETERS), "{name}: {message}");
}

#[test]
fn rules_find_data_under_the_names_of_sigma() {
    let (_, objects) = &renderings()[1];
    let objects: Vec<Json<'_>> = objects.iter().cloned().map(Json::from).collect();
    let records: Vec<_> = objects.iter().map(|object| rendering::event(object).unwrap().into_record(Place::Line(1), 0)).collect();
    let field = |at: usize, name: &str| records[at].field(name).map(std::borrow::Cow::into_owned);
    for (at, name, value) in [
        (1, "Image", r"C:\Windows\System32\cmd.exe"),
        (1, "ParentImage", r"C:\Windows\System32\inetsrv\w3wp.exe"),
        (1, "IntegrityLevel", "S-1-16-16384"),
        (1, "LogonId", "0x3e7"),
        (1, "Level", "4"),
        (1, "Keywords", "0x8020000000000000"),
        (10, "ThreatName", "Backdoor:ASP/X"),
        (10, "Signature", "Backdoor:ASP/X"),
        (10, "Filename", r"C:\inetpub\wwwroot\x.aspx"),
    ] {
        assert_eq!(field(at, name).as_deref(), Some(value), "{name}");
    }
}

#[test]
fn every_rendering_is_recognised_in_every_layout() {
    for (name, objects) in renderings() {
        for object in objects {
            let line = object.to_string();
            let long = serde_json::to_string_pretty(&object).unwrap();
            for text in [
                line.clone(),
                long.clone(),
                format!("[{line},\n{line}]"),
                format!("{long}\n{long}"),
                format!("not this line\n{line}"),
            ] {
                assert!(looks_like_events(text.as_bytes()), "{name}: {text}");
                let wide: Vec<u8> = [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
                assert!(looks_like_events(&wide), "{name}: {text}");
            }
        }
    }
    let long = format!(r#"{{"Channel": "X", "EventID": 1, "Message": "{}"#, "x".repeat(Input::HEAD_BYTES));
    assert!(looks_like_events(&long.as_bytes()[..Input::HEAD_BYTES]));
    for other in [
        &b""[..],
        b"{}",
        b"[1,2]",
        b"{\"a\":1}\n{\"b\":2}",
        b"#Software: Microsoft",
        b"ElfFile\0",
        br#"{"EventID": 1}"#,
        b"{\"long\": \"xx",
    ] {
        assert!(!looks_like_events(other), "{}", String::from_utf8_lossy(other));
    }
}

#[test]
fn places_are_lines_and_in_an_array_ordinals() {
    let event = r#"{"EventID":1,"Channel":"X","TimeCreated":"2021-03-14T06:40:13Z"}"#;
    let places = |text: &str| {
        let written = Written::by(|sink| read_bytes(text.as_bytes(), sink));
        assert!(written.gaps.is_empty(), "{:?}", written.gaps);
        written.records.iter().map(|record| record.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(places(&format!("{event}\n\n{event}\n")), ["Line(1)", "Line(3)"]);
    assert_eq!(places(&format!("[{event},{event},\n{event}]")), ["Record(1)", "Record(2)", "Record(3)"]);
}

#[test]
fn what_is_broken_is_a_gap_and_the_rest_is_read() {
    let event = r#"{"EventID":1,"Channel":"X","TimeCreated":"2021-03-14T06:40:13Z"}"#;
    let text = format!("{event}\n{{\"EventID\":1,\"Chan\n{event}\n{{\"no\":1}}\n{{\"a\" 1}}\nnoise\n{event}");
    let written = Written::by(|sink| read_bytes(text.as_bytes(), sink));
    assert_eq!(written.records.len(), 3, "{}", written.text);
    let gaps: Vec<_> = written.gaps.iter().map(|(kind, place, _)| (*kind, *place)).collect();
    let malformed = |line| (GapKind::Malformed, Place::Line(line));
    assert_eq!(gaps, [malformed(2), malformed(4), malformed(5), malformed(6)]);
    // A letter that is no UTF-8 costs the letter.
    let damaged = [br#"{"EventID":1,"Channel":"X","Image":"a"#, &b"\xff\xfe"[..], br#"b"}"#].concat();
    let written = Written::by(|sink| read_bytes(&damaged, sink));
    assert!(written.text.contains("Image=a\u{fffd}\u{fffd}b"), "{}", written.text);
    assert!(written.gaps.is_empty());
}

#[test]
fn reading_stops_when_told() {
    let event = "{\"EventID\":1,\"Channel\":\"X\"}\n".repeat(9);
    let mut written = Written { stop_after: Some(2), ..Written::default() };
    read_bytes(event.as_bytes(), &mut written);
    assert_eq!(written.records.len(), 2);
}

#[test]
fn local_times_are_moved_when_sysmon_proves_it() {
    let sysmon = |header: &str| {
        format!(
            "{{\"EventID\":1,\"SourceName\":\"Microsoft-Windows-Sysmon\",{header},\"UtcTime\":\"2021-03-14 06:40:13.659\"}}\n"
        )
    };
    let other = |header: &str| format!("{{\"EventID\":4,\"Channel\":\"Application\",{header}}}\n");
    let local = r#""TimeCreated":"2021-03-14T01:40:14Z""#;
    let bare = r#""EventTime":"2021-03-14 01:40:14""#;
    let stated = r#""EventTime":"2021-03-14T01:40:14-05:00""#;
    let times = |text: &str| {
        let written = Written::by(|sink| read_bytes(text.as_bytes(), sink));
        (
            written.times.last().copied().flatten().map(|time| time.to_string()),
            written.text.starts_with("CLOCK -300 proven by 3"),
            written.gaps.len(),
        )
    };
    let corrected = (Some("2021-03-14T06:40:14Z".to_owned()), true, 0);
    assert_eq!(times(&(sysmon(local).repeat(3) + &other(local))), corrected);
    assert_eq!(times(&(sysmon(bare).repeat(3) + &other(bare))), corrected);
    assert_eq!(times(&(sysmon(local).repeat(3) + &other(stated))), corrected);
    // Nothing is proven: a zone that is said is believed, and one that is missing is said to be.
    assert_eq!(times(&other(local)), (Some("2021-03-14T01:40:14Z".to_owned()), false, 0));
    assert_eq!(times(&other(bare).repeat(5)), (Some("2021-03-14T01:40:14Z".to_owned()), false, 1));
    let utc = r#""TimeCreated":"2021-03-14T06:40:14Z""#;
    assert_eq!(times(&(sysmon(utc).repeat(3) + &other(utc))), (Some("2021-03-14T06:40:14Z".to_owned()), false, 0));
}
