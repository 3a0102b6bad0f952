//! The arguments of `afterpatch rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct RulesArguments {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the built-in rules, and yours.
    List {
        /// List the rules in this folder, too. Repeatable.
        #[arg(long, value_name = "FOLDER")]
        rules: Vec<PathBuf>,
        /// As JSON, with everything that is known of each rule but its text.
        #[arg(long)]
        json: bool,
    },
    /// Show all of one rule.
    Show {
        /// Its name or its id, as `rules list` gives them.
        #[arg(value_name = "RULE")]
        rule: String,
        /// Look in this folder, too. Repeatable.
        #[arg(long, value_name = "FOLDER")]
        rules: Vec<PathBuf>,
    },
    /// Load the Sigma and YARA rules in a folder, name every file that cannot be used and why, and show the rules the samples
    /// (hit-*.json, miss-*.json) beside them. Ends with 1 when anything is wrong.
    Test {
        /// The folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}
