//! What a journal's lines add up to.

use jiff::Timestamp;

use crate::journal::{Intent, Line, Record};

/// How a change stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Begun, and nobody knows yet how it ended: a run is at it, or was interrupted.
    Pending,
    /// Done.
    Done {
        /// When the file's folder was last changed, after it, UTC.
        folder_modified: Option<Timestamp>,
    },
    /// Not done, or taken back at once: all is as before.
    Withdrawn {
        /// Why.
        why: String,
    },
    /// Done, and undone later.
    Undone {
        /// The change that undid it.
        by: u64,
    },
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When the run began that made it, UTC.
    pub time: Timestamp,
    /// What was to be done.
    pub intent: Intent,
    /// How it stands.
    pub state: State,
}

/// All changes of a vault, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The vault's own name.
    pub vault: String,
    /// To whom it encrypts.
    pub recipient: String,
    /// The changes.
    pub entries: Vec<Entry>,
}

impl History {
    pub(crate) fn of(lines: &[Line]) -> Self {
        let mut history = Self::default();
        for line in lines {
            history.add(line);
        }
        history
    }

    pub(crate) fn add(&mut self, line: &Line) {
        match &line.record {
            Record::Vault { vault, recipient, .. } => {
                self.vault.clone_from(vault);
                self.recipient.clone_from(recipient);
            }
            Record::Intent(intent) => {
                self.entries.push(Entry { time: line.time, intent: (**intent).clone(), state: State::Pending });
            }
            Record::Done { change, folder_modified, .. } => {
                self.set(*change, State::Done { folder_modified: *folder_modified });
                if let Some(undone) = self.get(*change).and_then(|entry| entry.intent.undoes) {
                    self.set(undone, State::Undone { by: *change });
                }
            }
            Record::Withdrawn { change, why } => self.set(*change, State::Withdrawn { why: why.clone() }),
        }
    }

    fn set(&mut self, change: u64, state: State) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.intent.change == change) {
            entry.state = state;
        }
    }

    /// A change by its number.
    pub fn get(&self, change: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.intent.change == change)
    }

    /// The number that the next change gets.
    pub(crate) fn next(&self) -> u64 {
        self.entries.last().map_or(1, |entry| entry.intent.change + 1)
    }

    /// Changes that are done and can be undone, the latest first: the order in which they are to be undone.
    pub fn to_undo(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev().filter(|entry| entry.intent.undoes.is_none() && matches!(entry.state, State::Done { .. }))
    }
}
