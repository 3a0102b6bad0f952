//! Weak findings of all artifacts together.
//!
//! Every site has pages that no table knows, and each log tells of hundreds of visits to each of them; what administrators do
//! every day looks a little like an attack, too. Such findings mean something only beside others, and nobody knows that while
//! logs are read. So what is kept of one act gets coarser the more there is of it: by the day, by thirty days, in all. And what
//! comes out does not depend on which artifact was read first: how coarse it is depends on how much there is, and putting
//! findings together gives the same in any order.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use afterpatch_detection::{Act, join, kept_bytes};
use afterpatch_model::{ArtifactId, ArtifactKind, Finding};

/// Findings kept of one act, as one kind of log tells of it.
const MOST_OF_ACT: usize = 100;
/// Bytes of weak findings kept in all, about.
const MOST_BYTES: usize = 32 << 20;
/// Seconds of the spans that are told as one, once there are too many findings. The next step is all of it.
const SPANS: [i64; 2] = [86_400, 30 * 86_400];

/// Weak findings.
#[derive(Default)]
pub struct Repeats {
    acts: BTreeMap<Key, Told>,
    bytes: usize,
    /// The first one that found no room; it and what sorts behind it is only counted.
    limit: Option<Key>,
    left_out: u64,
}

/// What was done in vain sorts behind; then a hash decides, which evidence cannot aim at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    is_in_vain: bool,
    hash: u64,
    of: Of,
}

/// An act as one kind of log tells of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Of {
    /// One host's part of the evidence.
    pub group: usize,
    /// The server as the records name it.
    pub server: String,
    pub log: ArtifactKind,
    pub act: Act,
}

/// What is told of an act.
#[derive(Default)]
struct Told {
    /// How often findings had to be put together: the position in [`SPANS`] and one more.
    coarse: usize,
    findings: BTreeMap<Position, Weak>,
    bytes: usize,
}

/// The span that a finding is told in; as long as each is told by itself, its artifact and number there.
type Position = (Option<i64>, Option<(ArtifactId, usize)>);

/// A weak finding, and the first artifact that tells of it.
struct Weak {
    artifact: ArtifactId,
    number: usize,
    finding: Finding,
}

impl Repeats {
    /// Takes a finding in, the one with this number in its artifact.
    pub fn add(&mut self, of: Of, artifact: ArtifactId, number: usize, finding: Finding) {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        let key = Key { is_in_vain: of.act.is_in_vain, hash: hasher.finish(), of };
        if self.limit.as_ref().is_some_and(|limit| key >= *limit) {
            self.left_out += finding.count;
            return;
        }
        let told = self.acts.entry(key).or_default();
        self.bytes -= told.bytes;
        told.put(Weak { artifact, number, finding });
        while told.findings.len() > MOST_OF_ACT && told.coarse <= SPANS.len() {
            told.coarse += 1;
            told.bytes = 0;
            std::mem::take(&mut told.findings).into_values().for_each(|weak| told.put(weak));
        }
        self.bytes += told.bytes;
        while self.bytes > MOST_BYTES
            && let Some((key, told)) = self.acts.pop_last()
        {
            self.bytes -= told.bytes;
            self.left_out += told.findings.into_values().map(|weak| weak.finding.count).sum::<u64>();
            self.limit = Some(key);
        }
    }

    /// Of the first act that was only counted, the server; and how many records that are in all.
    pub fn left_out(&self) -> Option<(String, u64)> {
        self.limit.as_ref().map(|limit| (limit.of.server.clone(), self.left_out))
    }

    /// All, each with the artifact that tells of it first, by artifact and number there.
    pub fn finish(self) -> Vec<(ArtifactId, Finding)> {
        let mut all: Vec<Weak> = self.acts.into_values().flat_map(|told| told.findings.into_values()).collect();
        all.sort_by_key(|weak| (weak.artifact, weak.number));
        all.into_iter().map(|weak| (weak.artifact, weak.finding)).collect()
    }
}

