//! Many servers, one table: scans evidence packages with the engine of `afterpatch` into a lake of tables, and asks it.
//!
//! | module | what |
//! |---|---|
//! | `package` | what was named, as packages |
//! | `lake` | where results are kept: commits, attempts, checkpoints |
//! | `tables` | what a report becomes: one file a table |
//! | `unit` | one package: claimed, read, committed |
//! | `plan` | the run as a DataFusion plan |
//! | `cluster` | the same plan on a cluster (feature `cluster`) |
//! | `scan`, `todo`, `progress`, `status`, `tally`, `answers` | the run, and what it says of itself |
//! | `identity` | which rows speak of one server, and what they say of it together |
//! | `inventory` | whose server is whose, from a file of the user |
//! | `read`, `query`, `rows`, `views`, `compact` | asking the lake |
//! | `report` | the whole report of one server |
//! | `ask` | our own questions to it, answered as structs |
//! | `census` | how many are hit, and how many were perhaps seen by nobody |
//! | `notify` | a file for each organisation, with what was seen of its servers |
//! | `serve` | the dashboard: pages over the lake for a browser |
//! | `manual` | manual pages, and completions for shells |

mod answers;
mod arguments;
mod ask;
mod census;
#[cfg(feature = "cluster")]
mod cluster;
mod compact;
#[cfg(test)]
mod documented;
mod exit;
mod identity;
mod inventory;
mod lake;
mod manual;
mod notify;
mod output;
mod package;
mod plan;
mod progress;
mod query;
mod read;
mod report;
mod rows;
mod scan;
mod serve;
mod status;
mod tables;
mod tally;
mod todo;
mod unit;
mod views;

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;

fn main() -> ExitCode {
    // clap ends with 2 on wrong usage and 0 on --help, as documented.
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err(error) if output::is_closed_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            output::complain(&error);
            Exit::Error.into()
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads to work with")?;
    let exit = match &arguments.command {
        Command::Scan(arguments) => runtime.block_on(scan::run(arguments)),
        Command::Query(arguments) => runtime.block_on(query::run(arguments)),
        Command::Report(arguments) => runtime.block_on(report::run(arguments)),
        Command::Views(arguments) => views::run(arguments),
        Command::Compact(arguments) => runtime.block_on(compact::run(arguments)),
        #[cfg(feature = "cluster")]
        Command::Scheduler(arguments) => runtime.block_on(cluster::scheduler::run(arguments)),
        #[cfg(feature = "cluster")]
        Command::Executor(arguments) => runtime.block_on(cluster::executor::run(arguments)),
        Command::Census(arguments) => runtime.block_on(census::run(arguments)),
        Command::Notify(arguments) => runtime.block_on(notify::run(arguments)),
        Command::Serve(arguments) => runtime.block_on(serve::run(arguments)),
        Command::Completions { shell } => manual::completions(*shell),
        Command::Manual { folder } => manual::write(folder),
    };
    // A package's thread that did not stop in time must not keep the process.
    runtime.shutdown_background();
    exit
}
