//! Where rules come from: our own pack, or folders of the user.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::{RuleError, RuleProblem, sealed::unseal};

/// In which language a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleLanguage {
    /// Sigma: rules on records.
    Sigma,
    /// YARA: rules on the content of files.
    Yara,
}

impl RuleLanguage {
    /// Its one name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Sigma => "sigma",
            Self::Yara => "yara",
        }
    }

    /// By the ending of a file's name (`yml`, `yaml`; `yar`, `yara`), in any case.
    fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "yml" | "yaml" => Some(Self::Sigma),
            "yar" | "yara" => Some(Self::Yara),
            _ => None,
        }
    }
}

/// A file of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFile {
    /// Where it is from: below `rules/` for our own, else the path as the user would type it.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its language.
    pub language: RuleLanguage,
}

/// Rule files, and what is no rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFiles {
    /// In order of their paths.
    pub files: Vec<RuleFile>,
    /// Files that should be rules and cannot be read, and why.
    pub problems: Vec<RuleProblem>,
    /// Files that are no rules by their names, counted by ending (`md`; empty for none).
    pub others: BTreeMap<String, u64>,
}

/// Our own rules as the build script packed them.
static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/pack.bin"));

impl RuleFiles {
    /// A longer file (bytes) is no rule; the longest published ones have one million.
    const MAX_BYTES: u64 = 16 << 20;
    /// Folders lie no deeper in each other.
    const MAX_DEPTH: usize = 64;

    /// Our own rules, as they stood when the program was built.
    ///
    /// # Errors
    /// [`RuleError::Sealed`] when the program is damaged.
    pub fn embedded() -> Result<Self, RuleError> {
        let bytes = unseal(PACK).map_err(|error| RuleError::Sealed(error.to_string()))?;
        let pack: Vec<(String, String)> = serde_json::from_slice(&bytes).map_err(|error| RuleError::Sealed(error.to_string()))?;
        let files = pack.into_iter().map(|(path, text)| {
            let language = if path.starts_with("yara/") { RuleLanguage::Yara } else { RuleLanguage::Sigma };
            RuleFile { path, text, language }
        });
        Ok(Self { files: files.collect(), ..Self::default() })
    }

    /// The rule files in a folder and all folders below, or a single rule file. Folders whose names begin with a dot are left
    /// out (version control keeps its own things there), and links to folders are not followed.
    ///
    /// # Errors
    /// [`RuleError::Folder`] when there is no such folder or file, or it cannot be listed.
    pub fn read(folder: &Path) -> Result<Self, RuleError> {
        let mut found = Self::default();
        let unreadable = |error| RuleError::Folder { path: folder.display().to_string(), error };
        if fs::metadata(folder).map_err(unreadable)?.is_dir() {
            found.folder(folder, 0).map_err(unreadable)?;
        } else {
            found.file(folder);
        }
        Ok(found)
    }

    /// Adds what another folder has. A file that is there already (folders given twice, or one in another) is not added.
    pub(crate) fn add(&mut self, other: Self) {
        let known: BTreeSet<String> = self.files.iter().map(|file| file.path.clone()).collect();
        self.files.extend(other.files.into_iter().filter(|file| !known.contains(&file.path)));
        self.problems.extend(other.problems);
        for (ending, count) in other.others {
            *self.others.entry(ending).or_default() += count;
        }
    }

    /// The files of one language, as path and text.
    pub(crate) fn of(&self, language: RuleLanguage) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter(move |file| file.language == language).map(|file| (file.path.as_str(), file.text.as_str()))
    }

    fn folder(&mut self, folder: &Path, depth: usize) -> std::io::Result<()> {
        let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    if entry.file_name().to_string_lossy().starts_with('.') {
                        continue;
                    }
                    if depth >= Self::MAX_DEPTH {
                        self.problem(&path, "too many folders in each other");
                    } else if let Err(error) = self.folder(&path, depth + 1) {
                        self.problem(&path, error);
                    }
                }
                Ok(kind) if kind.is_symlink() && path.is_dir() => {
                    self.problem(&path, "a link to a folder, which is not followed")
                }
                Ok(_) => self.file(&path),
                Err(error) => self.problem(&path, error),
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) {
        let Some(language) = RuleLanguage::of(path) else {
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
            *self.others.entry(ending).or_default() += 1;
            return;
        };
        match fs::metadata(path) {
            Ok(about) if about.len() > Self::MAX_BYTES => return self.problem(path, "longer than any rule"),
            Ok(about) if !about.is_file() => return self.problem(path, "no ordinary file"),
            Ok(_) => {}
            Err(error) => return self.problem(path, error),
        }
        match fs::read(path).map(String::from_utf8) {
            // Files made on Windows begin with a byte order mark.
            Ok(Ok(text)) => {
                let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                self.files.push(RuleFile { path: path.display().to_string(), text, language });
            }
            Ok(Err(_)) => self.problem(path, "no UTF-8 text"),
            Err(error) => self.problem(path, error),
        }
    }

    fn problem(&mut self, path: &Path, reason: impl std::fmt::Display) {
        self.problems.push(RuleProblem::new(&path.display().to_string(), reason));
    }
}
