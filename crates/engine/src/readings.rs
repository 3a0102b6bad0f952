//! What was read of all artifacts, its findings within bounds.
//!
//! Each artifact keeps to a share of its own, but none is smaller than what one page needs, so a folder of a hundred thousand
//! pages has a hundred thousand of them. What is left out does not depend on which artifact was read first: the order of the
//! artifacts counts, and everything behind the first that finds no room goes. What was done in vain has a bound of its own, so
//! that a flood of it pushes nothing out that got further, and so have weak findings ([`crate::repeats`]).

use std::collections::BTreeMap;

use afterpatch_detection::{act_of, is_in_vain, kept_bytes};
use afterpatch_model::{ArtifactId, Finding, Gap, GapKind};

use crate::read::Reading;
use crate::repeats::{Of, Repeats};
use crate::survey::Artifact;

/// What was read, by artifact.
pub struct Readings<'r> {
    artifacts: &'r [Artifact<'r>],
    all: BTreeMap<ArtifactId, Reading>,
    /// The room of strong findings; and of those of what was done in vain.
    strong: Room,
    in_vain: Room,
    weak: Repeats,
}

/// How many bytes findings of one sort take.
struct Room {
    most: usize,
    of_each: BTreeMap<ArtifactId, usize>,
    bytes: usize,
    /// The first artifact whose findings found no room.
    limit: Option<ArtifactId>,
    left_out: u64,
}

impl Room {
    fn new(most: usize) -> Self {
        Self { most, of_each: BTreeMap::new(), bytes: 0, limit: None, left_out: 0 }
    }

    /// Makes room for these findings of an artifact, each of which is of this sort, and takes away those `of_sort` that have none.
    fn take(
        &mut self,
        id: ArtifactId,
        bytes: usize,
        all: &mut BTreeMap<ArtifactId, Reading>,
        of_sort: impl Fn(&Finding) -> bool,
    ) {
        if bytes > 0 {
            self.of_each.insert(id, bytes);
            self.bytes += bytes;
        }
        while let Some((&last, &bytes)) = self.of_each.last_key_value() {
            if self.bytes <= self.most && self.limit.is_none_or(|limit| last < limit) {
                break;
            }
            self.of_each.pop_last();
            self.bytes -= bytes;
            self.limit = Some(self.limit.map_or(last, |limit| limit.min(last)));
            if let Some(reading) = all.get_mut(&last) {
                let (out, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut reading.findings).into_iter().partition(&of_sort);
                reading.findings = kept;
                self.left_out += out.iter().map(|finding| finding.count).sum::<u64>();
            }
        }
    }
}

