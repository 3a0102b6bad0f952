//! Rows of the lake that speak of one server, as one.

use std::collections::BTreeMap;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use serde::Deserialize;

use super::Window;
use super::identity::{listed, organisation};
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
    exposure: ExposureAnswer,
    compromise: CompromiseAnswer,
    foothold: FootholdAnswer,
    build_seen: Option<Timestamp>,
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
    /// Of the row that saw the newest build.
    pub(super) exposure: ExposureAnswer,
    /// The gravest.
    pub(super) compromise: CompromiseAnswer,
    /// The gravest: that a newer package saw nothing does not say that the back door has gone.
    pub(super) foothold: FootholdAnswer,
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) coverage_first: Option<Timestamp>,
    pub(super) coverage_last: Option<Timestamp>,
    pub(super) coverage_sufficient: bool,
}

impl Server {
    /// Nothing was seen of it that any question could hang on.
    pub(super) fn is_quiet(&self) -> bool {
        matches!(self.compromise, CompromiseAnswer::NothingSeen | CompromiseAnswer::CannotTell)
            && matches!(self.foothold, FootholdAnswer::NothingSeen | FootholdAnswer::CannotTell)
    }

    fn of(row: &Row, inventory: &Inventory, window: Window) -> Self {
        let mut server = Self {
            organisation: organisation(inventory, row),
            country: listed(inventory, row, |entry| entry.country.as_ref()),
            exposure: row.exposure,
            compromise: row.compromise,
            foothold: row.foothold,
            first: row.first,
            last: row.last,
            coverage_first: row.coverage_first,
            coverage_last: row.coverage_last,
            coverage_sufficient: row.coverage_sufficient,
        };
        // What happened at another time is no part of this census.
        if !window.holds(row.first, row.last) {
            let nothing = row.coverage_sufficient && window.holds(row.coverage_first, row.coverage_last);
            server.compromise = if nothing { CompromiseAnswer::NothingSeen } else { CompromiseAnswer::CannotTell };
            server.foothold = if nothing { FootholdAnswer::NothingSeen } else { FootholdAnswer::CannotTell };
            (server.first, server.last) = (None, None);
        }
        server
    }

    fn join(&mut self, other: Self) {
        self.organisation = self.organisation.take().or(other.organisation);
        self.country = self.country.take().or(other.country);
        self.compromise = self.compromise.max(other.compromise);
        self.foothold = self.foothold.max(other.foothold);
        self.first = earlier(self.first, other.first);
        self.last = self.last.max(other.last);
        self.coverage_first = earlier(self.coverage_first, other.coverage_first);
        self.coverage_last = self.coverage_last.max(other.coverage_last);
        self.coverage_sufficient |= other.coverage_sufficient;
    }
}

/// `None` is later than everything.
fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// One server of each unit; `units` says of each row which.
pub(super) fn merged(rows: &[Row], units: &[usize], inventory: &Inventory, window: Window) -> Vec<Server> {
    let mut servers = BTreeMap::<usize, (Server, Option<Timestamp>)>::new();
    for (row, unit) in rows.iter().zip(units) {
        let server = Server::of(row, inventory, window);
        match servers.get_mut(unit) {
            None => {
                servers.insert(*unit, (server, row.build_seen));
            }
            Some((joined, build_seen)) => {
                if (row.build_seen, row.exposure) > (*build_seen, joined.exposure) {
                    (joined.exposure, *build_seen) = (row.exposure, row.build_seen);
                }
                joined.join(server);
            }
        }
    }
    servers.into_values().map(|(server, _)| server).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
        assert_eq!(server.exposure, ExposureAnswer::Fixed);
        assert_eq!((server.compromise, server.foothold), (CompromiseAnswer::Compromised, FootholdAnswer::InPlace));
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
        assert_eq!(servers.first().unwrap().compromise, CompromiseAnswer::CannotTell);
        assert!(servers.first().unwrap().is_quiet());
    }
}
