//! The chores of `cargo xtask` that need the product's own crates: measuring, and checking tables. They are a program of their own so that
//! the others, the tests above all, need not wait until those crates are built once more for it.

mod bench;
mod facts;
mod instructions;
mod scoreboard;

use std::env;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: workbench bench | facts | instructions | scoreboard [ARGUMENT...]; cargo xtask says what they do\n";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let result = match arguments.next().as_deref() {
        Some("bench") => bench::run(arguments),
        Some("facts") => {
            let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/exposure/data");
            facts::check(arguments.next().as_deref().map_or(&ours, Path::new))
        }
        Some("instructions") => instructions::run(arguments),
        Some("scoreboard") => scoreboard::run(arguments),
        _ => {
            say(&format!("{USAGE}{}", scoreboard::OPTIONS));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn say(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr(), "{text}");
}
