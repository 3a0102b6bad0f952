//! The arguments of `afterpatch demo`.

use std::path::PathBuf;

use afterpatch_lab::Variant;
use clap::Args;

use super::ShownArguments;
use super::values::variant;

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
    #[command(flatten)]
    pub shown: ShownArguments,
}
