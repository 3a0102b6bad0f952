//! What mdBook shows us of the book before it makes pages: links to files of the repository that are no pages lead there, and links
//! to a `README.md` to what mdBook makes of it.

use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::Context;
use regex::{Captures, Regex};
use serde_json::Value;

/// Where the repository is shown.
const REPOSITORY: &str = "https://github.com/afterpatch/afterpatch/blob/main/";
/// The pages' folder in it.
const PAGES: &str = "docs";

/// Reads what mdBook says (`[context, book]`) and writes the book as it shall be.
pub(super) fn preprocess(input: impl Read, output: impl Write) -> anyhow::Result<()> {
    let mut said: Value = serde_json::from_reader(input).context("mdBook speaks to a preprocessor in JSON")?;
    let book = said.get_mut(1).context("mdBook hands over a context and a book")?;
    // A link in Markdown, but none to the network and none within the page.
    chapters(book, &Regex::new(r"\]\(([^)\s#:]+)(#[^)\s]*)?\)")?);
    serde_json::to_writer(output, book)?;
    Ok(())
}

fn chapters(value: &mut Value, link: &Regex) {
    if let Some(chapter) = value.get_mut("Chapter") {
        let page = chapter.get("source_path").and_then(Value::as_str).map(PathBuf::from);
        if let (Some(page), Some(content)) = (page, chapter.get_mut("content")) {
            let text = content.as_str().unwrap_or_default();
            *content = Value::from(link.replace_all(text, |found: &Captures<'_>| {
                let (target, anchor) = (&found[1], found.get(2).map_or("", |anchor| anchor.as_str()));
                match outside(&page, target) {
                    Some(path) => format!("]({REPOSITORY}{path}{anchor})"),
                    None => found[0].replace("README.md", "index.md"),
                }
            }));
        }
    }
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| chapters(value, link)),
        Value::Object(values) => values.values_mut().for_each(|value| chapters(value, link)),
        _ => {}
    }
}

/// The path in the repository that a link of a page leads to, if that is outside of the pages' folder.
fn outside(page: &Path, link: &str) -> Option<String> {
    let from = Path::new(PAGES).join(page.parent()?).join(link);
    let mut path: Vec<&str> = Vec::new();
    for part in from.components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::Normal(name) => path.push(name.to_str()?),
            _ => {}
        }
    }
    (path.first() != Some(&PAGES)).then(|| path.join("/"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn links_out_of_the_book_lead_to_the_repository() {
        let said = serde_json::json!([{}, { "items": [{ "Chapter": {
            "source_path": "reference/formats/evtx.md",
            "content": "[r](../rules/README.md) [a](../../check.md#x) [b](../../../crates/x.rs) [c](../../../README.md#status) [d](https://e.example/) ![e](../../a.png)",
            "sub_items": [{ "Chapter": { "source_path": "check.md", "content": "[f](../SECURITY.md)", "sub_items": [] } }]
        }}]}]);
        let mut out = Vec::new();
        preprocess(said.to_string().as_bytes(), &mut out).unwrap();
        let book: Value = serde_json::from_slice(&out).unwrap();
        let chapter = &book["items"][0]["Chapter"];
        assert_eq!(
            chapter["content"],
            format!(
                "[r](../rules/index.md) [a](../../check.md#x) [b]({REPOSITORY}crates/x.rs) [c]({REPOSITORY}README.md#status) [d](https://e.example/) \
                 ![e](../../a.png)"
            )
        );
        assert_eq!(chapter["sub_items"][0]["Chapter"]["content"], format!("[f]({REPOSITORY}SECURITY.md)"));
    }
}
