//! What was read of all artifacts, its findings within one bound.
//!
//! Each artifact keeps to a share of its own, but none is smaller than what one page needs, so a folder of a hundred thousand
//! pages has a hundred thousand of them. What is left out does not depend on which artifact was read first: strong findings
//! come before weak ones, then the order of the artifacts counts, and everything behind the first that finds no room goes.

use std::collections::BTreeMap;

use afterpatch_detection::{is_visit, kept_bytes};
use afterpatch_model::{ArtifactId, Finding, Gap, GapKind, Standing, ThingKind};

use crate::read::Reading;
use crate::survey::Artifact;
use crate::visits::{Of, Visits};

/// Findings of one artifact that stay or go together: weak ones sort behind strong ones.
type Part = (bool, ArtifactId);

/// What was read, by artifact.
pub struct Readings<'r> {
    artifacts: &'r [Artifact<'r>],
    most: usize,
    all: BTreeMap<ArtifactId, Reading>,
    /// Bytes of the findings that are kept.
    parts: BTreeMap<Part, usize>,
    bytes: usize,
    /// The first part that found no room.
    limit: Option<Part>,
    left_out: u64,
    /// Findings of a kind that each log has more of; they have a bound of their own.
    visits: Visits,
}

impl<'r> Readings<'r> {
    /// Nothing yet of these artifacts; about `most` bytes of findings will be kept.
    pub fn new(artifacts: &'r [Artifact<'r>], most: usize) -> Self {
        let (all, parts) = (BTreeMap::new(), BTreeMap::new());
        Self { artifacts, most, all, parts, bytes: 0, limit: None, left_out: 0, visits: Visits::default() }
    }

    /// Takes in what was read of an artifact of this group.
    pub fn add(&mut self, id: ArtifactId, group: usize, mut reading: Reading) {
        if let Some(artifact) = self.artifacts.get(id.0 as usize) {
            let own = reading.own_name().unwrap_or_default().to_owned();
            let visits = reading.findings.extract_if(.., |finding| is_visit(finding));
            for (number, mut visit) in visits.enumerate() {
                if visit.server.is_empty() {
                    visit.server.clone_from(&own);
                }
                let page = visit.things_of(ThingKind::Page).next().unwrap_or_default().to_owned();
                let of = Of { group, server: visit.server.clone(), kind: artifact.format.kind(), page };
                self.visits.add(of, id, number, visit);
            }
        }
        // Most artifacts have one finding or none, and lists grow by fours.
        reading.findings.shrink_to_fit();
        for weak in [false, true] {
            let bytes = reading.findings.iter().filter(|finding| is_weak(finding) == weak).map(kept_bytes).sum();
            if bytes > 0 {
                self.parts.insert((weak, id), bytes);
                self.bytes += bytes;
            }
        }
        self.all.insert(id, reading);
        while let Some((&part, &bytes)) = self.parts.last_key_value() {
            if self.bytes <= self.most && self.limit.is_none_or(|limit| part < limit) {
                break;
            }
            self.parts.pop_last();
            self.bytes -= bytes;
            self.limit = Some(self.limit.map_or(part, |limit| limit.min(part)));
            self.leave_out(part);
        }
    }

    fn leave_out(&mut self, (weak, id): Part) {
        let Some(reading) = self.all.get_mut(&id) else { return };
        let is_part = |finding: &Finding| is_weak(finding) == weak;
        self.left_out += reading.findings.iter().filter(|finding| is_part(finding)).map(|finding| finding.count).sum::<u64>();
        reading.findings.retain(|finding| !is_part(finding));
        reading.findings.shrink_to_fit();
    }

    /// All, in the artifacts' order. What was left out is a gap of the first artifact of which something was.
    pub fn finish(mut self) -> Vec<Reading> {
        if let Some((_, id)) = self.limit
            && let Some(reading) = self.all.get_mut(&id)
        {
            let path = self.artifacts.get(id.0 as usize).map_or("", |artifact| artifact.entry.path());
            let gap =
                Gap::new(path, GapKind::Capped, "more findings than are kept of all artifacts; those from here on were counted");
            reading.gaps.push(Gap { artifact: Some(id), count: self.left_out, ..gap });
        }
        let only_counted = self.visits.left_out();
        for (id, visit) in self.visits.finish() {
            if let Some(reading) = self.all.get_mut(&id) {
                reading.findings.push(visit);
            }
        }
        if let Some((server, requests)) = only_counted
            && let Some(reading) = self.all.values_mut().next()
        {
            let gap =
                Gap::new(server, GapKind::Capped, "more requests of pages than are kept of all artifacts; these were counted");
            reading.gaps.push(Gap { count: requests, ..gap });
        }
        self.all.into_values().collect()
    }
}

fn is_weak(finding: &Finding) -> bool {
    finding.standing == Standing::Beside
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_detection::{Draft, Findings};
    use afterpatch_model::{Place, Step};

    use super::*;

    /// Artifact `id` with a strong and a weak finding.
    fn reading(id: u32) -> Reading {
        let mut findings = Findings::new(ArtifactId(id), usize::MAX);
        for (kind, standing) in [("strong", Standing::Alone), ("weak", Standing::Beside)] {
            let draft = Draft { standing, ..Draft::of((kind, "A title"), Step::FilePresent, "T1505.003") };
            let evidence = findings.evidence_at(Place::Whole, None, "x".repeat(100 * (id as usize % 3)));
            findings.add_run(draft, String::new(), None, None, 1, vec![evidence]);
        }
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
            let weak = |reading: &Reading| reading.findings.iter().filter(|finding| is_weak(finding)).count();
            let kept: Vec<_> = all.iter().map(|reading| (reading.findings.len() - weak(reading), weak(reading))).collect();
            (kept, gaps)
        };
        let (kept_in_order, gaps) = kept(&mut (0..15));
        assert_eq!(kept_in_order.iter().filter(|(strong, _)| *strong == 1).count(), 15, "strong ones first");
        let weak = kept_in_order.iter().filter(|(_, weak)| *weak == 1).count();
        assert!((1..15).contains(&weak) && kept_in_order.iter().take(weak).all(|(_, weak)| *weak == 1));
        assert_eq!(gaps, [15 - weak as u64]);
        assert_eq!(kept(&mut (0..15).rev()), (kept_in_order.clone(), gaps.clone()));
        assert_eq!(kept(&mut (0..15).map(|n| n * 7 % 15)), (kept_in_order, gaps));
        let (strong, gaps) = kept(&mut (0..60).map(|n| n * 7 % 60));
        let last = strong.iter().rposition(|(strong, _)| *strong == 1).unwrap();
        assert!(last < 59 && strong.iter().take(last + 1).all(|(strong, _)| *strong == 1));
        assert_eq!(gaps, [120 - (last as u64 + 1)]);
    }
}
