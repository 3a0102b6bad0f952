//! What the code of a served script lets its visitor do, as the analyser in `webshell` reads it.
//!
//! A file whose hash is that of a genuine page is not read. Scripts that lie in the file table itself are read like files.

use std::sync::Arc;

use afterpatch_model::{Confidence, Record, ServedFile, Severity, Standing, Step, Unified};
use afterpatch_webshell::{File, Limits, Report, Verdict, inspect};

use crate::{Detector, Draft, Findings, KnownGood, Watch, things::things_of};

const WEB_SHELL: (&str, &str) = ("web-shell-code", "A page whose code gives its visitor power over the server");
const SUSPICIOUS: (&str, &str) = ("suspicious-script-code", "A page whose code lets its visitor do what a page should not");
const ADMIN_TOOL: (&str, &str) = ("admin-tool-page", "A known tool for administrators in a place that the web server serves");
const OPAQUE: (&str, &str) = ("opaque-script-code", "A page whose code is encoded, so that nobody can judge it by reading");

/// What the code of a served script does.
pub struct ScriptCodeDetector {
    known_good: Arc<KnownGood>,
}

impl ScriptCodeDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }
}

impl Detector for ScriptCodeDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [WEB_SHELL, SUSPICIOUS, ADMIN_TOOL, OPAQUE].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(CodeWatch { detector: self })
    }
}

struct CodeWatch<'d> {
    detector: &'d ScriptCodeDetector,
}

impl Watch for CodeWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let file = match &record.unified {
            Unified::ServedFile(file) => file,
            Unified::FileEntry(entry) => match &entry.script {
                Some(script) => script,
                None => return,
            },
            _ => return,
        };
        if self.detector.known_good.has_hash(&file.sha256) {
            return;
        }
        // Steps bound the work, not time: the same file gives the same answer on every machine.
        let limits = Limits { time: None, ..Limits::default() };
        let report = inspect(&File { path: &file.path, bytes: &file.content.0, open: None }, &limits);
        let Some(mut draft) = draft(&report) else { return };
        draft.things = things_of(record, &self.detector.known_good);
        // A file lies there. Its times say when it was copied as often as when it was made, so they tell no step.
        let evidence = vec![findings.evidence_at(record.place, record.time, evidence_text(file, &report))];
        findings.add_run(draft, record.server.as_deref().unwrap_or_default().to_owned(), None, None, 1, evidence);
    }
}

fn draft(report: &Report) -> Option<Draft> {
    let (kind, severity, confidence, standing) = match report.verdict {
        Verdict::Webshell => (WEB_SHELL, Severity::Critical, Confidence::High, Standing::Alone),
        Verdict::Suspicious => (SUSPICIOUS, Severity::High, Confidence::Medium, Standing::Beside),
        Verdict::DualUse => (ADMIN_TOOL, Severity::Medium, Confidence::Medium, Standing::Beside),
        Verdict::Opaque => (OPAQUE, Severity::Low, Confidence::Low, Standing::Beside),
        Verdict::Clean => return None,
    };
    Some(Draft { severity, confidence, standing, ..Draft::of(kind, Step::FilePresent, "T1505.003") })
}

/// Which file, and what its code does with what of the visitor: the dangerous calls with the lines that the data takes.
fn evidence_text(file: &ServedFile<'_>, report: &Report) -> String {
    let mut text = format!("Path={}  SHA256={}  Score={:.2}", file.path, file.sha256, report.score);
    if let Some(product) = report.product {
        text.push_str(&format!("  Product={product}"));
    }
    if let Some(family) = report.family {
        text.push_str(&format!("  Family={}", family.slug()));
    }
    for finding in report.findings.iter().take(5) {
        text.push_str(&format!("  {}: {} in line {}", finding.capability.slug(), finding.call, finding.place.line));
        if finding.place.layer > 0 {
            text.push_str(&format!(" of decoded code {}", finding.place.layer));
        }
        if let Some(source) = &finding.source {
            text.push_str(&format!(" <- {} {} in line {}", source.kind.slug(), source.name, source.place.line));
        }
        text.push_str(&format!(": {}", finding.excerpt));
    }
    for setting in report.settings.iter().take(5) {
        text.push_str(&format!("  line {}: {}", setting.line, setting.quote));
    }
    text
}
