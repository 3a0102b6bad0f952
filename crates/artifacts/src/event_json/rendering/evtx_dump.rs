//! `evtx_dump` and the crate behind it; also converters that turn the XML into JSON by rule (`@` before attributes).

use super::{data, system_block};
use crate::json::Json;
use crate::windows_event::WindowsEvent;

/// The event of an object `{"Event": {"System": ..., "EventData": ...}}`.
pub(crate) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let outer = object.get("Event")?;
    let mut event = system_block::event(outer.get("System")?)?;
    for part in ["EventData", "UserData"] {
        if let Some(part) = outer.get(part) {
            data::collect(part, &mut event);
        }
    }
    // Forwarded events carry the message that their source rendered.
    event.message = outer.pointer("/RenderingInfo/Message").map(super::text).filter(|message| !message.is_empty());
    Some(event)
}
