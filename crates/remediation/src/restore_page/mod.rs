//! Put a genuine page in place of one that was overwritten, from install medium that the user supplies, by hash.

use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_detection::KnownGood;
use afterpatch_model::{Finding, PlannedFile, Step as StoryStep, What};

use crate::RemediationError;
use crate::evidence::{Evident, files_of};
use crate::host::{Found, Host, split_windows};
use crate::plan::Drafts;
use crate::steps::Step;

/// Files of the medium that are looked through. An Exchange medium has about 20,000.
const MOST_FILES: usize = 500_000;
/// The largest genuine page has a few hundred kilobytes.
const LARGEST_PAGE: u64 = 4 << 20;

/// Pages of Exchange that lie there with another content, and of which the medium has the genuine one. What is planned here is
/// not planned to be taken away as well.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, known_good: &KnownGood, medium: &Path, drafts: &mut Drafts<'_>) {
    let mut paths: Vec<String> = evident
        .findings()
        .filter(|finding| finding.step == StoryStep::FilePresent)
        .flat_map(files_of)
        .filter(|path| known_good.has_path(path))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths {
        let speak_of_it: Vec<&Finding> =
            evident.findings().filter(|finding| files_of(finding).any(|other| other.eq_ignore_ascii_case(&path))).collect();
        if Evident::surest(&speak_of_it).is_none_or(|surest| surest < evident.sure) {
            continue;
        }
        let Found::File(file) = host.find(&path) else { continue };
        if known_good.is_genuine(&path, &file.sha256) {
            continue;
        }
        if let Some((from, genuine)) = on_medium(medium, &path, |sha256| known_good.is_genuine(&path, sha256)) {
            drafts.act(What::RestorePage { file: *file, from: from.display().to_string(), genuine }, &speak_of_it);
        }
    }
}

/// A file of the medium that is genuine at that path, whatever folder the medium keeps it in.
fn on_medium(medium: &Path, path: &str, is_genuine: impl Fn(&str) -> bool) -> Option<(PathBuf, String)> {
    let name = split_windows(path).1;
    let mut waiting = vec![medium.to_owned()];
    let mut seen = 0;
    while let Some(folder) = waiting.pop() {
        let mut entries: Vec<_> = fs::read_dir(&folder).ok()?.flatten().collect();
        entries.sort_unstable_by_key(fs::DirEntry::file_name);
        seen += entries.len();
        if seen > MOST_FILES {
            return None;
        }
        for entry in entries {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() && entry.file_name().to_string_lossy().eq_ignore_ascii_case(name) {
                let content = read(&entry.path()).unwrap_or_default();
                let sha256 = afterpatch_vault::sha256(&content);
                if is_genuine(&sha256) {
                    return Some((entry.path(), sha256));
                }
            }
        }
    }
    None
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST_PAGE {
        return Err(std::io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// The file gets the genuine content, if the medium still has it.
pub(crate) fn steps(file: &PlannedFile, from: &str, genuine: &str) -> Result<Vec<Step>, RemediationError> {
    let wrong = |why: String| RemediationError::Content { path: from.to_owned(), why };
    let content = read(Path::new(from)).map_err(|error| wrong(error.to_string()))?;
    if afterpatch_vault::sha256(&content) != genuine {
        return Err(wrong("is not the genuine page that it was when the plan was made".to_owned()));
    }
    Ok(vec![Step { file: file.clone(), after: Some(content) }])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_genuine_page_is_found_by_hash_whatever_folder_it_lies_in() {
        let medium = tempfile::tempdir().unwrap();
        for (folder, content) in [("Setup/A", "another page of that name"), ("Setup/B/C", "genuine")] {
            fs::create_dir_all(medium.path().join(folder)).unwrap();
            fs::write(medium.path().join(folder).join("Logon.ASPX"), content).unwrap();
        }
        let genuine = afterpatch_vault::sha256(b"genuine");
        let path = r"D:\Exchange\FrontEnd\HttpProxy\owa\auth\logon.aspx";
        let (from, hash) = on_medium(medium.path(), path, |sha256| sha256 == genuine).unwrap();
        assert_eq!((from, hash), (medium.path().join("Setup/B/C/Logon.ASPX"), genuine.clone()));
        assert!(on_medium(medium.path(), path, |_| false).is_none());
        assert!(on_medium(medium.path(), r"C:\error.aspx", |_| true).is_none());

        let file =
            PlannedFile { path: path.to_owned(), lies_at: "x".to_owned(), sha256: String::new(), size: 0, volume: 0, number: 0 };
        let from = medium.path().join("Setup/B/C/Logon.ASPX").display().to_string();
        assert_eq!(steps(&file, &from, &genuine).unwrap()[0].after.as_deref(), Some(b"genuine".as_slice()));
        fs::write(&from, "changed").unwrap();
        assert!(steps(&file, &from, &genuine).unwrap_err().to_string().contains("not the genuine page"));
    }
}
