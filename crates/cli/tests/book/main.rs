//! The documentation tells the truth as far as a program can say: its generated pages are what code and rules say today, every
//! link leads somewhere, and the table of contents names every page. That its commands can be understood is tested where the
//! command line is (`src/arguments/tests.rs`).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod contents;
mod detectors;
mod formats;
mod markdown;
mod rules;
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use markdown::{Document, all_documents, root};
use source::Page;

/// Set to `write` by `cargo xtask book`.
const WRITE: &str = "AFTERPATCH_BOOK";

#[test]
fn generated_pages_are_what_code_and_rules_say() {
    let pages = [formats::pages(), rules::pages(), detectors::pages()].concat();
    let mut wanted: BTreeMap<PathBuf, String> =
        pages.iter().map(|page| (root().join("docs").join(&page.path), page.text.clone())).collect();
    let summary = root().join("docs/SUMMARY.md");
    wanted.insert(summary.clone(), contents::with_pages(&fs::read_to_string(&summary).unwrap(), &pages));
    let is_written = env::var(WRITE).is_ok_and(|value| value == "write");
    let mut wrong = Vec::new();
    for left_over in generated_files().difference(&wanted.keys().cloned().collect()) {
        wrong.push(left_over.clone());
        if is_written {
            fs::remove_file(left_over).unwrap();
        }
    }
    for (path, text) in &wanted {
        if fs::read_to_string(path).ok().as_ref() != Some(text) {
            wrong.push(path.clone());
            if is_written {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
    }
    assert!(is_written || wrong.is_empty(), "out of date, `cargo xtask book` writes them anew: {wrong:#?}");
}

/// All pages in the folders that only the generator writes to.
fn generated_files() -> BTreeSet<PathBuf> {
    ["formats", "rules", "detectors"]
        .iter()
        .filter_map(|folder| fs::read_dir(root().join("docs/reference").join(folder)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn every_link_leads_somewhere() {
    let documents = all_documents();
    let links = documents.values().map(|document| document.links.len()).sum::<usize>();
    assert!(links > 100, "{links}");
    let broken: Vec<String> = documents
        .iter()
        .flat_map(|(path, document)| {
            document
                .links
                .iter()
                .filter(|link| !leads_somewhere(path, link, &documents))
                .map(|link| format!("{}: {link}", path.display()))
        })
        .collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    let documents = all_documents();
    let readme = root().join("README.md");
    for (link, good) in [
        ("docs/check.md", true),
        ("docs/chek.md", false),
        ("docs/check.md#what-it-weighs-in-no-heading", false),
        ("#status", true),
        ("#no-such-heading", false),
        ("https://example.org/", true),
    ] {
        assert_eq!(leads_somewhere(&readme, link, &documents), good, "{link}");
    }
}

/// Whether a link in a file leads to a file or folder that is there, and to a heading of it. What others keep on the network is
/// not asked for: tests need none.
fn leads_somewhere(from: &Path, link: &str, documents: &BTreeMap<PathBuf, Document>) -> bool {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| link.starts_with(scheme)) {
        return true;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { from.to_path_buf() } else { markdown::normal(&from.parent().unwrap().join(file)) };
    let has_anchor = || documents.get(&target).is_some_and(|document| document.anchors.contains(anchor));
    target.exists() && (anchor.is_empty() || has_anchor())
}

#[test]
fn the_table_of_contents_names_every_page_once() {
    let documents = all_documents();
    let docs = root().join("docs");
    let summary = docs.join("SUMMARY.md");
    let mut named: Vec<PathBuf> = documents[&summary].links.iter().map(|link| markdown::normal(&docs.join(link))).collect();
    named.sort();
    let pages: Vec<PathBuf> = documents.keys().filter(|path| path.starts_with(&docs) && **path != summary).cloned().collect();
    assert_eq!(named, pages);
}

/// The pages of one kind, below an index that lists them.
fn with_index(folder: &str, title: &str, about: &str, table: &str, pages: Vec<Page>) -> Vec<Page> {
    let index = Page {
        path: format!("reference/{folder}/README.md"),
        title: title.to_owned(),
        text: format!("{}\n# {title}\n\n{about}\n\n{table}", source::mark("code and rules")),
    };
    [vec![index], pages].concat()
}
