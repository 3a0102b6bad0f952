//! The command line against its documentation, its manual pages and its completions.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/book/commands.rs"]
mod commands;
#[path = "../../tests/book/markdown.rs"]
mod markdown;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command as Process;
use std::{fs, str};

use clap::Command as Clap;
use clap::{CommandFactory, Parser, ValueEnum};
use clap_complete::Shell;

use super::Arguments;
use commands::{commands, words};
use markdown::{Document, all_documents};

/// How the documentation calls the program.
const NAMES: [&str; 6] =
    ["afterpatch", "afterpatch.exe", ".\\afterpatch.exe", "./afterpatch", "cargo run --", "cargo run --release --"];

fn problem(line: &str) -> Option<String> {
    let words = [vec!["afterpatch".to_owned()], words(line)].concat();
    let error = Arguments::try_parse_from(words).err()?;
    let is_help = matches!(error.kind(), clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion);
    (!is_help).then(|| error.to_string())
}

#[test]
fn every_command_in_the_documentation_is_understood() {
    let commands = commands(all_documents(), &NAMES);
    assert!(commands.len() > 80, "{}", commands.len());
    let wrong: Vec<_> = commands.iter().filter_map(|(path, line)| Some((path, line, problem(line)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_command_that_is_not_understood_is_noticed() {
    let text = "```\n$ afterpatch scan x.zip --no-such   # why\nafterpatch scan x.zip -o y.html | cat --no-such\n```\n";
    let commands = commands([(PathBuf::new(), Document::read(text))], &NAMES);
    let problems: Vec<bool> = commands.iter().map(|(_, line)| problem(line).is_some()).collect();
    assert_eq!(problems, [true, false]);
}

/// The commands and options in running text are at least those of some command.
#[test]
fn every_option_in_running_text_exists() {
    let all = all_commands(&Arguments::command());
    let names: BTreeSet<String> = all.iter().map(|(_, command)| command.get_name().to_owned()).collect();
    let options: BTreeSet<String> = all.iter().flat_map(|(_, command)| options(command)).collect();
    let mut wrong = Vec::new();
    for (path, document) in all_documents() {
        for span in document.spans.iter().filter(|span| span.starts_with("afterpatch ")) {
            let words: Vec<&str> = span.split_whitespace().skip(1).collect();
            let is_known = words.first().is_none_or(|name| name.starts_with('-') || names.contains(*name));
            let are_known = words.first() == Some(&"fleet")
                || words.iter().filter(|word| word.starts_with("--")).all(|word| options.contains(word.trim_start_matches("--")));
            if !is_known || !are_known {
                wrong.push((path.clone(), span.clone()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every command that is shown to people, with the name of its manual page.
fn all_commands(command: &Clap) -> Vec<(String, Clap)> {
    let mut command = command.clone();
    command.build();
    let mut found = vec![(command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned(), command.clone())];
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
        found.extend(all_commands(below));
    }
    found
}

/// The long names of its options that are shown to people, and the two that clap adds.
fn options(command: &Clap) -> BTreeSet<String> {
    command
        .get_arguments()
        .filter(|option| !option.is_hide_set())
        .filter_map(|option| option.get_long())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_a_manual_page_with_all_its_options() {
    let folder = tempfile::tempdir().unwrap();
    crate::manual::write(folder.path()).unwrap();
    let commands = all_commands(&Arguments::command());
    assert!(commands.len() > 12, "{}", commands.len());
    for (name, command) in &commands {
        let page = fs::read_to_string(folder.path().join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".TH"), "{name}");
        let plain = page.replace(r"\-", "-");
        for option in options(command) {
            assert!(plain.contains(&format!("--{option}")), "{name} --{option}");
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), commands.len(), "{commands:#?}");
}

#[test]
fn completions_know_every_option_of_every_command() {
    for shell in Shell::value_variants() {
        let script = completions(*shell);
        for (name, command) in all_commands(&Arguments::command()) {
            assert!(script.contains(command.get_name()), "{shell} {name}");
            for option in options(&command) {
                // Fish names an option without its hyphens.
                assert!(
                    script.contains(&format!("--{option}")) || script.contains(&format!("-l {option}")),
                    "{shell} {name} {option}"
                );
            }
        }
    }
}

/// Only where the shell is installed: it reads the script and finds no fault in it.
#[test]
#[allow(clippy::print_stderr)]
fn shells_can_read_their_completions() {
    let folder = tempfile::tempdir().unwrap();
    for (shell, program) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
        let file = folder.path().join(program);
        fs::write(&file, completions(shell)).unwrap();
        match Process::new(program).arg("-n").arg(&file).output() {
            Ok(output) => assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => eprintln!("skipped: no {program}"),
        }
    }
}

fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "afterpatch", &mut script);
    str::from_utf8(&script).unwrap().to_owned()
}
