//! The data of an event: EventData and UserData as XML turned into JSON.

use std::borrow::Cow;

use super::text;
use crate::json::Json;
use crate::windows_event::WindowsEvent;

/// Adds the data below an `EventData` or `UserData` member to the event.
///
/// Depth is bounded by the JSON reader, which refuses more than 128 levels.
pub(super) fn collect<'v>(value: &'v Json<'_>, event: &mut WindowsEvent<'v>) {
    let Json::Object(members) = value else {
        return;
    };
    for (name, value) in members {
        match (&**name, value) {
            // Attributes and name spaces of the XML.
            (name, _) if name.starts_with(['#', '@']) || name.ends_with("_attributes") || name == "xml_name" => {}
            ("Data", value) => collect_data(value, event),
            (_, Json::Object(_)) if value.get("#text").is_none() => collect(value, event),
            (name, value) => event.named.push((Cow::Borrowed(name), text(value))),
        }
    }
}

/// The `Data` elements: one or many, each a bare value, or an element with content and perhaps a name.
fn collect_data<'v>(value: &'v Json<'_>, event: &mut WindowsEvent<'v>) {
    match value {
        Json::Array(items) => items.iter().for_each(|item| collect_data(item, event)),
        Json::Object(_) => match (name_of(value), value.get("#text")) {
            (Some(name), content) => event.named.push((Cow::Borrowed(name), content.map(text).unwrap_or_default())),
            (None, Some(content)) => collect_data(content, event),
            (None, None) => collect(value, event),
        },
        Json::Null => {}
        value => event.unnamed.push(text(value)),
    }
}

fn name_of<'v>(element: &'v Json<'_>) -> Option<&'v str> {
    let attributes = element.get("#attributes").unwrap_or(element);
    attributes.get("Name").or_else(|| attributes.get("@Name"))?.as_str()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
            let value = Json::parse(json).unwrap();
            let mut event = WindowsEvent::default();
            collect(&value, &mut event);
            let got: Vec<_> = event.named.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!((got, event.unnamed), (named, unnamed.into_iter().map(Cow::Borrowed).collect()), "{json}");
        }
    }
}
