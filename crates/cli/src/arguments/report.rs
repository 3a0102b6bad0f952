//! The arguments of `afterpatch report`.

use std::path::PathBuf;

use clap::Args;

use super::OutputArguments;

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// A report as `scan -o report.json` writes it. `-` is standard input.
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    #[command(flatten)]
    pub output: OutputArguments,
}
