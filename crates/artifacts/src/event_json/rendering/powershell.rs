//! `Get-WinEvent | ConvertTo-Json` of PowerShell: the properties of .NET's `EventLogRecord`. The data have no names, whatever
//! names the event gives them, and are there only when PowerShell was told to go deep enough (`-Depth`).

use std::borrow::Cow;

use serde_json::Value;

use super::{event_id, first, integer, keywords, level, text};
use crate::windows_event::{HeaderTime, WindowsEvent};

/// The event of an object with `Id`, `TimeCreated` and a log or provider.
pub(super) fn event(object: &Value) -> Option<WindowsEvent<'_>> {
    let mut event = WindowsEvent {
        channel: first(object, &["LogName"]),
        provider: first(object, &["ProviderName"]),
        event_id: event_id(object.get("Id")?)?,
        computer: first(object, &["MachineName"]),
        time: time(object.get("TimeCreated")?),
        record_id: object.get("RecordId").and_then(integer),
        // Classic events say 0 for "not known".
        logged_by: object.get("ProcessId").and_then(integer).filter(|process| *process != 0),
        message: object.get("Message").map(text).filter(|message| !message.is_empty()),
        // The word is in the language of the server.
        level: object.get("Level").or_else(|| object.get("LevelDisplayName")).and_then(level),
        keywords: object.get("Keywords").and_then(keywords),
        ..WindowsEvent::default()
    };
    if event.channel.is_empty() && event.provider.is_empty() {
        return None;
    }
    // Below the depth that it was told PowerShell writes the name of the type instead of the object.
    let properties = object.get("Properties").and_then(Value::as_array);
    event.unnamed = properties.into_iter().flatten().filter_map(|property| property.get("Value")).map(value).collect();
    Some(event)
}

/// PowerShell 5.1 writes `/Date(1614985326000)/`, which is milliseconds since 1970 in UTC; 7 writes ISO 8601 with an offset.
fn time(value: &Value) -> Option<HeaderTime> {
    let text = value.as_str()?;
    match text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        Some(millis) => HeaderTime::from_epoch(millis.parse::<f64>().ok()? / 1e3),
        None => HeaderTime::parse(text),
    }
}

/// A datum; an account is an object that says itself as `Value`.
fn value(value: &Value) -> Cow<'_, str> {
    text(value.get("Value").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;
    use crate::windows_event::Zone;

    #[test]
    fn times_of_both_versions() {
        let instant = "2021-03-05T23:02:06.123Z".parse().unwrap();
        for (written, expected) in [
            ("/Date(1614985326123)/", Some(HeaderTime { instant, zone: Zone::Utc })),
            ("2021-03-06T00:02:06.123+01:00", Some(HeaderTime { instant, zone: Zone::Offset })),
            ("2021-03-05T23:02:06.123Z", Some(HeaderTime { instant, zone: Zone::Utc })),
            ("/Date(99999999999999999999)/", None),
            ("/Date(NaN)/", None),
            ("/Date()/", None),
            ("3/5/2021 11:02:06 PM", None),
        ] {
            assert_eq!(time(&written.into()), expected, "{written}");
        }
    }

    #[test]
    fn data_are_values_by_position_where_they_were_written() {
        let object = |properties: Value| json!({"Id": 4, "LogName": "X", "TimeCreated": "", "Properties": properties});
        for (properties, unnamed) in [
            (
                json!([{"Value": "a"}, {"Value": 2}, {"Value": null}, {"Value": {"BinaryLength": 12, "Value": "S-1-5-18"}}]),
                &["a", "2", "", "S-1-5-18"][..],
            ),
            (json!(["System.Diagnostics.Eventing.Reader.EventProperty"]), &[]),
            (json!("System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]"), &[]),
            (Value::Null, &[]),
        ] {
            assert_eq!(event(&object(properties)).unwrap().unnamed, unnamed);
        }
    }

    #[test]
    fn what_only_looks_alike_is_no_event() {
        for other in [
            json!({"Id": 4, "TimeCreated": "2021-03-05T23:02:06Z"}),
            json!({"Id": "b7", "ProviderName": "X", "TimeCreated": "2021-03-05T23:02:06Z"}),
            json!({"Id": 4, "ProviderName": "X"}),
        ] {
            assert_eq!(event(&other), None, "{other}");
        }
    }
}
