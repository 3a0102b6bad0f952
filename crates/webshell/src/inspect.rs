//! The way of one file: its scripts, each walked and judged; the worst of them is the file's verdict.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::carrier::{self, Disguise, Script};
use crate::evidence::{Capability, Control, Hit, Spot, Step, Taint, Trail};
use crate::includes::{self, Included};
use crate::interpret::{Drop, Interpreter};
use crate::language::Language;
use crate::limits::Limits;
use crate::report::{
    self, Finding, Gate, LayerShown, Reason, Report, Setting, Severity, SourceShown, StepKind, StepShown, Verdict,
};
use crate::verdict::{self, Judgement, Surroundings};
use crate::{config, family, lexical, product, stack};

/// Opens another file by the path that a page gives.
pub type Opener<'a> = dyn Fn(&str) -> Option<Vec<u8>> + Sync + 'a;

/// A file to look at.
pub struct File<'a> {
    /// Its path or name. What it ends in tells the language where the content does not.
    pub path: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Opens another file by the path that the page gives, so that what it includes is followed.
    pub open: Option<&'a Opener<'a>>,
}

/// How much of the certainty that a written page is a web shell falls on the one that writes it.
const DROPPED: f64 = 0.9;

/// Findings that are told of one file.
const MAX_FINDINGS: usize = 40;

/// Looks at one file as it is read: no more than [`Limits::file_bytes`] of it is kept, the hash and the size are those of all.
///
/// # Errors
/// What the reader gives.
pub fn inspect_from(path: &str, reader: &mut dyn Read, open: Option<&Opener<'_>>, limits: &Limits) -> io::Result<Report> {
    let mut bytes = Vec::new();
    (&mut *reader).take(limits.file_bytes as u64).read_to_end(&mut bytes)?;
    let mut report = inspect(&File { path, bytes: &bytes, open }, limits);
    let mut digest = Sha256::new_with_prefix(&bytes);
    let mut chunk = vec![0; 1 << 16];
    loop {
        let count = match reader.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(chunk.get(..count).unwrap_or_default());
        report.size = report.size.saturating_add(count as u64);
        report.exhausted = true;
    }
    report.sha256 = hex(&digest.finalize());
    Ok(report)
}

/// Looks at one file. Never fails: what cannot be read is no script, and bounds that are reached are told.
#[must_use]
pub fn inspect(file: &File<'_>, limits: &Limits) -> Report {
    let bytes = file.bytes.get(..file.bytes.len().min(limits.file_bytes)).unwrap_or_default();
    let mut report = blank(file);
    report.exhausted = bytes.len() < file.bytes.len();
    let settings = settings(file.path, bytes);
    if !settings.is_empty() {
        merge(&mut report, configured(settings));
    }
    let is_wanted = |script: &Script| {
        limits.walk_all || lexical::may_matter(script.language, &script.text) || file.open.is_some() && includes::has_any(script)
    };
    if product::is_sourceless(file.path, bytes) {
        let (languages, reasons) = (vec![Language::ColdFusion], vec![Reason::Loader]);
        merge(&mut report, Report { verdict: Verdict::Opaque, severity: Severity::Low, languages, reasons, ..empty() });
    }
    let walk = || {
        let scripts = carrier::scripts(bytes, file.path);
        let seen = scripts
            .iter()
            .map(|script| if is_wanted(script) { look(file.path, script, file.open, limits) } else { unwalked(script) });
        seen.collect::<Vec<_>>()
    };
    let guarded = || catch_unwind(AssertUnwindSafe(walk)).unwrap_or_else(|_| vec![failed()]);
    for one in stack::on_deep_stack(guarded).unwrap_or_else(|| vec![failed()]) {
        merge(&mut report, one);
    }
    report
}

/// A fault of ours must not look like a file without anything in it.
fn failed() -> Report {
    Report { verdict: Verdict::Opaque, severity: Severity::Low, reasons: vec![Reason::Failed], exhausted: true, ..empty() }
}

/// A script that does nothing which could matter; an encoder's output is told all the same.
fn unwalked(script: &Script) -> Report {
    let loader = product::loader(&script.text).is_some();
    let reasons = if loader { vec![Reason::Loader] } else { Vec::new() };
    let verdict = verdict::of(0.0, false, loader);
    let severity = if loader { Severity::Low } else { Severity::None };
    Report { verdict, severity, reasons, languages: vec![script.language], disguises: script.disguises.clone(), ..empty() }
}

