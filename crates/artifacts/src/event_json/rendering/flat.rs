//! NXLog's flat objects: header and data side by side at the top. Other flat tables (Velociraptor's event artifact, Sentinel's
//! `SecurityEvent`) differ in a few names of the header only, and may keep the data in a member of their own.

use std::borrow::Cow;

use super::{data, event_id, first, integer, keywords, level, text};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};

/// Members that are not data of the event: its header, and what the shippers add.
const HEADER: &[&str] = &[
    "@timestamp",
    "@version",
    "ActivityID",
    "Category",
    "Channel",
    "Computer",
    "EventData",
    "EventID",
    "EventReceivedTime",
    "EventRecordID",
    "EventSourceName",
    "EventTime",
    "ExecutionProcessID",
    "ExecutionThreadID",
    "Hostname",
    "Keywords",
    "Level",
    "Message",
    "Opcode",
    "OpcodeValue",
    "Provider",
    "ProviderGuid",
    "ProviderName",
    "RecordNumber",
    "Severity",
    "SeverityValue",
    "SourceModuleName",
    "SourceModuleType",
    "SourceName",
    "Task",
    "ThreadID",
    "TimeCreated",
    "TimeGenerated",
    "UserData",
    "Version",
    "host",
    "port",
    "tags",
];

/// NXLog's own `EventType`. Sysmon has data of the same name.
const EVENT_TYPES: &[&str] = &["INFO", "WARNING", "ERROR", "CRITICAL", "VERBOSE", "DEBUG", "AUDIT_SUCCESS", "AUDIT_FAILURE"];

/// The event of an object with `EventID` and a channel or provider at its top.
pub(super) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let members = object.as_object()?;
    let mut event = WindowsEvent {
        channel: first(object, &["Channel"]),
        provider: first(object, &["SourceName", "ProviderName", "Provider", "EventSourceName"]),
        event_id: event_id(object.get("EventID")?)?,
        computer: first(object, &["Hostname", "Computer"]),
        time: time(object),
        record_id: object.get("RecordNumber").or_else(|| object.get("EventRecordID")).and_then(integer),
        message: object.get("Message").map(text).filter(|message| !message.is_empty()),
        level: object.get("Level").and_then(level),
        keywords: object.get("Keywords").and_then(keywords),
        ..WindowsEvent::default()
    };
    if event.channel.is_empty() && event.provider.is_empty() {
        return None;
    }
    // Older NXLog calls the logging process `ProcessID`, beside a `ThreadID`; without that it is data (of Security 5156, say).
    let logger = if object.get("ExecutionProcessID").is_some() { "ExecutionProcessID" } else { "ProcessID" };
    let logger_is_header = logger == "ExecutionProcessID" || object.get("ThreadID").is_some();
    if logger_is_header {
        event.logged_by = object.get(logger).and_then(integer).filter(|process| *process != 0);
    }
    for (name, value) in members {
        let header = HEADER.contains(&&**name)
            || (logger_is_header && name == logger)
            || (name == "EventType" && value.as_str().is_some_and(|kind| EVENT_TYPES.contains(&kind)));
        if !header {
            event.named.push((Cow::Borrowed(name), text(value)));
        }
    }
    for part in ["EventData", "UserData"] {
        if let Some(part) = object.get(part) {
            data::collect(part, &mut event);
        }
    }
    Some(event)
}

/// The best time: one that names its zone, before NXLog's `EventTime`, which is local and does not.
fn time(object: &Json<'_>) -> Option<HeaderTime> {
    ["TimeCreated", "@timestamp", "TimeGenerated", "EventTime"]
        .iter()
        .find_map(|name| HeaderTime::parse(object.get(name)?.as_str()?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn fields(json: &str) -> Option<Vec<String>> {
        let object = Json::parse(json).unwrap();
        event(&object).map(|event| event.named.iter().map(|(name, value)| format!("{name}={value}")).collect())
    }

    #[test]
    fn header_and_data_are_told_apart() {
        assert_eq!(
            fields(r#"{"EventID": 5156, "Channel": "Security", "Task": "1", "ProcessID": "4"}"#),
            Some(vec!["ProcessID=4".into()])
        );
        let older = r#"{"EventID": 1, "Channel": "X", "ProcessID": 3072, "ThreadID": 1, "ProcessId": "4", "EventType": "INFO"}"#;
        assert_eq!(fields(older), Some(vec!["ProcessId=4".into()]));
        assert_eq!(
            fields(r#"{"EventID": 13, "SourceName": "X", "EventType": "SetValue"}"#),
            Some(vec!["EventType=SetValue".into()])
        );
        assert_eq!(fields(r#"{"EventID": 7, "Channel": "X", "EventData": {"A": 1}}"#), Some(vec!["A=1".into()]));
        assert_eq!(fields(r#"{"EventID": 7}"#), None);
        assert_eq!(fields(r#"{"Channel": "X"}"#), None);
    }

    #[test]
    fn a_time_with_a_zone_goes_before_one_without() {
        let json = r#"{"EventTime": "2021-03-14 01:40:13", "@timestamp": "2021-03-14T06:40:13.000Z"}"#;
        let object = Json::parse(json).unwrap();
        assert_eq!(time(&object), HeaderTime::parse("2021-03-14T06:40:13Z"));
        let object = Json::parse(r#"{"EventTime": "2021-03-14 01:40:13"}"#).unwrap();
        assert_eq!(time(&object), HeaderTime::parse("2021-03-14 01:40:13"));
    }
}
