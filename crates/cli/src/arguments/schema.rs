//! The arguments of `afterpatch schema`.

use clap::ValueEnum;

/// The forms that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    /// The report of scan.
    Report,
    /// The answer of check.
    Check,
    /// An alert of watch.
    Alert,
}
