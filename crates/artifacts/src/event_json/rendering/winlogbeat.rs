//! Winlogbeat, in the Elastic Common Schema.

use std::borrow::Cow;

use super::{data, event_id, first, integer, keywords, level, text};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};

/// Sysmon's names for what Winlogbeat's Sysmon module moves out of `event_data` into the common schema.
const MOVED: &[(&str, &str)] = &[
    ("Image", "/process/executable"),
    ("CommandLine", "/process/command_line"),
    ("ProcessId", "/process/pid"),
    ("ParentImage", "/process/parent/executable"),
    ("ParentCommandLine", "/process/parent/command_line"),
    ("ParentProcessId", "/process/parent/pid"),
    ("TargetFilename", "/file/path"),
];

/// The event of a document with a `winlog` member.
pub(super) fn event<'v>(document: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let winlog = document.get("winlog")?;
    let mut event = WindowsEvent {
        channel: first(winlog, &["channel"]),
        provider: first(winlog, &["provider_name"]),
        event_id: event_id(winlog.get("event_id").or_else(|| document.pointer("/event/code"))?)?,
        computer: first(winlog, &["computer_name"]),
        time: HeaderTime::parse(&first(document, &["@timestamp"])),
        record_id: winlog.get("record_id").and_then(integer),
        logged_by: winlog.pointer("/process/pid").and_then(integer).filter(|process| *process != 0),
        message: document.get("message").map(text).filter(|message| !message.is_empty()),
        level: document.pointer("/log/level").and_then(level),
        keywords: winlog.get("keywords").and_then(keywords),
        ..WindowsEvent::default()
    };
    for part in ["event_data", "user_data"] {
        if let Some(part) = winlog.get(part) {
            data::collect(part, &mut event);
        }
    }
    // Data without names become param1, param2 ...; but a provider with a manifest may have named them so itself.
    let numbered = |(at, (name, _)): (usize, &(Cow<'_, str>, _))| *name == format!("param{}", at + 1);
    if winlog.get("provider_guid").is_none() && event.named.iter().enumerate().all(numbered) {
        event.unnamed = std::mem::take(&mut event.named).into_iter().map(|(_, value)| value).collect();
    }
    if event.provider.eq_ignore_ascii_case("Microsoft-Windows-Sysmon") {
        add_moved(document, &mut event);
    }
    Some(event)
}

fn add_moved<'v>(document: &'v Json<'_>, event: &mut WindowsEvent<'v>) {
    let missing = |event: &WindowsEvent<'_>, name: &str| !event.named.iter().any(|(own, _)| own == name);
    for (name, place) in MOVED {
        if let (Some(value), true) = (document.pointer(place), missing(event, name)) {
            event.named.push((Cow::Borrowed(name), text(value)));
        }
    }
    if let (Some(user), true) = (document.pointer("/user/name"), missing(event, "User")) {
        let user = match document.pointer("/user/domain") {
            Some(domain) => Cow::Owned(format!("{}\\{}", text(domain), text(user))),
            None => text(user),
        };
        event.named.push(("User".into(), user));
    }
}
