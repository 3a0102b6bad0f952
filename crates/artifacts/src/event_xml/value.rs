//! An element as JSON, in the layout of converters that go by rule, which is one of those that JSON events come in: so that
//! one reader of that layout knows what an event's elements mean.

use serde_json::map::Entry;
use serde_json::{Map, Value};

use crate::xml::Element;

/// An element: its text when it has nothing else; else a member for each attribute (`@` before its name), each child (an array
/// of those with the same name), and `#text`.
///
/// As deep as the tree, whose depth is bounded.
pub(super) fn of(element: Element) -> Value {
    let mut members = Map::new();
    for (name, value) in element.attributes {
        // Name spaces say nothing of an event.
        if !name.starts_with("xmlns") {
            members.insert(format!("@{name}"), Value::String(value));
        }
    }
    if element.children.is_empty() {
        if members.is_empty() {
            return Value::String(element.text);
        }
        members.insert("#text".to_owned(), Value::String(element.text));
    }
    for mut child in element.children {
        let name = std::mem::take(&mut child.name);
        let value = of(child);
        match members.entry(name) {
            Entry::Vacant(empty) => {
                empty.insert(value);
            }
            Entry::Occupied(mut same) => match same.get_mut() {
                Value::Array(all) => all.push(value),
                first => *first = Value::Array(vec![first.take(), value]),
            },
        }
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn elements_become_members() {
        for (xml, json) in [
            ("<a/>", r#"{"a": ""}"#),
            ("<a>1</a>", r#"{"a": "1"}"#),
            ("<a xmlns='x'> </a>", r#"{"a": " "}"#),
            ("<a b='1'>2</a>", r##"{"a": {"@b": "1", "#text": "2"}}"##),
            ("<a>\n<b/>\n<b c='1'/>\n<b>2</b>\n</a>", r##"{"a": {"b": ["", {"@c": "1", "#text": ""}, "2"]}}"##),
        ] {
            assert_eq!(of(crate::xml::read_sound(xml).unwrap()), json.parse::<Value>().unwrap(), "{xml}");
        }
    }
}
