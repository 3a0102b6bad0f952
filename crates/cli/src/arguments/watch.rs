//! The arguments of `afterpatch watch`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ShownArguments;

/// Exit codes of watch.
pub const EXIT_CODES: &str = "\
Exit codes of watch:
  0    it was told to end
  1    error; what was not told yet is told when it runs again
  2    wrong usage";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct WatchArguments {
    #[command(subcommand)]
    pub command: Option<WatchCommand>,
    /// What is watched and who is told.
    #[command(flatten)]
    pub run: RunArguments,
}

#[derive(Debug, Subcommand)]
pub enum WatchCommand {
    /// Let the system run it from now on: writes a systemd unit (Linux) or registers a service (Windows). Takes the same arguments.
    Install(InstallArguments),
    /// Take the unit or service away. State and alerts stay.
    Uninstall(UninstallArguments),
    /// How Windows starts it.
    #[command(hide = true)]
    Service(RunArguments),
}

#[derive(Debug, Args)]
pub struct InstallArguments {
    #[command(flatten)]
    pub run: RunArguments,
    /// Write the unit there instead of to /etc/systemd/system, and do not start it. `-` is standard output.
    #[arg(long, value_name = "FILE")]
    pub unit: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct UninstallArguments {
    /// The unit file, if it was written elsewhere.
    #[arg(long, value_name = "FILE")]
    pub unit: Option<PathBuf>,
}

#[derive(Clone, Debug, Args)]
pub struct RunArguments {
    /// Folders: web roots, log folders, a whole mounted or copied tree. New folders in them are followed, links are not. Without any,
    /// this machine: its web roots, its logs, and the folders in which everybody may write.
    #[arg(value_name = "PATH")]
    pub places: Vec<PathBuf>,
    /// Where it keeps how far it read, and its alerts. Only one watch can use it.
    #[arg(long, value_name = "FOLDER", default_value = DEFAULT_STATE)]
    pub state: PathBuf,
    /// Write alerts to this file, one JSON object a line (default: alerts.ndjson in the state folder).
    #[arg(long, value_name = "FILE")]
    pub ndjson: Option<PathBuf>,
    /// Tell the system's log, too: syslog, or the Windows event log.
    #[arg(long)]
    pub system_log: bool,
    /// Where syslog listens.
    #[arg(long, value_name = "SOCKET", default_value = "/dev/log", hide = true)]
    pub system_log_socket: PathBuf,
    /// Send each alert's JSON there by POST (https://...). Off unless named; nothing else goes over the network.
    #[arg(long, value_name = "URL")]
    pub webhook: Option<String>,
    /// Take this authority's certificates (PEM) for the webhook, instead of the public ones.
    #[arg(long, value_name = "FILE", requires = "webhook")]
    pub webhook_ca: Option<PathBuf>,
    /// Take planted files away without asking, as far as this policy (YAML) allows. `clean undo` puts them back.
    #[arg(long, value_name = "FILE")]
    pub quarantine: Option<PathBuf>,
    /// The vault for what is taken (default: the folder vault in the state folder).
    #[arg(long, value_name = "FOLDER", requires = "quarantine")]
    pub vault: Option<PathBuf>,
    /// At the first run, read logs from their start and not from their end.
    #[arg(long)]
    pub from_start: bool,
    /// Do not wait for the system's notifications, but look at everything every so many seconds: for network shares.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub poll: Option<u32>,
    /// Look at everything every so many seconds, whatever was notified.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(5..=86_400))]
    pub look_every: u32,
    /// Tell nothing that is less bad.
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub least: Least,
    /// Use the Sigma and YARA rules in this folder, and in all folders below, beside the built-in ones. Repeatable.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,
    /// Tell nothing that this file vouches for (see scan).
    #[arg(long, value_name = "FILE")]
    pub acknowledge: Option<PathBuf>,
    /// Show no alerts on standard output.
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
}

/// How bad something must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Least {
    /// Everything, visitors who look for holes and find none included.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

#[cfg(not(windows))]
const DEFAULT_STATE: &str = "/var/lib/afterpatch";
#[cfg(windows)]
const DEFAULT_STATE: &str = r"C:\ProgramData\afterpatch";
