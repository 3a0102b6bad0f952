//! Archives, mail files and memory dumps that a web server sent to a visitor: how what was gathered is taken out.
//!
//! Sites offer archives, too, so a download says something only beside other acts of the visitor.

use std::sync::Arc;

use afterpatch_model::{Confidence, Record, Severity, Step, Unified};

use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const DOWNLOADED: (&str, &str) =
    ("archive-downloaded", "An archive, a mail file or a memory dump was downloaded from the web server");

/// Extensions, the step that they tell, and its ATT&CK technique (indicators: exports and dumps were left below web roots and
/// fetched from there).
const KINDS: [(&str, Step, &str); 13] = [
    ("pst", Step::MailTaken, "T1114.002"),
    ("ost", Step::MailTaken, "T1114.002"),
    ("edb", Step::MailTaken, "T1114.002"),
    ("dmp", Step::CredentialsTaken, "T1003.001"),
    ("dit", Step::CredentialsTaken, "T1003.003"),
    ("hiv", Step::CredentialsTaken, "T1003.002"),
    ("zip", Step::DataTaken, "T1560"),
    ("7z", Step::DataTaken, "T1560"),
    ("001", Step::DataTaken, "T1560"),
    ("rar", Step::DataTaken, "T1560"),
    ("cab", Step::DataTaken, "T1560"),
    ("tar", Step::DataTaken, "T1560"),
    ("gz", Step::DataTaken, "T1560"),
];
/// Names under which what was gathered is hidden: no page has a picture or a style of this size.
const DISGUISES: [&str; 9] = ["gif", "jpg", "jpeg", "png", "ico", "bmp", "css", "js", "txt"];
/// From this size on, a file of such a name is not what it says.
const DISGUISED_BYTES: u64 = 32 << 20;
/// A smaller answer is a page that says "not found", or an archive that holds no mail.
const MIN_BYTES: u64 = 64 * 1024;

/// Archives, mail files and memory dumps that a web server sent to a visitor.
pub struct ArchiveDetector {
    known_good: Arc<KnownGood>,
}

impl ArchiveDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }
}

fn judge(stem: &str, status: u16, bytes_out: Option<u64>) -> Option<Draft> {
    if !(200..=206).contains(&status) || bytes_out.is_some_and(|bytes| bytes < MIN_BYTES) {
        return None;
    }
    let name = stem.rsplit('/').next().unwrap_or(stem);
    let (_, extension) = name.rsplit_once('.')?;
    let known =
        KINDS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(extension)).map(|(_, step, technique)| (step, technique));
    let disguised = || {
        DISGUISES.iter().any(|name| name.eq_ignore_ascii_case(extension))
            && bytes_out.is_some_and(|bytes| bytes >= DISGUISED_BYTES)
    };
    let (step, technique) = known.or_else(|| disguised().then_some((&Step::DataTaken, &"T1036.008")))?;
    Some(Draft { severity: Severity::Medium, confidence: Confidence::Low, bytes_out, ..Draft::of(DOWNLOADED, *step, technique) })
}

impl Detector for ArchiveDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        vec![(DOWNLOADED.0.to_owned(), DOWNLOADED.1.to_owned())]
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(ArchiveWatch { detector: self })
    }
}

struct ArchiveWatch<'d> {
    detector: &'d ArchiveDetector,
}

impl Watch for ArchiveWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let draft = match &record.unified {
            Unified::WebRequest(it) => judge(&it.stem, it.status, it.bytes_out),
            Unified::ProxyRequest(it) => judge(&it.stem, it.status, it.bytes_out),
            _ => None,
        };
        if let Some(mut draft) = draft {
            draft.things = things_of(record, &self.detector.known_good);
            findings.add(draft, record);
        }
    }

    fn wants_like(&mut self, record: &Record<'_>) -> Wish {
        // An answer so large that a name for it is a disguise is always shown; an archive may be of any size.
        let whatever_size = |stem, status| judge(stem, status, None).is_some();
        Wish::each_if(match &record.unified {
            Unified::WebRequest(it) => whatever_size(&it.stem, it.status),
            Unified::ProxyRequest(it) => whatever_size(&it.stem, it.status),
            _ => false,
        })
    }
}
