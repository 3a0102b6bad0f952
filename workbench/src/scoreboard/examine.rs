//! Looks at each file, with the analyser and with the rules beside it, and measures the time.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use afterpatch_webshell::{File, Limits, Reason, Report, Verdict, inspect, on_deep_stack};
use anyhow::{Result, anyhow};

use super::arguments::Arguments;
use super::files::Sample;
use super::language::{Group, Languages};
use super::peer::Peer;

/// What was seen in a file.
#[derive(Debug)]
pub struct Seen {
    pub group: Group,
    pub size: u64,
    pub verdict: Verdict,
    pub score: f64,
    /// What weighs most, in short.
    pub first: String,
    pub took: Duration,
    /// A bound of work was reached.
    pub exhausted: bool,
    /// The file could not be read, or the analyser broke on it.
    pub failed: bool,
    pub peer: Option<PeerSeen>,
}

/// What the rules beside it say of a file.
#[derive(Debug)]
pub struct PeerSeen {
    /// Names of the rules that it matches.
    pub rules: Vec<String>,
    pub took: Duration,
}

/// What is seen in each sample, in their order.
pub fn all(samples: &[Sample], arguments: &Arguments, peer: Option<&Peer>, languages: &Languages) -> Result<Vec<Seen>> {
    let limits = Limits { walk_all: arguments.no_prefilter, ..Limits::default() };
    let next = AtomicUsize::new(0);
    let work = || {
        let mut peer = peer.map(Peer::scanner);
        let mut seen = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(sample) = samples.get(index) else { return seen };
            let content = fs::read(&sample.path);
            let bytes = content.as_deref().unwrap_or_default();
            let mut one = look(&sample.name, bytes, &limits, languages);
            one.failed |= content.is_err();
            one.peer = peer.as_mut().map(|peer| peer.scan(&sample.name, bytes));
            seen.push((index, one));
        }
    };
    let work = || on_deep_stack(work).ok_or_else(|| anyhow!("a thread broke"));
    let mut seen = thread::scope(|scope| -> Result<Vec<(usize, Seen)>> {
        let threads: Vec<_> = (0..arguments.threads).map(|_| scope.spawn(work)).collect();
        let mut seen = Vec::new();
        for thread in threads {
            seen.extend(thread.join().map_err(|_| anyhow!("a thread broke"))??);
        }
        Ok(seen)
    })?;
    seen.sort_by_key(|(index, _)| *index);
    Ok(seen.into_iter().map(|(_, seen)| seen).collect())
}

fn look(name: &str, bytes: &[u8], limits: &Limits, languages: &Languages) -> Seen {
    let begun = Instant::now();
    let report = inspect(&File { path: name, bytes, open: None }, limits);
    let took = begun.elapsed();
    let (verdict, score, exhausted, first) = (report.verdict, report.score, report.exhausted, first(&report));
    let failed = report.reasons.contains(&Reason::Failed);
    let size = bytes.len() as u64;
    Seen { group: languages.of(name, bytes), size, verdict, score, first, took, exhausted, failed, peer: None }
}

/// What weighs most, in short.
fn first(report: &Report) -> String {
    if let Some(finding) = report.findings.first() {
        let source = finding.source.as_ref().map_or_else(String::new, |source| format!(" <- {:?} {}", source.kind, source.name));
        return format!("{:?} {} line {}{source}", finding.capability, finding.call, finding.place.line);
    }
    if let Some(setting) = report.settings.first() {
        return format!("{:?} line {}", setting.effect, setting.line);
    }
    report.reasons.first().map(|reason| format!("{reason:?}")).unwrap_or_default()
}

/// What a reader should know of the numbers of a kind of folder.
pub fn notes(kind: &str, seen: &[Seen]) -> Vec<String> {
    let failed = seen.iter().filter(|seen| seen.failed).count();
    let exhausted = seen.iter().filter(|seen| seen.exhausted).count();
    let told = [(failed, "could not be read, or the analyser broke on them"), (exhausted, "reached a bound of work")];
    told.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {kind} files {what}")).collect()
}
