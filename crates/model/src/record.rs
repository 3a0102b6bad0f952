//! One row or event of an artifact, in the format's own fields and mapped once to a unified record.

use std::borrow::Cow;

use crate::{Place, Timestamp, Unified};

/// The log source of a record in Sigma's taxonomy, by which rules are routed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LogSource<'a> {
    /// `windows`, `exchange`, `iis`, ...
    pub product: Cow<'a, str>,
    /// `process_creation`, `file_event`, `webserver`, ... or empty.
    pub category: Cow<'a, str>,
    /// `sysmon`, `security`, `msexchange-management`, `httpproxy`, ... or empty.
    pub service: Cow<'a, str>,
}

impl<'a> LogSource<'a> {
    /// A log source of fixed words.
    pub const fn fixed(product: &'static str, category: &'static str, service: &'static str) -> LogSource<'static> {
        LogSource { product: Cow::Borrowed(product), category: Cow::Borrowed(category), service: Cow::Borrowed(service) }
    }
}

/// The format's own fields of one record, in the format's order.
///
/// A record of a table borrows its column names from the file's header; an event brings its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Fields<'a> {
    /// A row: names from the header, values of this row. A short row has fewer values than names.
    Columns {
        /// Column names as this file's header writes them.
        names: &'a [String],
        /// Values of the row.
        values: Vec<Cow<'a, str>>,
        /// The whole row as it stands, for a filter that looks at it before the values; empty when the reader does not
        /// vouch for this: whatever text without [`Fields::CHANGED_IN_LINE`] stands in a value here or in the unified record
        /// (a number apart) also stands in the line.
        line: &'a str,
    },
    /// An event: names and values.
    Pairs(Vec<(Cow<'a, str>, Cow<'a, str>)>),
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self::Pairs(Vec::new())
    }
}

impl<'a> Fields<'a> {
    /// Characters that may stand otherwise in a row's line than in its values: what values are quoted with and parted by.
    pub const CHANGED_IN_LINE: &'static [u8] = b" +\"?\\";

    /// The row as it stands, where there is one that can be searched in place of the values.
    pub fn line(&self) -> Option<&'a str> {
        match self {
            Self::Columns { line, .. } if !line.is_empty() => Some(line),
            _ => None,
        }
    }

    /// The value of the first field of that name; names are compared without regard to ASCII case, as exports differ in it.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self {
            // Asked most often.
            Self::Pairs(pairs) => pairs.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value),
            Self::Columns { .. } => self.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value),
        }
    }

    /// All fields in the format's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let (columns, pairs) = match self {
            Self::Columns { names, values, .. } => {
                (Some(names.iter().map(String::as_str).zip(values.iter().map(|value| &**value))), None)
            }
            Self::Pairs(pairs) => (None, Some(pairs.iter().map(|(name, value)| (&**name, &**value)))),
        };
        columns.into_iter().flatten().chain(pairs.into_iter().flatten())
    }
}

/// One row or event of an artifact.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    /// Where it stands in its artifact.
    pub place: Place,
    /// Its time in UTC, after any correction of the artifact's clock; `None` when it has none that can be trusted.
    pub time: Option<Timestamp>,
    /// The server that it names as its own, as written (short or full name).
    pub server: Option<Cow<'a, str>>,
    /// Its log source.
    pub source: LogSource<'a>,
    /// The format's own fields.
    pub fields: Fields<'a>,
    /// The unified record.
    pub unified: Unified<'a>,
}

impl Record<'_> {
    /// A field by name: the unified record's (Sigma taxonomy names) first, then the format's own.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        self.unified.field(name).or_else(|| self.fields.get(name).map(Cow::Borrowed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_short_rows_end_early() {
        let names = vec!["DateTime".to_owned(), "ClientIpAddress".to_owned(), "Method".to_owned()];
        let row = Fields::Columns { names: &names, values: vec!["2021".into(), "192.0.2.1".into()], line: "" };
        assert_eq!(row.get("ClientIPAddress"), Some("192.0.2.1"));
        assert_eq!(row.get("Method"), None);
        assert_eq!(row.iter().count(), 2);
    }
}
