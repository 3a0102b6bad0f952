//! The report whole, indented. Its form is [`crate::schema`].

use std::io::{self, Write};

use afterpatch_model::Report;
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

use crate::{ReportError, hostile};

/// Writes the report.
pub(crate) fn write(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    write_pretty(report, out)
}

/// Writes any value whole, indented.
pub(crate) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> Result<(), ReportError> {
    write_value(value, &mut *out, PrettyFormatter::new())?;
    Ok(writeln!(out)?)
}

/// Writes one value with strings that are safe to print on a terminal and mean exactly what they meant.
pub(crate) fn write_value(value: &impl Serialize, out: &mut dyn Write, form: impl Formatter) -> Result<(), ReportError> {
    value.serialize(&mut Serializer::with_formatter(out, Safe(form))).map_err(|error| {
        // serde_json wraps I/O errors; they are the reader's to see as such (a closed pipe is no fault).
        if error.is_io() { ReportError::Io(error.into()) } else { ReportError::Json(error) }
    })
}

/// A form of JSON in which every hostile character of a string is written as `\uXXXX`.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| hostile::is_hostile(*c)) {
            let (before, after) = rest.split_at(at);
            self.0.write_string_fragment(out, before)?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.get(c.len_utf8()..).unwrap_or_default();
        }
        self.0.write_string_fragment(out, rest)
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, out: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(out, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_key(out)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;
    use serde_json::ser::CompactFormatter;

    use super::*;

    fn json(text: &str) -> String {
        let mut out = Vec::new();
        write_value(&text, &mut out, CompactFormatter).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hostile_characters_are_escaped_and_others_are_not() {
        assert_eq!(
            json("a\u{202e}b\u{1b}c\u{7f}\u{9b}d\u{e0041}é\"\\\n"),
            r#""a\u202eb\u001bc\u007f\u009bd\udb40\udc41é\"\\\n""#
        );
    }

    proptest! {
        #[test]
        fn every_string_comes_back_as_it_was(text in "(?s:.*)|[\\x00-\\x1f\\u{80}-\\u{9f}\\u{200b}-\\u{206f}\\u{e0000}-\\u{e00ff}]*") {
            let line = json(&text);
            prop_assert!(!line.chars().any(hostile::is_hostile));
            prop_assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
        }
    }
}
