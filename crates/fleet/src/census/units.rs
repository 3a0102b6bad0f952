//! Rows of the lake and entries of lists that are one server.

use afterpatch_census::merge;
use afterpatch_report::CensusMerging;

use super::list::{Entry, List};
use super::server::Row;
use crate::identity::{keys, names, normal};
use crate::inventory::Inventory;

/// Which unit each row and each entry is. Equal numbers are one server.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Units {
    pub(super) of_rows: Vec<usize>,
    pub(super) of_lists: Vec<Vec<usize>>,
}

/// Merges rows of the lake and entries of lists.
pub(super) fn units(rows: &[Row], lists: &[List], inventory: &Inventory, rule: CensusMerging) -> Units {
    let of = |server: &str, aliases: &[String], organisation: Option<&str>| {
        let said = inventory.of_server(server, aliases).and_then(|entry| entry.organisation.as_deref());
        match rule {
            CensusMerging::Strict => keys(server, aliases, organisation.or(said)),
            CensusMerging::ByName => {
                names(server, aliases).into_iter().map(normal).filter(|name| !name.is_empty()).collect::<Vec<_>>()
            }
        }
    };
    let of_rows = rows.iter().map(|row| of(&row.server, &row.aliases, None));
    let entries = lists.iter().flat_map(|list| &list.entries);
    let of_lists = entries.map(|Entry { server, organisation }| of(server, &[], organisation.as_deref()));
    let mut all = merge(&of_rows.chain(of_lists).collect::<Vec<_>>()).into_iter();
    Units {
        of_rows: all.by_ref().take(rows.len()).collect(),
        of_lists: lists.iter().map(|list| all.by_ref().take(list.entries.len()).collect()).collect(),
    }
}
