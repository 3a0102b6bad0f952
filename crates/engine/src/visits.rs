//! Runs of requests of pages, of all artifacts together.
//!
//! Every site has pages that no table knows, and each log tells of hundreds of visits to each of them. They mean something only
//! beside what found such a page, and nobody knows that while logs are read. So what is kept of one page gets coarser the more
//! there is of it: by the day, by thirty days, in all. And what comes out does not depend on which artifact was read first: how
//! coarse it is depends on how much there is, and putting runs together gives the same in any order.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use afterpatch_detection::{is_answered, join_visits, kept_bytes};
use afterpatch_model::{ArtifactId, ArtifactKind, Finding};

/// Runs kept of one page and outcome, as one kind of log tells it.
const MOST_RUNS: usize = 100;
/// Bytes of runs kept in all, about.
const MOST_BYTES: usize = 16 << 20;
/// Seconds of the spans that are told as one, once there are too many runs. The next step is all of it.
const SPANS: [i64; 2] = [86_400, 30 * 86_400];

/// Runs of requests of pages.
#[derive(Default)]
pub struct Visits {
    pages: BTreeMap<Key, Page>,
    bytes: usize,
    /// The first one that found no room; it and what sorts behind it is only counted.
    limit: Option<Key>,
    left_out: u64,
}

/// Of which page runs are. Refused ones sort behind, as a sweep tries thousands of names; then a hash decides, which evidence
/// cannot aim at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    is_refused: bool,
    hash: u64,
    of: Of,
}

/// A page as one kind of log tells of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Of {
    /// One host's part of the evidence.
    pub group: usize,
    /// The server as the records name it.
    pub server: String,
    pub kind: ArtifactKind,
    pub page: String,
}

#[derive(Default)]
struct Page {
    /// How often runs had to be put together: the position in [`SPANS`] and one more.
    coarse: usize,
    runs: BTreeMap<Position, Run>,
    bytes: usize,
}

/// The span that a run is told in; as long as each is told by itself, its artifact and number there.
type Position = (Option<i64>, Option<(ArtifactId, usize)>);

/// A run, and the first artifact that tells of it.
struct Run {
    artifact: ArtifactId,
    number: usize,
    finding: Finding,
}

impl Visits {
    /// Takes a run in, the one with this number in its artifact.
    pub fn add(&mut self, of: Of, artifact: ArtifactId, number: usize, finding: Finding) {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        let key = Key { is_refused: !is_answered(&finding), hash: hasher.finish(), of };
        if self.limit.as_ref().is_some_and(|limit| key >= *limit) {
            self.left_out += finding.count;
            return;
        }
        let page = self.pages.entry(key).or_default();
        self.bytes -= page.bytes;
        page.put(Run { artifact, number, finding });
        while page.runs.len() > MOST_RUNS && page.coarse <= SPANS.len() {
            page.coarse += 1;
            page.bytes = 0;
            std::mem::take(&mut page.runs).into_values().for_each(|run| page.put(run));
        }
        self.bytes += page.bytes;
        while self.bytes > MOST_BYTES
            && let Some((key, page)) = self.pages.pop_last()
        {
            self.bytes -= page.bytes;
            self.left_out += page.runs.into_values().map(|run| run.finding.count).sum::<u64>();
            self.limit = Some(key);
        }
    }

    /// Of the first page of which requests were only counted, the server, and how many there are in all.
    pub fn left_out(&self) -> Option<(String, u64)> {
        self.limit.as_ref().map(|limit| (limit.of.server.clone(), self.left_out))
    }

    /// All, each with the artifact that tells of it first, by artifact and number there.
    pub fn finish(self) -> Vec<(ArtifactId, Finding)> {
        let mut runs: Vec<Run> = self.pages.into_values().flat_map(|page| page.runs.into_values()).collect();
        runs.sort_by_key(|run| (run.artifact, run.number));
        runs.into_iter().map(|run| (run.artifact, run.finding)).collect()
    }
}

impl Page {
    fn put(&mut self, run: Run) {
        let position = match self.coarse.checked_sub(1) {
            None => (None, Some((run.artifact, run.number))),
            Some(step) => {
                let span = SPANS.get(step);
                (span.and_then(|span| Some(run.finding.first?.as_second().div_euclid(*span))), None)
            }
        };
        match self.runs.get_mut(&position) {
            None => {
                self.bytes += kept_bytes(&run.finding);
                self.runs.insert(position, run);
            }
            Some(own) => {
                self.bytes -= kept_bytes(&own.finding);
                (own.artifact, own.number) = (own.artifact, own.number).min((run.artifact, run.number));
                join_visits(&mut own.finding, run.finding);
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

    fn of(page: &str) -> Of {
        Of { group: 0, server: "MX".to_owned(), kind: ArtifactKind::IisW3c, page: page.to_owned() }
    }

    fn told(order: impl Iterator<Item = u32>, each: impl Fn(u32, &mut Visits)) -> (Vec<(ArtifactId, Finding)>, u64) {
        let mut visits = Visits::default();
        order.for_each(|number| each(number, &mut visits));
        let left_out = visits.left_out().map_or(0, |(_, requests)| requests);
        (visits.finish(), left_out)
    }

    #[test]
    fn few_runs_are_told_one_by_one_and_many_by_their_span() {
        const HOUR: i64 = 3_600;
        for (count, step, expected) in
            [(100, HOUR, 100), (101, HOUR, 5), (2_000, HOUR, 84), (2_000, 24 * HOUR, 67), (200_000, HOUR, 1)]
        {
            let count = i64::from(count);
            let add = |number: u32, visits: &mut Visits| {
                let artifact = number % 7;
                visits.add(
                    of("a.aspx"),
                    ArtifactId(artifact),
                    number as usize,
                    run(artifact, "page-answered", i64::from(number) * step),
                );
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
        let add = |number: u32, visits: &mut Visits| {
            let kind = if number < 500 { "page-answered" } else { "page-refused" };
            visits.add(of(&format!("{number}.aspx")), ArtifactId(1), number as usize, run(1, kind, i64::from(number)));
        };
        let count = 15_013;
        let (in_order, left_out) = told(0..count, add);
        assert_eq!(in_order.iter().filter(|(_, finding)| is_answered(finding)).count(), 500);
        assert!(in_order.len() > 5_000 && left_out == 2 * (u64::from(count) - in_order.len() as u64));
        assert_eq!(told((0..count).rev(), add), (in_order.clone(), left_out));
        assert_eq!(told((0..count).map(|number| number * 7919 % count), add), (in_order, left_out));
    }
}
