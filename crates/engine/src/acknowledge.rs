//! The acknowledgement file: findings that somebody looked at and vouches for.
//!
//! A YAML list, each entry of which says what it is about, why that is harmless, who says so, and until when:
//!
//! ```yaml
//! - finding: page-written          # the finding's kind, as the report names it
//!   thing: health.aspx             # optional: any page, file, address, account, hash ... of the finding
//!   server: EX01                   # optional: on this server only
//!   why: Written by our monitoring
//!   who: Jane Doe
//!   until: 2027-06-30              # optional: the last day (UTC) on which it applies
//! ```
//!
//! What is acknowledged is told like everything else, but opens no incident and is no part of the verdict.

use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_model::{Acknowledgement, Finding, Note, Timestamp};
use serde::Deserialize;
use yaml_serde::Value;

/// Entries of acknowledgement files.
#[derive(Clone, Debug, Default)]
pub struct Acknowledgements {
    entries: Vec<Entry>,
}

/// An acknowledgement file cannot be used. Nothing of it is taken then: half a file would be another verdict than the one
/// that its author meant.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcknowledgeError {
    /// The file cannot be read.
    #[error("acknowledgements cannot be read from {}: {error}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file is no YAML list.
    #[error("{}: not a list of acknowledgements (finding, why, who ...): {reason}", .path.display())]
    NoList {
        /// The file.
        path: PathBuf,
        /// Why not, with line and column.
        reason: String,
    },
    /// An entry is wrong.
    #[error("{}: entry {entry}: {reason}", .path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// Its number, from 1.
        entry: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl Acknowledgements {
    /// Reads one file.
    ///
    /// # Errors
    /// Any fault in it: see [`AcknowledgeError`].
    pub fn read(path: &Path) -> Result<Self, AcknowledgeError> {
        let text = fs::read_to_string(path).map_err(|error| AcknowledgeError::File { path: path.to_owned(), error })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, AcknowledgeError> {
        let values: Vec<Value> = yaml_serde::from_str(text)
            .map_err(|error| AcknowledgeError::NoList { path: path.to_owned(), reason: error.to_string() })?;
        let entries = (1..).zip(values).map(|(entry, value)| {
            Entry::parse(value).map_err(|reason| AcknowledgeError::Entry { path: path.to_owned(), entry, reason })
        });
        Ok(Self { entries: entries.collect::<Result<_, _>>()? })
    }

    /// These entries at a time (UTC): those past their day apply no more.
    pub(crate) fn at(&self, now: Timestamp) -> Current<'_> {
        let entries = self.entries.iter();
        Current(entries.map(|entry| (entry, if entry.is_expired(now) { State::Expired } else { State::Unused })).collect())
    }
}

/// The entries at the time of a scan, and what became of each.
pub(crate) struct Current<'a>(Vec<(&'a Entry, State)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Expired,
    Unused,
    Used,
}

impl Current<'_> {
    /// Marks the finding when an entry speaks of it; the first one counts. `names` are those its server goes by.
    pub(crate) fn apply(&mut self, finding: &mut Finding, names: &[&str]) {
        for (entry, state) in self.0.iter_mut().filter(|(_, state)| *state != State::Expired) {
            if entry.speaks_of(finding, names) {
                *state = State::Used;
                finding.acknowledged.get_or_insert_with(|| entry.acknowledgement.clone());
            }
        }
    }

    /// What is to be said of entries that changed nothing.
    pub(crate) fn notes(&self) -> impl Iterator<Item = Note> {
        self.0.iter().filter_map(|(entry, state)| {
            let (what, Acknowledgement { who, until, .. }) = (entry.what(), entry.acknowledgement.clone());
            match state {
                State::Used => None,
                State::Unused => Some(Note::AcknowledgementUnused { what, who }),
                State::Expired => until.map(|until| Note::AcknowledgementExpired { what, who, until }),
            }
        })
    }
}

