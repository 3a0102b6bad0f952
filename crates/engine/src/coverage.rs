//! Counts what was seen of each source.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_incidents::Rows;
use afterpatch_model::{ArtifactKind, SourceCoverage, Timestamp, same_text};
use serde::{Deserialize, Serialize};

/// Hours remembered of one source in one artifact: a log of hours lasts a month, and hostile times must not fill memory.
const MAX_HOURS: usize = 20_000;

/// Days remembered of one source in one artifact.
const MAX_DAYS: usize = 20_000;

/// What was seen of one part of a source in one artifact.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    pub records: u64,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Rows by hour since 1970, of the two logs that tell of the same requests.
    hours: BTreeMap<i64, u64>,
    /// Days since 1970 that have a record, for logs of requests.
    days: BTreeSet<i64>,
    /// The hour counted last, and rows counted of it that are not yet in `hours`: rows come in order of time.
    latest: Option<(i64, u64)>,
}

impl Seen {
    /// Counts a record; `routed` says that it is a request which the front end routed.
    pub fn count(&mut self, time: Option<Timestamp>, kind: ArtifactKind, routed: bool) {
        self.records += 1;
        let Some(time) = time.filter(|_| kind.is_log()) else { return };
        if self.last.is_none_or(|last| time < last) {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
        }
        self.last = self.last.max(Some(time));
        let hour = time.as_second().div_euclid(3600);
        match &mut self.latest {
            Some((latest, rows)) if *latest == hour => *rows += u64::from(routed),
            _ => {
                self.settle();
                if is_of_requests(kind) && self.days.len() < MAX_DAYS {
                    self.days.insert(time.as_second().div_euclid(86_400));
                }
                self.latest = Some((hour, u64::from(routed)));
            }
        }
    }

    /// Enters the rows of the latest hour.
    fn settle(&mut self) {
        let Some((hour, rows)) = self.latest.take().filter(|(_, rows)| *rows > 0) else { return };
        if self.hours.len() < MAX_HOURS || self.hours.contains_key(&hour) {
            *self.hours.entry(hour).or_default() += rows;
        }
    }

    /// Adds what was seen under another name.
    pub fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = [self.last, other.last].into_iter().flatten().max();
        for (hour, rows) in &other.hours {
            *self.hours.entry(*hour).or_default() += rows;
        }
        for (hour, rows) in other.latest.iter().filter(|(_, rows)| *rows > 0) {
            *self.hours.entry(*hour).or_default() += rows;
        }
        self.days.extend(&other.days);
    }
}

/// What was seen in one artifact, by the server as named in the records and by part of the source.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SeenByName {
    list: Vec<(String, String, Seen)>,
    /// Position of the one counted last: the next record is mostly of the same.
    latest: usize,
}

impl SeenByName {
    /// Names and parts kept apart in one artifact: hostile rows may each name another server. Beyond that they count as
    /// records that name none.
    const MOST: usize = 1_000;
    /// Bytes of one of them; a longer one is no name (RFC 1035 ends at 255, channels of events are shorter).
    const LONGEST: usize = 512;

    /// Counts a record. Called for every one, so it allocates for a new name only.
    pub fn count(&mut self, name: &str, part: &str, time: Option<Timestamp>, kind: ArtifactKind, routed: bool) {
        let name = if name.len() > Self::LONGEST { "" } else { name };
        let part = if part.len() > Self::LONGEST { "" } else { part };
        let is_latest =
            self.list.get(self.latest).is_some_and(|(of, in_part, _)| same_text(of, name) && same_text(in_part, part));
        if !is_latest {
            self.latest = self.find(name, part);
        }
        if let Some((_, _, seen)) = self.list.get_mut(self.latest) {
            seen.count(time, kind, routed);
        }
    }

