//! Take away what ASP.NET made of a planted page: its entry in the compiler's folder, the library, the sources. Without them a
//! visitor of the page gets nothing even where the file itself is still in a cache, and the next scan is not misled.
//!
//! A library may hold several pages of one folder; it is taken only when no entry of another page names it.

use afterpatch_detection::KnownGood;
use afterpatch_model::{ArtifactKind, Finding, PlannedFile, ThingKind, What, WhyNot};

use crate::evidence::Evident;
use crate::host::{Found, Host, split_windows};
use crate::plan::Drafts;
use crate::steps::Step;

/// Every page that is taken away or was, and that was compiled.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, known_good: &KnownGood, drafts: &mut Drafts<'_>) {
    let mut pages: Vec<&str> = evident.findings().flat_map(|finding| finding.things_of(ThingKind::Page)).collect();
    pages.sort_unstable();
    pages.dedup();
    for page in pages.into_iter().filter(|page| !known_good.has_name(page)) {
        let compiled: Vec<&Finding> = evident
            .findings()
            .filter(|finding| finding.things_of(ThingKind::Page).any(|other| other == page))
            .filter(|finding| evident.artifact_of(finding, ArtifactKind::AspnetCompiled).is_some())
            .collect();
        if compiled.is_empty() {
            continue;
        }
        if Evident::surest(&compiled).is_none_or(|surest| surest < evident.sure) {
            continue;
        }
        let mut files: Vec<PlannedFile> = Vec::new();
        for finding in &compiled {
            let Some((entry, _)) = evident.artifact_of(finding, ArtifactKind::AspnetCompiled) else { continue };
            match host.find(entry) {
                Found::File(file) => match leftovers(host, *file, page) {
                    Ok(found) => files.extend(found),
                    Err(why) => drafts.leave(entry, WhyNot::Refused(why), &[finding]),
                },
                Found::Nothing => {}
                Found::Refused(why) => drafts.leave(entry, WhyNot::Refused(why), &[finding]),
            }
        }
        files.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        files.dedup();
        if !files.is_empty() {
            drafts.act(What::RemoveLeftovers { page: page.to_owned(), files }, &compiled);
        }
    }
}

/// The entry of a page and what belongs to it alone.
fn leftovers(host: &Host, entry: PlannedFile, page: &str) -> Result<Vec<PlannedFile>, String> {
    let text = host.content(&entry).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text);
    let attribute = |text: &str, name: &str| {
        let rest = text.split_once(&format!(" {name}=\""))?.1;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let is_of_page = attribute(&text, "virtualPath").is_some_and(|path| path.to_lowercase().ends_with(&format!("/{page}")));
    if !is_of_page {
        return Err(format!("does not name the page {page}"));
    }
    let neighbours = host.neighbours(&entry);
    let mut files = Vec::new();
    if let Some(assembly) = attribute(&text, "assembly").filter(|assembly| assembly.starts_with("App_Web_")) {
        let shared =
            neighbours.iter().filter(|path| **path != entry.path && path.to_lowercase().ends_with(".compiled")).any(|path| {
                let content = match host.find(path) {
                    Found::File(file) => host.content(&file).ok(),
                    _ => None,
                };
                // What cannot be read may need the library, too.
                content.is_none_or(|content| String::from_utf8_lossy(&content).contains(&format!("assembly=\"{assembly}\"")))
            });
        let own = format!("{}.", assembly.to_lowercase());
        for path in neighbours.iter().filter(|path| !shared && split_windows(path).1.to_lowercase().starts_with(&own)) {
            match host.find(path) {
                Found::File(file) => files.push(*file),
                Found::Nothing => {}
                Found::Refused(why) => return Err(why),
            }
        }
    }
    files.push(entry);
    Ok(files)
}

/// All of them go.
pub(crate) fn steps(files: &[PlannedFile]) -> Vec<Step> {
    files.iter().map(|file| Step { file: file.clone(), after: None }).collect()
}

// Elsewhere no disk can be looked at.
#[cfg(all(test, any(target_os = "linux", windows)))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn entry(page: &str, assembly: &str) -> String {
        format!("<preserve resultType=\"3\" virtualPath=\"/owa/auth/{page}\" assembly=\"{assembly}\" type=\"ASP.x\"></preserve>")
    }

    #[test]
    fn a_library_goes_with_its_last_page_only() {
        let folder = tempfile::tempdir().unwrap();
        let temp = folder.path().join("C/Temp");
        fs::create_dir_all(&temp).unwrap();
        for (name, content) in [
            ("own.aspx.1.compiled", entry("own.aspx", "App_Web_own")),
            ("App_Web_own.dll", "library".to_owned()),
            ("App_Web_own.0.cs", "source".to_owned()),
            ("App_Web_ownother.dll", "somebody else's".to_owned()),
            ("shared.aspx.2.compiled", entry("shared.aspx", "App_Web_both")),
            ("logon.aspx.3.compiled", entry("logon.aspx", "App_Web_both")),
            ("App_Web_both.dll", "library of two pages".to_owned()),
        ] {
            fs::write(temp.join(name), content).unwrap();
        }
        let host = Host::new(folder.path()).unwrap();
        let taken = |name: &str, page: &str| {
            let Found::File(file) = host.find(&format!(r"C:\Temp\{name}")) else { unreachable!("{name}") };
            let files = leftovers(&host, *file, page)?;
            let mut names: Vec<String> = files.iter().map(|file| split_windows(&file.path).1.to_owned()).collect();
            names.sort_unstable();
            Ok::<_, String>(names)
        };
        let own = ["App_Web_own.0.cs", "App_Web_own.dll", "own.aspx.1.compiled"];
        assert_eq!(taken("own.aspx.1.compiled", "own.aspx").unwrap(), own);
        assert_eq!(taken("shared.aspx.2.compiled", "shared.aspx").unwrap(), ["shared.aspx.2.compiled"]);
        // An entry that is another page's is nobody's leftover.
        assert!(taken("logon.aspx.3.compiled", "own.aspx").is_err());
    }
}
