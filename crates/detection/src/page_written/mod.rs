//! Pages written into or deleted from web folders, told by Windows events.
//!
//! The writer decides nothing by itself: ProxyLogon's file is written by `System`, because the write goes over a share
//! (OTRF SDWIN-210314014019), so a rule that wants `w3wp.exe` misses it.

use std::sync::Arc;

use afterpatch_model::{Confidence, FileAction, FileChange, Record, Severity, Standing, Step, Unified};

use crate::web_place::{WebPlace, page_name, web_place};
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const WRITTEN: (&str, &str) = ("page-written", "A page was written into a web folder");
const OVERWRITTEN: (&str, &str) =
    ("genuine-page-overwritten", "A genuine page was written over by the web server or through a share");
/// Our own act, which the journal of a vault tells: it is no sign of an attack, and it says that the page is gone.
const TAKEN_AWAY: (&str, &str) = ("page-taken-away", "afterpatch took the page away");
const DELETED: (&str, &str) = ("page-deleted", "A page was deleted from a web folder");

/// Pages written into or deleted from web folders.
pub struct PageWrittenDetector {
    known_good: Arc<KnownGood>,
}

impl PageWrittenDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }

    fn judge(&self, change: &FileChange<'_>) -> Option<Draft> {
        let place = web_place(&change.path)?;
        page_name(&change.path)?;
        let genuine = self.known_good.has_path(&change.path);
        let (kind, step, severity, confidence, standing) = match change.action {
            FileAction::Deleted if change.image == "afterpatch" => {
                (TAKEN_AWAY, Step::Removed, Severity::Info, Confidence::High, Standing::Beside)
            }
            FileAction::Deleted if genuine => return None,
            FileAction::Deleted => (DELETED, Step::Removed, Severity::Medium, Confidence::Medium, Standing::Beside),
            FileAction::Created if genuine && !is_remote_or_web_writer(&change.image) => return None,
            FileAction::Created if genuine => {
                (OVERWRITTEN, Step::FileWritten, Severity::High, Confidence::Medium, Standing::Alone)
            }
            FileAction::Created | FileAction::Renamed => {
                let standing = match place {
                    // An update may bring a page that is newer than the table of genuine files.
                    _ if is_installer(&change.image) => Standing::Beside,
                    WebPlace::Open => Standing::Alone,
                    WebPlace::ExchangeWeb if is_remote_or_web_writer(&change.image) => Standing::Alone,
                    WebPlace::ExchangeWeb | WebPlace::SiteRoot => Standing::Beside,
                };
                (WRITTEN, Step::FileWritten, Severity::Critical, Confidence::High, standing)
            }
        };
        let technique = if step == Step::Removed { "T1070.004" } else { "T1505.003" };
        Some(Draft { severity, confidence, standing, ..Draft::of(kind, step, technique) })
    }
}

/// The web server itself, or the kernel on behalf of a share's client: no installer writes pages so.
fn is_remote_or_web_writer(image: &str) -> bool {
    let name = image.rsplit('\\').next().unwrap_or(image);
    name.eq_ignore_ascii_case("w3wp.exe") || name.eq_ignore_ascii_case("system")
}

/// Programs that install Exchange and its updates.
fn is_installer(image: &str) -> bool {
    let name = image.rsplit('\\').next().unwrap_or(image);
    ["msiexec.exe", "exsetup.exe", "exsetupui.exe", "trustedinstaller.exe", "tiworker.exe"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(name))
}

impl Detector for PageWrittenDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [WRITTEN, OVERWRITTEN, DELETED, TAKEN_AWAY].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(ChangeWatch { detector: self })
    }
}

struct ChangeWatch<'d> {
    detector: &'d PageWrittenDetector,
}

impl Watch for ChangeWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Unified::FileChange(change) = &record.unified else { return };
        if let Some(mut draft) = self.detector.judge(change) {
            draft.things = things_of(record, &self.detector.known_good);
            findings.add(draft, record);
        }
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
