//! Wazuh: `data.win.system` and `data.win.eventdata` in camel case, values escaped once more than JSON asks for.

use std::borrow::Cow;

use super::{event_id, first, integer, keywords, level, text};
use crate::json::Json;
use crate::windows_event::{HeaderTime, WindowsEvent};

/// The event of an alert or archive line with `data.win` (or `win`).
pub(super) fn event<'v>(object: &'v Json<'_>) -> Option<WindowsEvent<'v>> {
    let win = object.pointer("/data/win").or_else(|| object.get("win"))?;
    let system = win.get("system")?;
    let mut event = WindowsEvent {
        channel: first(system, &["channel"]),
        provider: first(system, &["providerName"]),
        event_id: event_id(system.get("eventID")?)?,
        computer: first(system, &["computer"]),
        time: HeaderTime::parse(&first(system, &["systemTime"])).or_else(|| HeaderTime::parse(&first(object, &["timestamp"]))),
        record_id: system.get("eventRecordID").and_then(integer),
        logged_by: system.get("processID").and_then(integer).filter(|process| *process != 0),
        message: system.get("message").map(text).filter(|message| !message.is_empty()).map(unquoted),
        level: system.get("level").and_then(level),
        keywords: system.get("keywords").and_then(keywords),
        ..WindowsEvent::default()
    };
    for (name, value) in ["eventdata", "userData"].iter().filter_map(|part| win.get(part)?.as_object()).flatten() {
        match &**name {
            "data" => event.unnamed.push(text(value)),
            _ => event.named.push((original_name(name), text(value))),
        }
    }
    let values = || event.named.iter().map(|(_, value)| value).chain(&event.unnamed);
    if values().all(|value| is_escaped(value)) {
        event.named.iter_mut().map(|(_, value)| value).chain(&mut event.unnamed).for_each(unescape);
    }
    Some(event)
}

/// Wazuh writes the first letter small. `param1` and its like are small in Windows too.
fn original_name(name: &str) -> Cow<'_, str> {
    if name.strip_prefix("param").is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
        return Cow::Borrowed(name);
    }
    let mut letters = name.chars();
    let initial = letters.next().map(|letter| letter.to_ascii_uppercase());
    Cow::Owned(initial.into_iter().chain(letters).collect())
}

/// The message stands in quotes of its own.
fn unquoted(message: Cow<'_, str>) -> Cow<'_, str> {
    let bare = |text: &str| text.strip_prefix('"')?.strip_suffix('"').map(str::len);
    match (bare(&message), message) {
        (Some(length), Cow::Borrowed(text)) => Cow::Borrowed(text.get(1..=length).unwrap_or(text)),
        (_, message) => message,
    }
}

/// Whether every backslash begins an escape. One event's values are judged together: a lone path like `C:\x` tells that
/// this version of Wazuh does not escape.
fn is_escaped(value: &str) -> bool {
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('\\') {
        let Some(next) = after.strip_prefix(['\\', '"']) else {
            return false;
        };
        rest = next;
    }
    true
}

fn unescape(value: &mut Cow<'_, str>) {
    if !value.contains('\\') {
        return;
    }
    let mut plain = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' { letters.next().unwrap_or(letter) } else { letter });
    }
    *value = Cow::Owned(plain);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn values_are_unescaped_only_when_all_of_the_event_are_escaped() {
        let image = |eventdata: &str| {
            let object = format!(r#"{{"win": {{"system": {{"eventID": "1"}}, "eventdata": {eventdata}}}}}"#);
            event(&Json::parse(&object).unwrap())
                .map(|event| event.named.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>())
        };
        let escaped = image(r#"{"image": "C:\\\\a\\\\b.exe", "commandLine": "\\\"b\\\" c", "param1": "x"}"#);
        assert_eq!(escaped, Some(vec![r"Image=C:\a\b.exe".into(), r#"CommandLine="b" c"#.into(), "param1=x".into()]));
        let plain = image(r#"{"image": "C:\\a\\b.exe", "shareName": "\\\\host\\share"}"#);
        assert_eq!(plain, Some(vec![r"Image=C:\a\b.exe".into(), r"ShareName=\\host\share".into()]));
    }

    #[test]
    fn the_message_loses_its_own_quotes() {
        assert_eq!(unquoted("\"a \"b\"\"".into()), "a \"b\"");
        assert_eq!(unquoted("\"".into()), "\"");
        assert_eq!(unquoted("a".into()), "a");
    }
}
