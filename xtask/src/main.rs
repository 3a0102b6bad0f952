//! The project's own chores: `cargo xtask test` installs what the tests need and runs them all.

mod axe;
mod book;
mod dist;
mod formats;
mod fuzz;
mod same_bytes;
mod seeds;
mod windows;

use std::env;
use std::ffi::OsStr;
use std::io::{Write, stderr};
use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
usage: cargo xtask test [ARGUMENT...]
       cargo xtask bench [--megabytes N] [--runs N] [--events FOLDER [--rules FOLDER [--mapping FILE]]]
       cargo xtask book [--build]
       cargo xtask dist [--to DIR] [--profile NAME] [--windows EXE] [--auditable]
       cargo xtask facts [DIR]
       cargo xtask formats [--schemas DIR] [--python PROGRAM]
       cargo xtask fuzz [--minutes N] [TARGET...]
       cargo xtask keep
       cargo xtask instructions [--write]
       cargo xtask seeds [EVIDENCE]
       cargo xtask scoreboard --malicious DIR... --benign DIR... [OPTION...]
       cargo xtask windows [--build] [--release]

  bench       how fast logs are read, in turn with ripgrep, DuckDB, chainsaw and hayabusa where they are installed
              (docs/performance.md)
  book        bring the generated pages of docs/ up to date; --build makes the site in target/book with mdbook, and checks its links
  dist        make what is given away in DIR (target/dist): a static program for Linux in a tar.gz and a .deb, a zip with EXE
              (made by `cargo xtask windows --release`), manifests for package managers, checksums (docs/release.md)
  facts       check tables of builds and fixes (crates/exposure/data, or DIR) against the schema beside them
  formats     write reports in the formats of the trade and show them to other people's validators (docs/formats.md): Python packages,
              installed below target, and schemas in DIR (target/format-schemas): sarif-schema-2.1.0.json, ecs_flat.yml
  fuzz        run all targets of fuzz/ in turn, or those named, for 5 minutes each (fuzz/README.md)
  keep        keep the shortest inputs that fuzzing brought forth in fuzz/kept, from which it begins, and the tests
  seeds       write inputs to begin fuzzing with to fuzz/corpus, also of files and archives of some evidence in a folder
  instructions  how many instructions scans take, against the table workbench/src/instructions.csv, with valgrind; --write writes it
  scoreboard  what the web-shell analyser finds in these folders, and how fast (docs/webshell.md); for true times
              `cargo run --release -p workbench -- scoreboard ...`
  test        install what the tests need (a headless browser, strace, a compiler for Windows and Wine, where Debian's package
              manager can; axe-core, where npm is there), make the Windows exe, and run all tests; arguments go to `cargo test`
  windows     make afterpatch.exe below target/windows and run its tests under Wine; --build only makes it, --release makes the
              one to give away
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
        Some("book") => outcome(book::book(&arguments.collect::<Vec<_>>())),
        Some("dist") => outcome(dist::dist(arguments)),
        Some("formats") => outcome(formats::formats(&arguments.collect::<Vec<_>>())),
        Some("fuzz") => outcome(fuzz::run(arguments)),
        Some("keep") => outcome(fuzz::keep()),
        Some(chore @ ("bench" | "facts" | "instructions" | "scoreboard")) => workbench(chore, arguments),
        Some("windows") => match windows::windows(&arguments.collect::<Vec<_>>()) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        },
        _ => {
            say(USAGE);
            ExitCode::from(2)
        }
    }
}

fn outcome(result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The chores that need the product's own crates.
fn workbench(chore: &str, arguments: impl Iterator<Item = String>) -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["run", "--quiet", "--locked", "--package", "workbench", "--", chore]).args(arguments);
    if run(&mut command) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn test(arguments: Vec<String>) -> ExitCode {
    for (program, tests) in
        [("chromium", "the tests that open the report in a browser"), ("strace", "the test that no command opens the network")]
    {
        if !is_there(program) {
            apt_install(&[program], tests);
        }
        if !is_there(program) {
            say(&format!("no {program} on this machine: {tests} will say that this was skipped"));
        }
    }
    axe::fetch();
    let Ok(exe) = windows::for_all_tests() else { return ExitCode::FAILURE };
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["test", "--workspace", "--locked"]).args(arguments).envs(exe);
    if run(&mut command) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn is_there(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Debian's own packages; only where that can work without asking anybody for a password.
fn apt_install(packages: &[&str], purpose: &str) {
    if packages.is_empty() || !Path::new("/usr/bin/apt-get").is_file() || !is_root() {
        return;
    }
    let names = packages.join(", ");
    say(&format!("installing {names} for {purpose}"));
    let update = run(Command::new("apt-get").args(["update", "-qq"]));
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    if !update || !run(&mut install) {
        say(&format!("{names} could not be installed"));
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
