#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::lines::each_line;
use crate::testing::{Written, golden, survives};

fn read(bytes: &[u8], sink: &mut Written) {
    let mut reader = Reader::default();
    each_line(bytes, sink, |number, text, sink| reader.line(number, text, sink));
}

#[test]
fn golden_files() {
    golden("exchange_setup", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn damage_is_survived() {
    survives(include_str!("testdata/upgrade.in"), read);
}

#[test]
fn recognised_by_what_it_says_or_by_name_and_shape() {
    let shaped: &[u8] = b"[03/14/2021 06:40:00.0000] [0] x";
    let started: &[u8] =
        b"[03/14/2021 06:40:00.0000] [0] **\n[03/14/2021 06:40:00.0000] [0] Starting Microsoft Exchange Server 2016 Setup";
    let table: &[(&str, &[u8], bool)] = &[
        ("renamed.txt", started, true),
        ("ExchangeSetup.log", shaped, true),
        ("ExchangeSetup-1.log", shaped, true),
        ("other.log", shaped, false),
        ("ExchangeSetup.log", b"Starting Microsoft Exchange Server 2016 Setup", false),
        ("ExchangeSetup.log", b"", false),
    ];
    for (name, head, ours) in table {
        assert_eq!(is_setup(name, head), *ours, "{name} {}", String::from_utf8_lossy(head));
    }
}

#[test]
fn what_is_too_long_for_a_name_is_none() {
    let line = "[03/14/2021 06:40:00.0000] [0] Server Name=";
    for (length, named) in [(255, true), (256, false)] {
        let log = format!("{line}{}\n{line}\n", "a".repeat(length)).replace("Name=\n", "other\n");
        let written = Written::by(|sink| read(log.as_bytes(), sink));
        assert_eq!(written.records.iter().filter(|record| record.contains("server=a")).count(), if named { 2 } else { 0 });
    }
}

#[test]
fn only_a_run_that_installed_and_ended_well_tells_a_build() {
    let builds = |log: &'static str| -> Vec<String> {
        let written = Written::by(|sink| read(log.as_bytes(), sink));
        written.records.into_iter().filter(|record| record.contains("Build(")).collect()
    };
    let upgraded = builds(include_str!("testdata/upgrade.in"));
    assert_eq!(upgraded.len(), 1);
    assert!(upgraded[0].starts_with("Line(17) 2021-03-11T12:40:23.02Z server=EX01"), "{}", upgraded[0]);
    assert!(upgraded[0].contains("build: 2176, revision: 2"), "{}", upgraded[0]);
    assert!(builds(include_str!("testdata/other_runs_and_signs.in")).is_empty());
}
