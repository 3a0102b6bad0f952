//! The `Event` table of Azure Monitor and Sentinel: a flat header, the data as XML in a text.

use std::borrow::Cow;

use super::{event_id, first, level};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};
use crate::xml_text::{elements, unescape};

/// The event of a row with `EventLog` and `EventID`.
pub(super) fn event<'v>(row: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let mut event = WindowsEvent {
        channel: first(row, &["EventLog"]),
        provider: first(row, &["Source"]),
        event_id: event_id(row.get("EventID")?)?,
        computer: first(row, &["Computer"]),
        time: HeaderTime::parse(&first(row, &["TimeGenerated"])),
        message: Some(first(row, &["RenderedDescription"])).filter(|message| !message.is_empty()),
        level: row.get("EventLevel").and_then(level),
        ..WindowsEvent::default()
    };
    if event.channel.is_empty() {
        return None;
    }
    if let Some(xml) = row.get("EventData").and_then(Json::as_str) {
        for (attributes, content) in elements(xml, "<Data") {
            match attributes.split_once("Name=").and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next()) {
                Some(name) => event.named.push((Cow::Borrowed(name), unescape(content))),
                None => event.unnamed.push(unescape(content)),
            }
        }
    }
    // The table gives every value a second time, without names.
    if event.named.is_empty() && event.unnamed.is_empty() {
        let xml = row.get("ParameterXml").and_then(Json::as_str).unwrap_or_default();
        event.unnamed.extend(elements(xml, "<Param").map(|(_, content)| unescape(content)));
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_with_names_and_without() {
        let row = |data: &str| {
            Json::from(
                serde_json::json!({"EventLog": "X", "EventID": 1, "EventData": data, "ParameterXml": "<Param>a&lt;b</Param><Param/>"}),
            )
        };
        let named = row(
            r#"<DataItem type="System.XmlData"><EventData xmlns="y"><Data Name="A">1 &amp; 2</Data><Data Name="B"/></EventData></DataItem>"#,
        );
        let named = event(&named).unwrap_or_default().named;
        assert_eq!(named, vec![("A".into(), "1 & 2".into()), ("B".into(), "".into())] as Vec<(Cow<'_, str>, Cow<'_, str>)>);
        let bare = row("");
        assert_eq!(event(&bare).unwrap_or_default().unnamed, vec!["a<b", ""]);
    }

    #[test]
    fn entities() {
        for (text, plain) in
            [("a&#x41;&#66;", "aAB"), ("&unknown;&", "&unknown;&"), ("&#99999999;", "&#99999999;"), ("é&quot;", "é\"")]
        {
            assert_eq!(unescape(text), plain);
        }
    }
}
