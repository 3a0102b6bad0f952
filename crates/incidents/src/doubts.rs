//! Signs that logs were edited or removed: what one log should have by what another has.
//!
//! IIS and HttpProxy log the same requests, and health probes make some every few minutes; event logs number their records;
//! a file cannot have been written for the last time before its last line.

use std::collections::BTreeMap;

use afterpatch_model::{ArtifactId, ArtifactKind, Doubt, DoubtKind, Timestamp};
use serde::{Deserialize, Serialize};

const HOUR: i64 = 3_600;
/// Hours with fewer requests than this are no ground for comparing.
const ENOUGH_ROWS: u64 = 10;
/// So many hours are needed to know what is usual on this server: which protocol folders were collected, for example.
const ENOUGH_HOURS: usize = 24;
/// An hour is odd when it has less than this share (in percent) of the rows that are usual.
const ODD_PERCENT: u64 = 30;
/// More missing numbers than this share (in percent) of all: the log was exported with a filter, not emptied by a hand.
const FILTERED_PERCENT: u64 = 20;
/// A file's time may be this much before its last line: another clock, buffered writing.
const SLACK_SECONDS: i64 = 15 * 60;

/// Rows by hour (hours since 1970, UTC) of the two logs that tell of the same requests.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Rows of IIS that carry the front end's request id.
    pub iis: BTreeMap<i64, u64>,
    /// Rows of HttpProxy, all protocols together.
    pub proxy: BTreeMap<i64, u64>,
}

/// Record numbers of one channel in one event log file that was read whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Numbering {
    /// The artifact.
    pub artifact: ArtifactId,
    /// The channel.
    pub channel: String,
    /// The lowest number.
    pub lowest: u64,
    /// The highest number.
    pub highest: u64,
    /// Records read.
    pub records: u64,
    /// First record's time, UTC.
    pub first: Option<Timestamp>,
    /// Last record's time, UTC.
    pub last: Option<Timestamp>,
}

/// When a log file was last written, by its file system, and its last line.
#[derive(Clone, Debug)]
pub struct FileTimes {
    /// The artifact.
    pub artifact: ArtifactId,
    /// Its kind.
    pub kind: ArtifactKind,
    /// Last written, UTC.
    pub modified: Timestamp,
    /// Time of its last line, UTC.
    pub last: Timestamp,
}

/// All signs, sorted.
pub fn doubts(rows: &Rows, numberings: &[Numbering], files: &[FileTimes]) -> Vec<Doubt> {
    let mut doubts: Vec<Doubt> = hours_missing(rows)
        .into_iter()
        .chain(days_missing(rows))
        .chain(fewer_rows(rows, &rows.proxy, &rows.iis, ArtifactKind::ExchangeHttpproxy))
        .chain(fewer_rows(rows, &rows.iis, &rows.proxy, ArtifactKind::IisW3c))
        .chain(numberings.iter().filter_map(numbers_missing))
        .chain(written_before_their_end(files))
        .collect();
    doubts.sort();
    doubts
}

/// Hours inside HttpProxy's span in which IIS logged routed requests and HttpProxy nothing.
fn hours_missing(rows: &Rows) -> Option<Doubt> {
    let (first, last) = (rows.proxy.keys().next()?, rows.proxy.keys().next_back()?);
    let lost = rows.iis.range(first..=last).filter(|(hour, rows_of)| **rows_of > 0 && !rows.proxy.contains_key(hour));
    over_hours(DoubtKind::HoursMissing, ArtifactKind::ExchangeHttpproxy, lost.map(|(hour, _)| *hour).collect())
}

