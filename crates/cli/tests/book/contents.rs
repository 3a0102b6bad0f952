//! The table of contents: written by hand but for the lists below the indexes of generated pages.

use crate::source::Page;

/// The table with those lists brought up to date.
pub fn with_pages(summary: &str, pages: &[Page]) -> String {
    let mut lines: Vec<String> = Vec::new();
    // Generated entries stand two blanks in, below their index.
    for line in summary.lines().filter(|line| !(line.starts_with("  - [") && line.contains("](reference/"))) {
        lines.push(line.to_owned());
        let Some(folder) = line.split_once("](reference/").and_then(|(_, link)| link.strip_suffix("/README.md)")) else {
            continue;
        };
        let below = format!("reference/{folder}/");
        let listed = pages.iter().filter(|page| page.path.starts_with(&below) && !page.path.ends_with("README.md"));
        lines.extend(listed.map(|page| format!("  - [{}]({})", page.title, page.path)));
    }
    lines.join("\n") + "\n"
}
