//! Big access logs: as many lines as asked for, in order, and a truth that names every line of the planted pages.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use afterpatch_lab::weblog::{WebServer, make};

#[test]
fn equal_arguments_give_equal_bytes() {
    for server in WebServer::ALL {
        assert_eq!(make(server, 4, 3_000, 2), make(server, 4, 3_000, 2));
        assert_ne!(make(server, 4, 3_000, 2).bytes, make(server, 5, 3_000, 2).bytes);
    }
}

#[test]
fn the_truth_names_every_line_of_the_planted_pages_and_no_other() {
    for (server, seed) in WebServer::ALL.into_iter().flat_map(|server| (0..8).map(move |seed| (server, seed))) {
        let shells = 1 + usize::try_from(seed % 3).unwrap();
        let log = make(server, seed, 30_000, shells);
        let text = std::str::from_utf8(&log.bytes).unwrap();
        let lines = text.lines().collect::<Vec<_>>();
        assert!((30_000..34_000).contains(&lines.len()), "{server:?} {seed}: {}", lines.len());
        assert_eq!(log.shells.len(), shells);
        let stems = log.shells.iter().map(|page| page.stem.as_str()).collect::<BTreeSet<_>>();
        assert_eq!(stems.len(), shells);
        for page in &log.shells {
            let found = (1..).zip(&lines).filter(|(_, line)| line.contains(&page.stem)).map(|(number, _)| number);
            assert_eq!(found.collect::<Vec<u64>>(), page.lines, "{server:?} {seed} {}", page.stem);
            assert!(page.lines.len() >= 5 && (1..=3).contains(&page.clients.len()));
            for number in &page.lines {
                let line = lines[usize::try_from(*number).unwrap() - 1];
                assert!(page.clients.iter().any(|client| line.contains(client.as_str())), "{line}");
            }
        }
    }
}

#[test]
fn lines_stand_in_order_and_have_their_columns() {
    let log = make(WebServer::Exchange, 1, 20_000, 1);
    let mut columns = 0;
    let mut last = "";
    for line in std::str::from_utf8(&log.bytes).unwrap().lines() {
        if let Some(fields) = line.strip_prefix("#Fields: ") {
            columns = fields.split(' ').count();
        } else if !line.starts_with('#') {
            assert_eq!(line.split(' ').count(), columns, "{line}");
            assert!(&line[..19] >= last, "{line}");
            last = &line[..19];
        }
    }
    let log = make(WebServer::Apache, 1, 20_000, 1);
    for line in std::str::from_utf8(&log.bytes).unwrap().lines() {
        assert_eq!(line.matches('"').count(), 6, "{line}");
        assert!(line.contains(" - - ["), "{line}");
    }
}
