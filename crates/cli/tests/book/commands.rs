//! The commands that stand in the documentation, as a shell would hand them to a program.

#![allow(dead_code, reason = "shared by tests, each of which uses a part")]

use std::path::PathBuf;

use super::markdown::Document;

/// What may stand before a command in a line.
const PROMPTS: [&str; 4] = ["$ ", "PS> ", "> ", "sudo "];

/// Every line in a block of code that calls a program by one of these names: the file it stands in, and what follows the name.
pub fn commands(documents: impl IntoIterator<Item = (PathBuf, Document)>, names: &[&str]) -> Vec<(PathBuf, String)> {
    let in_blocks = |(path, document): (PathBuf, Document)| {
        let lines = document.blocks.into_iter().flat_map(|block| {
            let whole = block.replace("\\\n", " ");
            whole.lines().filter_map(|line| arguments(line, names)).map(str::to_owned).collect::<Vec<_>>()
        });
        lines.map(|line| (path.clone(), line)).collect::<Vec<_>>()
    };
    documents.into_iter().flat_map(in_blocks).collect()
}

fn arguments<'a>(line: &'a str, names: &[&str]) -> Option<&'a str> {
    let line = line.trim_start();
    let bare = PROMPTS.iter().find_map(|prompt| line.strip_prefix(prompt)).unwrap_or(line);
    names.iter().find_map(|name| bare.strip_prefix(name)?.strip_prefix(' '))
}

/// The words of a line: without a comment, up to where another program begins or a file is written.
pub fn words(line: &str) -> Vec<String> {
    // Paths of Windows stand in the documentation as they are written there.
    let words = shlex::split(&line.replace('\\', "/")).unwrap_or_default();
    let ends = |word: &String| ["|", ">", ">>", "2>", "&&", ";", "<"].contains(&word.as_str());
    words.into_iter().take_while(|word| !ends(word)).collect()
}
