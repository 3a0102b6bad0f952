//! Which rules are asked of a record, remembered for records of the same sort.
//!
//! A log of events changes from one sort to another with every record, and to find out which rules are for one costs more than to
//! ask them. So what was found out is kept: in the pack for all artifacts, and at hand for the one that is read.

use std::sync::{Arc, OnceLock};

use afterpatch_model::{Record, same_text};

use crate::event::RecordEvent;
use crate::line_filter::{LineFilter, Seen};
use crate::need::Answers;
use crate::prefilter::Prefilter;
use crate::route::meaning;

/// What decides which rules are asked of a record: its log source, its meaning and its event number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sort {
    /// Product, category, service.
    source: [String; 3],
    meaning: &'static str,
    /// Empty when it has none, or too long a one to be a number: then any rule of the log source may be for it.
    pub(crate) event_id: String,
}

impl Sort {
    /// The longest event number. Other fields of that name may hold anything.
    const LONGEST: usize = 10;

    fn of(record: &Record<'_>, event_id: &str) -> Self {
        let source = [&record.source.product, &record.source.category, &record.source.service].map(|text| text.to_string());
        Self { source, meaning: meaning(&record.unified), event_id: event_id.to_owned() }
    }

    fn is_of(&self, record: &Record<'_>, event_id: &str) -> bool {
        let source = [&record.source.product, &record.source.category, &record.source.service];
        same_text(&self.event_id, event_id)
            && same_text(self.meaning, meaning(&record.unified))
            && self.source.iter().zip(source).all(|(own, other)| same_text(own, other))
    }
}

/// The rules for records of one sort.
#[derive(Default)]
pub(crate) struct Admission {
    /// Positions of groups.
    pub(crate) groups: Vec<usize>,
    /// Of each, the rules that could match a record of this event number, where there are any: for records that have no line.
    pub(crate) rules: Vec<Vec<usize>>,
    /// Their filters, once asked for.
    pub(crate) by_fields: OnceLock<Vec<Arc<Prefilter>>>,
}

/// What was found out about records one after the other of one artifact. Of one pack.
#[derive(Default)]
pub struct Admitted {
    pub(crate) sorts: Sorts,
    pub(crate) answers: Answers,
    /// Ask every rule.
    pub(crate) all: bool,
}

impl Admitted {
    /// Every rule is asked of every record of its log source: slow, and what the filters are tested against.
    pub fn without_prefilter() -> Self {
        Self { all: true, ..Self::default() }
    }
}

/// Sorts of records met lately.
#[derive(Default)]
pub(crate) struct Sorts {
    /// That of the latest record; `None` before the first.
    pub(crate) latest: Option<Known>,
    /// The others, those of late at the end.
    others: Vec<Known>,
}

/// A sort that was met, and what its records said.
pub(crate) struct Known {
    sort: Sort,
    pub(crate) admission: Arc<Admission>,
    /// Once a row has asked for it.
    pub(crate) lines: Option<Arc<LineFilter>>,
    pub(crate) seen: Seen,
}

impl Sorts {
    /// Sorts at hand. A server's log has some dozens.
    const MOST: usize = 256;

    /// What is known of records like this one; `learn` finds it out.
    pub(crate) fn of(
        &mut self,
        record: &Record<'_>,
        event: &RecordEvent<'_, '_>,
        learn: impl FnOnce(&Sort) -> Arc<Admission>,
    ) -> &mut Known {
        // Rows of a log have no number, and their line says more.
        let event_id = if record.fields.line().is_some() { None } else { event.text("EventID") };
        let event_id = event_id.as_deref().filter(|text| text.len() <= Sort::LONGEST).unwrap_or_default();
        let known = match self.latest.take() {
            Some(latest) if latest.sort.is_of(record, event_id) => latest,
            other => {
                self.others.extend(other);
                match self.others.iter().rposition(|known| known.sort.is_of(record, event_id)) {
                    Some(position) => self.others.swap_remove(position),
                    None => {
                        if self.others.len() >= Self::MOST {
                            self.others.clear();
                        }
                        let sort = Sort::of(record, event_id);
                        Known { admission: learn(&sort), sort, lines: None, seen: Seen::default() }
                    }
                }
            }
        };
        self.latest.insert(known)
    }
}
