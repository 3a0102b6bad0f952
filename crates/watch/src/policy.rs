//! Which findings may be answered without asking a person: a short file that somebody wrote and stands for.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use afterpatch_model::{Alert, Confidence, Grade, Timestamp};
use serde::Deserialize;

/// More in an hour is no attack that a machine should answer alone.
const MOST_PER_HOUR: usize = 1_000;

/// A policy.
#[derive(Debug)]
pub struct Policy {
    rules: Vec<Rule>,
    /// When something was taken, the latest last.
    taken: VecDeque<Timestamp>,
    most_per_hour: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    quarantine: Vec<Rule>,
    most_per_hour: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    kinds: Vec<String>,
    confidence: Confidence,
    folders: Vec<PathBuf>,
}

/// A policy cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("policy {path}: {why}")]
pub struct PolicyError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

impl Policy {
    /// Reads a policy. `known` are the kinds of findings that there are.
    ///
    /// # Errors
    /// [`PolicyError`]: a policy is used as a whole or not at all.
    pub fn read(path: &Path, known: &[String]) -> Result<Self, PolicyError> {
        let wrong = |why: String| PolicyError { path: path.to_owned(), why };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        Self::parse(&text, known).map_err(wrong)
    }

    fn parse(text: &str, known: &[String]) -> Result<Self, String> {
        let file: File = yaml_serde::from_str(text).map_err(|error| error.to_string())?;
        if !(1..=MOST_PER_HOUR).contains(&file.most_per_hour) {
            return Err(format!("most_per_hour: a number from 1 to {MOST_PER_HOUR} is needed"));
        }
        for rule in &file.quarantine {
            if rule.kinds.is_empty() || rule.folders.is_empty() {
                return Err("every entry needs kinds and folders: nothing is taken from everywhere".to_owned());
            }
            if let Some(kind) = rule.kinds.iter().find(|kind| !known.contains(kind)) {
                return Err(format!("{kind}: no such kind of finding (afterpatch rules list names them)"));
            }
            if let Some(folder) = rule.folders.iter().find(|folder| !folder.is_absolute()) {
                return Err(format!("{}: a full path is needed", folder.display()));
            }
        }
        Ok(Self { rules: file.quarantine, taken: VecDeque::new(), most_per_hour: file.most_per_hour })
    }

    /// Whether the file of this alert, which lies at `path` here, may be taken. The reason (English) why not is nothing when the
    /// policy does not speak of it.
    ///
    /// # Errors
    /// Why not.
    pub fn allows(&mut self, alert: &Alert, path: &Path, now: Timestamp) -> Result<(), Option<String>> {
        let finding = &alert.finding;
        let is_of = |rule: &&Rule| {
            rule.kinds.contains(&finding.kind)
                && finding.confidence >= rule.confidence
                && rule.folders.iter().any(|folder| path.starts_with(folder))
        };
        if finding.grade < Grade::Compromise || alert.repeats.is_some() || !self.rules.iter().any(|rule| is_of(&rule)) {
            return Err(None);
        }
        while self.taken.front().is_some_and(|time| time.duration_until(now).as_secs() >= 3600) {
            self.taken.pop_front();
        }
        if self.taken.len() >= self.most_per_hour {
            return Err(Some(format!("{} were taken in the last hour, which is all that the policy allows", self.taken.len())));
        }
        Ok(())
    }

    /// Something was taken.
    pub fn took(&mut self, now: Timestamp) {
        self.taken.push_back(now);
    }
}

#[cfg(test)]
mod tests;
