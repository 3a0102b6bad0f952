//! The head and the comma-separated rows that all Exchange logs share.
//!
//! An Exchange log begins with `#Software`, `#Version`, `#Log-type`, `#Date` and `#Fields` lines; some writers put the bare
//! list of columns before them. The head comes again wherever the writer opened the file again, and its columns may be
//! others then, so a row is read by the last list before it. Rows follow RFC 4180, except that no field spans lines.

use std::borrow::Cow;

use afterpatch_model::{Build, BuildSeen, Fields, LogSource, Place, Record, Timestamp, Unified};

use crate::lines::first_lines;

/// A log that is being read: knows the columns of the row at hand.
pub(crate) struct ExchangeLog {
    /// The first column, by which a list of columns is told from a row and a whole list from a damaged one.
    time_columns: &'static [&'static str],
    columns: Vec<String>,
}

/// What a line of the log is.
#[derive(Debug, PartialEq)]
pub(crate) enum Entry<'l> {
    /// `#Version`: the writer's version, in the form `15.01.2375.007`.
    Version(&'l str),
    /// `#Date`: when the file was opened.
    Date(&'l str),
    /// A list of columns; it is already taken over.
    Columns,
    /// Another line of the head.
    Head,
    /// A list of columns without the one that every row begins with; it is not taken over.
    DamagedColumns,
    /// A row.
    Row(Row<'l>),
}

/// A row of values.
#[derive(Debug, PartialEq)]
pub(crate) struct Row<'l> {
    /// The values, unquoted.
    pub(crate) values: Vec<Cow<'l, str>>,
    /// The quotes close and there are as many values as columns.
    pub(crate) sound: bool,
    /// Each value stands in the row as it is, but for its quotes: none is put together from what stood in quotes and behind.
    pub(crate) in_line: bool,
}

impl ExchangeLog {
    /// A log whose rows begin with a time in a column of one of these names.
    pub(crate) fn new(time_columns: &'static [&'static str]) -> Self {
        Self { time_columns, columns: Vec::new() }
    }

    /// The columns of the last list, as the file writes them; empty before the first.
    pub(crate) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The position of a column; names are compared without regard to ASCII case.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// Takes a line apart.
    pub(crate) fn line<'l>(&mut self, text: &'l str) -> Entry<'l> {
        if let Some((key, value)) = directive(text) {
            return match key {
                Key::Version => Entry::Version(value),
                Key::Date => Entry::Date(value),
                Key::Fields => self.take_columns(&split(value, self.columns.len()).values),
                Key::Other => Entry::Head,
            };
        }
        let Split { values, closed, pieced } = split(text, self.columns.len());
        if values.len() > 1 && values.first().is_some_and(|first| self.is_time_column(first)) {
            return self.take_columns(&values);
        }
        let sound = closed && values.len() == self.columns.len();
        Entry::Row(Row { values, sound, in_line: !pieced })
    }

    fn is_time_column(&self, name: &str) -> bool {
        self.time_columns.iter().any(|column| column.eq_ignore_ascii_case(name.trim()))
    }

    fn take_columns(&mut self, names: &[Cow<'_, str>]) -> Entry<'static> {
        if !names.iter().any(|name| self.is_time_column(name)) {
            return Entry::DamagedColumns;
        }
        self.columns = names.iter().map(|name| name.trim().to_owned()).collect();
        Entry::Columns
    }
}

/// The value of `#Log-type` in the first lines of an artifact, if it begins as an Exchange log does.
pub(crate) fn log_type(head: &[u8]) -> Option<String> {
    // Software, version, type, date, fields, and the bare list of columns before them.
    first_lines(head, 6).iter().find_map(|line| {
        let (name, value) = line.strip_prefix('#')?.split_once(':')?;
        name.trim().eq_ignore_ascii_case("log-type").then(|| value.trim().to_owned())
    })
}

/// A time as Exchange writes it (`2023-01-06T01:00:00.123Z`, UTC).
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

/// The record that says which build wrote `text` at a place, or `None` when it is no build of an Exchange: some writers put
/// the constant `15.0.0.0` where others put their build.
pub(crate) fn build_record<'a>(place: Place, time: Option<Timestamp>, name: &'a str, text: &'a str) -> Option<Record<'a>> {
    let build: Build = text.parse().ok()?;
    build.product()?;
    Some(Record {
        place,
        time,
        server: None,
        source: LogSource::fixed("exchange", "", "build"),
        fields: Fields::Pairs(vec![(name.into(), text.into())]),
        unified: Unified::Build(BuildSeen { build }),
    })
}

enum Key {
    Version,
    Date,
    Fields,
    Other,
}

fn directive(text: &str) -> Option<(Key, &str)> {
    let text = text.strip_prefix('#')?;
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let key = match name.trim() {
        name if name.eq_ignore_ascii_case("version") => Key::Version,
        name if name.eq_ignore_ascii_case("date") => Key::Date,
        name if name.eq_ignore_ascii_case("fields") => Key::Fields,
        _ => Key::Other,
    };
    Some((key, value.trim()))
}

/// A row, split.
struct Split<'l> {
    values: Vec<Cow<'l, str>>,
    /// No quote is left open.
    closed: bool,
    /// Text stood between a closing quote and the next comma.
    pieced: bool,
}

