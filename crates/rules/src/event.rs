//! A record as the Sigma engine sees it.

use std::borrow::Cow;

use afterpatch_model::Record;
use rsigma_eval::{Event, EventValue};
use serde_json::Value;

/// A record as the Sigma engine sees it: fields by [`Record::field`], keywords over the format's own fields. All values
/// are text; the engine reads numbers out of text where a rule asks for a number.
pub(crate) struct RecordEvent<'r, 'a>(pub(crate) &'r Record<'a>);

impl Event for RecordEvent<'_, '_> {
    fn get_field(&self, path: &str) -> Option<EventValue<'_>> {
        self.0.field(path).map(EventValue::Str)
    }

    fn any_string_value(&self, pred: &dyn Fn(&str) -> bool) -> bool {
        self.0.fields.iter().any(|(_, value)| pred(value))
    }

    fn all_string_values(&self) -> Vec<Cow<'_, str>> {
        self.0.fields.iter().map(|(_, value)| Cow::Borrowed(value)).collect()
    }

    fn to_json(&self) -> Value {
        self.0.fields.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
    }
}
