//! Names and tactics of ATT&CK techniques, which other tools want beside the id. What the table lacks (a user's rule may name any
//! technique) is known by its id alone.

/// `id,name,tactic tactic`, one a line; the head says which version.
const TABLE: &str = include_str!("../../data/attack.csv");

/// Ids of the tactics.
const TACTICS: [(&str, &str, &str); 14] = [
    ("reconnaissance", "TA0043", "Reconnaissance"),
    ("resource-development", "TA0042", "Resource Development"),
    ("initial-access", "TA0001", "Initial Access"),
    ("execution", "TA0002", "Execution"),
    ("persistence", "TA0003", "Persistence"),
    ("privilege-escalation", "TA0004", "Privilege Escalation"),
    ("defense-evasion", "TA0005", "Defense Evasion"),
    ("credential-access", "TA0006", "Credential Access"),
    ("discovery", "TA0007", "Discovery"),
    ("lateral-movement", "TA0008", "Lateral Movement"),
    ("collection", "TA0009", "Collection"),
    ("command-and-control", "TA0011", "Command and Control"),
    ("exfiltration", "TA0010", "Exfiltration"),
    ("impact", "TA0040", "Impact"),
];

/// A technique or subtechnique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Technique {
    /// `T1505.003`.
    pub(super) id: &'static str,
    /// `Web Shell`.
    pub(super) name: &'static str,
    /// Slugs of its tactics.
    tactics: &'static str,
}

/// A tactic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tactic {
    /// `persistence`, as STIX kill chains write it.
    pub(super) slug: &'static str,
    /// `TA0003`.
    pub(super) id: &'static str,
    /// `Persistence`.
    pub(super) name: &'static str,
}

impl Technique {
    /// The tactics it serves, in the order of the matrix.
    pub(super) fn tactics(self) -> impl Iterator<Item = Tactic> {
        let tactic = |slug: &str| TACTICS.iter().find(|known| known.0 == slug).map(|&(slug, id, name)| Tactic { slug, id, name });
        self.tactics.split(' ').filter_map(tactic)
    }
}

/// The technique of an id, where the table has it.
pub(super) fn technique(id: &str) -> Option<Technique> {
    if !is_id(id) {
        return None;
    }
    TABLE.lines().find_map(|line| {
        let rest = line.strip_prefix(id)?.strip_prefix(',')?;
        let (name, tactics) = rest.split_once(',')?;
        Some(Technique { id: line.get(..id.len())?, name, tactics })
    })
}

/// Whether a text has the form of a technique's id, so that it may stand in a field for ids or in an address.
pub(super) fn is_id(text: &str) -> bool {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    text.strip_prefix('T').is_some_and(|rest| match rest.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(rest, 4),
    })
}

/// The technique's id without the subtechnique.
pub(super) fn parent(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

/// Where MITRE tells of it.
pub(super) fn address(id: &str) -> String {
    format!("https://attack.mitre.org/techniques/{}", id.replace('.', "/"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_row_of_the_table_is_whole_and_has_its_parent() {
        let rows: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 80);
        assert!(rows.is_sorted(), "in order, so that a row is added in its place");
        for row in rows {
            let id = row.split(',').next().unwrap();
            let technique = technique(id).unwrap();
            assert!(is_id(id) && technique.id == id && !technique.name.is_empty(), "{row}");
            assert_eq!(technique.tactics().count(), technique.tactics.split(' ').count(), "{row}: unknown tactic");
            assert!(super::technique(parent(id)).is_some(), "{row}: its parent is missing");
        }
    }

    #[test]
    fn ids_are_told_from_other_text() {
        let shell = technique("T1505.003").unwrap();
        assert_eq!((shell.name, shell.tactics().next().unwrap().id), ("Web Shell", "TA0003"));
        assert_eq!(address("T1505.003"), "https://attack.mitre.org/techniques/T1505/003");
        for text in ["", "T", "#", "# MITRE ATT&CK for Enterprise", "T1505.0", "T1505.003,", "t1505", "TA0003", "T1505.003\n"] {
            assert!(!is_id(text), "{text:?}");
            assert_eq!(technique(text), None, "{text:?}");
        }
    }
}
