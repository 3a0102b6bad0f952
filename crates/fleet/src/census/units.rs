//! Which rows speak of one server.

use afterpatch_census::merge;
use afterpatch_report::CensusMerging;

use super::list::{Entry, List};
use super::server::Row;
use crate::inventory::{self, Inventory};

/// Ends of names that mean something else in every network.
const PRIVATE: [&str; 9] = ["local", "localdomain", "localhost", "lan", "intern", "internal", "corp", "home", "arpa"];

/// Which unit each row and each entry is. Equal numbers are one server.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Units {
    pub(super) of_rows: Vec<usize>,
    pub(super) of_lists: Vec<Vec<usize>>,
}

/// Merges rows of the lake and entries of lists.
pub(super) fn units(rows: &[Row], lists: &[List], inventory: &Inventory, rule: CensusMerging) -> Units {
    // A short name beside a full one says nothing more: `mail` is in many domains of one organisation.
    let of_rows = rows.iter().map(|row| {
        let public = names(row).filter(|name| is_public(name)).map(normal).collect::<Vec<_>>();
        let private = || key(&row.server, listed(inventory, row, owner).as_deref(), rule).into_iter().collect();
        if public.is_empty() { private() } else { public }
    });
    let of_lists = lists.iter().flat_map(|list| &list.entries).map(|entry| {
        let Entry { server, organisation } = entry;
        let of = organisation.clone().or_else(|| inventory.find(server)?.organisation.clone());
        key(server, of.as_deref(), rule).into_iter().collect()
    });
    let keys = of_rows.chain(of_lists).collect::<Vec<Vec<String>>>();
    let mut all = merge(&keys).into_iter();
    Units {
        of_rows: all.by_ref().take(rows.len()).collect(),
        of_lists: lists.iter().map(|list| all.by_ref().take(list.entries.len()).collect()).collect(),
    }
}

/// Whether it is a full name that means the same server everywhere.
pub fn is_public(name: &str) -> bool {
    let name = normal(name);
    match name.rsplit_once('.') {
        Some((_, last)) => !PRIVATE.contains(&last) && !last.chars().all(|letter| letter.is_ascii_digit()),
        None => false,
    }
}

/// Whose a server is: what the inventory says, else the domain of a public name.
pub(super) fn organisation(inventory: &Inventory, row: &Row) -> Option<String> {
    let domain = || names(row).find(|name| is_public(name)).and_then(|name| Some(normal(name).split_once('.')?.1.to_owned()));
    listed(inventory, row, owner).or_else(domain)
}

fn owner(entry: &inventory::Entry) -> Option<&String> {
    entry.organisation.as_ref()
}

/// What the inventory says of a server, under whichever of its names.
pub(super) fn listed(inventory: &Inventory, row: &Row, what: impl Fn(&inventory::Entry) -> Option<&String>) -> Option<String> {
    names(row).find_map(|name| what(inventory.find(name)?).cloned())
}

fn names(row: &Row) -> impl Iterator<Item = &str> {
    std::iter::once(&row.server).chain(&row.aliases).map(String::as_str)
}

/// What two rows must share to be of one server; `None` where the name says too little.
fn key(name: &str, organisation: Option<&str>, rule: CensusMerging) -> Option<String> {
    let normal = normal(name);
    if normal.is_empty() {
        return None;
    }
    // No name holds a line feed, so keys of the two kinds cannot be mistaken.
    match (rule, organisation) {
        (CensusMerging::ByName, _) => Some(normal),
        (CensusMerging::Strict, _) if is_public(name) => Some(normal),
        (CensusMerging::Strict, Some(organisation)) => Some(format!("{normal}\n{}", organisation.to_lowercase())),
        (CensusMerging::Strict, None) => None,
    }
}

fn normal(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_public_when_it_means_the_same_everywhere() {
        for (name, public) in [
            ("mail.city.example", true),
            ("Mail.City.Example.", true),
            ("EX01", false),
            ("ex01.city.local", false),
            ("ex01.corp", false),
            ("192.0.2.7", false),
            ("", false),
        ] {
            assert_eq!(is_public(name), public, "{name}");
        }
    }

    #[test]
    fn short_names_are_one_server_only_inside_an_organisation() {
        for (name, organisation, strict) in [
            ("mail.city.example", None, Some("mail.city.example")),
            ("EX01", None, None),
            ("EX01", Some("Bank"), Some("ex01\nbank")),
            ("ex01.bank.local", Some("BANK"), Some("ex01.bank.local\nbank")),
            (" ", Some("Bank"), None),
        ] {
            assert_eq!(key(name, organisation, CensusMerging::Strict).as_deref(), strict, "{name}");
        }
        assert_eq!(key("EX01", None, CensusMerging::ByName).as_deref(), Some("ex01"));
    }
}
