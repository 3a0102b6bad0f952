//! How long a server stood open to a hole that was known to be exploited, and how much of that time its logs still cover.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{BuildPeriod, ExposureState, ExposureWindow, Timestamp};
use jiff::{civil::Date, tz::Offset};

use crate::{Facts, fixed_from};

const DAY_SECONDS: i64 = 86_400;

/// The windows of these CVEs on one server, those of one attack and one span told together, the earliest first.
///
/// A window begins with the first exploitation that is known in the world and ends with the first sighting of the fix on this
/// server, or, while it is open, with `seen_until`, the last record of the server. A CVE has one only if the server was seen
/// with a build that is open to it: when a server was patched before its logs begin, nobody can say how long it stood open.
///
/// `request_days` are the days (counted from 1970-01-01, UTC) of which requests are logged.
pub fn windows(
    facts: &Facts,
    cves: &[&str],
    history: &[BuildPeriod],
    seen_until: Option<Timestamp>,
    request_days: &BTreeSet<i64>,
) -> Vec<ExposureWindow> {
    let mut of_span: BTreeMap<(Timestamp, Option<Timestamp>, Option<String>), Vec<String>> = BTreeMap::new();
    for cve in cves {
        let was_open = history.iter().any(|period| facts.assess(cve, period.build) == ExposureState::Open);
        let Some(from) = facts.exploited_from(cve).filter(|_| was_open) else { continue };
        let until = fixed_from(facts, cve, history);
        if until.is_none_or(|until| until > from) {
            of_span.entry((from, until, facts.name(cve).map(str::to_owned))).or_default().push((*cve).to_owned());
        }
    }
    let window = |((from, until, name), cves): ((Timestamp, Option<Timestamp>, Option<String>), Vec<String>)| {
        let end = until.or(seen_until).filter(|end| *end > from)?;
        let days = day(end) - day(from) + 1;
        let covered = request_days.range(day(from)..=day(end)).count();
        Some(ExposureWindow {
            cves,
            name,
            exploited_from: from,
            until,
            seen_until: end,
            days: u64::try_from(days).unwrap_or_default(),
            days_covered: covered as u64,
        })
    };
    of_span.into_iter().filter_map(window).collect()
}

impl Facts {
    /// The day (midnight UTC) since which this CVE is known to have been exploited somewhere: the first date that the table's
    /// words name. Where they name only the day on which it was listed as exploited, that day.
    pub fn exploited_from(&self, cve_id: &str) -> Option<Timestamp> {
        let words = self.first_exploited(cve_id)?;
        let date = words.split(|char: char| !(char.is_ascii_digit() || char == '-')).find_map(date)?;
        Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()
    }

    /// The name by which the attack is known (`ProxyLogon`).
    pub fn name(&self, cve_id: &str) -> Option<&str> {
        self.cves.get(cve_id)?.name.as_deref()
    }
}

/// `YYYY-MM-DD`, or `YYYY-MM` as the first of that month.
fn date(word: &str) -> Option<Date> {
    match word.len() {
        7 => format!("{word}-01").parse().ok(),
        10 => word.parse().ok(),
        _ => None,
    }
}

fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(DAY_SECONDS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use afterpatch_model::{ArtifactId, Build, Place, Pointer};

    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}T00:00:00Z").parse().unwrap()
    }

    fn period(build: &str, first: &str, last: &str) -> BuildPeriod {
        BuildPeriod {
            build: build.parse::<Build>().unwrap(),
            first: at(first),
            last: at(last),
            seen_in: Pointer { artifact: ArtifactId(0), place: Place::Whole },
        }
    }

    fn days(from: &str, to: &str) -> BTreeSet<i64> {
        (day(at(from))..=day(at(to))).collect()
    }

    #[test]
    fn first_exploitation_is_read_from_the_tables_words() {
        let facts = Facts::embedded().unwrap();
        let table = [
            ("CVE-2021-26855", Some("2021-01-03")),
            ("CVE-2021-26857", Some("2021-03-02")),
            ("CVE-2021-34473", Some("2021-08-01")),
            ("CVE-2022-41040", Some("2022-08-01")),
            ("CVE-2023-21529", Some("2026-04-13")),
            ("CVE-2020-0688", Some("2020-03-01")),
            ("CVE-2026-62911", None),
            ("CVE-1999-0001", None),
        ];
        for (cve, expected) in table {
            assert_eq!(facts.exploited_from(cve), expected.map(at), "{cve}");
        }
        let without: Vec<_> = facts
            .cves()
            .filter(|cve| cve.exploited.is_some() && facts.exploited_from(&cve.id).is_none())
            .map(|cve| &cve.id)
            .collect();
        assert!(without.is_empty(), "no date in the words of {without:?}");
    }

    #[test]
    fn a_window_runs_from_the_first_exploitation_to_the_fix_and_says_what_logs_cover_of_it() {
        let facts = Facts::embedded().unwrap();
        let history = [period("15.1.2176.2", "2021-03-01", "2021-03-12"), period("15.1.2176.9", "2021-03-13", "2021-03-20")];
        let cves = ["CVE-2021-26855", "CVE-2021-27065", "CVE-2021-34473"];
        let seen = days("2021-02-20", "2021-03-20");
        let told = windows(&facts, &cves, &history, Some(at("2021-03-20")), &seen);
        // ProxyShell was not exploited yet, so that its window has not begun when the evidence ends.
        let spans: Vec<_> = told
            .iter()
            .map(|it| (it.cves.len(), it.name.as_deref(), it.exploited_from, it.until, it.days, it.days_covered))
            .collect();
        let name = Some("ProxyLogon");
        assert_eq!(
            spans,
            [
                (1, name, at("2021-01-03"), Some(at("2021-03-13")), 70, 22),
                (1, name, at("2021-03-02"), Some(at("2021-03-13")), 12, 12),
            ]
        );
    }

    #[test]
    fn an_open_hole_ends_with_the_evidence_and_an_unseen_one_has_no_window() {
        let facts = Facts::embedded().unwrap();
        let open = [period("15.1.2176.9", "2021-08-20", "2021-09-01")];
        let told = windows(&facts, &["CVE-2021-26855", "CVE-2021-34473"], &open, Some(at("2021-09-01")), &BTreeSet::new());
        assert_eq!(told.len(), 1, "ProxyLogon was closed before the logs begin");
        let window = told.first().unwrap();
        assert_eq!((window.until, window.seen_until, window.days, window.days_covered), (None, at("2021-09-01"), 32, 0));
        assert!(windows(&facts, &["CVE-2021-34473"], &[], Some(at("2021-09-01")), &BTreeSet::new()).is_empty());
    }
}
