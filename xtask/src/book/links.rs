//! The links of the site that mdBook made: each leads to a file of it, and to a place in that file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use regex::Regex;

/// Fails when a link leads nowhere. What others keep on the network is not asked for.
pub(super) fn check(site: &Path) -> anyhow::Result<()> {
    let pages = pages(site)?;
    ensure!(!pages.is_empty(), "there are no pages in {}", site.display());
    let broken: Vec<String> = pages
        .iter()
        .flat_map(|(page, own)| {
            own.links.iter().filter(|link| !leads_somewhere(page, link, &pages)).map(move |link| (page, link))
        })
        .map(|(page, link)| format!("{}: {link}", page.display()))
        .collect();
    ensure!(broken.is_empty(), "links of the site that lead nowhere:\n{}", broken.join("\n"));
    Ok(())
}

struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

fn pages(site: &Path) -> anyhow::Result<BTreeMap<PathBuf, Page>> {
    let link = Regex::new(r#"(?:href|src)="([^"]+)""#)?;
    let anchor = Regex::new(r#" id="([^"]+)""#)?;
    let mut found = BTreeMap::new();
    let mut folders = vec![site.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            // 404.html is shown under any address, so its links are those of the site's root on a server.
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") && !path.ends_with("404.html") {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                let all = |pattern: &Regex| pattern.captures_iter(&text).map(|found| found[1].replace("&amp;", "&")).collect();
                let page = Page { links: all(&link), anchors: all(&anchor).into_iter().collect() };
                found.insert(path.canonicalize()?, page);
            }
        }
    }
    Ok(found)
}

fn leads_somewhere(page: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>) -> bool {
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    if file.contains(':') {
        return true;
    }
    let target = if file.is_empty() { Ok(page.to_path_buf()) } else { page.parent().unwrap_or(page).join(file).canonicalize() };
    let has_anchor = |target: &Path| pages.get(target).is_some_and(|page| page.anchors.contains(anchor));
    target.is_ok_and(|target| anchor.is_empty() || has_anchor(&target))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let site = tempfile::tempdir().unwrap();
        let write = |text: &str| fs::write(site.path().join("a.html"), text).unwrap();
        write(r##"<h1 id="x">x</h1><a href="#x"></a><a href="a.html#x"></a><a href="https://e.example/"></a>"##);
        check(site.path()).unwrap();
        for wrong in ["#y", "b.html", "a.html#y"] {
            write(&format!(r#"<h1 id="x">x</h1><a href="{wrong}"></a>"#));
            let said = check(site.path()).unwrap_err().to_string();
            assert!(said.ends_with(&format!("a.html: {wrong}")), "{said}");
        }
    }
}