#[derive(Clone, Debug)]
struct Entry {
    finding: String,
    server: Option<String>,
    thing: Option<String>,
    acknowledgement: Acknowledgement,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    finding: String,
    server: Option<String>,
    thing: Option<String>,
    why: String,
    who: String,
    until: Option<String>,
}

impl Entry {
    fn parse(value: Value) -> Result<Self, String> {
        let written: Written = yaml_serde::from_value(value).map_err(|error| error.to_string())?;
        let optional = |name, value: Option<String>| value.map(|value| filled(name, &value)).transpose();
        let until = written.until.map(|day| end_of(&day)).transpose()?;
        Ok(Self {
            finding: filled("finding", &written.finding)?,
            server: optional("server", written.server)?,
            thing: optional("thing", written.thing)?,
            acknowledgement: Acknowledgement { why: filled("why", &written.why)?, who: filled("who", &written.who)?, until },
        })
    }

    fn is_expired(&self, now: Timestamp) -> bool {
        self.acknowledgement.until.is_some_and(|until| until < now)
    }

    fn speaks_of(&self, finding: &Finding, names: &[&str]) -> bool {
        finding.kind == self.finding
            && self.server.as_ref().is_none_or(|server| names.iter().any(|name| same(name, server)))
            && self.thing.as_ref().is_none_or(|wanted| finding.things.iter().any(|thing| same(&thing.value, wanted)))
    }

