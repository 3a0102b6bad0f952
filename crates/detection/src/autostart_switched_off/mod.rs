//! Our own act, which the journal of a vault tells: a service or task was switched off. It is no sign of an attack, and it says that
//! what starts by itself does so no more.

use std::sync::Arc;

use afterpatch_model::{Confidence, Record, Severity, Standing, Step, Unified};

use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const SWITCHED_OFF: (&str, &str) = ("autostart-switched-off", "afterpatch switched off what starts by itself");

/// Services and tasks that we switched off.
pub struct SwitchedOffDetector {
    known_good: Arc<KnownGood>,
}

impl SwitchedOffDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }
}

impl Detector for SwitchedOffDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        let (kind, title) = SWITCHED_OFF;
        vec![(kind.to_owned(), title.to_owned())]
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(JournalWatch { detector: self })
    }
}

struct JournalWatch<'d> {
    detector: &'d SwitchedOffDetector,
}

impl Watch for JournalWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        if record.unified != Unified::Other || record.source.product != "afterpatch" || record.source.service != "vault" {
            return;
        }
        let draft = Draft {
            severity: Severity::Info,
            confidence: Confidence::High,
            standing: Standing::Beside,
            things: things_of(record, &self.detector.known_good),
            ..Draft::of(SWITCHED_OFF, Step::Removed, "T1543.003")
        };
        findings.add(draft, record);
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
