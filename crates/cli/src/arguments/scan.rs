//! The arguments of `afterpatch scan`.

use std::path::PathBuf;

use afterpatch_model::Timestamp;
use clap::Args;

use super::OutputArguments;
use super::values::{default_threads, since, until};

/// Exit codes, as shown by `--help`; the one list that [`crate::exit::Exit`] follows.
pub const EXIT_CODES: &str = "\
Exit codes of scan (the worst of all servers):
  0    nothing found in what was readable
  1    error
  2    wrong usage
  3    no evidence could be read
  4    nothing found, but too little was readable to say more
  10   exposed: a hole is open, nothing worse seen
  11   attempts seen, no success
  12   compromised, or the attack got through
  13   a foothold is in place or was used after the fix
  130  interrupted; the report holds what was read so far";

#[derive(Debug, Args)]
pub struct ScanArguments {
    /// A folder (mounted image or copied tree), a zip, tar or tar.gz, or a single log, event log or JSON file. Without any, this
    /// machine is scanned as it runs: the places where its web and mail servers keep pages, logs and settings.
    #[arg(value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// Scan those places of the system whose disk is mounted or copied below this folder, instead of every file there.
    #[arg(long, value_name = "FOLDER", conflicts_with = "evidence")]
    pub root: Option<PathBuf>,
    /// Of this machine as it runs: do not leave processor and disk to others first.
    #[arg(long)]
    pub full_speed: bool,
    /// Of this machine as it runs: read the earlier states of its drives, too, that Windows keeps (volume shadow copies). Takes as
    /// much longer as there are of them.
    #[arg(long, conflicts_with_all = ["evidence", "root"])]
    pub shadow_copies: bool,
    #[command(flatten)]
    pub output: OutputArguments,
    /// Leave out records before this time: 2021-03-01 or 2021-03-01T12:00:00Z (UTC).
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Leave out records after this time; a bare date means the end of that day (UTC).
    #[arg(long, value_name = "TIME", value_parser = until)]
    pub until: Option<Timestamp>,
    /// Use the Sigma and YARA rules in this folder, and in all folders below, beside the built-in ones. Repeatable.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,
    /// Ask every rule of every record, also where a quick look at the line says that it cannot match. Many times slower; the
    /// report is the same, or please tell us.
    #[arg(long)]
    pub no_prefilter: bool,
    /// Leave the findings that this file vouches for out of the verdict; the report still lists them. A YAML list of
    /// entries: finding (its kind), why, who, and where wanted server, thing (page, file, address ...) and until (a day, UTC).
    #[arg(long, value_name = "FILE")]
    pub acknowledge: Option<PathBuf>,
    /// Keep what was read of each file in FILE, and go on from there when the scan is cut short and started again with the same
    /// FILE. A scan that comes to its end removes it.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    /// How many files are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// End with 0 whatever is found (errors still end with 1, 2 or 130).
    #[arg(long)]
    pub exit_zero: bool,
    /// The time written into the report instead of the current one, so that two runs give the same bytes.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}
