//! What can be wrong with a rule.

use std::fmt;

/// A rule that was not loaded, or a document of a rule file that is no rule, and why. Never dropped silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// The rule file, as it was named when it was handed in.
    pub path: String,
    /// Why, in English.
    pub reason: String,
}

impl RuleProblem {
    pub(crate) fn new(path: &str, reason: impl fmt::Display) -> Self {
        Self { path: path.to_owned(), reason: reason.to_string() }
    }
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// A pack cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// Our own pack cannot be unpacked: the program is damaged.
    #[error("the built-in rules cannot be unpacked: {0}")]
    Sealed(String),
    /// The user's rules are not where he says.
    #[error("rules cannot be read from {path}: {error}")]
    Folder {
        /// What he named.
        path: String,
        /// Why not.
        error: std::io::Error,
    },
    /// Our own pack has a fault: a fault of the build, not of the user.
    #[error("the built-in rules have a fault: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Embedded(Vec<RuleProblem>),
}
