//! The command line against its documentation.

// What the tests of afterpatch's own command line ask of the documentation is asked here, too.
#[path = "../../../cli/tests/book/commands.rs"]
mod commands;
#[path = "../../../cli/tests/book/markdown.rs"]
mod markdown;

use clap::Parser;

use super::Arguments;

#[test]
fn every_command_in_the_documentation_is_understood() {
    let commands = commands::commands(markdown::all_documents(), &["afterpatch fleet", "afterpatch-fleet"]);
    assert!(commands.len() > 20, "{}", commands.len());
    let wrong: Vec<String> = commands
        .iter()
        .map(|(path, line)| (path, [vec!["afterpatch-fleet".to_owned()], commands::words(line)].concat()))
        .filter(|(_, words)| cfg!(feature = "cluster") || !needs_a_cluster(words))
        .filter_map(|(path, words)| Some(format!("{}: {}", path.display(), Arguments::try_parse_from(words).err()?)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What only a program with that feature understands.
fn needs_a_cluster(words: &[String]) -> bool {
    words.iter().any(|word| ["scheduler", "executor", "--cluster"].contains(&word.as_str()))
}