impl Told {
    fn put(&mut self, weak: Weak) {
        let position = match self.coarse.checked_sub(1) {
            None => (None, Some((weak.artifact, weak.number))),
            Some(step) => {
                let span = SPANS.get(step);
                (span.and_then(|span| Some(weak.finding.first?.as_second().div_euclid(*span))), None)
            }
        };
        match self.findings.get_mut(&position) {
            None => {
                self.bytes += kept_bytes(&weak.finding);
                self.findings.insert(position, weak);
            }
            Some(own) => {
                self.bytes -= kept_bytes(&own.finding);
                (own.artifact, own.number) = (own.artifact, own.number).min((weak.artifact, weak.number));
                join(&mut own.finding, weak.finding);
                self.bytes += kept_bytes(&own.finding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_detection::{Draft, Findings};
    use afterpatch_model::{Place, Step, Thing, ThingKind, Timestamp};

    use super::*;

    /// A run of two requests.
    fn run(artifact: u32, kind: &'static str, second: i64) -> Finding {
        let mut findings = Findings::new(ArtifactId(artifact), usize::MAX);
        let time = Timestamp::from_second(second).ok();
        let things = vec![Thing::new(ThingKind::Address, format!("192.0.2.{}", second % 200))];
        let evidence = (0..7).map(|line| findings.evidence_at(Place::Line(line), time, second.to_string())).collect();
        let draft = Draft { things, ..Draft::of((kind, "A title"), Step::PageRequested, "T1505.003") };
        findings.add_run(draft, String::new(), time, time, 2, evidence);
        findings.into_parts().0.remove(0)
    }

    fn of(page: &str, kind: &str) -> Of {
        let things = vec![Thing::new(ThingKind::Page, page)];
        let act = Act { is_in_vain: kind == "page-refused", kind: kind.to_owned(), things };
        Of { group: 0, server: "MX".to_owned(), log: ArtifactKind::IisW3c, act }
    }

    fn told(order: impl Iterator<Item = u32>, each: impl Fn(u32, &mut Repeats)) -> (Vec<(ArtifactId, Finding)>, u64) {
        let mut repeats = Repeats::default();
        order.for_each(|number| each(number, &mut repeats));
        let left_out = repeats.left_out().map_or(0, |(_, records)| records);
        (repeats.finish(), left_out)
    }

    #[test]
    fn few_runs_are_told_one_by_one_and_many_by_their_span() {
        const HOUR: i64 = 3_600;
        for (count, step, expected) in
            [(100, HOUR, 100), (101, HOUR, 5), (2_000, HOUR, 84), (2_000, 24 * HOUR, 67), (200_000, HOUR, 1)]
        {
            let count = i64::from(count);
            let add = |number: u32, repeats: &mut Repeats| {
                let (artifact, kind) = (number % 7, "page-answered");
                let finding = run(artifact, kind, i64::from(number) * step);
                repeats.add(of("a.aspx", kind), ArtifactId(artifact), number as usize, finding);
            };
            let numbers = u32::try_from(count).unwrap();
            let (in_order, left_out) = told(0..numbers, add);
            assert_eq!((in_order.len(), left_out), (expected, 0), "{count}");
            assert_eq!(in_order.iter().map(|(_, finding)| finding.count).sum::<u64>(), 2 * u64::from(numbers));
            let ends =
                (in_order.iter().filter_map(|(_, it)| it.first).min(), in_order.iter().filter_map(|(_, it)| it.last).max());
            assert_eq!(ends, (Timestamp::from_second(0).ok(), Timestamp::from_second((count - 1) * step).ok()));
            if numbers < 10_000 {
                assert_eq!(told((0..numbers).rev(), add), (in_order.clone(), 0));
                assert_eq!(told((0..numbers).map(|number| number * 7919 % numbers), add), (in_order, 0));
            }
        }
    }

    #[test]
    fn refused_pages_make_room_for_answered_ones_in_any_order() {
        let add = |number: u32, repeats: &mut Repeats| {
            let kind = if number < 500 { "page-answered" } else { "page-refused" };
            repeats.add(of(&format!("{number}.aspx"), kind), ArtifactId(1), number as usize, run(1, kind, i64::from(number)));
        };
        let count = 25_013;
        let (in_order, left_out) = told(0..count, add);
        assert_eq!(in_order.iter().filter(|(_, finding)| finding.kind == "page-answered").count(), 500);
        assert!(in_order.len() > 10_000 && left_out == 2 * (u64::from(count) - in_order.len() as u64));
        assert_eq!(told((0..count).rev(), add), (in_order.clone(), left_out));
        assert_eq!(told((0..count).map(|number| number * 7919 % count), add), (in_order, left_out));
    }
}
