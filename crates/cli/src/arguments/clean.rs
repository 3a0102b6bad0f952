//! The arguments of `afterpatch clean`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ShownArguments;

/// Exit codes of clean.
pub const EXIT_CODES: &str = "\
Exit codes of clean:
  0    planned, shown, done or undone
  1    error
  2    wrong usage
  5    some of it was refused or not confirmed, and nothing was changed for that part; or a page that was asked still answers";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub struct CleanArguments {
    #[command(subcommand)]
    pub command: Option<CleanCommand>,
    /// Make a plan from a report (scan -o report.json). Looks at the server's disk, and changes nothing.
    #[arg(long, value_name = "REPORT", required_unless_present_any = ["apply", "scan"], conflicts_with = "apply")]
    pub plan: Option<PathBuf>,
    /// Scan this computer, or the system below --root, and make a plan from what is found there.
    #[arg(long, conflicts_with_all = ["plan", "apply"])]
    pub scan: bool,
    /// Show what a plan would do, and do it when you say so.
    #[arg(long, value_name = "PLAN")]
    pub apply: Option<PathBuf>,
    /// The folder on this machine below which the server's disk lies: where its folder C is, or the content of its system drive.
    /// For --apply, if it is elsewhere than when the plan was made. On Windows it can be left out: the drives of this computer.
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,
    /// Where the plan goes (default plan.yaml), or with --apply the result as JSON. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The server, when the report speaks of several.
    #[arg(long, value_name = "NAME", conflicts_with = "apply")]
    pub server: Option<String>,
    /// Plan nothing from findings that are less sure: high, medium or low.
    #[arg(long, value_name = "HOW_SURE", default_value = "high")]
    pub confidence: HowSure,
    /// Install medium of the same cumulative update: genuine pages that were overwritten are put back from it, by hash.
    #[arg(long, value_name = "FOLDER", conflicts_with = "apply")]
    pub medium: Option<PathBuf>,
    /// Plan Microsoft's published mitigations for open holes, too.
    #[arg(long, conflicts_with = "apply")]
    pub mitigate: bool,
    /// The vault for what is taken (default: the folder afterpatch-vault beside the plan).
    #[arg(long, value_name = "FOLDER", conflicts_with = "plan")]
    pub vault: Option<PathBuf>,
    /// Encrypt a new vault to this age recipient (age1...), instead of to a key that is kept in the vault.
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "plan")]
    pub recipient: Option<String>,
    /// Do it without asking. Without this, and where nobody can be asked, it is only shown.
    #[arg(long, conflicts_with = "plan")]
    pub yes: bool,
    /// Afterwards ask for this page of the server once, as a visitor would, and tell whether it still answers. Repeatable, at most
    /// three times a host. Nothing else of clean goes over the network.
    #[arg(long, value_name = "URL", requires = "apply")]
    pub ask: Vec<String>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Debug, Subcommand)]
pub enum CleanCommand {
    /// Put back what was taken and changed: all of it, or one action.
    #[command(after_help = EXIT_CODES)]
    Undo {
        /// The vault, or its journal (default: afterpatch-vault).
        #[arg(value_name = "JOURNAL")]
        vault: Option<PathBuf>,
        /// One action (A1), or plan and action (1a2b3c4d/A1).
        #[arg(value_name = "ACTION")]
        action: Option<String>,
        /// Where the server's disk lies now, if elsewhere than then.
        #[arg(long, value_name = "FOLDER")]
        root: Option<PathBuf>,
        /// The key file, when the vault was encrypted to a recipient.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        shown: ShownArguments,
    },
    /// Show what was done, how it stands, and whether what was taken can be read. Changes nothing.
    Status {
        /// The vault, or its journal (default: afterpatch-vault).
        #[arg(value_name = "JOURNAL")]
        vault: Option<PathBuf>,
        /// The key file, when the vault was encrypted to a recipient.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        shown: ShownArguments,
    },
}

/// How sure a finding must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HowSure {
    /// No harmless explanation is known.
    High,
    /// Probably.
    Medium,
    /// Could well be something harmless.
    Low,
}
