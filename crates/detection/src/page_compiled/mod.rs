//! Compiled pages: the web server compiles a page when it is first requested, and the result stays after the page is gone.

use std::sync::Arc;

use afterpatch_model::{Confidence, FileAction, Record, Standing, Step, Unified};

use crate::web_place::{WebPlace, compiled_page_name, page_name, web_place};
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const COMPILED: (&str, &str) = (
    "page-compiled",
    "The web server compiled a page that is not in the table of genuine files: it was requested for the first time",
);
const COMPILED_OPEN: (&str, &str) = (
    "unknown-page-compiled",
    "The web server compiled a page that belongs to no build of Exchange, in a folder that anybody can reach",
);

/// Compiled pages.
pub struct PageCompiledDetector {
    known_good: Arc<KnownGood>,
}

impl PageCompiledDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }

    fn judge(&self, record: &Record<'_>) -> Option<Draft> {
        let open = match &record.unified {
            Unified::FileChange(change) if change.action == FileAction::Created => {
                let page = compiled_page_name(&change.path)?;
                if self.known_good.has_name(&page) {
                    return None;
                }
                // The event names the page's file name but not its folder.
                false
            }
            Unified::CompiledPage(page) if page.virtual_path.is_empty() => {
                page_name(&page.source_path)?;
                if self.known_good.has_path(&page.source_path) {
                    return None;
                }
                web_place(&page.source_path) == Some(WebPlace::Open)
            }
            Unified::CompiledPage(page) => {
                page_name(&page.virtual_path)?;
                if self.known_good.has_url(&page.virtual_path) {
                    return None;
                }
                let path = page.virtual_path.to_ascii_lowercase();
                path.starts_with("/owa/auth/") || path.starts_with("/ecp/auth/") || path.starts_with("/aspnet_client/")
            }
            _ => return None,
        };
        Some(if open {
            Draft { standing: Standing::Alone, ..Draft::of(COMPILED_OPEN, Step::PageCompiled, "T1505.003") }
        } else {
            Draft { confidence: Confidence::Medium, ..Draft::of(COMPILED, Step::PageCompiled, "T1505.003") }
        })
    }
}

impl Detector for PageCompiledDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [COMPILED, COMPILED_OPEN].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(CompileWatch { detector: self })
    }
}

struct CompileWatch<'d> {
    detector: &'d PageCompiledDetector,
}

impl Watch for CompileWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        if let Some(mut draft) = self.detector.judge(record) {
            draft.things = things_of(record, &self.detector.known_good);
            findings.add(draft, record);
        }
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
