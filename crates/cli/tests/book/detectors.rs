//! A page for each detector that is no rule: what the head of its folder says, and every finding it can make.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use afterpatch_engine::Engine;
use afterpatch_rules::RuleSet;

use crate::markdown::root;
use crate::source::{Page, head, mark, plain, words};
use crate::with_index;

const ABOUT: &str = "\
What is told by code because it needs a memory or a table: a page for each detector. What a rule can say is a \
[rule](../rules/README.md).";

const FOLDER: &str = "crates/detection/src";

pub fn pages() -> Vec<Page> {
    let rules: BTreeSet<String> = RuleSet::embedded().unwrap().rules().map(|rule| rule.slug.clone()).collect();
    let kinds: BTreeSet<(String, String)> =
        Engine::load().unwrap().kinds().into_iter().filter(|(slug, _)| !rules.contains(slug)).collect();
    let mut untold: BTreeSet<&str> = kinds.iter().map(|(slug, _)| slug.as_str()).collect();
    let mut folders: Vec<String> = fs::read_dir(root().join(FOLDER))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("mod.rs").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    folders.sort();
    let (mut pages, mut rows) = (Vec::new(), String::new());
    for slug in folders {
        let source = code(&root().join(FOLDER).join(&slug));
        let told: Vec<_> = kinds.iter().filter(|(kind, _)| source.contains(&format!("\"{kind}\""))).collect();
        for (kind, _) in &told {
            untold.remove(kind.as_str());
        }
        // Those that tell what rules say have no findings of their own.
        if !told.is_empty() {
            let names: Vec<String> = told.iter().map(|(kind, _)| format!("`{kind}`")).collect();
            rows.push_str(&format!("| [{}]({slug}.md) | {} |\n", words(&slug), names.join(", ")));
            pages.push(page(&slug, &told));
        }
    }
    assert!(untold.is_empty(), "in no folder of a detector: {untold:?}");
    let table = format!("| detector | its findings |\n|---|---|\n{rows}");
    with_index("detectors", "Detectors", ABOUT, &table, pages)
}

fn page(slug: &str, kinds: &[&(String, String)]) -> Page {
    let source = format!("{FOLDER}/{slug}/mod.rs");
    let rows: String = kinds.iter().map(|(kind, title)| format!("| `{kind}` | {} |\n", plain(title))).collect();
    let title = words(slug);
    let text = format!(
        "{}\n# {title}\n\n{}\n\n| finding | what it says |\n|---|---|\n{rows}\nIt is made by [{source}](../../../{source}).\n",
        mark(&source),
        head(&source)
    );
    Page { path: format!("reference/detectors/{slug}.md"), title, text }
}

/// All code of a folder, without its tests.
fn code(folder: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs"));
    files.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}
