//! Counts what was seen of each source.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{ArtifactKind, SourceCoverage, Timestamp};

/// Hours remembered of one source in one artifact: a log of hours lasts a month, and hostile times must not fill memory.
const MAX_HOURS: usize = 20_000;

/// What was seen of one part of a source in one artifact.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub records: u64,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Hours since 1970 that have a record, for sources that are written every hour.
    hours: BTreeSet<i64>,
}

impl Seen {
    pub fn count(&mut self, time: Option<Timestamp>, kind: ArtifactKind) {
        self.records += 1;
        let Some(time) = time else { return };
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
        if is_hourly(kind) && self.hours.len() < MAX_HOURS {
            self.hours.insert(time.as_second().div_euclid(3600));
        }
    }

    /// Adds what was seen under another name.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = [self.last, other.last].into_iter().flatten().max();
        self.hours.extend(&other.hours);
    }
}

/// HttpProxy writes one file an hour and protocol, and health probes never stop; of other sources silence means nothing.
fn is_hourly(kind: ArtifactKind) -> bool {
    kind == ArtifactKind::ExchangeHttpproxy
}

/// Sources of one server, gathered over its artifacts.
#[derive(Default)]
pub struct Sources(BTreeMap<(ArtifactKind, String), (SourceCoverage, Seen)>);

impl Sources {
    /// Adds a file's part.
    pub fn add(&mut self, kind: ArtifactKind, part: &str, seen: &Seen, damaged: bool) {
        let (source, all) = self.0.entry((kind, part.to_owned())).or_insert_with(|| {
            let source = SourceCoverage {
                kind,
                part: part.to_owned(),
                files: 0,
                records: 0,
                first: None,
                last: None,
                missing_hours: None,
                unreadable: 0,
            };
            (source, Seen::default())
        });
        source.files += 1;
        source.unreadable += u64::from(damaged);
        all.add(seen);
    }

    /// The sources, with missing hours counted.
    pub fn into_sources(self) -> Vec<SourceCoverage> {
        self.0
            .into_values()
            .map(|(source, all)| SourceCoverage {
                records: all.records,
                first: all.first,
                last: all.last,
                missing_hours: missing(source.kind, &all.hours),
                ..source
            })
            .collect()
    }
}

fn missing(kind: ArtifactKind, hours: &BTreeSet<i64>) -> Option<u64> {
    if !is_hourly(kind) {
        return None;
    }
    let (first, last) = (hours.first()?, hours.last()?);
    let all = u64::try_from(last - first).unwrap_or(0) + 1;
    Some(all.saturating_sub(hours.len() as u64))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn hours_without_a_record_are_missing() {
        let mut seen = Seen::default();
        for time in ["2021-03-01T00:10:00Z", "2021-03-01T01:59:59Z", "2021-03-01T05:00:00Z"] {
            seen.count(Some(time.parse().unwrap()), ArtifactKind::ExchangeHttpproxy);
        }
        let mut sources = Sources::default();
        sources.add(ArtifactKind::ExchangeHttpproxy, "Ecp", &seen, false);
        let sources = sources.into_sources();
        assert_eq!(sources.first().unwrap().missing_hours, Some(3));
    }
}
