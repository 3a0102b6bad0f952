//! The data of an event: EventData and UserData as XML turned into JSON.

use std::borrow::Cow;

use serde_json::Value;

use super::text;
use crate::windows_event::WindowsEvent;

/// Adds the data below an `EventData` or `UserData` member to the event.
///
/// Depth is bounded by the JSON reader, which refuses more than 128 levels.
pub(super) fn collect<'v>(value: &'v Value, event: &mut WindowsEvent<'v>) {
    let Value::Object(members) = value else {
        return;
    };
    for (name, value) in members {
        match (name.as_str(), value) {
            // Attributes and name spaces of the XML.
            (name, _) if name.starts_with(['#', '@']) || name.ends_with("_attributes") || name == "xml_name" => {}
            ("Data", value) => collect_data(value, event),
            (_, Value::Object(inner)) if !inner.contains_key("#text") => collect(value, event),
            (name, value) => event.named.push((Cow::Borrowed(name), text(value))),
        }
    }
}

/// The `Data` elements: one or many, each a bare value, or an element with content and perhaps a name.
fn collect_data<'v>(value: &'v Value, event: &mut WindowsEvent<'v>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_data(item, event)),
        Value::Object(element) => match (name_of(value), element.get("#text")) {
            (Some(name), content) => event.named.push((Cow::Borrowed(name), content.map(text).unwrap_or_default())),
            (None, Some(content)) => collect_data(content, event),
            (None, None) => collect(value, event),
        },
        Value::Null => {}
        value => event.unnamed.push(text(value)),
    }
}

fn name_of(element: &Value) -> Option<&str> {
    let attributes = element.get("#attributes").unwrap_or(element);
    attributes.get("Name").or_else(|| attributes.get("@Name"))?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_of_data() {
        let table = [
            (r##"{"A": 1, "B": null, "C": {"#text": "x", "#attributes": {}}}"##, vec![("A", "1"), ("B", ""), ("C", "x")], vec![]),
            (r##"{"Data": {"#text": ["a", "b"]}}"##, vec![], vec!["a", "b"]),
            (r##"{"Data": {"#text": "a"}, "Binary": "00"}"##, vec![("Binary", "00")], vec!["a"]),
            (r#"{"Data": ["a", 2]}"#, vec![], vec!["a", "2"]),
            (r#"{"Data": "a"}"#, vec![], vec!["a"]),
            (r#"{"Data": null}"#, vec![], vec![]),
            (r##"{"Data": [{"@Name": "A", "#text": "1"}, {"@Name": "B"}]}"##, vec![("A", "1"), ("B", "")], vec![]),
            (r##"{"Data": {"#attributes": {"Name": "A"}, "#text": "1"}}"##, vec![("A", "1")], vec![]),
            (
                r##"{"LogFileCleared": {"#attributes": {"xmlns": "y"}, "SubjectUserName": "eve"}}"##,
                vec![("SubjectUserName", "eve")],
                vec![],
            ),
            ("null", vec![], vec![]),
            ("[1]", vec![], vec![]),
        ];
        for (json, named, unnamed) in table {
            let value: Value = json.parse().unwrap_or_default();
            let mut event = WindowsEvent::default();
            collect(&value, &mut event);
            let got: Vec<_> = event.named.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!((got, event.unnamed), (named, unnamed.into_iter().map(Cow::Borrowed).collect()), "{json}");
        }
    }
}
