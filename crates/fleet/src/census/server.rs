//! Rows of the lake that speak of one server, as one.

use std::collections::BTreeMap;

use afterpatch_model::{CompromiseAnswer, FootholdAnswer, Timestamp};
use serde::Deserialize;

use super::Window;
use crate::identity::{Judged, earlier, is_public, names, normal};
use crate::inventory::Inventory;

/// The question that gives [`Row`]s.
pub(super) const ROWS: &str = "\
SELECT package, server, aliases, exposure, compromise, foothold, build_seen, first, last, coverage_first, coverage_last, \
coverage_sufficient FROM servers ORDER BY package, server";

/// One server of one package.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) package: String,
    pub(super) server: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(flatten)]
    judged: Judged,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    coverage_first: Option<Timestamp>,
    coverage_last: Option<Timestamp>,
    coverage_sufficient: bool,
}

/// One server, whatever packages spoke of it.
pub(super) struct Server {
    pub(super) organisation: Option<String>,
    pub(super) country: Option<String>,
    pub(super) judged: Judged,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) coverage_first: Option<Timestamp>,
    pub(super) coverage_last: Option<Timestamp>,
    pub(super) coverage_sufficient: bool,
}

impl Server {
    /// Nothing was seen of it that any question could hang on.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.judged.compromise, CompromiseAnswer::NothingSeen | CompromiseAnswer::CannotTell)
            && matches!(self.judged.foothold, FootholdAnswer::NothingSeen | FootholdAnswer::CannotTell)
    }

    fn of(row: &Row, inventory: &Inventory, window: Window) -> Self {
        let said = inventory.of_server(&row.server, &row.aliases);
        let mut server = Self {
            organisation: said.and_then(|entry| entry.organisation.clone()).or_else(|| domain(row)),
            country: said.and_then(|entry| entry.country.clone()),
            judged: row.judged,
            first: row.first,
            last: row.last,
            coverage_first: row.coverage_first,
            coverage_last: row.coverage_last,
            coverage_sufficient: row.coverage_sufficient,
        };
        // What happened at another time is no part of this census.
        if !window.holds(row.first, row.last) {
            let nothing = row.coverage_sufficient && window.holds(row.coverage_first, row.coverage_last);
            server.judged.compromise = if nothing { CompromiseAnswer::NothingSeen } else { CompromiseAnswer::CannotTell };
            server.judged.foothold = if nothing { FootholdAnswer::NothingSeen } else { FootholdAnswer::CannotTell };
            (server.first, server.last) = (None, None);
        }
        server
    }

    fn join(&mut self, other: Self) {
        self.organisation = self.organisation.take().or(other.organisation);
        self.country = self.country.take().or(other.country);
        self.judged.join(&other.judged);
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
        self.coverage_first = earlier(self.coverage_first, other.coverage_first);
        self.coverage_last = self.coverage_last.max(other.coverage_last);
        self.coverage_sufficient |= other.coverage_sufficient;
    }
}

/// The domain of a public name, which stands for an organisation where the inventory names none.
fn domain(row: &Row) -> Option<String> {
    let name = names(&row.server, &row.aliases).into_iter().find(|name| is_public(name))?;
    Some(normal(name).split_once('.')?.1.to_owned())
}

/// One server of each unit; `units` says of each row which.
pub(super) fn merged(rows: &[Row], units: &[usize], inventory: &Inventory, window: Window) -> Vec<Server> {
    let mut servers = BTreeMap::<usize, Server>::new();
    for (row, unit) in rows.iter().zip(units) {
        let server = Server::of(row, inventory, window);
        match servers.get_mut(unit) {
            Some(joined) => joined.join(server),
            None => drop(servers.insert(*unit, server)),
        }
    }
    servers.into_values().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::ExposureAnswer;

    use super::*;

    fn row(package: &str, exposure: &str, compromise: &str, foothold: &str, day: u8) -> Row {
        let at = |hour: u8| format!("2021-03-{day:02}T{hour:02}:00:00Z");
        serde_json::from_value(serde_json::json!({
            "package": package, "server": "mail.city.example", "exposure": exposure, "compromise": compromise,
            "foothold": foothold, "build_seen": at(9), "first": at(10), "last": at(11), "coverage_first": at(0),
            "coverage_last": at(23), "coverage_sufficient": true
        }))
        .unwrap()
    }

    #[test]
    fn rows_of_one_server_are_joined_by_the_gravest_and_the_newest_build() {
        let rows = [
            row("a", "open", "compromised", "in_place", 3),
            row("b", "fixed", "nothing_seen", "removed", 9),
            row("c", "mitigated", "attempted", "nothing_seen", 5),
        ];
        let servers = merged(&rows, &[0, 0, 0], &Inventory::default(), Window::default());
        let [server] = servers.as_slice() else { unreachable!("one server") };
        assert_eq!(server.judged.exposure, ExposureAnswer::Fixed);
        assert_eq!((server.judged.compromise, server.judged.foothold), (CompromiseAnswer::Compromised, FootholdAnswer::InPlace));
        assert_eq!(server.first, Some("2021-03-03T10:00:00Z".parse().unwrap()));
        assert_eq!(server.last, Some("2021-03-09T11:00:00Z".parse().unwrap()));
        assert_eq!(server.organisation.as_deref(), Some("city.example"));
        assert_eq!(merged(&rows, &[0, 1, 0], &Inventory::default(), Window::default()).len(), 2);
    }

    #[test]
    fn what_happened_outside_of_the_window_does_not_count() {
        let rows = [row("a", "open", "compromised", "in_place", 3)];
        let window = Window { since: Some("2021-03-20T00:00:00Z".parse().unwrap()), until: None };
        let servers = merged(&rows, &[0], &Inventory::default(), window);
        assert_eq!(servers.first().unwrap().judged.compromise, CompromiseAnswer::CannotTell);
        assert!(servers.first().unwrap().is_quiet());
    }
}
