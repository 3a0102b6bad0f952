//! Shares and counts by language.

use std::collections::BTreeMap;

use afterpatch_webshell::Verdict;
use serde::Serialize;

use super::Side;
use super::examine::Seen;
use super::language::Group;

/// Web shells of a language.
#[derive(Debug, Serialize)]
pub struct Malicious {
    /// The language; none is all together.
    pub language: Option<Group>,
    pub files: usize,
    pub clusters: usize,
    /// Shares that are found, from 0 to 1: the mean over clusters, of which each counts by the part of its files that is found.
    pub webshell: f64,
    /// The same, with those that are only suspicious.
    pub found: f64,
    /// The same for the rules beside it.
    pub peer: Option<f64>,
    /// Files that are not found.
    pub missed: usize,
    /// Of them, files that are said to be a known tool for administrators.
    pub dual_use: usize,
    /// Of them, files that are said to be unreadable.
    pub opaque: usize,
}

/// Harmless files of a language, by what is said of them.
#[derive(Debug, Serialize)]
pub struct Benign {
    /// The language; none is all together.
    pub language: Option<Group>,
    pub files: usize,
    pub bytes: u64,
    pub webshell: usize,
    pub suspicious: usize,
    pub dual_use: usize,
    pub opaque: usize,
    /// Files that a rule beside it matches.
    pub peer: Option<usize>,
}

pub fn is_found(seen: &Seen) -> bool {
    matches!(seen.verdict, Verdict::Webshell | Verdict::Suspicious)
}

pub fn is_hit_by_peer(seen: &Seen) -> bool {
    seen.peer.as_ref().is_some_and(|peer| !peer.rules.is_empty())
}

pub fn malicious(side: &Side) -> Vec<Malicious> {
    let pairs = side.seen.iter().zip(side.clusters.iter().copied());
    by_language(pairs, |(seen, _)| seen.group, row_of_malicious)
}

fn row_of_malicious(language: Option<Group>, files: &[(&Seen, usize)]) -> Malicious {
    let missed = || files.iter().map(|(seen, _)| *seen).filter(|seen| !is_found(seen));
    let has_peer = files.iter().any(|(seen, _)| seen.peer.is_some());
    let clusters: BTreeMap<usize, ()> = files.iter().map(|(_, cluster)| (*cluster, ())).collect();
    Malicious {
        language,
        files: files.len(),
        clusters: clusters.len(),
        webshell: recall(files, |seen| seen.verdict == Verdict::Webshell),
        found: recall(files, is_found),
        peer: has_peer.then(|| recall(files, is_hit_by_peer)),
        missed: missed().count(),
        dual_use: missed().filter(|seen| seen.verdict == Verdict::DualUse).count(),
        opaque: missed().filter(|seen| seen.verdict == Verdict::Opaque).count(),
    }
}

/// The mean over clusters of the part of their files that is found.
fn recall(files: &[(&Seen, usize)], found: impl Fn(&Seen) -> bool) -> f64 {
    let mut clusters: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (seen, cluster) in files {
        let (hits, all) = clusters.entry(*cluster).or_default();
        *hits += usize::from(found(seen));
        *all += 1;
    }
    let sum: f64 = clusters.values().map(|(hits, all)| *hits as f64 / *all as f64).sum();
    if clusters.is_empty() { 0.0 } else { sum / clusters.len() as f64 }
}

pub fn benign(side: &Side) -> Vec<Benign> {
    by_language(side.seen.iter(), |seen| seen.group, row_of_benign)
}

fn row_of_benign(language: Option<Group>, files: &[&Seen]) -> Benign {
    let said = |verdict: Verdict| files.iter().filter(|seen| seen.verdict == verdict).count();
    let has_peer = files.iter().any(|seen| seen.peer.is_some());
    Benign {
        language,
        files: files.len(),
        bytes: files.iter().map(|seen| seen.size).sum(),
        webshell: said(Verdict::Webshell),
        suspicious: said(Verdict::Suspicious),
        dual_use: said(Verdict::DualUse),
        opaque: said(Verdict::Opaque),
        peer: has_peer.then(|| files.iter().filter(|seen| is_hit_by_peer(seen)).count()),
    }
}

/// A row for each language that there is, then one for all; none if there is nothing.
fn by_language<T: Copy, R>(
    files: impl Iterator<Item = T>,
    language: impl Fn(T) -> Group,
    row: impl Fn(Option<Group>, &[T]) -> R,
) -> Vec<R> {
    let all: Vec<T> = files.collect();
    let mut languages: BTreeMap<Group, Vec<T>> = BTreeMap::new();
    for file in &all {
        languages.entry(language(*file)).or_default().push(*file);
    }
    let mut rows: Vec<R> = languages.iter().map(|(language, files)| row(Some(*language), files)).collect();
    if !all.is_empty() {
        rows.push(row(None, &all));
    }
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::time::Duration;

    use super::*;
    use crate::scoreboard::examine::PeerSeen;

    fn seen(group: Group, verdict: Verdict, hit: bool) -> Seen {
        let rules = if hit { vec!["rule".to_owned()] } else { Vec::new() };
        Seen {
            group,
            size: 10,
            verdict,
            score: 0.0,
            first: String::new(),
            took: Duration::ZERO,
            exhausted: false,
            failed: false,
            peer: Some(PeerSeen { rules, took: Duration::ZERO }),
        }
    }

    #[test]
    fn a_cluster_counts_once() {
        let seen = vec![
            seen(Group::Php, Verdict::Webshell, true),
            seen(Group::Php, Verdict::Webshell, false),
            seen(Group::Php, Verdict::Suspicious, false),
            seen(Group::Php, Verdict::Clean, false),
            seen(Group::Php, Verdict::DualUse, false),
            seen(Group::Jsp, Verdict::Opaque, true),
        ];
        let side = Side { samples: Vec::new(), seen, clusters: vec![0, 0, 0, 0, 1, 2] };
        let rows = malicious(&side);
        let php = rows.first().unwrap();
        assert_eq!((php.language, php.files, php.clusters, php.missed, php.dual_use), (Some(Group::Php), 5, 2, 2, 1));
        assert_eq!((php.webshell, php.found, php.peer), (0.25, 0.375, Some(0.125)));
        let all = rows.last().unwrap();
        assert_eq!((all.language, all.files, all.clusters, all.found, all.opaque), (None, 6, 3, 0.25, 1));
    }

    #[test]
    fn what_is_said_of_harmless_files_is_counted_apart() {
        let verdicts = [Verdict::Clean, Verdict::Webshell, Verdict::Suspicious, Verdict::DualUse, Verdict::Opaque];
        let seen = verdicts.iter().map(|verdict| seen(Group::Asp, *verdict, *verdict == Verdict::Clean)).collect();
        let rows = benign(&Side { samples: Vec::new(), seen, clusters: Vec::new() });
        let all = rows.last().unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((all.files, all.bytes, all.peer), (5, 50, Some(1)));
        assert_eq!((all.webshell, all.suspicious, all.dual_use, all.opaque), (1, 1, 1, 1));
    }
}