fn blank(file: &File<'_>) -> Report {
    Report { sha256: hex(&Sha256::digest(file.bytes)), size: file.bytes.len() as u64, ..empty() }
}

fn hex(digest: &[u8]) -> String {
    String::from_utf8_lossy(&crate::decode::to_hex(digest)).into_owned()
}

fn empty() -> Report {
    Report {
        verdict: Verdict::Clean,
        score: 0.0,
        severity: Severity::None,
        languages: Vec::new(),
        capabilities: Vec::new(),
        family: None,
        product: None,
        findings: Vec::new(),
        settings: Vec::new(),
        gates: Vec::new(),
        layers: Vec::new(),
        disguises: Vec::new(),
        reasons: Vec::new(),
        exhausted: false,
        sha256: String::new(),
        size: 0,
    }
}

/// What a server's configuration makes run.
fn settings(path: &str, bytes: &[u8]) -> Vec<Setting> {
    let line = |at: usize| memchr::memchr_iter(b'\n', bytes.get(..at.min(bytes.len())).unwrap_or_default()).count() + 1;
    let findings = config::findings(path, bytes).into_iter();
    findings
        .map(|finding| Setting {
            effect: finding.effect,
            line: u32::try_from(line(finding.at)).unwrap_or(u32::MAX),
            quote: finding.quote,
            weight: f64::from(finding.sure),
        })
        .collect()
}

fn configured(settings: Vec<Setting>) -> Report {
    let chance: f64 = settings.iter().map(|setting| 1.0 - setting.weight).product();
    let score = (1.0 - chance).clamp(0.0, 0.999);
    let verdict = verdict::of(score, false, false);
    let severity = if verdict == Verdict::Clean { Severity::None } else { Severity::Critical };
    Report {
        verdict,
        score,
        severity,
        languages: vec![Language::ServerConfig],
        settings,
        reasons: vec![Reason::Configuration],
        ..empty()
    }
}

/// The worse of two verdicts stays, with its explanation; what the other found is added.
fn merge(report: &mut Report, mut other: Report) {
    other.sha256.clone_from(&report.sha256);
    other.size = report.size;
    if (other.verdict, other.score) > (report.verdict, report.score) {
        std::mem::swap(report, &mut other);
    }
    report.exhausted |= other.exhausted;
    for language in other.languages {
        if !report.languages.contains(&language) {
            report.languages.push(language);
        }
    }
    if report.settings.is_empty() {
        report.settings = other.settings;
    }
    for disguise in other.disguises {
        if !report.disguises.contains(&disguise) {
            report.disguises.push(disguise);
        }
    }
}

/// A script that writes pages is judged by what they would do, too.
fn look(path: &str, script: &Script, open: Option<&Opener<'_>>, limits: &Limits) -> Report {
    let Looked { mut report, drops, unread } = look_at_itself(path, script, open, limits);
    if unread
        && script.language == Language::Php
        && report.verdict < Verdict::Suspicious
        && let Some(repaired) = look_at_repaired(path, script, open, limits)
    {
        return repaired;
    }
    let worst = drops.iter().flat_map(|drop| {
        let scripts = carrier::scripts(&drop.bytes, &drop.path);
        let seen = scripts.iter().map(|script| look_at_itself(&drop.path, script, None, limits).report);
        let set = settings(&drop.path, &drop.bytes);
        let seen = seen.chain((!set.is_empty()).then(|| configured(set)));
        seen.map(|seen| (seen.verdict, seen.score)).collect::<Vec<_>>()
    });
    let worst = worst.filter(|(verdict, _)| *verdict >= Verdict::Suspicious).map(|(_, score)| score).max_by(f64::total_cmp);
    if let Some(score) = worst {
        report.reasons.push(Reason::Drops);
        report.score = 1.0 - (1.0 - report.score) * (1.0 - score * DROPPED);
        report.verdict = verdict::of(report.score, report.product.is_some(), report.reasons.contains(&Reason::Loader));
        report.severity = report.severity.max(Severity::High);
    }
    report
}

