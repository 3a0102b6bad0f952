//! The arguments of `afterpatch inspect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ShownArguments;
use super::values::default_threads;

/// Exit codes of inspect.
pub const EXIT_CODES: &str = "\
Exit codes of inspect (the worst of all files):
  0    nothing found
  1    error
  2    wrong usage
  3    no file could be read
  10   an admin tool, or a file that cannot be judged
  11   a suspicious file
  12   a web shell";

#[derive(Debug, Args)]
pub struct InspectArguments {
    /// Files, and folders with all below them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// text for people, ndjson for programs: one object a file, sarif for code scanning.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: InspectFormat,
    /// Tell of clean files, too.
    #[arg(long)]
    pub all: bool,
    /// Tell the whole way of the data from the request to each dangerous call, and the decoded code.
    #[arg(long)]
    pub explain: bool,
    /// How many files are looked at at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// End with 0 whatever is found (errors still end with 1 or 2).
    #[arg(long)]
    pub exit_zero: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
}

/// How inspect answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InspectFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Ndjson,
    /// One SARIF document, for code scanning and editors.
    Sarif,
}
