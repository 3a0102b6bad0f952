//! The door: arguments, progress, exit codes. The work is done behind it.

mod arguments;
mod check;
mod clean;
mod collect;
mod demo;
mod exit;
mod fleet;
mod host;
mod inspect;
mod manual;
mod output;
mod progress;
mod report;
mod rules;
mod scan;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;

fn main() -> ExitCode {
    // clap ends with 2 on wrong usage and 0 on --help, as documented.
    let arguments = Arguments::parse().sound();
    let outcome = match &arguments.command {
        Command::Scan(arguments) => scan::run(arguments),
        Command::Report(arguments) => report::run(arguments),
        Command::Collect(arguments) => collect::run(arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Check(arguments) => check::run(arguments),
        Command::Inspect(arguments) => inspect::run(arguments),
        Command::Clean(arguments) => clean::run(arguments),
        Command::Watch(arguments) => watch::run(arguments),
        Command::Fleet { arguments } => fleet::run(arguments),
        Command::Rules(arguments) => rules::run(arguments),
        Command::Schema { form } => output::schema(*form),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Manual { folder } => manual::write(folder),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) if output::is_closed_pipe(&error) => Exit::Nothing.into(),
        Err(error) => {
            output::complain(&error, arguments.command.language());
            Exit::Error.into()
        }
    }
}
