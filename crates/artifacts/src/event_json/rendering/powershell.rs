//! `Get-WinEvent | ConvertTo-Json` of PowerShell: the properties of .NET's `EventLogRecord`. The data have no names, whatever
//! names the event gives them, and are there only when PowerShell was told to go deep enough (`-Depth`). Only Sysmon's message,
//! which is in English everywhere, has all data once more, with their names.

use std::borrow::Cow;

use super::{event_id, first, integer, keywords, level, text};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};

/// The event of an object with `Id`, `TimeCreated` and a log or provider.
pub(super) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
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
    let properties = object.get("Properties").and_then(Json::as_array);
    event.unnamed = properties.into_iter().flatten().filter_map(|property| property.get("Value")).map(value).collect();
    if event.provider == "Microsoft-Windows-Sysmon" {
        event.named = named(event.message.as_deref().unwrap_or_default());
        if !event.named.is_empty() {
            event.unnamed.clear();
        }
    }
    Some(event)
}

/// The data of a message that has them as lines of `Name: value` below its title. What is no such line belongs to the value
/// before: command lines may have several.
fn named<'e>(message: &str) -> Vec<(Cow<'e, str>, Cow<'e, str>)> {
    let mut data: Vec<(String, String)> = Vec::new();
    for line in message.lines().skip(1) {
        let name_and_value = line.split_once(':').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        match name_and_value.filter(|(name, value)| !name.is_empty() && (value.is_empty() || value.starts_with(' '))) {
            Some((name, value)) => data.push((name.to_owned(), value.trim_start().to_owned())),
            None => {
                if let Some((_, value)) = data.last_mut() {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    data.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

/// PowerShell 5.1 writes `/Date(1614985326000)/`, which is milliseconds since 1970 in UTC; 7 writes ISO 8601 with an offset.
fn time(value: &Json<'_>) -> Option<HeaderTime> {
    let text = value.as_str()?;
    match text.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/")) {
        Some(millis) => HeaderTime::from_epoch(millis.parse::<f64>().ok()? / 1e3),
        None => HeaderTime::parse(text),
    }
}

/// A datum; an account is an object that says itself as `Value`.
fn value<'v>(value: &'v Json<'_>) -> Cow<'v, str> {
    text(value.get("Value").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value, json};

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
            assert_eq!(time(&Json::Text(written.into())), expected, "{written}");
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
            assert_eq!(event(&object(properties).into()).unwrap().unnamed, unnamed);
        }
    }

    #[test]
    fn sysmons_data_get_their_names_from_its_message() {
        let message = "Process Create:\r\nRuleName: -\r\nImage: C:\\Windows\\System32\\cmd.exe\r\nCommandLine: cmd /c echo a\r\n \
                       b: c\r\nHashes:\r\nParentImage: C:\\x\\w3wp.exe";
        let object = |provider: &str| json!({"Id": 1, "ProviderName": provider, "TimeCreated": "", "Message": message, "Properties": [{"Value": "-"}]});
        let sysmon = object("Microsoft-Windows-Sysmon").into();
        let sysmon = event(&sysmon).unwrap();
        let named: Vec<(&str, &str)> = sysmon.named.iter().map(|(name, value)| (&**name, &**value)).collect();
        let command = "cmd /c echo a\n b: c";
        let expected = [
            ("RuleName", "-"),
            ("Image", r"C:\Windows\System32\cmd.exe"),
            ("CommandLine", command),
            ("Hashes", ""),
            ("ParentImage", r"C:\x\w3wp.exe"),
        ];
        assert_eq!(named, expected);
        assert!(sysmon.unnamed.is_empty());
        let other = object("Other").into();
        let other = event(&other).unwrap();
        assert!(other.named.is_empty() && other.unnamed == ["-"]);
    }

    #[test]
    fn what_only_looks_alike_is_no_event() {
        for other in [
            json!({"Id": 4, "TimeCreated": "2021-03-05T23:02:06Z"}),
            json!({"Id": "b7", "ProviderName": "X", "TimeCreated": "2021-03-05T23:02:06Z"}),
            json!({"Id": 4, "ProviderName": "X"}),
        ] {
            assert_eq!(event(&other.clone().into()), None, "{other}");
        }
    }
}
