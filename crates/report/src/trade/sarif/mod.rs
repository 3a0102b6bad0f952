//! SARIF 2.1.0, for code scanning and editors: what `inspect` says of files, and the findings of a report.
//!
//! Form: docs.oasis-open.org/sarif/sarif/v2.1.0. Paths of evidence become URIs, so nothing in them can be more than a name.

mod inspect;
mod report;

use std::io::Write;

use serde_json::{Value, json};

use super::told::lean;
use crate::{ReportError, json::write_pretty};

pub use inspect::InspectSarif;
pub(crate) use report::write;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One run of ours.
struct Run {
    version: String,
    rules: Rules,
    results: Vec<Value>,
    invocation: Value,
}

impl Run {
    fn write(self, out: &mut dyn Write) -> Result<(), ReportError> {
        let mut run = lean(json!({
            "tool": { "driver": {
                "name": "afterpatch",
                "semanticVersion": self.version,
                "rules": self.rules.0,
            } },
            "invocations": [self.invocation],
        }));
        if let Some(fields) = run.as_object_mut() {
            // No result is a result, too: the list stays when it is empty.
            fields.insert("results".to_owned(), self.results.into_iter().map(lean).collect());
        }
        write_pretty(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }), out)
    }
}

/// The rules of a run, each once.
#[derive(Default)]
struct Rules(Vec<Value>);

impl Rules {
    /// The position of a rule, which is added when it is new.
    fn position(&mut self, id: &str, rule: impl FnOnce() -> Value) -> usize {
        let known = self.0.iter().position(|rule| rule.get("id").is_some_and(|own| own == id));
        known.unwrap_or_else(|| {
            self.0.push(rule());
            self.0.len() - 1
        })
    }
}

/// A place in a file; lines begin with 1.
fn place(path: &str, line: Option<u64>, snippet: &str) -> Value {
    let line = line.filter(|line| *line > 0);
    json!({
        "artifactLocation": { "uri": uri(path) },
        "region": line.map(|line| json!({
            "startLine": line,
            "snippet": (!snippet.is_empty()).then(|| json!({ "text": snippet })),
        })),
    })
}

/// A path as a URI reference. A whole Windows or Unix path gets the scheme `file`.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let drive = |path: &str| {
        let mut chars = path.chars();
        chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.next() == Some(':') && chars.next() == Some('/')
    };
    let scheme = if drive(&path) {
        "file:///"
    } else if path.starts_with("//") {
        "file:"
    } else if path.starts_with('/') {
        "file://"
    } else {
        ""
    };
    let mut out = scheme.to_owned();
    for (at, byte) in path.bytes().enumerate() {
        // A colon in the first part of a relative path would be read as a scheme's.
        let colon_of_drive = byte == b':' && at == 1 && scheme == "file:///";
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') || colon_of_drive {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_addresses_of_files() {
        for (path, address) in [
            (r"C:\inetpub\wwwroot\a b.aspx", "file:///C:/inetpub/wwwroot/a%20b.aspx"),
            ("/var/www/ü.php", "file:///var/www/%C3%BC.php"),
            ("case.zip/C/x.aspx", "case.zip/C/x.aspx"),
            (r"\\server\share\x", "file://server/share/x"),
            ("javascript:alert(1)", "javascript%3Aalert%281%29"),
            ("a\u{202e}\n%?#", "a%E2%80%AE%0A%25%3F%23"),
        ] {
            assert_eq!(uri(path), address);
        }
    }
}
