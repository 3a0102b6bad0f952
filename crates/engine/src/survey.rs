//! Which artifacts there are, before any is read.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use afterpatch_artifacts::{Format, Input, Recognised, recognise, worth_opening};
use afterpatch_evidence::{Entry, Evidence, Gaps};
use afterpatch_model::{ArtifactId, ArtifactKind, Gap, GapKind};

use crate::Progress;

/// An entry that was recognised.
pub struct Artifact<'e> {
    /// Its number in the report.
    pub id: ArtifactId,
    /// Which evidence it is of: the position of its input.
    pub input: usize,
    /// Its entry.
    pub entry: &'e Entry,
    /// Its format.
    pub format: &'static dyn Format,
}

/// Everything that was recognised, and what was not.
pub struct Survey<'e> {
    /// Artifacts in the order of the inputs and their listings.
    pub artifacts: Vec<Artifact<'e>>,
    /// Gaps of listings and of entries that could not be recognised.
    pub gaps: Vec<Gap>,
}

/// Looks at the head of every entry that may be an artifact.
pub fn survey<'e>(evidence: &'e [Evidence], threads: usize, progress: &Progress) -> Survey<'e> {
    let entries: Vec<(usize, &Entry)> = evidence
        .iter()
        .enumerate()
        .flat_map(|(input, evidence)| evidence.entries().iter().map(move |entry| (input, entry)))
        .filter(|(_, entry)| worth_opening(entry))
        .collect();
    let looks = look_at_all(&entries, threads, progress);
    let mut artifacts = Vec::new();
    let mut of_entries = Gaps::default();
    for ((input, entry), look) in entries.into_iter().zip(looks) {
        match look {
            Look::Artifact(format) => {
                let id = ArtifactId(u32::try_from(artifacts.len()).unwrap_or(u32::MAX));
                artifacts.push(Artifact { id, input, entry, format });
            }
            Look::Gap(kind, why) => of_entries.each(kind, entry.path(), &why, ""),
            Look::Nothing => {}
        }
    }
    let of_listings = evidence.iter().flat_map(|it| it.gaps().iter().cloned());
    let survey = Survey { artifacts, gaps: of_listings.chain(of_entries.into_sorted()).collect() };
    progress.total.store(survey.artifacts.iter().map(|artifact| artifact.entry.size()).sum(), Ordering::Relaxed);
    survey
}

/// What a scan would read of this evidence: entries in order, with their kinds; and what could not be listed or recognised.
pub fn wanted<'e>(evidence: &'e [Evidence], threads: usize, progress: &Progress) -> (Vec<(&'e Entry, ArtifactKind)>, Vec<Gap>) {
    let survey = survey(evidence, threads, progress);
    (survey.artifacts.iter().map(|artifact| (artifact.entry, artifact.format.kind())).collect(), survey.gaps)
}

enum Look {
    Artifact(&'static dyn Format),
    Gap(GapKind, String),
    Nothing,
}

fn look_at_all(entries: &[(usize, &Entry)], threads: usize, progress: &Progress) -> Vec<Look> {
    let next = AtomicUsize::new(0);
    let looks: Mutex<Vec<Option<Look>>> = Mutex::new(entries.iter().map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while !progress.is_stopped() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some((_, entry)) = entries.get(index) else { break };
                    progress.begin(entry.location());
                    let look = look(entry);
                    if let Some(slot) = looks.lock().unwrap_or_else(PoisonError::into_inner).get_mut(index) {
                        *slot = Some(look);
                    }
                }
            });
        }
    });
    let looks = looks.into_inner().unwrap_or_else(PoisonError::into_inner);
    looks.into_iter().map(|look| look.unwrap_or(Look::Nothing)).collect()
}

fn look(entry: &Entry) -> Look {
    let uncounted = AtomicU64::new(0);
    let input = match Input::open(entry, &uncounted) {
        Ok(input) => input,
        Err(error) => return Look::Gap(error.gap_kind(), error.to_string()),
    };
    match recognise(&input) {
        Recognised::Format(format) => Look::Artifact(format),
        Recognised::KnownUnread(what) => Look::Gap(GapKind::NotRead, what.to_owned()),
        Recognised::NotWhatItSays(kind) => Look::Gap(GapKind::NotWhatItSays, expected(kind)),
        Recognised::Nothing => Look::Nothing,
    }
}

fn expected(kind: ArtifactKind) -> String {
    format!("named like {}, but the content is something else", kind.slug())
}