/// Splits a row at its commas. A field that begins with `"` runs to its closing quote, `""` inside stands for one quote.
/// Tolerant: text behind a closing quote is kept, and a quote that never closes takes the rest. `expected` values are made
/// room for.
fn split(row: &str, expected: usize) -> Split<'_> {
    let mut split = Split { values: Vec::with_capacity(expected), closed: true, pieced: false };
    let mut rest = row;
    loop {
        let (value, behind) = match rest.strip_prefix('"') {
            None => {
                let (value, behind) = until_comma(rest);
                (Cow::Borrowed(value), behind)
            }
            Some(quoted) => unquote(quoted, &mut split),
        };
        split.values.push(value);
        match behind {
            Some(behind) => rest = behind,
            None => return split,
        }
    }
}

/// The text up to the next comma, and what comes behind that comma if there is one.
fn until_comma(text: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b',', text.as_bytes()).and_then(|at| text.split_at_checked(at)) {
        Some((value, behind)) => (value, behind.get(1..)),
        None => (text, None),
    }
}

/// A quoted field, its opening quote taken off: value, and what comes behind its comma.
fn unquote<'l>(quoted: &'l str, split: &mut Split<'_>) -> (Cow<'l, str>, Option<&'l str>) {
    let mut value = Cow::Borrowed("");
    let mut rest = quoted;
    loop {
        let Some((text, behind)) = rest.split_once('"') else {
            append(&mut value, rest);
            split.closed = false;
            return (value, None);
        };
        append(&mut value, text);
        match behind.strip_prefix('"') {
            Some(behind) => {
                append(&mut value, "\"");
                rest = behind;
            }
            None => {
                let (tail, behind) = until_comma(behind);
                append(&mut value, tail);
                split.pieced |= !tail.is_empty();
                return (value, behind);
            }
        }
    }
}

/// Borrows as long as the value is one piece.
fn append<'l>(value: &mut Cow<'l, str>, piece: &'l str) {
    if value.is_empty() {
        *value = Cow::Borrowed(piece);
    } else if !piece.is_empty() {
        value.to_mut().push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_split_as_rfc_4180_says_and_broken_quotes_lose_nothing() {
        // The row, its values, whether its quotes close.
        let table: &[(&str, &[&str], bool)] = &[
            ("", &[""], true),
            ("a", &["a"], true),
            ("a,,b,", &["a", "", "b", ""], true),
            (r#""a,b",c"#, &["a,b", "c"], true),
            (r#""say ""no""",c"#, &[r#"say "no""#, "c"], true),
            (r#""""#, &[""], true),
            (r#""""""#, &["\""], true),
            (r#"a"b,c"#, &[r#"a"b"#, "c"], true),
            (r#""a"b,c"#, &["ab", "c"], true),
            (r#"a,"b,c"#, &["a", "b,c"], false),
            (r#"a,"b"""#, &["a", "b\""], false),
            ("ä,ö", &["ä", "ö"], true),
        ];
        for (row, values, closed) in table {
            let Split { values: found, closed: is_closed, pieced } = split(row, 0);
            assert_eq!(pieced, row.starts_with(r#""a"b"#), "{row}");
            assert_eq!(
                (found.as_slice(), is_closed),
                (values.iter().map(|value| Cow::Borrowed(*value)).collect::<Vec<_>>().as_slice(), *closed),
                "{row}"
            );
        }
    }

    #[test]
    fn columns_change_in_the_middle_and_a_damaged_list_is_not_taken_over() {
        let mut log = ExchangeLog::new(&["DateTime"]);
        assert_eq!(log.line("DateTime,RequestId"), Entry::Columns);
        assert_eq!(log.line("#Fields: DateTime,Protocol,RequestId"), Entry::Columns);
        assert_eq!(log.position("requestid"), Some(2));
        assert_eq!(log.line("#Fields: Prot"), Entry::DamagedColumns);
        assert_eq!(log.columns().len(), 3);
        assert_eq!(log.line("#Version: 15.01.2375.007"), Entry::Version("15.01.2375.007"));
        assert_eq!(log.line("#Date: 2023-01-06T01:00:00.123Z"), Entry::Date("2023-01-06T01:00:00.123Z"));
        assert_eq!(log.line("#"), Entry::Head);
        assert!(matches!(log.line("DateTime"), Entry::Row(Row { sound: false, .. })));
    }

    #[test]
    fn log_type_is_found_behind_a_bare_list_of_columns() {
        let head = b"\xef\xbb\xbfDateTime,RequestId\r\n#Software: Microsoft Exchange Server\r\n#Version: 1\r\n#Log-type: HttpProxy Logs\r\n";
        assert_eq!(log_type(head).as_deref(), Some("HttpProxy Logs"));
        assert_eq!(log_type(b"Log-type: HttpProxy Logs"), None);
    }
}
