//! What can go wrong with a plan.

use std::path::PathBuf;

use afterpatch_vault::VaultError;

/// Why something was not planned or done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemediationError {
    /// The report has several servers, or not the one asked for.
    #[error("the report speaks of {}; name one of them with --server", .0.join(", "))]
    WhichServer(Vec<String>),
    /// The report has no server.
    #[error("the report speaks of no server: there is nothing to plan")]
    NoServer,
    /// The root is no folder.
    #[error("{}: is no folder; name the folder below which the server's disk lies (where C\\ or its content is)", .0.display())]
    NoRoot(PathBuf),
    /// The plan cannot be read.
    #[error("the plan cannot be understood: {0}")]
    BadPlan(String),
    /// The plan has a field that nothing reads.
    #[error("the plan has something that is not understood: {0}; nothing is done with a plan that is understood in part")]
    UnknownField(String),
    /// The plan is of another version.
    #[error("the plan is of form {found}; this version reads {expected}")]
    OtherSchema {
        /// What it says.
        found: String,
        /// What this version reads.
        expected: &'static str,
    },
    /// The content is not what the plan expects.
    #[error("{path}: {why}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// A file could not be looked at or changed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The table of genuine files is damaged: a fault of ours.
    #[error("{0}")]
    KnownGood(String),
    /// No action of that name was done.
    #[error("the journal has no action {0} that could be undone; `afterpatch clean status` lists them")]
    NoSuchAction(String),
    /// Actions of several plans have that name.
    #[error("actions of several plans are called {name}: {}; name one in full", .all.join(", "))]
    WhichAction {
        /// The name.
        name: String,
        /// Their full names.
        all: Vec<String>,
    },
}
