//! The arguments of `afterpatch check`.

use std::path::PathBuf;

use afterpatch_model::Timestamp;
use clap::{Args, ValueEnum};

use super::ShownArguments;
use super::values::{default_threads, since};

/// Exit codes of check.
pub const EXIT_CODES: &str = "\
Exit codes of check (the worst of all servers):
  0    every hole asked about is fixed here, or not one of this product
  1    error
  2    wrong usage
  3    no server was found in what was named
  4    cannot tell: a setting decides and was not seen, the build is newer than the table, or none was seen
  9    a hole may be open (only part of the build was seen), or is mitigated only
  10   a hole is open
  130  interrupted; what was written is whole, and --resume goes on from there";

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// A build (15.1.2507.66, 15.01.2507.066, or the first three numbers), evidence (a folder, an archive, a disk image), a list of
    /// servers (.csv, or a HealthChecker .xml), or an address (https://mail.example.org). Several at once.
    #[arg(value_name = "TARGET", required_unless_present = "targets")]
    pub targets_named: Vec<String>,
    /// Ask the hosts in this file over the network, one a line: names, addresses, host:port, https://..., networks (192.0.2.0/24).
    /// `-` is standard input. Result lines come as they are known.
    #[arg(long, value_name = "FILE", conflicts_with = "targets_named")]
    pub targets: Option<PathBuf>,
    /// Only this hole. Repeatable.
    #[arg(long, value_name = "ID")]
    pub cve: Vec<String>,
    /// Use this table in place of the built-in one: builds.csv or cves.csv, or a folder that holds them. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub facts: Vec<PathBuf>,
    /// Tell every hole with its reasons, and for every open question what to type.
    #[arg(long)]
    pub all: bool,
    /// Write the answer to a file; the extension tells the format (.txt, .json, .ndjson, .csv). Repeatable. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Format where the name tells none.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<CheckFormatName>,
    /// How many evidence files are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    #[command(flatten)]
    pub network: NetworkArguments,
    /// Say nothing but errors: no progress, no summary.
    #[arg(short, long)]
    pub quiet: bool,
    /// End with 0 whatever is found (errors still end with 1, 2 or 130).
    #[arg(long)]
    pub exit_zero: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
    /// The time written into the answer instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

/// How check asks over the network. No host is asked more than three times.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArguments {
    /// At most so many requests a second, all hosts together.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// At most so many hosts at the same time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub concurrency: u16,
    /// Give a host up after so many seconds without an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub timeout: u16,
    /// Keep in this file how far the list was worked off, and go on from there when it exists. Needs one -o FILE (.ndjson or .csv).
    #[arg(long, value_name = "STATE", requires = "targets", requires = "output")]
    pub resume: Option<PathBuf>,
    /// Do not try autodiscover.NAME where NAME itself shows no Exchange.
    #[arg(long)]
    pub no_autodiscover: bool,
}

/// How check answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormatName {
    /// Plain words.
    Text,
    /// Everything, as one document.
    Json,
    /// One JSON object a server.
    Ndjson,
    /// One row a server.
    Csv,
}