/// Days inside IIS's span in which HttpProxy logged requests and IIS none.
fn days_missing(rows: &Rows) -> Option<Doubt> {
    let day = |hour: &i64| hour.div_euclid(24);
    let (first, last) = (day(rows.iis.keys().next()?), day(rows.iis.keys().next_back()?));
    let days_of = |hours: &BTreeMap<i64, u64>| hours.keys().map(day).collect::<std::collections::BTreeSet<i64>>();
    let (iis, proxy) = (days_of(&rows.iis), days_of(&rows.proxy));
    let lost: Vec<i64> = proxy.difference(&iis).copied().filter(|day| (first..=last).contains(day)).collect();
    let mut doubt = over_hours(DoubtKind::DaysMissing, ArtifactKind::IisW3c, lost.iter().map(|day| day * 24).collect())?;
    doubt.last = doubt.last.and_then(|time| Timestamp::from_second(time.as_second() + 23 * HOUR).ok());
    Some(doubt)
}

/// Hours in which `of` has far fewer rows than `other` lets expect.
fn fewer_rows(rows: &Rows, of: &BTreeMap<i64, u64>, other: &BTreeMap<i64, u64>, source: ArtifactKind) -> Option<Doubt> {
    let both = || other.iter().filter_map(|(hour, there)| Some((*hour, *there, *of.get(hour)?)));
    let mut shares: Vec<u64> =
        both().filter(|(_, there, _)| *there >= ENOUGH_ROWS).map(|(_, there, here)| here.saturating_mul(1_000) / there).collect();
    if shares.len() < ENOUGH_HOURS || rows.iis.is_empty() {
        return None;
    }
    shares.sort_unstable();
    let usual = *shares.get(shares.len() / 2)?;
    let odd = both().filter(|(_, there, here)| {
        let expected = there.saturating_mul(usual) / 1_000;
        expected >= ENOUGH_ROWS && here.saturating_mul(100) < expected.saturating_mul(ODD_PERCENT)
    });
    over_hours(DoubtKind::FewerRows, source, odd.map(|(hour, ..)| hour).collect())
}

fn over_hours(kind: DoubtKind, source: ArtifactKind, hours: Vec<i64>) -> Option<Doubt> {
    let time = |hour: Option<&i64>| Timestamp::from_second(hour?.checked_mul(HOUR)?).ok();
    (!hours.is_empty()).then(|| Doubt {
        kind,
        source,
        part: String::new(),
        count: hours.len() as u64,
        first: time(hours.first()),
        last: time(hours.last()),
        artifact: None,
    })
}

fn numbers_missing(it: &Numbering) -> Option<Doubt> {
    let all = it.highest.checked_sub(it.lowest)?.checked_add(1)?;
    let missing = all.checked_sub(it.records)?;
    let filtered = missing.saturating_mul(100) > all.saturating_mul(FILTERED_PERCENT);
    (missing > 0 && !filtered).then(|| Doubt {
        kind: DoubtKind::NumbersMissing,
        source: ArtifactKind::Evtx,
        part: it.channel.clone(),
        count: missing,
        first: it.first,
        last: it.last,
        artifact: Some(it.artifact),
    })
}

