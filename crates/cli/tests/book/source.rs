//! Where generated pages take their words from: the comment at the head of a member's file, and the texts of the program.

use std::fs;

use regex::Regex;

use crate::markdown::root;

/// A generated page.
#[derive(Clone)]
pub struct Page {
    /// Below `docs`, with `/`.
    pub path: String,
    /// For the table of contents.
    pub title: String,
    pub text: String,
}

/// The first line of a generated page.
pub fn mark(source: &str) -> String {
    format!("<!-- Made by `cargo xtask book` from {source}: change it there. -->\n")
}

/// The comment at the head of a source file, as Markdown for a page two folders below `docs`.
pub fn head(path: &str) -> String {
    let text = fs::read_to_string(root().join(path)).unwrap();
    let comment: Vec<&str> = text
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default())
        .collect();
    assert!(!comment.is_empty(), "{path} does not say at its head what it is for");
    let comment = comment.join("\n");
    // Where to look further in the code is of no use on a page; what rustdoc links to otherwise is a name.
    let asides = Regex::new(r"\s\((?:see )?\[`[^`\]]+`\](?:\([^)]*\))?\)|\s\(see `\w+`\)").unwrap();
    let comment = asides.replace_all(&comment, "").into_owned();
    let code = Regex::new(r"\[(`[^`\]]+`)\](\([^)]*\))?").unwrap().replace_all(&comment, "$1").into_owned();
    Regex::new(r"docs/(\w+)\.md of this project").unwrap().replace_all(&code, "[docs/$1.md](../../$1.md)").into_owned()
}

/// What the program says for this key, in English.
pub fn text(key: &str) -> Option<&'static str> {
    let texts = include_str!("../../../report/locales/en.ftl");
    texts.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
}

/// A slug as a heading.
pub fn words(slug: &str) -> String {
    sentence(&slug.replace('_', " ")).trim_end_matches('.').to_owned()
}

/// A few words as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// Text that shall stand in a page as it is.
pub fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().fold(String::new(), |mut text, letter| {
        if r"\`*_<>[]|#".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
        text
    })
}
