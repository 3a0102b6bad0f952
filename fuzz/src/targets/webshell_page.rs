//! The web-shell analyser on hostile pages: encodings, carriers, page splitting, every parser, the interpreter.
//!
//! The first byte chooses the file's name and so the language; the rest is its content.

use afterpatch_webshell::{File, Limits, Reason, inspect};

const NAMES: [&str; 24] = [
    "a.php",
    "a.aspx",
    "a.ashx",
    "a.asmx",
    "a.cshtml",
    "a.vbhtml",
    "a.asp",
    "global.asa",
    "a.jsp",
    "a.jspx",
    "a.cfm",
    "a.cfc",
    "a.pl",
    "a.cgi",
    "a.py",
    "a.cs",
    "a.vb",
    "a.master",
    ".htaccess",
    ".user.ini",
    "web.config",
    "a.jpg",
    "a.txt",
    "a.xslt",
];

/// Runs one input.
pub fn run(data: &[u8]) {
    let Some((&first, bytes)) = data.split_first() else { return };
    let path = NAMES[usize::from(first) % NAMES.len()];
    // Narrow, so that a page that only counts takes no time; every script is walked, whatever words are in it.
    let limits = Limits { steps: 50_000, time: None, made_bytes: 4 << 20, layers: 20, file_bytes: 1 << 20, walk_all: true };
    let open = |_: &str| Some(bytes.to_vec());
    let report = inspect(&File { path, bytes, open: Some(&open) }, &limits);
    assert!(!report.reasons.contains(&Reason::Failed), "{path}");
    assert!(serde_json::to_string(&report).is_ok());
}
