//! A list of victims that somebody else made: `NAME=FILE`, a CSV file with a column of servers.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, bail};

/// Names under which the column of servers goes.
const SERVER: [&str; 5] = ["server", "hostname", "host", "fqdn", "name"];

/// A list as it was named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is called in the census.
    name: String,
    /// Its file.
    file: String,
}

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, file)) if !name.trim().is_empty() && !file.is_empty() => {
                Ok(Self { name: name.trim().to_owned(), file: file.to_owned() })
            }
            _ => Err("NAME=FILE is needed, such as shadowserver=victims.csv".to_owned()),
        }
    }
}

/// A list.
#[derive(Debug)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) entries: Vec<Entry>,
    /// Rows that name no server.
    pub(super) nameless: u64,
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) server: String,
    pub(super) organisation: Option<String>,
}

impl List {
    pub(super) fn read(named: &Named) -> anyhow::Result<Self> {
        let bytes = std::fs::read(Path::new(&named.file)).with_context(|| named.file.clone())?;
        Self::of_bytes(&named.name, &bytes).with_context(|| format!("list {}", named.file))
    }

    fn of_bytes(name: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let mut reader = crate::inventory::spreadsheet(bytes);
        let header = reader.headers().context("line 1")?.clone();
        let column =
            |names: &[&str]| names.iter().find_map(|name| header.iter().position(|column| column.eq_ignore_ascii_case(name)));
        let Some(server) = column(&SERVER) else {
            bail!("line 1: a header row with a column of servers is needed, called {}", SERVER.join(", "));
        };
        let organisation = column(&["organisation", "organization"]);
        let mut list = Self { name: name.to_owned(), entries: Vec::new(), nameless: 0 };
        for record in reader.records() {
            let record = record?;
            let cell = |at: Option<usize>| record.get(at?).filter(|cell| !cell.is_empty()).map(str::to_owned);
            match cell(Some(server)) {
                Some(server) => list.entries.push(Entry { server, organisation: cell(organisation) }),
                None => list.nameless += 1,
            }
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lists_of_others_are_read_by_the_names_of_their_columns() {
        let file = "timestamp,ip,HostName,Organization\n2021-03-11,192.0.2.1,mail.city.example,City\n2021-03-11,192.0.2.2,,\n";
        let list = List::of_bytes("theirs", file.as_bytes()).unwrap();
        let expected = Entry { server: "mail.city.example".to_owned(), organisation: Some("City".to_owned()) };
        assert_eq!((list.entries, list.nameless), (vec![expected], 1));
        let fault = List::of_bytes("theirs", b"ip\n192.0.2.1\n").unwrap_err().to_string();
        assert!(fault.contains("line 1") && fault.contains("hostname"), "{fault}");
    }

    #[test]
    fn a_list_has_a_name() {
        assert_eq!("a=b=c.csv".parse::<Named>().unwrap(), Named { name: "a".to_owned(), file: "b=c.csv".to_owned() });
        for text in ["b.csv", "=b.csv", "a="] {
            assert!(text.parse::<Named>().is_err(), "{text}");
        }
    }
}
