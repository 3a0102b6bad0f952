//! What the web-shell analyser says of files as results: one a file that it has something to say of, with the way of the data.

use std::io::Write;

use afterpatch_webshell::{Finding, Report, Severity, Spot, Verdict};
use serde_json::{Value, json};

use super::super::told::english;
use super::{Rules, Run, place};
use crate::inspect::{Inspected, words};
use crate::{ReportError, texts::Texts, texts::slug};

/// Gathers the answers for single files into one document.
pub struct InspectSarif {
    texts: Texts,
    rules: Rules,
    results: Vec<Value>,
    unread: Vec<Value>,
}

impl InspectSarif {
    /// Nothing yet.
    ///
    /// # Errors
    /// A fault of ours in the texts.
    pub fn new() -> Result<Self, ReportError> {
        Ok(Self { texts: english()?, rules: Rules::default(), results: Vec::new(), unread: Vec::new() })
    }

    /// What is said of one more file.
    pub fn add(&mut self, inspected: &Inspected) {
        let Self { texts, .. } = self;
        let Inspected { path, report } = inspected;
        let id = match report.verdict {
            Verdict::Clean => "nothing_found".to_owned(),
            verdict => slug(verdict),
        };
        let rule = || json!({ "id": id, "shortDescription": { "text": texts.word("inspect-verdict", report.verdict) } });
        let index = self.rules.position(&id, rule);
        let sentences = [words::calls(texts, report, usize::MAX), words::facts(texts, report)].concat();
        let line = report.findings.first().map(|finding| in_file(report, finding.place));
        let line = line.or_else(|| report.settings.first().map(|setting| u64::from(setting.line)));
        let excerpt = report.findings.first().filter(|it| it.place.layer == 0).map_or("", |it| it.excerpt.as_str());
        self.results.push(json!({
            "ruleId": id,
            "ruleIndex": index,
            "level": level(report.verdict),
            "kind": if report.verdict == Verdict::Clean { "pass" } else { "fail" },
            "rank": report.score * 100.0,
            "message": { "text": std::iter::once(words::verdict(texts, report)).chain(sentences).collect::<Vec<_>>().join("\n") },
            "locations": [{ "physicalLocation": place(path, line, excerpt) }],
            "codeFlows": report.findings.iter().map(|it| code_flow(texts, path, report, it)).collect::<Vec<_>>(),
            "partialFingerprints": { "sha256/v1": report.sha256 },
            "properties": {
                "severity": report.severity,
                "security-severity": security_severity(report.severity),
                "languages": report.languages,
                "capabilities": report.capabilities,
                "family": report.family,
                "exhausted": report.exhausted,
            },
        }));
    }

    /// A file that could not be read, and why.
    pub fn add_unread(&mut self, path: &str, why: &str) {
        self.unread.push(json!({
            "level": "warning",
            "message": { "text": why },
            "locations": [{ "physicalLocation": place(path, None, "") }],
        }));
    }

    /// Writes the document.
    ///
    /// # Errors
    /// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
    pub fn write(self, out: &mut dyn Write) -> Result<(), ReportError> {
        let invocation = json!({ "executionSuccessful": true, "toolExecutionNotifications": self.unread });
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Run { version, rules: self.rules, results: self.results, invocation }.write(out)
    }
}

/// The way of the data from the request to the dangerous call.
fn code_flow(texts: &Texts, path: &str, report: &Report, finding: &Finding) -> Value {
    let location = |spot: Spot, excerpt: &str, said: String| {
        let excerpt = if spot.layer == 0 { excerpt } else { "" };
        json!({ "location": { "physicalLocation": place(path, Some(in_file(report, spot)), excerpt), "message": { "text": said } } })
    };
    let steps = finding.path.iter().map(|step| location(step.place, &step.excerpt, words::step(texts, step)));
    let call = location(finding.place, &finding.excerpt, words::call(texts, finding));
    json!({ "threadFlows": [{ "locations": steps.chain([call]).collect::<Vec<_>>() }] })
}

/// The line in the file itself: of decoded code, where it is run.
fn in_file(report: &Report, mut spot: Spot) -> u64 {
    // A layer is run in one before it; more steps than layers would be a circle.
    for _ in 0..=report.layers.len() {
        match report.layers.iter().find(|layer| spot.layer != 0 && layer.layer == spot.layer) {
            Some(layer) => spot = layer.run_at,
            None => break,
        }
    }
    u64::from(spot.line)
}

fn level(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Webshell => "error",
        Verdict::Suspicious => "warning",
        Verdict::DualUse | Verdict::Opaque => "note",
        Verdict::Clean => "none",
    }
}

/// In the numbers by which code scanning sorts.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::None => "0.0",
        Severity::Low => "3.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}
