//! A command line against its manual pages and its completions, for the programs that have one.

#![allow(clippy::unwrap_used, clippy::print_stderr, dead_code, reason = "shared by tests, each of which uses a part")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command as Process;
use std::{fs, str};

use clap::error::ErrorKind;
use clap::{Command, Parser, ValueEnum};
use clap_complete::Shell;

/// Why a program of that name and command line does not understand these words.
pub fn problem<Arguments: Parser>(name: &str, words: &[String]) -> Option<String> {
    let error = Arguments::try_parse_from([&[name.to_owned()], words].concat()).err()?;
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    (!is_help).then(|| error.to_string())
}

/// Every command that is shown to people, with the name of its manual page.
pub fn all_commands(command: &Command) -> Vec<(String, Command)> {
    let mut command = command.clone();
    command.build();
    let mut found = vec![(command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned(), command.clone())];
    for below in command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help") {
        found.extend(all_commands(below));
    }
    found
}

/// The long names of its options that are shown to people, and the two that clap adds.
pub fn options(command: &Command) -> BTreeSet<String> {
    command
        .get_arguments()
        .filter(|option| !option.is_hide_set())
        .filter_map(|option| option.get_long())
        .map(str::to_owned)
        .collect()
}

/// The pages in this folder are one for each command, each with all its options.
pub fn has_a_page_for_each_command(folder: &Path, command: &Command) {
    let commands = all_commands(command);
    for (name, command) in &commands {
        let page = fs::read_to_string(folder.join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".TH"), "{name}");
        let plain = page.replace(r"\-", "-");
        for option in options(command) {
            assert!(plain.contains(&format!("--{option}")), "{name} --{option}");
        }
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), commands.len(), "{commands:#?}");
}

/// For every shell there is a script that names every option of every command.
pub fn completes_every_option(command: &Command) {
    for shell in Shell::value_variants() {
        let script = completions(*shell, command);
        for (name, command) in all_commands(command) {
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
pub fn is_read_by_shells(command: &Command) {
    let folder = tempfile::tempdir().unwrap();
    for (shell, program) in [(Shell::Bash, "bash"), (Shell::Zsh, "zsh"), (Shell::Fish, "fish")] {
        let file = folder.path().join(program);
        fs::write(&file, completions(shell, command)).unwrap();
        match Process::new(program).arg("-n").arg(&file).output() {
            Ok(output) => assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => eprintln!("skipped: no {program}"),
        }
    }
}

fn completions(shell: Shell, command: &Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command.clone(), command.get_name(), &mut script);
    str::from_utf8(&script).unwrap().to_owned()
}
