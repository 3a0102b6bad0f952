//! Script files that lie where a web server would run them.
//!
//! What a file *does* is for [`script_code`](crate::script_code). Here: is its hash that of a genuine file; does its
//! structure betray how it was made (a virtual directory's dump, an Outlook data file, a certificate request); does it lie
//! where no build of Exchange puts a page.

use std::sync::Arc;

use afterpatch_model::{Build, Confidence, FileShape, Finding, Record, ServedFile, Severity, Standing, Step, Unified};

use crate::web_place::{WebPlace, web_place};
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const DIRECTORY_DUMP: (&str, &str) =
    ("virtual-directory-shell", "A page made from a virtual directory's settings, as ProxyLogon makes its web shells");
const OUTLOOK_DATA: (&str, &str) =
    ("outlook-data-page", "A page that is an Outlook data file, as a mailbox export into a web folder makes");
const CERTIFICATE: (&str, &str) = ("certificate-request-page", "A page that is a certificate request, written into a web folder");
const UNKNOWN_PAGE: (&str, &str) =
    ("unknown-page-present", "A page that belongs to no build of Exchange, in a folder that anybody can reach");
const UNJUDGED_PAGE: (&str, &str) = ("unjudged-page-present", "A page that is not in the table of genuine files");
const CHANGED_PAGE: (&str, &str) = ("genuine-page-changed", "A page with a genuine name and unknown content");

/// Script files that lie where a web server would run them.
pub struct ServedFileDetector {
    known_good: Arc<KnownGood>,
}

impl ServedFileDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }

    fn judge(&self, file: &ServedFile<'_>) -> Option<Draft> {
        if self.known_good.has_hash(&file.sha256) {
            return None;
        }
        let place = web_place(&file.path);
        let shape = |wanted: fn(&FileShape<'_>) -> bool| file.shapes.iter().any(wanted);
        let (kind, severity, confidence, standing, campaign) = if shape(|it| matches!(it, FileShape::DirectoryDump(_))) {
            (DIRECTORY_DUMP, Severity::Critical, Confidence::High, Standing::Alone, Some("proxylogon"))
        } else if shape(|it| matches!(it, FileShape::OutlookData)) {
            (OUTLOOK_DATA, Severity::Critical, Confidence::High, Standing::Alone, None)
        } else if shape(|it| matches!(it, FileShape::CertificateRequest)) {
            (CERTIFICATE, Severity::Critical, Confidence::High, Standing::Alone, None)
        } else if self.known_good.has_path(&file.path) {
            (CHANGED_PAGE, Severity::High, Confidence::Low, Standing::Beside, None)
        } else if place == Some(WebPlace::Open) {
            (UNKNOWN_PAGE, Severity::High, Confidence::Medium, Standing::Alone, None)
        } else {
            (UNJUDGED_PAGE, Severity::Low, Confidence::Low, Standing::Beside, None)
        };
        let campaign = campaign.map(str::to_owned);
        Some(Draft { campaign, severity, confidence, standing, ..Draft::of(kind, Step::FilePresent, "T1505.003") })
    }
}

/// A genuine name with an unknown hash is an alarm where the table knows the server's build, and only something to look at
/// where the server's files may be newer than the table. The build is known when all logs are read, so this comes last.
pub fn settle(finding: &mut Finding, newest_build: Option<Build>, known_good: &KnownGood) {
    if finding.kind == CHANGED_PAGE.0 && newest_build.is_some_and(|build| known_good.covers(build)) {
        finding.standing = Standing::Alone;
        finding.confidence = Confidence::Medium;
    }
}

impl Detector for ServedFileDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [DIRECTORY_DUMP, OUTLOOK_DATA, CERTIFICATE, UNKNOWN_PAGE, UNJUDGED_PAGE, CHANGED_PAGE]
            .map(|(kind, title)| (kind.to_owned(), title.to_owned()))
            .into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(FileWatch { detector: self })
    }
}

struct FileWatch<'d> {
    detector: &'d ServedFileDetector,
}

impl Watch for FileWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Unified::ServedFile(file) = &record.unified else { return };
        if let Some(mut draft) = self.detector.judge(file) {
            draft.things = things_of(record, &self.detector.known_good);
            // A file lies there now. Its times say when it was copied as often as when it was made, so they tell no step.
            let evidence = vec![findings.evidence(record)];
            findings.add_run(draft, record.server.as_deref().unwrap_or_default().to_owned(), None, None, 1, evidence);
        }
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}
