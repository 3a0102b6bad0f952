//! Pages with server-side includes (`.shtml`): Apache and IIS run the commands and programs that they name.

use super::{ConfigEffect, Found};

/// What a visitor sends, as variables of such a page.
const SENT: &[&str] = &["query_string", "http_", "request_uri", "document_args", "path_info", "remote_user"];

/// Longer directives are none.
const LONGEST: usize = 4096;

pub(super) fn read(text: &[u8], found: &mut Found) {
    for at in memchr::memmem::find_iter(text, b"<!--#") {
        let rest = text.get(at + 5..).unwrap_or_default();
        let rest = rest.get(..LONGEST).unwrap_or(rest);
        let Some(end) = memchr::memmem::find(rest, b"-->") else { continue };
        let directive = String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).to_ascii_lowercase();
        let quote = text.get(at..at + 5 + end + 3).unwrap_or_default();
        let Some((name, arguments)) = directive.trim().split_once(char::is_whitespace) else { continue };
        let is_visitors = arguments.contains('$') && SENT.iter().any(|variable| arguments.contains(variable));
        match name {
            "exec" if is_visitors => found.add(ConfigEffect::RunsProgram, at, quote, 0.95),
            // Counters of old are programs, too.
            "exec" if arguments.trim_start().starts_with("cmd") => found.add(ConfigEffect::RunsProgram, at, quote, 0.4),
            "include" if is_visitors => found.add(ConfigEffect::ReadsFiles, at, quote, 0.6),
            _ => {}
        }
    }
}
