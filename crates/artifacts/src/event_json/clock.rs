//! Finds header times that say UTC and are not.
//!
//! Some shippers write local time with a `Z` behind it (seen in OTRF SDWIN-210314014019: UTC-5). Sysmon writes the time
//! into the event itself as `UtcTime`, always in UTC, so its events tell what the headers of the whole file are worth.

use std::collections::BTreeMap;
use std::io::Read;

use afterpatch_model::Timestamp;
use memchr::memmem::Finder;

use super::{objects::Objects, objects::Piece, rendering};
use crate::json::Json;
use crate::utf8::Utf8;
use crate::windows_event::{WindowsEvent, Zone};

/// Zones of the world are multiples of this many minutes away from UTC, and not more than 14 hours.
const STEP_MINUTES: i64 = 15;
const FARTHEST_MINUTES: i64 = 14 * 60;
/// Sysmon takes its time a little before the header is written; network events a few seconds.
const TOLERANCE_SECONDS: i64 = 60;
/// Fewer agreeing samples prove nothing.
const LEAST: u64 = 3;
/// So many agreeing samples are enough to stop looking.
const ENOUGH: u64 = 32;
/// If so many samples do not agree, more will not either.
const MOST: u64 = 4096;

/// What the samples prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    /// Minutes that the header times are away from UTC (UTC-5 is -300); 0 when they are UTC.
    pub offset_minutes: i32,
    /// How many samples agree on it.
    pub samples: u64,
}

/// Reads as much of the file as the proof needs; to its end when there is none.
pub(super) fn prove(reader: impl Read) -> Option<Proof> {
    // `UtcTime`, which Wazuh writes `utcTime`.
    let mark = Finder::new("tcTime");
    let mut samples = Samples::default();
    let mut objects = Objects::new(Utf8::new(reader).ok()?);
    // What cannot be read is told by the reading proper; what was seen before it still counts.
    while let Ok(Some(piece)) = objects.next() {
        if !matches!(piece, Piece::Object { .. }) || mark.find(objects.object()).is_none() {
            continue;
        }
        let Ok(object) = serde_json::from_slice::<Json<'_>>(objects.object()) else {
            continue;
        };
        if let Some((header, utc)) = rendering::event(&object).as_ref().and_then(sample) {
            samples.add(header, utc);
        }
        if samples.decided() {
            break;
        }
    }
    samples.proof()
}

/// Header time and true time of a Sysmon event whose header does not state its offset.
fn sample(event: &WindowsEvent<'_>) -> Option<(Timestamp, Timestamp)> {
    let header = event.time.filter(|time| time.zone != Zone::Offset)?;
    Some((header.instant, event.sysmon_time()?))
}

#[derive(Default)]
struct Samples {
    /// How many samples are how many minutes away.
    agreeing: BTreeMap<i32, u64>,
    total: u64,
}

impl Samples {
    fn add(&mut self, header: Timestamp, utc: Timestamp) {
        self.total += 1;
        let seconds = header.as_second() - utc.as_second();
        let minutes = (seconds + STEP_MINUTES * 30).div_euclid(STEP_MINUTES * 60) * STEP_MINUTES;
        if (seconds - minutes * 60).abs() <= TOLERANCE_SECONDS
            && minutes.abs() <= FARTHEST_MINUTES
            && let Ok(minutes) = i32::try_from(minutes)
        {
            *self.agreeing.entry(minutes).or_default() += 1;
        }
    }

    fn best(&self) -> Option<Proof> {
        let (offset_minutes, samples) = self.agreeing.iter().max_by_key(|(_, count)| **count)?;
        Some(Proof { offset_minutes: *offset_minutes, samples: *samples })
    }

    fn proof(&self) -> Option<Proof> {
        self.best().filter(|best| best.samples >= LEAST && best.samples * 10 >= self.total * 9)
    }

    fn decided(&self) -> bool {
        self.total >= MOST || self.proof().is_some_and(|proof| proof.samples >= ENOUGH)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn line(header: &str, utc: &str) -> String {
        format!(
            "{{\"EventID\":1,\"SourceName\":\"Microsoft-Windows-Sysmon\",\"TimeCreated\":\"{header}\",\"UtcTime\":\"{utc}\"}}\n"
        )
    }

    fn proof(lines: &[String]) -> Option<(i32, u64)> {
        prove(lines.concat().as_bytes()).map(|proof| (proof.offset_minutes, proof.samples))
    }

    #[test]
    fn samples_must_agree_on_a_zone() {
        let utc = "2021-03-14 06:40:13.659";
        let west = line("2021-03-14T01:40:14.100Z", utc);
        let nepal = line("2021-03-14T12:25:13.000Z", utc);
        let true_utc = line("2021-03-14T06:40:13.700Z", utc);
        let drifted = line("2021-03-14T06:32:00.000Z", utc);
        let stated = line("2021-03-14T01:40:13.700-05:00", utc);
        let times = |line: &String, count: usize| vec![line.clone(); count];
        assert_eq!(proof(&times(&west, 3)), Some((-300, 3)));
        assert_eq!(proof(&times(&west, 2)), None, "two prove nothing");
        assert_eq!(proof(&times(&west, 100)), Some((-300, ENOUGH)), "stops when it has enough");
        assert_eq!(proof(&times(&nepal, 5)), Some((345, 5)));
        assert_eq!(proof(&times(&true_utc, 5)), Some((0, 5)));
        assert_eq!(proof(&times(&drifted, 50)), None, "no zone is eight minutes away");
        assert_eq!(proof(&times(&stated, 50)), None, "a stated offset is no claim of UTC");
        assert_eq!(proof(&[times(&west, 9), times(&drifted, 1)].concat()), Some((-300, 9)));
        assert_eq!(proof(&[times(&west, 8), times(&true_utc, 2)].concat()), None, "two zones in one file");
        assert_eq!(proof(&[]), None);
    }
}
