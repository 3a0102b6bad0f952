//! The project's own chores: `cargo xtask test` installs what the tests need and runs them all.

mod facts;
mod scoreboard;
mod seeds;

use std::env;
use std::ffi::OsStr;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask test [ARGUMENT...]
       cargo xtask facts [DIR]
       cargo xtask seeds [EVIDENCE]
       cargo xtask scoreboard --malicious DIR... --benign DIR... [OPTION...]

  facts       check tables of builds and fixes (crates/exposure/data, or DIR) against the schema beside them
  seeds       write inputs to begin fuzzing with to fuzz/corpus, also of files and archives of some evidence in a folder
  scoreboard  what the web-shell analyser finds in these folders, and how fast (docs/webshell.md); for true times
              `cargo run --release -p xtask -- scoreboard ...`
  test        install what the tests need (a headless browser, where Debian's package manager can) and run all tests;
              arguments go to `cargo test`

options of scoreboard:
";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        Some("test") => test(arguments.collect()),
        Some("seeds") => match seeds::write(arguments.next().as_deref().map(Path::new)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say(&format!("the inputs cannot be written: {error}"));
                ExitCode::FAILURE
            }
        },
        Some("facts") => {
            let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/exposure/data");
            match facts::check(arguments.next().as_deref().map_or(&ours, Path::new)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    say(&format!("{error:#}"));
                    ExitCode::FAILURE
                }
            }
        }
        Some("scoreboard") => match scoreboard::run(arguments) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say(&format!("{error:#}"));
                ExitCode::FAILURE
            }
        },
        _ => {
            say(&format!("{USAGE}{}", scoreboard::OPTIONS));
            ExitCode::from(2)
        }
    }
}

fn test(arguments: Vec<String>) -> ExitCode {
    if !browser_is_there() {
        install_browser();
    }
    if !browser_is_there() {
        say("no chromium on this machine: the tests that open the report in a browser will say that they were skipped");
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["test", "--workspace", "--locked"]).args(arguments);
    if run(&mut command) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn browser_is_there() -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join("chromium").is_file()))
}

/// Debian's own packages; only where that can work without asking anybody for a password.
fn install_browser() {
    if !Path::new("/usr/bin/apt-get").is_file() || !is_root() {
        return;
    }
    say("installing chromium for the tests that open the report in a browser");
    let update = run(Command::new("apt-get").args(["update", "-qq"]));
    let installed = update
        && run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "chromium"]));
    if !installed {
        say("chromium could not be installed");
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

fn run(command: &mut Command) -> bool {
    let name = command.get_program().to_owned();
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            say(&format!("{}: {error}", Path::new(OsStr::new(&name)).display()));
            false
        }
    }
}

fn say(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr(), "{text}");
}
