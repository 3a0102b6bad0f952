//! The System block of an event's XML turned into JSON.

use std::borrow::Cow;

use super::{event_id, integer, keywords, level, text};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};

/// An event with what its System block says, and no data yet; `None` when the block has no event number.
pub(super) fn event<'v>(system: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let member = |name| system.get(name).map(text).unwrap_or_default();
    let time = attribute(system, "TimeCreated", "SystemTime").or_else(|| system.get("TimeCreated"));
    Some(WindowsEvent {
        channel: member("Channel"),
        provider: attribute(system, "Provider", "Name").map(text).unwrap_or(Cow::Borrowed("")),
        event_id: event_id(system.get("EventID")?)?,
        computer: member("Computer"),
        time: time.and_then(|value| value.as_f64().map_or_else(|| HeaderTime::parse(value.as_str()?), HeaderTime::from_epoch)),
        record_id: system.get("EventRecordID").and_then(integer),
        // Classic events say 0 for "not known".
        logged_by: attribute(system, "Execution", "ProcessID").and_then(integer).filter(|process| *process != 0),
        level: system.get("Level").and_then(level),
        keywords: system.get("Keywords").and_then(keywords),
        ..WindowsEvent::default()
    })
}

/// An attribute of an element: below `#attributes` or `<element>_attributes` (evtx_dump), with `@` before its name
/// (xmltodict), or as an ordinary member (Velociraptor).
fn attribute<'v, 't>(system: &'v Json<'t>, element: &str, name: &str) -> Option<&'v Json<'t>> {
    let inside = system.get(element).and_then(|element| {
        let attributes = element.get("#attributes").unwrap_or(element);
        attributes.get(name).or_else(|| attributes.get(&format!("@{name}")))
    });
    inside.or_else(|| system.get(&format!("{element}_attributes"))?.get(name))
}
