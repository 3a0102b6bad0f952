//! The renderings: how each writer of JSON lays out the same event. One file per writer.
//!
//! A file may mix them, so each object is asked anew; an object belongs to the first rendering that knows it.

mod data;
mod evtx_dump;
mod flat;
mod powershell;
mod sentinel;
mod system_block;
mod velociraptor;
mod wazuh;
mod winlogbeat;

use std::borrow::Cow;

use serde_json::Value;

use crate::windows_event::{WindowsEvent, number};

pub(crate) use evtx_dump::event as evtx_dump;

/// The event that an object renders, or `None` when it is in no rendering that we know.
pub(super) fn event(object: &Value) -> Option<WindowsEvent<'_>> {
    // Exports of a search engine wrap the document.
    let object = object.get("_source").unwrap_or(object);
    let renderings =
        [evtx_dump::event, velociraptor::event, winlogbeat::event, wazuh::event, sentinel::event, powershell::event, flat::event];
    renderings.iter().find_map(|rendering| rendering(object))
}

/// A JSON value as the text of a field. Null is an empty text; an array is its texts joined by commas.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(items) => Cow::Owned(items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Value::Object(object) => object.get("#text").map_or_else(|| Cow::Owned(value.to_string()), text),
        Value::Bool(_) | Value::Number(_) => Cow::Owned(value.to_string()),
    }
}

/// The text of the first of these members that is there and not null; empty when none is.
fn first<'v>(object: &'v Value, names: &[&str]) -> Cow<'v, str> {
    names.iter().find_map(|name| object.get(name).filter(|value| !value.is_null())).map(text).unwrap_or_default()
}

/// A number, written as one or as a text.
fn integer(value: &Value) -> Option<u64> {
    number(&text(value))
}

/// The level of an event: Windows' number, or Windows' or a shipper's word for it.
fn level(value: &Value) -> Option<u64> {
    const WORDS: [&str; 5] = ["critical", "error", "warning", "information", "verbose"];
    let text = text(value);
    let word = || WORDS.iter().position(|word| word.eq_ignore_ascii_case(&text)).map(|at| at as u64 + 1);
    number(&text).or_else(word)
}

/// The keywords of an event: a mask (NXLog writes it as a signed number), or the words for the two bits of an audit.
fn keywords(value: &Value) -> Option<u64> {
    let text = text(value);
    let signed = || text.trim().parse::<i64>().ok().map(i64::cast_unsigned);
    let word = || match &*text {
        "Audit Failure" => Some(0x8010_0000_0000_0000),
        "Audit Success" => Some(0x8020_0000_0000_0000),
        _ => None,
    };
    number(&text).or_else(signed).or_else(word)
}

/// An event number: a number, a text, or an element with the number as its content.
fn event_id(value: &Value) -> Option<u32> {
    let inner = value.get("#text").or_else(|| value.get("Value")).unwrap_or(value);
    u32::try_from(integer(inner)?).ok()
}
