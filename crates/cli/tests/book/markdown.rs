//! What can be asked of the project's Markdown files: their links, the anchors of their headings, and their code.

#![allow(clippy::unwrap_used, dead_code, reason = "shared by two tests, each of which uses a part")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// One Markdown file.
#[derive(Default)]
pub struct Document {
    /// Where its links and pictures lead, as they are written.
    pub links: Vec<String>,
    /// The anchors of its headings.
    pub anchors: BTreeSet<String>,
    /// Its blocks of code that name no language, or a shell.
    pub blocks: Vec<String>,
    /// Pieces of code within its sentences.
    pub spans: Vec<String>,
}

impl Document {
    pub fn read(text: &str) -> Self {
        let mut own = Self::default();
        let (mut heading, mut block): (Option<String>, Option<String>) = (None, None);
        for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => own.links.push(dest_url.to_string()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => own.add_anchor(&heading.take().unwrap_or_default()),
                Event::Start(Tag::CodeBlock(kind)) => block = is_shell(&kind).then(String::new),
                Event::End(TagEnd::CodeBlock) => own.blocks.extend(block.take()),
                Event::Text(text) => {
                    for open in [&mut heading, &mut block].into_iter().flatten() {
                        open.push_str(&text);
                    }
                }
                Event::Code(code) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&code);
                    }
                    own.spans.push(code.to_string());
                }
                _ => {}
            }
        }
        own
    }

    /// As GitHub and mdBook make them of a heading: letters and digits in lower case, blanks as hyphens; numbered when taken.
    fn add_anchor(&mut self, heading: &str) {
        let plain: String = heading
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let mut free = (0..).map(|number| if number == 0 { plain.clone() } else { format!("{plain}-{number}") });
        self.anchors.extend(free.find(|anchor| !self.anchors.contains(anchor)));
    }
}

fn is_shell(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Indented => false,
        CodeBlockKind::Fenced(language) => ["", "sh", "bash", "powershell", "console"].contains(&&**language),
    }
}

/// Every Markdown file of the project, by its path.
pub fn all_documents() -> BTreeMap<PathBuf, Document> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
            let name = name.to_string_lossy();
            if path.is_dir() {
                // What was made, and what is not ours to look after.
                if !name.starts_with('.') && !["target", "corpus", "artifacts", "afterpatch-demo"].contains(&&*name)
                    || path.ends_with("crates/artifacts")
                {
                    folders.push(path);
                }
            } else if name.ends_with(".md") {
                let document = Document::read(&fs::read_to_string(&path).unwrap());
                found.insert(path, document);
            }
        }
    }
    found
}

/// The project's folder.
pub fn root() -> PathBuf {
    normal(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}

/// A path without `.` and `..`, by its text alone.
pub fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
        path
    })
}
