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

use crate::json::Json;
use crate::windows_event::{WindowsEvent, number};

pub(crate) use evtx_dump::event as evtx_dump;

/// The event that an object renders, or `None` when it is in no rendering that we know.
pub(super) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    // Exports of a search engine wrap the document.
    let object = object.get("_source").unwrap_or(object);
    let renderings =
        [evtx_dump::event, velociraptor::event, winlogbeat::event, wazuh::event, sentinel::event, powershell::event, flat::event];
    renderings.iter().find_map(|rendering| rendering(object))
}

/// A JSON value as the text of a field. Null is an empty text; an array is its texts joined by commas.
fn text<'v>(value: &'v Json<'_>) -> Cow<'v, str> {
    match value {
        Json::Null => Cow::Borrowed(""),
        Json::Text(text) => Cow::Borrowed(text),
        Json::Array(items) => Cow::Owned(items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Json::Object(_) => value.get("#text").map_or_else(|| Cow::Owned(value.to_string()), text),
        Json::Bool(_) | Json::Number(_) => Cow::Owned(value.to_string()),
    }
}

/// The text of the first of these members that is there and not null; empty when none is.
fn first<'v>(object: &'v Json<'_>, names: &[&str]) -> Cow<'v, str> {
    names.iter().find_map(|name| object.get(name).filter(|value| !value.is_null())).map(text).unwrap_or_default()
}

/// A number, written as one or as a text.
fn integer(value: &Json<'_>) -> Option<u64> {
    match value {
        Json::Number(number) => number.as_u64(),
        value => number(&text(value)),
    }
}

/// The level of an event: Windows' number, or Windows' or a shipper's word for it.
fn level(value: &Json<'_>) -> Option<u64> {
    const WORDS: [&str; 5] = ["critical", "error", "warning", "information", "verbose"];
    let word = |text: &str| WORDS.iter().position(|word| word.eq_ignore_ascii_case(text)).map(|at| at as u64 + 1);
    integer(value).or_else(|| word(&text(value)))
}

/// The keywords of an event: a mask (NXLog writes it as a signed number), or the words for the two bits of an audit.
fn keywords(value: &Json<'_>) -> Option<u64> {
    let signed = |text: &str| text.trim().parse::<i64>().ok().map(i64::cast_unsigned);
    integer(value).or_else(|| match &*text(value) {
        "Audit Failure" => Some(0x8010_0000_0000_0000),
        "Audit Success" => Some(0x8020_0000_0000_0000),
        text => signed(text),
    })
}

/// An event number: a number, a text, or an element with the number as its content.
fn event_id(value: &Json<'_>) -> Option<u32> {
    let inner = value.get("#text").or_else(|| value.get("Value")).unwrap_or(value);
    u32::try_from(integer(inner)?).ok()
}
