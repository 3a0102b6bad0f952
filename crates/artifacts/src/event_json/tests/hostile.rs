use proptest::prelude::*;
use serde_json::Value;

use super::super::*;
use super::read_bytes;
use super::renderings::renderings;
use crate::testing::Written;

/// Any JSON, with the words of the renderings in it more often than chance would have them.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..5_u32).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "1",
            "4688",
            "0x2",
            "Security",
            "Microsoft-Windows-Sysmon",
            "MSExchange CmdletLogs",
            "a\\",
            "\\\"",
            "\"é\"",
            "<Data",
            "<Param>&#",
            "2021-03-14T06:40:13Z"
        ])
        .prop_map(Value::from),
    ];
    let words = vec![
        "Event",
        "System",
        "EventData",
        "UserData",
        "Data",
        "EventID",
        "Channel",
        "Provider",
        "#text",
        "#attributes",
        "@Name",
        "Name",
        "Value",
        "TimeCreated",
        "SystemTime",
        "winlog",
        "event_id",
        "event_data",
        "channel",
        "provider_name",
        "data",
        "win",
        "system",
        "eventdata",
        "eventID",
        "providerName",
        "message",
        "Message",
        "EventLog",
        "ParameterXml",
        "ProcessId",
        "UtcTime",
        "AccessMask",
        "param1",
        "SourceName",
        "_source",
        "Id",
        "LogName",
        "Properties",
    ];
    leaf.prop_recursive(6, 80, 6, move |inner| {
        let name = prop_oneof![4 => prop::sample::select(words.clone()).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_json_is_an_event_or_not(value in any_json()) {
        if let Some(event) = rendering::event(&value.clone().into()) {
            let record = event.into_record(Place::Whole, -300);
            prop_assert!(record.fields.get("EventID").is_some());
        }
        read_bytes(value.to_string().as_bytes(), &mut Written::default());
    }

    #[test]
    fn damage_to_an_event_never_panics(which in any::<prop::sample::Index>(), changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..10)) {
        let renderings = renderings();
        let (_, objects) = which.get(&renderings);
        let mut bytes: Vec<u8> = objects.iter().flat_map(|object| format!("{object}\n").into_bytes()).collect();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_bytes(&bytes, &mut Written::default());
        looks_like_events(&bytes);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_bytes(&bytes, &mut Written::default());
        looks_like_events(&bytes);
    }
}
