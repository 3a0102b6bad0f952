//! The arguments of `afterpatch demo`.

use std::path::PathBuf;

use afterpatch_lab::Variant;
use afterpatch_report::Language;
use clap::Args;

use super::values::{language, variant};

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where to put the evidence and the reports.
    #[arg(long, value_name = "FOLDER", default_value = "afterpatch-demo")]
    pub folder: PathBuf,
    /// Another seed gives another server, other names, another day.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What happened to the server.
    #[arg(long, default_value = "proxylogon_post_patch", value_parser = variant)]
    pub variant: Variant,
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the report: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}
