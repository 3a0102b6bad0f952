//! All rules of one origin: our own, or the user's.

use std::path::PathBuf;

use crate::{FileScanner, Rule, RuleError, RuleFile, RuleFiles, RulePack, RuleProblem, YaraPack};

/// All rules of one origin, ready to be asked, and whatever of it could not be used.
pub struct RuleSet {
    /// Rules on records.
    pub sigma: RulePack,
    /// Rules on the content of files.
    pub yara: YaraPack,
    /// The files that they were read from.
    pub files: RuleFiles,
    /// Files and rules that are not used, and why.
    pub problems: Vec<RuleProblem>,
}

impl RuleSet {
    /// Our own rules, as they stood when the program was built.
    ///
    /// # Errors
    ///
    /// [`RuleError::Embedded`] when one of them is faulty, which a test of this crate rules out.
    pub fn embedded() -> Result<Self, RuleError> {
        let files = RuleFiles::embedded()?;
        let sigma = RulePack::of_ours(&files);
        let set = Self::compile(files, sigma, &[]);
        if set.problems.is_empty() { Ok(set) } else { Err(RuleError::Embedded(set.problems)) }
    }

    /// The rules in the user's folders. `taken` are names that none of them may get: what we already have under that name
    /// would be mixed up with it. A rule that cannot be used is a problem, never an error.
    ///
    /// # Errors
    ///
    /// [`RuleError::Folder`] when a folder cannot be read at all.
    pub fn read(folders: &[PathBuf], taken: &[String]) -> Result<Self, RuleError> {
        let mut files = RuleFiles::default();
        for folder in folders {
            files.add(RuleFiles::read(folder)?);
        }
        let sigma = RulePack::from_files(&files, taken.iter().cloned());
        Ok(Self::compile(files, sigma, taken))
    }

    fn compile(files: RuleFiles, (sigma, of_sigma): (RulePack, Vec<RuleProblem>), taken: &[String]) -> Self {
        let mut problems = files.problems.clone();
        problems.extend(of_sigma);
        let names = sigma.rules().iter().map(|rule| rule.slug.clone());
        let (yara, of_yara) = YaraPack::from_files(&files, taken.iter().cloned().chain(names));
        problems.extend(of_yara);
        Self { sigma, yara, files, problems }
    }

    /// All rules, Sigma first.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.sigma.rules().iter().chain(self.yara.rules())
    }

    /// The file that a rule stands in.
    pub fn file_of(&self, rule: &Rule) -> Option<&RuleFile> {
        self.files.files.iter().find(|file| file.path == rule.path)
    }
}