    /// `page-written, health.aspx, EX01`
    fn what(&self) -> String {
        [Some(&self.finding), self.thing.as_ref(), self.server.as_ref()]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// Whether two names are one; Windows knows no case.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// An empty reason is none, and an empty name would vouch for nobody knows what.
fn filled(name: &str, value: &str) -> Result<String, String> {
    match value.trim() {
        "" => Err(format!("`{name}` is empty")),
        value => Ok(value.to_owned()),
    }
}

/// The end of a day, UTC.
fn end_of(day: &str) -> Result<Timestamp, String> {
    format!("{}T23:59:59.999999999Z", day.trim())
        .parse()
        .map_err(|_| format!("`until` is {day}; a day such as 2027-06-30 is needed"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use afterpatch_model::{Confidence, Grade, Origin, Severity, Standing, Step, Thing, ThingKind};

    use super::*;

    const FULL: &str = "finding: page-written\n  why: ours\n  who: Jane";

    fn parse(text: &str) -> Result<Acknowledgements, String> {
        Acknowledgements::parse(Path::new("ours.yml"), text).map_err(|error| error.to_string())
    }

    fn finding(kind: &str, things: &[(ThingKind, &str)]) -> Finding {
        Finding {
            id: String::new(),
            kind: kind.to_owned(),
            title: String::new(),
            campaign: None,
            step: Step::FileWritten,
            grade: Grade::Compromise,
            severity: Severity::High,
            confidence: Confidence::High,
            standing: Standing::Alone,
            server: "ex01.corp.example".to_owned(),
            first: None,
            last: None,
            count: 1,
            bytes_out: None,
            attack: Vec::new(),
            cves: Vec::new(),
            things: things.iter().map(|(kind, value)| Thing::new(*kind, *value)).collect(),
            evidence: Vec::new(),
            why: Vec::new(),
            author: None,
            origin: Origin::BuiltIn,
            acknowledged: None,
        }
    }

    /// Whether the entry vouches for a page written to one server.
    fn vouches(entry: &str) -> bool {
        let file = parse(&format!("- {FULL}\n  {entry}")).unwrap();
        let mut current = file.at("2026-11-24T12:00:00Z".parse().unwrap());
        let mut finding =
            finding("page-written", &[(ThingKind::Page, "health.aspx"), (ThingKind::File, r"C:\Web\Äußeres\Health.aspx")]);
        current.apply(&mut finding, &["ex01.corp.example", "EX01"]);
        assert_eq!(finding.acknowledged.is_none(), current.notes().count() == 1, "what does not apply is said");
        finding.acknowledged.is_some()
    }

    #[test]
    fn an_entry_is_as_narrow_as_it_says() {
        for (entry, does) in [
            ("", true),
            ("thing: HEALTH.aspx", true),
            (r"thing: c:\web\äUSSERES\health.aspx", false),
            (r"thing: c:\web\äußeres\health.ASPX", true),
            ("thing: health", false),
            ("thing: other.aspx", false),
            ("server: ex01", true),
            ("server: EX01.corp.example", true),
            ("server: ex02", false),
            ("until: 2026-11-24", true),
            ("until: 2026-11-23", false),
            ("until: '2027-01-01'", true),
        ] {
            assert_eq!(vouches(entry), does, "{entry}");
        }
    }

    #[test]
    fn other_kinds_are_left_alone() {
        let file = parse(&format!("- {FULL}")).unwrap();
        let mut current = file.at(Timestamp::UNIX_EPOCH);
        let mut other = finding("page_compiled", &[]);
        current.apply(&mut other, &[]);
        assert_eq!(other.acknowledged, None);
    }

    #[test]
    fn the_first_entry_counts_and_none_that_matches_is_called_unused() {
        let file = parse(&format!("- {FULL}\n- finding: page-written\n  why: other\n  who: Joe")).unwrap();
        let mut current = file.at(Timestamp::UNIX_EPOCH);
        let mut written = finding("page-written", &[]);
        current.apply(&mut written, &[]);
        assert_eq!(written.acknowledged, Some(Acknowledgement { why: "ours".to_owned(), who: "Jane".to_owned(), until: None }));
        assert_eq!(current.notes().count(), 0);
    }

    #[test]
    fn what_changed_nothing_is_told() {
        let file = parse(&format!("- {FULL}\n  until: 2026-11-23\n- {FULL}\n  thing: a.aspx\n  server: ex01")).unwrap();
        let notes: Vec<Note> = file.at("2026-11-24T00:00:00Z".parse().unwrap()).notes().collect();
        let until = "2026-11-23T23:59:59.999999999Z".parse().unwrap();
        assert_eq!(
            notes,
            [
                Note::AcknowledgementExpired { what: "page-written".to_owned(), who: "Jane".to_owned(), until },
                Note::AcknowledgementUnused { what: "page-written, a.aspx, ex01".to_owned(), who: "Jane".to_owned() },
            ]
        );
    }

    #[test]
    fn a_fault_names_file_and_entry() {
        for (text, told) in [
            ("finding: page-written", "ours.yml: not a list"),
            ("- finding: [", "ours.yml: not a list"),
            ("- finding: a\n  who: b", "ours.yml: entry 1: missing field `why`"),
            (&format!("- {FULL}\n- finding: a\n  why: b"), "ours.yml: entry 2: missing field `who`"),
            (&format!("- {FULL}\n  sever: ex01"), "ours.yml: entry 1: unknown field `sever`"),
            (&format!("- {FULL}\n  until: soon"), "ours.yml: entry 1: `until` is soon"),
            (&format!("- {FULL}\n  until: 2026-11-24T10:00:00Z"), "ours.yml: entry 1: `until` is 2026"),
            (&format!("- {FULL}\n  thing: ' '"), "ours.yml: entry 1: `thing` is empty"),
            ("- finding: a\n  why: ''\n  who: b", "ours.yml: entry 1: `why` is empty"),
            ("- 7", "ours.yml: entry 1: "),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(told), "{text}: {error}");
        }
        assert!(parse("[]").unwrap().entries.is_empty());
    }

    #[test]
    fn digits_are_no_number_to_vouch_for() {
        // What would be read as a number has to be quoted, and the message says what is wrong.
        let error = parse(&format!("- {FULL}\n  thing: 12")).unwrap_err();
        assert!(error.contains("entry 1") && error.contains("string"), "{error}");
        assert!(parse(&format!("- {FULL}\n  thing: '0012'")).is_ok());
    }
}
