//! The command line against its documentation, its manual pages and its completions.
#![allow(clippy::unwrap_used)]

#[path = "../../cli/tests/book/command_line.rs"]
mod command_line;
#[path = "../../cli/tests/book/commands.rs"]
mod commands;
#[path = "../../cli/tests/book/markdown.rs"]
mod markdown;

use std::path::PathBuf;

use clap::CommandFactory;

use super::arguments::Arguments;
use command_line::{completes_every_option, has_a_page_for_each_command, is_read_by_shells};
use commands::{commands, words};
use markdown::{Document, all_documents};

/// How the documentation calls the program.
const NAMES: [&str; 3] = ["afterpatch-fleet", "afterpatch fleet", "./afterpatch-fleet"];
/// What only a build for clusters understands.
const OF_CLUSTERS: [&str; 3] = ["scheduler", "executor", "--cluster"];

fn problem(line: &str) -> Option<String> {
    let words = words(line);
    if !cfg!(feature = "cluster") && words.iter().any(|word| OF_CLUSTERS.contains(&word.as_str())) {
        return None;
    }
    command_line::problem::<Arguments>("afterpatch-fleet", &words)
}

#[test]
fn every_command_in_the_documentation_is_understood() {
    let commands = commands(all_documents(), &NAMES);
    assert!(commands.len() > 30, "{}", commands.len());
    let wrong: Vec<_> = commands.iter().filter_map(|(path, line)| Some((path, line, problem(line)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_command_that_is_not_understood_is_noticed() {
    let text = "```\nafterpatch fleet views --no-such\n$ afterpatch-fleet query \"SELECT 1\" --lake lake\n```\n";
    let commands = commands([(PathBuf::new(), Document::read(text))], &NAMES);
    let problems: Vec<bool> = commands.iter().map(|(_, line)| problem(line).is_some()).collect();
    assert_eq!(problems, [true, false]);
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
