//! The command line: one file a command; what several commands take, and how values are read.

mod check;
mod clean;
mod collect;
mod demo;
mod inspect;
mod report;
mod rules;
mod scan;
mod schema;
#[cfg(test)]
mod tests;
mod values;
pub mod watch;

use std::path::PathBuf;

use afterpatch_report::{Format, Language};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

pub use check::{CheckArguments, CheckFormatName, NetworkArguments};
pub use clean::{CleanArguments, CleanCommand, HowSure};
pub use collect::CollectArguments;
pub use demo::DemoArguments;
pub use inspect::{InspectArguments, InspectFormat};
pub use report::ReportArguments;
pub use rules::{RulesArguments, RulesCommand};
pub use scan::ScanArguments;
pub use schema::SchemaForm;
use values::{format_parser, language};
use watch::WatchArguments;

/// Can they get in, did they get in, are they still in: one verdict per server from the evidence of an attacked mail server.
#[derive(Debug, Parser)]
#[command(name = "afterpatch", version, about, after_help = scan::EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// These, unless they contradict each other in a way that their descriptions cannot rule out: then the program ends as it does
    /// on every other wrong usage.
    pub fn sound(self) -> Self {
        if let Command::Scan(ScanArguments { since: Some(since), until: Some(until), .. }) = &self.command
            && since > until
        {
            let why = format!("--since {since} is after --until {until}: no record can lie between them; change one of the two");
            Self::command().error(ErrorKind::ArgumentConflict, why).exit();
        }
        self
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan evidence: folders, zip or tar.gz collections, single logs; several at once. Without any, this machine.
    #[command(after_help = scan::EXIT_CODES)]
    Scan(ScanArguments),
    /// Write a report again in other formats: for spreadsheets, timelines, SIEMs and threat intelligence platforms.
    Report(ReportArguments),
    /// Take off this machine, or a mounted disk, exactly what a scan elsewhere needs, into one zip with a manifest.
    #[command(after_help = collect::EXIT_CODES)]
    Collect(CollectArguments),
    /// Make realistic evidence of an attacked Exchange server, scan it, and show the report.
    Demo(DemoArguments),
    /// Can they get in? Which holes are open, mitigated or fixed on a server, since when, and what to do: by build, by evidence, by a
    /// list of servers, or by what a server shows every visitor.
    #[command(after_help = check::EXIT_CODES)]
    Check(CheckArguments),
    /// Read the code of server-side scripts: does a file let a visitor run code, commands or file operations, and how?
    #[command(after_help = inspect::EXIT_CODES)]
    Inspect(InspectArguments),
    /// Get them out, with a way back: a plan from a report, its application, undo.
    Clean(CleanArguments),
    /// Stay: tell what changes in web roots, logs and event logs the moment it is seen.
    #[command(after_help = watch::EXIT_CODES)]
    Watch(Box<WatchArguments>),
    /// Many servers, one table: scan evidence packages into a lake, and ask it. Runs the program afterpatch-fleet.
    #[command(disable_help_flag = true)]
    Fleet {
        /// What afterpatch-fleet is to do: scan, query, views, compact; --help tells.
        #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
    /// List, show and test rules.
    Rules(RulesArguments),
    /// Print the JSON schema of the report, of what check says, or of an alert of watch.
    Schema {
        /// Which form.
        #[arg(value_name = "FORM", default_value = "report")]
        form: SchemaForm,
    },
    /// Print what makes a shell complete the commands and options of afterpatch when the tab key is pressed.
    Completions {
        /// Which shell.
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Write the manual pages into a folder, one a command, for `man`.
    Manual {
        /// Where to; it is made when it is not there, and pages that lie there are written anew.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

impl Command {
    /// The language that was asked for.
    pub fn language(&self) -> Option<Language> {
        match self {
            Self::Scan(it) => it.output.shown.lang,
            Self::Report(it) => it.output.shown.lang,
            Self::Collect(it) => it.shown.lang,
            Self::Demo(it) => it.shown.lang,
            Self::Check(it) => it.shown.lang,
            Self::Inspect(it) => it.shown.lang,
            Self::Clean(it) => match &it.command {
                Some(CleanCommand::Undo { shown, .. } | CleanCommand::Status { shown, .. }) => shown.lang,
                None => it.shown.lang,
            },
            Self::Watch(_)
            | Self::Fleet { .. }
            | Self::Rules(_)
            | Self::Schema { .. }
            | Self::Completions { .. }
            | Self::Manual { .. } => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct OutputArguments {
    /// Write a report; the end of the name tells the format, as listed at --format. Repeatable. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Format where the name tells none. Without -o it goes to standard output.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<Format>,
    /// Say nothing but errors: no progress, no summary.
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
}

/// How text is shown.
#[derive(Clone, Debug, Args)]
pub struct ShownArguments {
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the text: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}