/// A page that cannot be read as it is may have lost a quote.
fn look_at_repaired(path: &str, script: &Script, open: Option<&Opener<'_>>, limits: &Limits) -> Option<Report> {
    let repaired = carrier::with_closed_strings(&script.text)?;
    let scripts = carrier::scripts(&repaired, path);
    let seen = scripts.iter().map(|script| look_at_itself(path, script, open, limits).report);
    let mut worst = seen.max_by(|one, other| one.verdict.cmp(&other.verdict).then(one.score.total_cmp(&other.score)))?;
    if worst.verdict < Verdict::Suspicious {
        return None;
    }
    worst.reasons.push(Reason::Damaged);
    worst.disguises.clone_from(&script.disguises);
    Some(worst)
}

/// What one walk over a script gave.
struct Looked {
    report: Report,
    drops: Vec<Drop>,
    /// Some of it could not be read.
    unread: bool,
}

fn look_at_itself(path: &str, script: &Script, open: Option<&Opener<'_>>, limits: &Limits) -> Looked {
    let name = name_of(path);
    let own = script.text.clone();
    let opener = move |asked: &str| -> Option<Vec<u8>> {
        let last = asked.rsplit(['/', '\\']).next().unwrap_or(asked);
        if asked.is_empty() || last == name {
            return Some(own.to_vec());
        }
        open.and_then(|open| open(asked))
    };
    let limits = limits.for_script(script.text.len());
    let mut it = Interpreter::new(script.language, &limits, &opener);
    it.set_own_path(path);
    for control in &script.controls {
        crate::library::declare_control(&mut it, control);
    }
    let program = crate::parse::parse(script.language, &script.text, &script.pieces);
    let included = Included::of(script, &name_of(path), &opener);
    it.run(script.text.clone(), &program, &included);
    let loader = product::loader(&script.text);
    let disguised = script.disguises.iter().any(matters);
    let around = Surroundings { code_bytes: script.code_bytes(), disguised, loader: loader.is_some() };
    let judgement = verdict::judge(&it, around);
    let report = told(&it, script, judgement, around);
    Looked { report, drops: std::mem::take(&mut it.drops), unread: it.notes.unread > 0 }
}

fn name_of(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// Disguises that an author without bad intent has hardly a reason for.
fn matters(disguise: &Disguise) -> bool {
    matches!(
        disguise,
        Disguise::Image(_)
            | Disguise::OutlookData
            | Disguise::CertificateRequest
            | Disguise::DirectoryDump
            | Disguise::EncodedScript
            | Disguise::CharacterReferences
            | Disguise::Junk(_)
    )
}

fn told(it: &Interpreter<'_>, script: &Script, judgement: Judgement, around: Surroundings) -> Report {
    let mut order: Vec<usize> = (0..it.hits.len()).collect();
    let weight = |index: usize| judgement.weights.get(index).copied().unwrap_or_default();
    order.sort_by(|one, other| {
        weight(*other)
            .total_cmp(&weight(*one))
            .then(it.hits.get(*one).map(|hit| hit.spot).cmp(&it.hits.get(*other).map(|hit| hit.spot)))
    });
    let heavy = |index: &usize| weight(*index) >= 0.1;
    let hits: Vec<&Hit> = order.iter().filter(|index| heavy(index)).filter_map(|index| it.hits.get(*index)).collect();
    let does = |capability: Capability| {
        // A command of its own with something of the visitor's in it is the product's; a command of the visitor's is not.
        let all = |taint: &Taint| taint.control == Control::Whole || capability != Capability::Command;
        let is_visitors = |taint: &Taint| taint.is_request() && all(taint);
        hits.iter().any(|hit| hit.capability == capability && hit.taint.as_ref().is_some_and(is_visitors))
    };
    let product = product::of(&script.text, does);
    let verdict = verdict::of(judgement.score, product.is_some(), judgement.opaque);
    let shown = Shown { it, script };
    let findings: Vec<Finding> = order
        .iter()
        .filter(|index| heavy(index))
        .take(MAX_FINDINGS)
        .filter_map(|index| Some(shown.finding(it.hits.get(*index)?, weight(*index))))
        .collect();
    let mut capabilities: Vec<Capability> = hits.iter().map(|hit| hit.capability).collect();
    capabilities.sort_unstable();
    capabilities.dedup();
    let severity = match verdict {
        Verdict::Clean => Severity::None,
        Verdict::Opaque => Severity::Low,
        _ => capabilities.iter().map(|one| verdict::severity(*one)).max().unwrap_or(Severity::Medium),
    };
    let family = if verdict == Verdict::Webshell { family::of(around.code_bytes, &hits) } else { None };
    Report {
        verdict,
        score: judgement.score,
        severity,
        languages: vec![script.language],
        capabilities,
        family,
        product,
        findings,
        settings: Vec::new(),
        gates: shown.gates(),
        layers: shown.layers(),
        disguises: script.disguises.clone(),
        reasons: judgement.reasons,
        exhausted: it.notes.exhausted,
        sha256: String::new(),
        size: 0,
    }
}

/// Turns offsets into lines and excerpts.
struct Shown<'a> {
    it: &'a Interpreter<'a>,
    script: &'a Script,
}