    fn find(&mut self, name: &str, part: &str) -> usize {
        if let Some(place) = self.list.iter().position(|(of, in_part, _)| of == name && in_part == part) {
            return place;
        }
        if self.list.len() > Self::MOST && !(name.is_empty() && part.is_empty()) {
            return self.find("", "");
        }
        if self.list.is_empty() {
            // Most artifacts have one, and there may be hundreds of thousands of them.
            self.list.reserve_exact(1);
        }
        self.list.push((name.to_owned(), part.to_owned(), Seen::default()));
        self.list.len() - 1
    }

    /// Adds what was seen in another section of the same artifact.
    pub fn add(&mut self, other: &Self) {
        for (name, part, seen) in &other.list {
            let place = self.find(name, part);
            if let Some((_, _, own)) = self.list.get_mut(place) {
                own.add(seen);
            }
        }
    }

    /// All counts: name, part, what was seen.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Seen)> {
        self.list.iter().map(|(name, part, seen)| (name.as_str(), part.as_str(), seen))
    }
}

/// HttpProxy writes one file an hour and protocol, and health probes never stop; of other sources silence means nothing.
fn is_hourly(kind: ArtifactKind) -> bool {
    kind == ArtifactKind::ExchangeHttpproxy
}

/// Logs of requests: what they cover is what could show an attack coming.
fn is_of_requests(kind: ArtifactKind) -> bool {
    matches!(kind, ArtifactKind::IisW3c | ArtifactKind::ExchangeHttpproxy | ArtifactKind::AccessLog)
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

    /// Days (since 1970-01-01, UTC) of which requests are logged, and the time of the last such record.
    pub fn requests(&self) -> (BTreeSet<i64>, Option<Timestamp>) {
        let logs = || self.0.iter().filter(|((kind, _), _)| is_of_requests(*kind)).map(|(_, (_, seen))| seen);
        (logs().flat_map(|seen| &seen.days).copied().collect(), logs().filter_map(|seen| seen.last).max())
    }

    /// Rows by hour of the two logs that tell of the same requests.
    pub fn rows(&self) -> Rows {
        let of = |wanted: ArtifactKind| {
            let mut rows = BTreeMap::new();
            for (hour, count) in self.0.iter().filter(|((kind, _), _)| *kind == wanted).flat_map(|(_, (_, seen))| &seen.hours) {
                *rows.entry(*hour).or_default() += count;
            }
            rows
        };
        Rows { iis: of(ArtifactKind::IisW3c), proxy: of(ArtifactKind::ExchangeHttpproxy) }
    }

    /// Time of the last record of all.
    pub fn last(&self) -> Option<Timestamp> {
        self.0.values().filter_map(|(_, all)| all.last).max()
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

fn missing(kind: ArtifactKind, hours: &BTreeMap<i64, u64>) -> Option<u64> {
    if !is_hourly(kind) {
        return None;
    }
    let (first, last) = (hours.keys().next()?, hours.keys().next_back()?);
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
            seen.count(Some(time.parse().unwrap()), ArtifactKind::ExchangeHttpproxy, true);
        }
        let mut sources = Sources::default();
        sources.add(ArtifactKind::ExchangeHttpproxy, "Ecp", &seen, false);
        let sources = sources.into_sources();
        assert_eq!(sources.first().unwrap().missing_hours, Some(3));
    }

    #[test]
    fn hostile_names_are_bounded_and_no_record_is_lost() {
        let mut seen = SeenByName::default();
        for n in 0..5_000 {
            seen.count(&format!("server{}", n % 2_500), "", None, ArtifactKind::EventJson, false);
            seen.count("one", "part", None, ArtifactKind::EventJson, false);
        }
        assert!(seen.iter().count() <= SeenByName::MOST + 2);
        assert_eq!(seen.iter().map(|(.., seen)| seen.records).sum::<u64>(), 10_000);
        assert!(seen.iter().any(|(name, part, seen)| (name, part, seen.records) == ("one", "part", 5_000)));
    }
}
