//! Velociraptor's `parse_evtx`: `System` and `EventData` at the top, time in epoch seconds.

use super::{data, system_block, text};
use crate::json::Json;
use crate::windows_event::WindowsEvent;

/// The event of a row `{"System": ..., "EventData": ..., "Message": ...}`.
pub(super) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let mut event = system_block::event(object.get("System")?)?;
    for part in ["EventData", "UserData"] {
        if let Some(part) = object.get(part) {
            data::collect(part, &mut event);
        }
    }
    event.message = object.get("Message").map(text).filter(|message| !message.is_empty());
    Some(event)
}