impl<'r> Readings<'r> {
    /// Nothing yet of these artifacts; about `most` bytes of findings will be kept, and half as much again of what was done in vain.
    pub fn new(artifacts: &'r [Artifact<'r>], most: usize) -> Self {
        let (strong, in_vain) = (Room::new(most), Room::new(most / 2));
        Self { artifacts, all: BTreeMap::new(), strong, in_vain, weak: Repeats::default() }
    }

    /// Takes in what was read of an artifact of this group.
    pub fn add(&mut self, id: ArtifactId, group: usize, mut reading: Reading) {
        self.set_weak_apart(id, group, &mut reading);
        // Most artifacts have one finding or none, and lists grow by fours.
        reading.findings.shrink_to_fit();
        let in_vain = |finding: &Finding| is_in_vain(finding.grade);
        let bytes_of = |vain: bool| reading.findings.iter().filter(|it| in_vain(it) == vain).map(kept_bytes).sum();
        let (of_strong, of_vain) = (bytes_of(false), bytes_of(true));
        self.all.insert(id, reading);
        self.strong.take(id, of_strong, &mut self.all, |finding| !in_vain(finding));
        self.in_vain.take(id, of_vain, &mut self.all, in_vain);
    }

    fn set_weak_apart(&mut self, id: ArtifactId, group: usize, reading: &mut Reading) {
        let Some(artifact) = self.artifacts.get(id.0 as usize) else { return };
        let own = reading.own_name().unwrap_or_default().to_owned();
        let mut strong = Vec::new();
        for (number, mut finding) in std::mem::take(&mut reading.findings).into_iter().enumerate() {
            let Some(act) = act_of(&finding) else {
                strong.push(finding);
                continue;
            };
            if finding.server.is_empty() {
                finding.server.clone_from(&own);
            }
            let of = Of { group, server: finding.server.clone(), log: artifact.format.kind(), act };
            self.weak.add(of, id, number, finding);
        }
        reading.findings = strong;
    }

    /// All, in the artifacts' order. What was left out is a gap of the first artifact of which something was.
    pub fn finish(mut self) -> Vec<Reading> {
        let strong = (&self.strong, "more findings than are kept of all artifacts; those from here on were counted");
        let in_vain = (&self.in_vain, "more attempts in vain than are kept of all artifacts; those from here on were counted");
        for (room, why) in [strong, in_vain] {
            if let Some(id) = room.limit
                && let Some(reading) = self.all.get_mut(&id)
            {
                let path = self.artifacts.get(id.0 as usize).map_or("", |artifact| artifact.entry.path());
                let gap = Gap::new(path, GapKind::Capped, why);
                reading.gaps.push(Gap { artifact: Some(id), count: room.left_out, ..gap });
            }
        }
        if let Some((server, records)) = self.weak.left_out()
            && let Some(reading) = self.all.values_mut().next()
        {
            let gap = Gap::new(server, GapKind::Capped, "more weak findings than are kept of all artifacts; these were counted");
            reading.gaps.push(Gap { count: records, ..gap });
        }
        for (id, finding) in self.weak.finish() {
            if let Some(reading) = self.all.get_mut(&id) {
                reading.findings.push(finding);
            }
        }
        self.all.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_detection::{Draft, Findings};
    use afterpatch_model::{Place, Standing, Step};

    use super::*;

    /// Artifact `id` with a finding.
    fn reading(id: u32) -> Reading {
        let mut findings = Findings::new(ArtifactId(id), usize::MAX);
        let draft = Draft { standing: Standing::Alone, ..Draft::of(("strong", "A title"), Step::FilePresent, "T1505.003") };
        let evidence = findings.evidence_at(Place::Whole, None, "x".repeat(100 * (id as usize % 3)));
        findings.add_run(draft, String::new(), None, None, 1, vec![evidence]);
        Reading { findings: findings.into_parts().0, ..Reading::default() }
    }

    #[test]
    fn what_is_left_out_does_not_depend_on_the_order() {
        let most = 20 * kept_bytes(&reading(1).findings[0]);
        let kept = |order: &mut dyn Iterator<Item = u32>| {
            let mut readings = Readings::new(&[], most);
            order.for_each(|id| readings.add(ArtifactId(id), 0, reading(id)));
            let all = readings.finish();
            let gaps: Vec<u64> = all.iter().flat_map(|reading| &reading.gaps).map(|gap| gap.count).collect();
            (all.iter().map(|reading| reading.findings.len()).collect::<Vec<_>>(), gaps)
        };
        let (in_order, gaps) = kept(&mut (0..60));
        let last = in_order.iter().rposition(|findings| *findings == 1).unwrap();
        assert!((10..25).contains(&last) && in_order.iter().take(last + 1).all(|findings| *findings == 1));
        assert_eq!(gaps, [60 - (last as u64 + 1)]);
        assert_eq!(kept(&mut (0..60).rev()), (in_order.clone(), gaps.clone()));
        assert_eq!(kept(&mut (0..60).map(|number| number * 7 % 60)), (in_order, gaps));
        assert_eq!(kept(&mut (0..15)), (vec![1; 15], Vec::new()));
    }
}
