//! What the code of a served script does, by the analyser of the crate `webshell`.
//!
//! A web shell opens an incident. A suspicious script does so where only Exchange's own pages belong; elsewhere a site's author may
//! have written it, so it is told for somebody to look at and says nothing of an attack. So are administrators' tools and code that
//! nobody can read. Files whose hash is that of a genuine page are not looked at.

mod shown;

use std::sync::Arc;

use afterpatch_model::{Confidence, Grade, Record, Severity, Standing, Step, Unified};
use afterpatch_webshell::{File, Limits, Report, Verdict, inspect};

use crate::web_place::{WebPlace, web_place};
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

const WEB_SHELL: (&str, &str) = ("web-shell-code", "A script whose code gives its visitor power over the server");
const SUSPICIOUS: (&str, &str) = ("suspicious-script-code", "A script that lets its visitor do what a page should not");
const HIDDEN: (&str, &str) = ("hidden-script-code", "Code of a web shell in a file that is no script by its name");
const ADMIN_TOOL: (&str, &str) = ("admin-tool-page", "An administrators' tool that can do what a web shell does");
const OPAQUE: (&str, &str) = ("opaque-script-code", "A script whose code is encoded, so that nobody can judge it by reading");

/// From this score on, no harmless explanation is known.
const SURE: f64 = 0.95;

/// What the code of a served script does.
pub struct ScriptCodeDetector {
    known_good: Arc<KnownGood>,
    limits: Limits,
}

impl ScriptCodeDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        // The same evidence gives the same report, however busy the machine is: only steps bound the work.
        Self { known_good, limits: Limits { time: None, ..Limits::default() } }
    }
}

impl Detector for ScriptCodeDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [WEB_SHELL, SUSPICIOUS, HIDDEN, ADMIN_TOOL, OPAQUE].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
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
        let Some(file) = record.unified.script() else { return };
        let ScriptCodeDetector { known_good, limits } = self.detector;
        if known_good.has_hash(&file.sha256) {
            return;
        }
        let report = inspect(&File { path: &file.path, bytes: &file.content.0, open: None }, limits);
        let is_own_file = matches!(record.unified, Unified::ServedFile(_));
        let Some(mut draft) = judge(&report, web_place(&file.path), file.runs_by_name || !is_own_file) else { return };
        draft.things = things_of(record, known_good);
        // A file lies there. Its times say when it was copied as often as when it was made, so they tell no step.
        let evidence = shown::of(&report, file, record.place, is_own_file)
            .into_iter()
            .map(|(place, text)| findings.evidence_at(place, record.time, text))
            .collect();
        findings.add_run(draft, record.server.as_deref().unwrap_or_default().to_owned(), None, None, 1, evidence);
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }
}

fn judge(report: &Report, place: Option<WebPlace>, runs: bool) -> Option<Draft> {
    use afterpatch_webshell::Severity as Harm;
    let harm = match report.severity {
        Harm::Critical => Severity::Critical,
        Harm::High => Severity::High,
        Harm::Medium => Severity::Medium,
        Harm::Low | Harm::None => Severity::Low,
    };
    let sure = if report.score >= SURE { Confidence::High } else { Confidence::Medium };
    let of_exchange = matches!(place, Some(WebPlace::Open | WebPlace::ExchangeWeb));
    let (kind, grade, severity, confidence) = match report.verdict {
        Verdict::Clean => return None,
        Verdict::Webshell | Verdict::Suspicious if !runs => {
            (HIDDEN, Grade::Unclear, Severity::High, sure.min(Confidence::Medium))
        }
        Verdict::DualUse | Verdict::Opaque if !runs => return None,
        Verdict::Webshell => (WEB_SHELL, Grade::Compromise, harm.max(Severity::High), sure),
        Verdict::Suspicious if of_exchange => (SUSPICIOUS, Grade::Compromise, harm.max(Severity::High), Confidence::Medium),
        Verdict::Suspicious => (SUSPICIOUS, Grade::Unclear, Severity::High, Confidence::Low),
        Verdict::DualUse => (ADMIN_TOOL, Grade::Unclear, Severity::Medium, Confidence::Low),
        Verdict::Opaque => (OPAQUE, Grade::Unclear, Severity::Low, Confidence::Low),
    };
    Some(Draft { grade, severity, confidence, standing: Standing::Alone, ..Draft::of(kind, Step::FilePresent, "T1505.003") })
}
