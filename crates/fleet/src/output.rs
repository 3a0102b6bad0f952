//! What is told beside the rows: on standard error, in the user's language.

use std::io::{self, IsTerminal, Write, stderr, stdout};

use afterpatch_report::{Language, Options, hostile};

use crate::arguments::ShownArguments;

/// How to show text on standard output: colours on a terminal that does not refuse them (no-color.org), its width, the language.
pub fn options(shown: &ShownArguments) -> Options {
    let refused = shown.no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Options {
        language: shown.lang.unwrap_or_else(language_of_environment),
        color: !refused && stdout().is_terminal(),
        width: terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)),
    }
}

fn language_of_environment() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .and_then(|value| Language::from_tag(&value))
        .unwrap_or_default()
}

/// A line on standard error.
pub fn note(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr().lock(), "afterpatch-fleet: {text}");
}

/// An error on standard error. Its text may hold names from the evidence.
pub fn complain(error: &anyhow::Error) {
    note(&hostile::terminal(&format!("error: {error:#}")));
}

/// Whether the reader of our output went away (`| head`), which is no error.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
