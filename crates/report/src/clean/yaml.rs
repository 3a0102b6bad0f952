//! Values as YAML with room for comments between them. Strings are always quoted, with everything hostile escaped: they mean
//! exactly what they meant, and an editor shows nothing that is not there.

use std::fmt::Write as _;

use serde_json::Value;

use crate::hostile;

/// The lines of an object's fields, each indented.
pub(super) fn fields(value: &Value, indent: usize, out: &mut String) {
    let Value::Object(fields) = value else { return };
    for (key, value) in fields {
        let _ = write!(out, "{:indent$}{key}:", "");
        after_key(value, indent, out);
    }
}

/// One item of a list: an object behind a dash.
pub(super) fn item(value: &Value, indent: usize, out: &mut String) {
    let mut text = String::new();
    fields(value, indent + 2, &mut text);
    if let Some(first) = text.get(indent + 2..) {
        let _ = write!(out, "{:indent$}- {first}", "");
    }
}

fn after_key(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(inner) if !inner.is_empty() => {
            out.push('\n');
            fields(value, indent + 2, out);
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            out.push('\n');
            for value in items {
                item(value, indent + 2, out);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.as_str().is_some_and(|text| text.len() > 12)) => {
            out.push('\n');
            for item in items {
                let _ = writeln!(out, "{:1$}- {2}", "", indent + 2, scalar(item));
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(scalar).collect();
            let _ = writeln!(out, " [{}]", items.join(", "));
        }
        _ => {
            let _ = writeln!(out, " {}", scalar(value));
        }
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// Words and names that no reader of YAML takes for anything else.
fn is_plain(text: &str) -> bool {
    let word = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '.'));
    // `1e5`, `0x1f` and `1.5` are numbers, `yes` and `null` are not words.
    let safe_start = text.starts_with(|c: char| c.is_ascii_alphabetic());
    word && safe_start && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&&*text.to_ascii_lowercase())
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if hostile::is_hostile(c) => {
                let code = u32::from(c);
                let _ = if code <= 0xFFFF { write!(out, "\\u{code:04X}") } else { write!(out, "\\U{code:08X}") };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted_where_they_could_mean_something_else() {
        for (text, shown) in [
            ("quarantine_file", "quarantine_file"),
            ("A1", "A1"),
            ("no", "\"no\""),
            ("1e5", "\"1e5\""),
            ("", "\"\""),
            (r"C:\x.aspx", "\"C:\\\\x.aspx\""),
            ("a # b", "\"a # b\""),
            ("two\nlines \"q\"", "\"two\\nlines \\\"q\\\"\""),
            ("\u{202e}x\u{1b}\u{e0041}", "\"\\u202Ex\\u001B\\U000E0041\""),
            ("größe 🙂", "\"größe 🙂\""),
        ] {
            assert_eq!(scalar(&Value::String(text.to_owned())), shown);
        }
    }

    #[test]
    fn objects_and_lists_are_laid_out() {
        let value = serde_json::json!({"id": "A1", "skip": false, "because": ["F1", "F2"], "files": [{"path": "C:\\x", "size": 3}],
            "commands": ["Get-Something -Server 'x'"], "about": []});
        let mut out = String::new();
        item(&value, 2, &mut out);
        assert_eq!(
            out,
            "  - id: A1\n    skip: false\n    because: [F1, F2]\n    files:\n      - path: \"C:\\\\x\"\n        size: 3\n    \
             commands:\n      - \"Get-Something -Server 'x'\"\n    about: []\n"
        );
    }
}
