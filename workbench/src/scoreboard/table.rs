//! The figures for a person.

use std::fmt::Write;

use super::Scoreboard;
use super::language::Group;
use super::list::plain;
use super::speed::Speed;
use super::tally::{Benign, Malicious};

pub fn show(board: &Scoreboard) -> String {
    let mut text = String::new();
    if !board.malicious.is_empty() {
        let head = ["malicious", "files", "clusters", "webshell", "+suspicious", "rules", "missed", "dual use", "opaque"];
        text += &aligned(&head, board.malicious.iter().map(malicious), 1);
    }
    if !board.benign.is_empty() {
        let head = ["benign", "files", "MB", "webshell", "suspicious", "dual use", "opaque", "rules"];
        text += &aligned(&head, board.benign.iter().map(benign), 1);
    }
    let head = ["speed", "engine", "files", "MB", "seconds", "MB/s", "files/s", "worst s", "worst file"];
    text += &aligned(&head, board.speed.iter().map(speed), 2);
    if let Some(rules) = &board.rules {
        let _ = writeln!(
            text,
            "rules: {} of {} files; left out: {} rules of {} files that do not compile",
            rules.rules, rules.files, rules.faulty_rules, rules.faulty_files
        );
    }
    for note in &board.notes {
        let _ = writeln!(text, "note: {note}");
    }
    text
}

fn malicious(row: &Malicious) -> Vec<String> {
    vec![
        title(row.language),
        row.files.to_string(),
        row.clusters.to_string(),
        percent(row.webshell),
        percent(row.found),
        row.peer.map_or_else(nothing, percent),
        row.missed.to_string(),
        row.dual_use.to_string(),
        row.opaque.to_string(),
    ]
}

fn benign(row: &Benign) -> Vec<String> {
    vec![
        title(row.language),
        row.files.to_string(),
        megabytes(row.bytes),
        row.webshell.to_string(),
        row.suspicious.to_string(),
        row.dual_use.to_string(),
        row.opaque.to_string(),
        row.peer.map_or_else(nothing, |count| count.to_string()),
    ]
}

fn speed(row: &Speed) -> Vec<String> {
    vec![
        row.kind.to_owned(),
        row.engine.to_owned(),
        row.files.to_string(),
        megabytes(row.bytes),
        format!("{:.1}", row.seconds),
        format!("{:.1}", row.megabytes_a_second()),
        format!("{:.0}", row.files_a_second()),
        format!("{:.3}", row.worst_seconds),
        plain(&row.worst),
    ]
}

fn title(language: Option<Group>) -> String {
    language.map_or("all", Group::title).to_owned()
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

fn nothing() -> String {
    "-".to_owned()
}

/// Columns of equal width, an empty line below; so many of the first are words and begin at the left, as does a path at the end.
fn aligned(head: &[&str], rows: impl Iterator<Item = Vec<String>>, words: usize) -> String {
    let head: Vec<String> = head.iter().map(|&title| title.to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let is_path = words > 1 && column + 1 == columns;
            let _ =
                if column < words || is_path { write!(line, "{gap}{cell:<width$}") } else { write!(line, "{gap}{cell:>width$}") };
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let row = |language, files, peer| Benign {
            language,
            files,
            bytes: 1_500_000,
            webshell: 0,
            suspicious: 2,
            dual_use: 1,
            opaque: 0,
            peer,
        };
        let speed = Speed {
            kind: "benign",
            engine: "analyser",
            files: 1200,
            bytes: 3_000_000,
            seconds: 1.5,
            worst_seconds: 0.25,
            worst: "a/b\n.php".to_owned(),
        };
        let board = Scoreboard {
            malicious: vec![Malicious {
                language: None,
                files: 3,
                clusters: 2,
                webshell: 0.5,
                found: 0.75,
                peer: None,
                missed: 1,
                dual_use: 0,
                opaque: 1,
            }],
            benign: vec![row(Some(Group::AspNet), 7, Some(0)), row(None, 1200, None)],
            speed: vec![speed],
            rules: None,
            notes: vec!["one".to_owned()],
        };
        let expected = "\
malicious  files  clusters  webshell  +suspicious  rules  missed  dual use  opaque
all            3         2    50.0 %       75.0 %      -       1         0       1

benign   files   MB  webshell  suspicious  dual use  opaque  rules
ASP.NET      7  1.5         0           2         1       0      0
all       1200  1.5         0           2         1       0      -

speed   engine    files   MB  seconds  MB/s  files/s  worst s  worst file
benign  analyser   1200  3.0      1.5   2.0      800    0.250  a/b\u{fffd}.php

note: one
";
        assert_eq!(show(&board), expected);
    }
}