/// By kind of log, the files whose time cannot be true.
fn written_before_their_end(files: &[FileTimes]) -> Vec<Doubt> {
    let mut of_kind: BTreeMap<ArtifactKind, Vec<&FileTimes>> = BTreeMap::new();
    for file in files.iter().filter(|file| file.last.as_second() - file.modified.as_second() > SLACK_SECONDS) {
        of_kind.entry(file.kind).or_default().push(file);
    }
    of_kind
        .into_iter()
        // When every file of a kind is so, the collector or another clock did it.
        .filter(|(kind, odd)| odd.len() * 2 <= files.iter().filter(|file| file.kind == *kind).count())
        .map(|(kind, odd)| Doubt {
            kind: DoubtKind::WrittenBeforeItsEnd,
            source: kind,
            part: String::new(),
            count: odd.len() as u64,
            first: odd.iter().map(|file| file.last).min(),
            last: odd.iter().map(|file| file.last).max(),
            artifact: odd.iter().map(|file| file.artifact).min(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const BEGIN: i64 = 448_000;

    /// Three days in which both logs have twenty rows an hour.
    fn quiet() -> Rows {
        let hours: BTreeMap<i64, u64> = (BEGIN..BEGIN + 72).map(|hour| (hour, 20)).collect();
        Rows { iis: hours.clone(), proxy: hours }
    }

    fn told(rows: &Rows) -> Vec<(DoubtKind, ArtifactKind, u64)> {
        doubts(rows, &[], &[]).into_iter().map(|doubt| (doubt.kind, doubt.source, doubt.count)).collect()
    }

    #[test]
    fn logs_that_agree_give_no_doubt() {
        assert!(told(&quiet()).is_empty());
        assert!(told(&Rows::default()).is_empty());
        // A protocol folder that was not collected, or a balancer's probes that are not routed, are the same in every hour.
        let mut fewer = quiet();
        fewer.proxy.values_mut().for_each(|rows| *rows = 8);
        assert!(told(&fewer).is_empty());
        // The server was down.
        let mut down = quiet();
        for hour in BEGIN + 10..BEGIN + 20 {
            down.iis.remove(&hour);
            down.proxy.remove(&hour);
        }
        assert!(told(&down).is_empty());
    }

    #[test]
    fn what_one_log_has_and_the_other_lacks_is_told_with_its_times() {
        let mut hours = quiet();
        hours.proxy.retain(|hour, _| !(BEGIN + 10..BEGIN + 13).contains(hour));
        assert_eq!(told(&hours), [(DoubtKind::HoursMissing, ArtifactKind::ExchangeHttpproxy, 3)]);
        let doubt = doubts(&hours, &[], &[]).remove(0);
        assert_eq!(doubt.first.unwrap().as_second(), (BEGIN + 10) * HOUR);
        assert_eq!(doubt.last.unwrap().as_second(), (BEGIN + 12) * HOUR);

        let mut days = quiet();
        let day = (BEGIN / 24 + 1) * 24;
        days.iis.retain(|hour, _| !(day..day + 24).contains(hour));
        assert_eq!(told(&days), [(DoubtKind::DaysMissing, ArtifactKind::IisW3c, 1)]);

        let mut fewer = quiet();
        fewer.proxy.insert(BEGIN + 30, 2);
        assert_eq!(told(&fewer), [(DoubtKind::FewerRows, ArtifactKind::ExchangeHttpproxy, 1)]);
    }

    #[test]
    fn a_hole_in_the_numbers_is_told_and_a_filtered_export_is_not() {
        let numbering = |records: u64| Numbering {
            artifact: ArtifactId(3),
            channel: "Security".to_owned(),
            lowest: 1_001,
            highest: 2_000,
            records,
            first: None,
            last: None,
        };
        let told = |records: u64| doubts(&Rows::default(), &[numbering(records)], &[]).first().map(|doubt| doubt.count);
        assert_eq!(told(1_000), None);
        assert_eq!(told(993), Some(7));
        assert_eq!(told(40), None);
        assert_eq!(told(1_040), None, "copies of damaged chunks");
        assert_eq!(doubts(&Rows::default(), &[Numbering { lowest: 0, highest: u64::MAX, ..numbering(5) }], &[]), []);
    }

    #[test]
    fn a_file_older_than_its_last_line_is_told_unless_all_are() {
        let file = |id: u32, late: i64| FileTimes {
            artifact: ArtifactId(id),
            kind: ArtifactKind::IisW3c,
            modified: Timestamp::from_second(1_615_000_000 - late).unwrap(),
            last: Timestamp::from_second(1_615_000_000).unwrap(),
        };
        let told = |files: &[FileTimes]| doubts(&Rows::default(), &[], files).first().map(|doubt| (doubt.count, doubt.artifact));
        assert_eq!(told(&[file(0, 0), file(1, -600), file(2, 60)]), None);
        assert_eq!(told(&[file(0, 0), file(1, 0), file(2, 7_200)]), Some((1, Some(ArtifactId(2)))));
        assert_eq!(told(&[file(0, 3_600), file(1, 3_600), file(2, 7_200)]), None);
    }
}
