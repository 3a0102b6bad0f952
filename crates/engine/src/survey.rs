//! Which artifacts there are, before any is read.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use afterpatch_artifacts::{Format, Input, Recognised, recognise, worth_opening};
use afterpatch_evidence::{Entry, Evidence};
use afterpatch_model::{ArtifactId, ArtifactKind, Gap, GapKind};

use crate::Progress;

/// Gaps of one reason that are listed by name; the last of them counts the rest. A mounted image holds thousands of archives.
const MOST_OF_ONE_REASON: u64 = 100;

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
    let mut survey = Survey { artifacts: Vec::new(), gaps: evidence.iter().flat_map(|it| it.gaps().iter().cloned()).collect() };
    // How many gaps of one reason are listed, and where the last of them stands.
    let mut repeats: HashMap<(GapKind, String), (u64, usize)> = HashMap::new();
    for ((input, entry), look) in entries.into_iter().zip(looks) {
        match look {
            Look::Artifact(format) => {
                let id = ArtifactId(u32::try_from(survey.artifacts.len()).unwrap_or(u32::MAX));
                survey.artifacts.push(Artifact { id, input, entry, format });
            }
            Look::Gap(gap) => match repeats.entry((gap.kind, gap.detail.clone())).or_insert((0, survey.gaps.len())) {
                (count, last) if *count >= MOST_OF_ONE_REASON => {
                    if let Some(listed) = survey.gaps.get_mut(*last) {
                        listed.count += 1;
                    }
                }
                (count, last) => {
                    (*count, *last) = (*count + 1, survey.gaps.len());
                    survey.gaps.push(gap);
                }
            },
            Look::Nothing => {}
        }
    }
    progress.total.store(survey.artifacts.iter().map(|artifact| artifact.entry.size()).sum(), Ordering::Relaxed);
    survey
}

enum Look {
    Artifact(&'static dyn Format),
    Gap(Gap),
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
        Err(error) => return Look::Gap(Gap::new(entry.path(), error.gap_kind(), error.to_string())),
    };
    match recognise(&input) {
        Recognised::Format(format) => Look::Artifact(format),
        Recognised::KnownUnread(what) => Look::Gap(Gap::new(entry.path(), GapKind::NotRead, what)),
        Recognised::NotWhatItSays(kind) => Look::Gap(Gap::new(entry.path(), GapKind::NotWhatItSays, expected(kind))),
        Recognised::Nothing => Look::Nothing,
    }
}

fn expected(kind: ArtifactKind) -> String {
    format!("named like {}, but the content is something else", kind.slug())
}
