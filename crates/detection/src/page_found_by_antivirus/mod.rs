//! What the antivirus found in a web folder, or in what the web server compiled from it.

use std::sync::Arc;

use afterpatch_model::{AntivirusFinding, Record, Severity, Standing, Step, Unified};

use crate::things::antivirus_paths;
use crate::web_place::web_place;
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const FOUND: (&str, &str) = ("antivirus-found-in-web-folder", "The antivirus found something in a web folder");
/// Where ASP.NET keeps what it compiled of a page.
const COMPILED: &str = "\\temporary asp.net files\\";
/// Words for what was done that say that the file is gone.
const GONE: [&str; 6] = ["quarantin", "remov", "clean", "delet", "entfern", "lösch"];

/// What the antivirus found in a web folder.
pub struct AntivirusDetector {
    known_good: Arc<KnownGood>,
}

impl AntivirusDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }
}

fn judge(found: &AntivirusFinding<'_>) -> Option<Draft> {
    let in_web = |path: &str| web_place(path).is_some() || path.to_ascii_lowercase().contains(COMPILED);
    if !antivirus_paths(&found.path).any(in_web) {
        return None;
    }
    let action = found.action.to_lowercase();
    let gone = GONE.iter().any(|word| action.contains(word));
    let step = if gone { Step::Removed } else { Step::FilePresent };
    Some(Draft { severity: Severity::High, standing: Standing::Alone, ..Draft::of(FOUND, step, "T1505.003") })
}

impl Detector for AntivirusDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        vec![(FOUND.0.to_owned(), FOUND.1.to_owned())]
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(AntivirusWatch { detector: self })
    }
}

struct AntivirusWatch<'d> {
    detector: &'d AntivirusDetector,
}

impl Watch for AntivirusWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Unified::AntivirusFinding(found) = &record.unified else { return };
        if let Some(mut draft) = judge(found) {
            draft.things = things_of(record, &self.detector.known_good);
            findings.add(draft, record);
        }
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
