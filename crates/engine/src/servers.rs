//! Which server an artifact is of: from the evidence itself, and never by a guess that is not told.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::Note;

/// Names that records of one group of artifacts (one host's part of one collection) gave, with their number of records;
/// an empty name counts the records that name no server.
pub struct Group {
    /// What the collection is called.
    pub collection: String,
    /// Names as written, with the number of records.
    pub names: BTreeMap<String, u64>,
    /// Artifacts with records that name no server.
    pub nameless_artifacts: u64,
    /// The host itself, where it was asked or collected by us: it knows its own name.
    pub host: Option<String>,
}

/// The server of every name.
pub struct Servers {
    /// Per group: name as written to the server's name in the report.
    of_name: Vec<BTreeMap<String, String>>,
    /// Server's name in the report to its other names.
    pub aliases: BTreeMap<String, BTreeSet<String>>,
    /// What was assumed.
    pub notes: Vec<Note>,
}

impl Servers {
    /// Gives every name of every group a server.
    pub fn identify(groups: &[Group]) -> Self {
        let mut spellings: BTreeMap<String, BTreeMap<&str, u64>> = BTreeMap::new();
        for (name, count) in groups.iter().flat_map(|group| &group.names).filter(|(name, _)| !name.is_empty()) {
            *spellings.entry(name.to_lowercase()).or_default().entry(name).or_default() += count;
        }
        let mut servers = Self { of_name: Vec::new(), aliases: BTreeMap::new(), notes: Vec::new() };
        let canonical = canonical_names(&spellings);
        for (lower, server) in &canonical {
            let aliases = servers.aliases.entry(server.clone()).or_default();
            if *lower != server.to_lowercase()
                && let Some(alias) = spellings.get(lower).and_then(most_used)
            {
                aliases.insert(alias.to_owned());
                servers.notes.push(Note::ServersMerged { server: server.clone(), alias: alias.to_owned() });
            }
        }
        let everywhere: BTreeSet<&String> = canonical.values().collect();
        let mut assumed: BTreeMap<String, u64> = BTreeMap::new();
        for group in groups {
            let mut of_name: BTreeMap<String, String> = group
                .names
                .keys()
                .filter(|name| !name.is_empty())
                .filter_map(|name| canonical.get(&name.to_lowercase()).map(|server| (name.clone(), server.clone())))
                .collect();
            let host = group.host.as_ref().and_then(|host| of_name.get(host)).cloned();
            let here: BTreeSet<&String> = of_name.values().collect();
            // A nameless record is of the only server that its own group names; else of the only server named at all.
            let only = if here.is_empty() { &everywhere } else { &here };
            let nameless = match (only.len(), only.first()) {
                _ if let Some(host) = host => host,
                (1, Some(server)) => {
                    if group.nameless_artifacts > 0 {
                        *assumed.entry((*server).clone()).or_default() += group.nameless_artifacts;
                    }
                    (*server).clone()
                }
                _ => {
                    if group.nameless_artifacts > 0 {
                        servers.notes.push(Note::ServerUnnamed { server: group.collection.clone() });
                    }
                    group.collection.clone()
                }
            };
            of_name.insert(String::new(), nameless);
            servers.of_name.push(of_name);
        }
        servers.notes.extend(assumed.into_iter().map(|(server, artifacts)| Note::ServerAssumed { server, artifacts }));
        servers.notes.sort();
        servers.notes.dedup();
        servers
    }

    /// The server that a name in a group stands for.
    pub fn of(&self, group: usize, name: &str) -> String {
        self.of_name.get(group).and_then(|names| names.get(name)).cloned().unwrap_or_else(|| name.to_owned())
    }
}

/// Lower-case name to the name in the report. A short name is one with a full name when exactly one full name begins with it.
fn canonical_names(spellings: &BTreeMap<String, BTreeMap<&str, u64>>) -> BTreeMap<String, String> {
    spellings
        .iter()
        .map(|(lower, own)| {
            let full: Vec<_> = spellings.iter().filter(|(other, _)| is_full_name_of(other, lower)).collect();
            let chosen = match full.as_slice() {
                [(_, only)] => only,
                _ => own,
            };
            (lower.clone(), most_used(chosen).unwrap_or(lower).to_owned())
        })
        .collect()
}

/// The spelling with the most records; of equals, the first in order.
fn most_used<'n>(spellings: &BTreeMap<&'n str, u64>) -> Option<&'n str> {
    spellings.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(name, _)| *name)
}

fn is_full_name_of(full: &str, short: &str) -> bool {
    !short.contains('.') && full.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(names: &[(&str, u64)], nameless_artifacts: u64) -> Group {
        Group {
            collection: "case.zip".to_owned(),
            names: names.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect(),
            nameless_artifacts,
            host: None,
        }
    }

    #[test]
    fn nameless_artifacts_of_a_host_that_was_asked_are_its_own() {
        let names: &[(&str, u64)] = &[("EX01", 9), ("proxy.example", 5), ("EX01.corp.example", 1), ("", 3)];
        let asked = Group { host: Some("EX01".to_owned()), ..group(names, 1) };
        let servers = Servers::identify(&[asked]);
        assert_eq!(servers.of(0, ""), "EX01.corp.example");
        assert!(!servers.notes.iter().any(|note| matches!(note, Note::ServerAssumed { .. } | Note::ServerUnnamed { .. })));
    }

    #[test]
    fn a_short_name_is_its_only_full_name_and_that_is_said() {
        let servers = Servers::identify(&[group(&[("EX01", 9), ("ex01.corp.example", 1), ("EX01.corp.example", 5), ("", 3)], 1)]);
        assert_eq!(servers.of(0, "EX01"), "EX01.corp.example");
        assert_eq!(servers.of(0, "ex01.corp.example"), "EX01.corp.example");
        assert_eq!(servers.of(0, ""), "EX01.corp.example");
        assert_eq!(
            servers.notes,
            [
                Note::ServersMerged { server: "EX01.corp.example".to_owned(), alias: "EX01".to_owned() },
                Note::ServerAssumed { server: "EX01.corp.example".to_owned(), artifacts: 1 },
            ]
        );
    }

    #[test]
    fn two_full_names_keep_a_short_name_apart() {
        let servers = Servers::identify(&[group(&[("EX01", 9), ("ex01.a.example", 1), ("ex01.b.example", 5)], 0)]);
        assert_eq!(servers.of(0, "EX01"), "EX01");
        assert!(servers.notes.is_empty());
    }

    #[test]
    fn nameless_artifacts_among_several_servers_go_by_the_collection() {
        let servers = Servers::identify(&[group(&[("a", 1), ("b", 1), ("", 1)], 1)]);
        assert_eq!(servers.of(0, ""), "case.zip");
        assert_eq!(servers.notes, [Note::ServerUnnamed { server: "case.zip".to_owned() }]);
    }

    #[test]
    fn a_nameless_collection_beside_one_named_server_is_taken_as_its_own() {
        let servers = Servers::identify(&[group(&[("a", 1)], 0), group(&[("", 1)], 2)]);
        assert_eq!(servers.of(1, ""), "a");
        assert_eq!(servers.notes, [Note::ServerAssumed { server: "a".to_owned(), artifacts: 2 }]);
    }
}
