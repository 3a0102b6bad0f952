//! Genuine web files of Exchange, by name and hash. Source and limits: `data/README.md`.

use std::collections::{HashMap, HashSet};

use afterpatch_model::Build;

/// The front end's folder below the install folder.
const FRONT_END: &str = "frontend\\httpproxy\\";
/// Virtual folders that the front end serves itself to visitors who are not logged on.
const LOGON_FOLDERS: [&str; 2] = ["/owa/auth/", "/ecp/auth/"];

/// Genuine web files of Exchange.
pub struct KnownGood {
    hashes: HashSet<String>,
    /// File names in lower case.
    names: HashSet<String>,
    /// Paths below the install folder in lower case, with the newest build in which each was seen.
    paths: HashMap<String, Build>,
    /// SHA-256 seen at each of these paths.
    hashes_at: HashMap<String, HashSet<String>>,
    newest: Build,
}

impl KnownGood {
    /// The table that comes with afterpatch. A row that does not parse is an error that names its line.
    pub fn embedded() -> Result<Self, String> {
        Self::parse(include_str!("../../data/known_good_web_scripts.csv"))
    }

    fn parse(table: &str) -> Result<Self, String> {
        let mut known = Self {
            hashes: HashSet::new(),
            names: HashSet::new(),
            paths: HashMap::new(),
            hashes_at: HashMap::new(),
            newest: Build::new(0, 0, 0, 0),
        };
        for (index, row) in csv::Reader::from_reader(table.as_bytes()).into_records().enumerate() {
            let line = index + 2;
            let row = row.map_err(|error| format!("known_good_web_scripts.csv line {line}: {error}"))?;
            let (Some(hash), Some(path), Some(last)) = (row.get(0), row.get(1), row.get(3)) else {
                return Err(format!("known_good_web_scripts.csv line {line}: too few columns"));
            };
            let last: Build = last.parse().map_err(|error| format!("known_good_web_scripts.csv line {line}: {error}"))?;
            let path = path.to_ascii_lowercase();
            known.hashes.insert(hash.to_ascii_lowercase());
            known.names.insert(path.rsplit('\\').next().unwrap_or(&path).to_owned());
            known.newest = known.newest.max(last);
            known.hashes_at.entry(path.clone()).or_default().insert(hash.to_ascii_lowercase());
            let seen = known.paths.entry(path).or_insert(last);
            *seen = (*seen).max(last);
        }
        Ok(known)
    }

    /// Is this SHA-256 (lower-case hex) that of a genuine file?
    pub fn has_hash(&self, sha256: &str) -> bool {
        self.hashes.contains(sha256)
    }

    /// Is this the name of a genuine file somewhere in Exchange?
    pub fn has_name(&self, name: &str) -> bool {
        self.names.contains(&name.to_ascii_lowercase())
    }

    /// Is this full Windows path that of a genuine file, whatever the drive and folder Exchange is installed in?
    pub fn has_path(&self, windows_path: &str) -> bool {
        self.is_at(windows_path, |below| self.paths.contains_key(below))
    }

    /// Is this SHA-256 (lower-case hex) that of a file which is genuine at this very path?
    pub fn is_genuine(&self, windows_path: &str, sha256: &str) -> bool {
        self.is_at(windows_path, |below| self.hashes_at.get(below).is_some_and(|hashes| hashes.contains(sha256)))
    }

    fn is_at(&self, windows_path: &str, has: impl Fn(&str) -> bool) -> bool {
        let lower = windows_path.to_ascii_lowercase();
        // The same page may be genuine behind (`ClientAccess\owa\auth\error.aspx`) and planted in front: a path that names
        // the front end must be genuine there. Some rows of the table lack the leading folders.
        if let Some(at) = lower.find(FRONT_END) {
            return lower.get(at..).is_some_and(has);
        }
        lower.match_indices('\\').any(|(at, _)| lower.get(at + 1..).is_some_and(&has))
    }

    /// Is this path of a URL that of a genuine page? In the log-on folders, which attackers like best, only a page that is
    /// genuine in the front end's own folder is; elsewhere the name decides, as virtual folders hide the real path.
    pub fn has_url(&self, stem: &str) -> bool {
        let lower = stem.to_ascii_lowercase();
        if LOGON_FOLDERS.iter().any(|folder| lower.starts_with(folder)) {
            return self.paths.contains_key(&format!("{FRONT_END}{}", lower.trim_start_matches('/').replace('/', "\\")));
        }
        self.has_name(lower.rsplit('/').next().unwrap_or(&lower))
    }

    /// Does the table know the files of this build? It ends in March 2021, and a later build may have later files.
    pub fn covers(&self, build: Build) -> bool {
        build <= self.newest
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_that_stand_on_indicator_lists_but_are_genuine() {
        let known = KnownGood::embedded().unwrap();
        for genuine in ["TimeoutLogout.aspx", "RedirSuiteServiceProxy.aspx", "error.aspx", "frowny.aspx", "logon.aspx"] {
            assert!(known.has_name(genuine), "{genuine}");
        }
        for planted in ["TimeoutLogoff.aspx", "RedirSuiteServerProxy.aspx", "ohyeah.aspx"] {
            assert!(!known.has_name(planted), "{planted}");
        }
    }

    #[test]
    fn a_path_is_known_below_any_install_folder() {
        let known = KnownGood::embedded().unwrap();
        assert!(known.has_path(r"E:\Exchange2016\FrontEnd\HttpProxy\owa\auth\logon.aspx"));
        assert!(!known.has_path(r"E:\Exchange2016\FrontEnd\HttpProxy\ecp\auth\logon.aspx"));
        assert!(!known.has_path(r"E:\Exchange2016\FrontEnd\HttpProxy\owa\auth\error.aspx"));
        assert!(known.has_path(r"E:\Exchange2016\ClientAccess\owa\auth\error.aspx"));
    }

    #[test]
    fn a_hash_is_genuine_only_where_it_was_seen() {
        let known = KnownGood::embedded().unwrap();
        let (path, hash) = known.hashes_at.iter().find(|(path, _)| path.ends_with("redirsuiteserviceproxy.aspx")).unwrap();
        let hash = hash.iter().next().unwrap();
        assert!(known.is_genuine(&format!(r"D:\Exchange\{path}"), hash));
        assert!(!known.is_genuine(r"D:\Exchange\FrontEnd\HttpProxy\owa\auth\logon.aspx", hash));
        assert!(!known.is_genuine(&format!(r"D:\Exchange\{path}"), "00"));
    }

    #[test]
    fn a_url_in_a_logon_folder_must_be_genuine_there() {
        let known = KnownGood::embedded().unwrap();
        assert!(known.has_url("/owa/auth/logon.aspx"));
        assert!(known.has_url("/ecp/auth/TimeoutLogout.aspx"));
        assert!(!known.has_url("/owa/auth/error.aspx"));
        assert!(known.has_url("/ecp/error.aspx"));
        assert!(!known.has_url("/ecp/auth/logon.aspx"));
    }
}