impl Shown<'_> {
    fn place(&self, spot: Spot) -> report::Spot {
        let line = if spot.layer == 0 {
            self.script.line_of(spot.at as usize)
        } else {
            let text = self.text(spot.layer);
            let before = text.get(..(spot.at as usize).min(text.len())).unwrap_or_default();
            u32::try_from(memchr::memchr_iter(b'\n', before).count() + 1).unwrap_or(u32::MAX)
        };
        report::Spot { line, layer: spot.layer }
    }

    fn text(&self, layer: u16) -> Rc<[u8]> {
        self.it.layers.get(usize::from(layer)).map_or_else(|| Rc::from(&b""[..]), |layer| layer.text.clone())
    }

    /// What stands around a place, at most so much of its line.
    fn excerpt(&self, spot: Spot) -> String {
        const BEFORE: usize = 60;
        const ALL: usize = 200;
        let text = self.text(spot.layer);
        let at = (spot.at as usize).min(text.len());
        let line = memchr::memrchr(b'\n', text.get(..at).unwrap_or_default()).map_or(0, |found| found + 1);
        let start = line.max(at.saturating_sub(BEFORE));
        let rest = text.get(start..text.len().min(start + ALL)).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        String::from_utf8_lossy(rest.get(..end).unwrap_or_default()).trim().to_owned()
    }

    fn source(&self, trail: &Trail) -> SourceShown {
        SourceShown { kind: trail.source.kind, name: trail.source.name.to_string(), place: self.place(trail.source.spot) }
    }

    fn finding(&self, hit: &Hit, weight: f64) -> Finding {
        let mut path = Vec::new();
        let mut trail = hit.taint.as_ref().map(|taint| taint.trail.clone());
        while let Some(step) = trail {
            let (kind, name) = match &step.step {
                Step::Read => (StepKind::Read, step.source.name.to_string()),
                Step::Kept(name) => (StepKind::Kept, name.to_string()),
                Step::Through(name) => (StepKind::Through, name.to_string()),
                Step::Handed(name) => (StepKind::Handed, name.to_string()),
            };
            path.push(StepShown { step: kind, name, place: self.place(step.spot), excerpt: self.excerpt(step.spot) });
            trail = step.before.clone();
        }
        path.reverse();
        Finding {
            capability: hit.capability,
            call: hit.callee.to_string(),
            place: self.place(hit.spot),
            excerpt: self.excerpt(hit.spot),
            source: hit.taint.as_ref().map(|taint| self.source(&taint.trail)),
            path,
            argument: hit.argument.to_string(),
            weight,
            hidden_name: hit.facts.name_computed,
            decoded: hit.facts.decoded,
        }
    }

    fn gates(&self) -> Vec<Gate> {
        let mut gates: Vec<Gate> = Vec::new();
        for gate in &self.it.gates {
            let constant: String = String::from_utf8_lossy(&gate.constant).chars().take(80).collect();
            let shown =
                Gate { source: self.source(&gate.taint.trail), constant, hashed: gate.hashed, place: self.place(gate.spot) };
            if gates.len() < 20 && !gates.iter().any(|one| one.constant == shown.constant && one.source.name == shown.source.name)
            {
                gates.push(shown);
            }
        }
        gates
    }

    fn layers(&self) -> Vec<LayerShown> {
        let layers = self.it.layers.iter().enumerate().skip(1).take(30);
        layers
            .map(|(index, layer)| LayerShown {
                layer: u16::try_from(index).unwrap_or(u16::MAX),
                run_at: self.place(layer.run_at),
                by: layer.by.to_string(),
                excerpt: String::from_utf8_lossy(layer.text.get(..layer.text.len().min(300)).unwrap_or_default()).into_owned(),
                size: layer.text.len() as u64,
            })
            .collect()
    }
}

#[cfg(test)]
#[path = "inspect_tests.rs"]
mod tests;
