//! The JSON object in `Data`.

use serde_json::{Map, Value};

/// The object of one row.
#[derive(Default)]
pub(super) struct Data(Map<String, Value>);

impl Data {
    /// `None` when the text is no whole JSON object.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// A text of the object.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// The parameters as the event log writes them: `-Name "value"`, with blanks between.
    pub(super) fn parameters(&self) -> String {
        let list = self.0.get("Parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let written = list.iter().filter_map(|parameter| {
            let name = parameter.get("Name")?.as_str()?;
            let value = parameter.get("Value").map(plain).unwrap_or_default();
            Some(format!("-{name} \"{value}\""))
        });
        written.collect::<Vec<_>>().join(" ")
    }

    /// Names and values of what is no list and no object.
    pub(super) fn into_texts(self) -> impl Iterator<Item = (String, String)> {
        let single = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_) | Value::Null);
        self.0.into_iter().filter(move |(_, value)| single(value)).map(|(name, value)| (name, plain(&value)))
    }
}

/// A value without the quotes of JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
