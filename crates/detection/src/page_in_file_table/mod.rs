//! Pages in the file system's own table and journal: they tell of deleted pages, too.
//!
//! An entry of the master file table keeps the path, the time that only the kernel writes, and up to some 700 bytes of the
//! content after the file is gone. The journal tells that a name was created or deleted, but not in which folder.

use std::sync::Arc;

use afterpatch_model::{
    Confidence, Evidence, FileAction, FileChange, FileEntry, FileShape, Record, Severity, Standing, Step, Unified,
};

use crate::web_place::{WebPlace, page_name, web_place};
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const IN_TABLE: (&str, &str) =
    ("page-in-file-table", "The file table has a page in a web folder that belongs to no build of Exchange");
const DELETED: (&str, &str) = (
    "deleted-page-in-file-table",
    "The file table still has a deleted page in a web folder that belongs to no build of Exchange",
);
const GONE: (&str, &str) = ("page-entry-deleted", "The page was deleted; the file table does not say when");
const IN_JOURNAL: (&str, &str) =
    ("page-name-in-journal", "The file system's journal tells of a page whose name is not in the table of genuine files");

/// Pages in the file system's own table and journal.
pub struct FileTableDetector {
    known_good: Arc<KnownGood>,
}

impl FileTableDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }

    fn entry(&self, entry: &FileEntry<'_>) -> Option<Draft> {
        page_name(&entry.path)?;
        let place = web_place(&entry.path)?;
        let made_by_exchange = |shape: &FileShape<'_>| !matches!(shape, FileShape::ServerScript);
        let exported = match &entry.script {
            Some(script) if self.known_good.has_hash(&script.sha256) => return None,
            Some(script) => script.shapes.iter().any(made_by_exchange),
            None => false,
        };
        if !exported && self.known_good.has_path(&entry.path) {
            return None;
        }
        let alone = exported || place == WebPlace::Open;
        Some(Draft {
            standing: if alone { Standing::Alone } else { Standing::Beside },
            severity: if alone { Severity::Critical } else { Severity::Medium },
            confidence: if alone { Confidence::High } else { Confidence::Low },
            // An entry in use says that the file is there, a deleted one that it was written once.
            ..match entry.deleted {
                true => Draft::of(DELETED, Step::FileWritten, "T1505.003"),
                false => Draft::of(IN_TABLE, Step::FilePresent, "T1505.003"),
            }
        })
    }

    fn journal(&self, change: &FileChange<'_>) -> Option<Draft> {
        let bare = !change.path.contains(['\\', '/']);
        if !bare || page_name(&change.path).is_none() || self.known_good.has_name(&change.path) {
            return None;
        }
        let (step, technique) = match change.action {
            FileAction::Deleted => (Step::Removed, "T1070.004"),
            FileAction::Created | FileAction::Renamed => (Step::FileWritten, "T1505.003"),
        };
        Some(Draft { severity: Severity::Low, confidence: Confidence::Low, ..Draft::of(IN_JOURNAL, step, technique) })
    }
}

impl Detector for FileTableDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [IN_TABLE, DELETED, GONE, IN_JOURNAL].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(TableWatch { detector: self })
    }
}

struct TableWatch<'d> {
    detector: &'d FileTableDetector,
}

impl Watch for TableWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let (draft, deleted) = match &record.unified {
            Unified::FileEntry(entry) => (self.detector.entry(entry), entry.deleted),
            Unified::FileChange(change) => (self.detector.journal(change), false),
            _ => return,
        };
        let Some(mut draft) = draft else { return };
        draft.things = things_of(record, &self.detector.known_good);
        if deleted {
            let gone = Draft { things: draft.things.clone(), ..Draft::of(GONE, Step::Removed, "T1070.004") };
            // The record's time is the page's creation.
            let evidence = Evidence { time: None, ..findings.evidence(record) };
            let server = record.server.as_deref().unwrap_or_default().to_owned();
            findings.add_run(gone, server, None, None, 1, vec![evidence]);
        }
        findings.add(draft, record);
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
