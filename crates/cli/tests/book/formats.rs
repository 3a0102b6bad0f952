//! A page for each format that is read: what the head of its folder says.

use std::collections::BTreeMap;

use afterpatch_artifacts::formats;
use afterpatch_model::ArtifactKind;
use serde_json::Value;

use crate::source::{Page, head, mark, plain, text};
use crate::with_index;

const ABOUT: &str = "\
What afterpatch reads, a page for each format: where it lies on a server, what it tells, and what misleads people in it. A file \
is recognised by its name and its first bytes, under any folder; a renamed log is still read. What cannot be read of a file is \
named in the report as a gap. What is recognised and not read at all is named there, too.";

pub fn pages() -> Vec<Page> {
    let where_it_lies = where_they_lie();
    let kinds: BTreeMap<&str, ArtifactKind> = formats().iter().map(|format| (format.kind().slug(), format.kind())).collect();
    assert!(kinds.len() > 25, "{kinds:?}");
    let pages = kinds.iter().map(|(slug, kind)| page(slug, *kind)).collect();
    let rows: String =
        kinds.keys().map(|slug| format!("| [{}]({slug}.md) | `{slug}` | {} |\n", title(slug), where_it_lies[*slug])).collect();
    let table = format!("| format | name in reports | what it is, and where it lies |\n|---|---|---|\n{rows}");
    with_index("formats", "Formats that are read", ABOUT, &table, pages)
}

fn page(slug: &str, kind: ArtifactKind) -> Page {
    let source = format!("crates/artifacts/src/{slug}/mod.rs");
    let title = title(slug);
    let covers = if kind.is_log() {
        "It is written as things happen, so its first and last time say what it covers."
    } else {
        "Its times say when something was last changed, not what it covers."
    };
    let text = format!(
        "{}\n# {title}\n\n{}\n\nIn reports it is called `{slug}`. {covers} It is read by [{source}](../../../{source}).\n",
        mark(&source),
        head(&source)
    );
    Page { path: format!("reference/formats/{slug}.md"), title, text }
}

fn title(slug: &str) -> String {
    text(&format!("artifact-kind-{slug}")).unwrap_or_else(|| panic!("no text for {slug}")).to_owned()
}

/// What the schema of the report says of each kind.
fn where_they_lie() -> BTreeMap<String, String> {
    let schema = serde_json::to_value(schemars::schema_for!(ArtifactKind)).unwrap();
    let of = |kind: &Value| {
        let said = |key: &str| kind[key].as_str().unwrap_or_default().to_owned();
        let about = said("description");
        // Names of files stand in backquotes there, which is Markdown already.
        let about = if about.contains('`') { about.split_whitespace().collect::<Vec<_>>().join(" ") } else { plain(&about) };
        (said("const"), about.replace('|', "\\|"))
    };
    schema["oneOf"].as_array().unwrap().iter().map(of).collect()
}
