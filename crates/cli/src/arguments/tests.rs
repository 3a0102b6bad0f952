//! The command line against its documentation, its manual pages and its completions.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/book/command_line.rs"]
mod command_line;
#[path = "../../tests/book/commands.rs"]
mod commands;
#[path = "../../tests/book/markdown.rs"]
mod markdown;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::CommandFactory;

use super::Arguments;
use command_line::{all_commands, completes_every_option, has_a_page_for_each_command, is_read_by_shells, options};
use commands::{commands, words};
use markdown::{Document, all_documents};

/// How the documentation calls the program.
const NAMES: [&str; 6] =
    ["afterpatch", "afterpatch.exe", ".\\afterpatch.exe", "./afterpatch", "cargo run --", "cargo run --release --"];

fn problem(line: &str) -> Option<String> {
    command_line::problem::<Arguments>("afterpatch", &words(line))
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

#[test]
fn every_command_has_a_manual_page_with_all_its_options() {
    let folder = tempfile::tempdir().unwrap();
    crate::manual::write(folder.path()).unwrap();
    has_a_page_for_each_command(folder.path(), &Arguments::command());
}

#[test]
fn completions_know_every_option_of_every_command() {
    completes_every_option(&Arguments::command());
}

#[test]
fn shells_can_read_their_completions() {
    is_read_by_shells(&Arguments::command());
}
