//! The time in the header of an event.

use std::borrow::Cow;

use afterpatch_model::Timestamp;
use jiff::{SignedDuration, civil, tz::TimeZone};

/// The time in an event's header, as an instant if its zone is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeaderTime {
    /// The instant, the text taken for what it says it is (for UTC where it says nothing).
    pub instant: Timestamp,
    /// What it says of its zone.
    pub zone: Zone,
}

/// What a time says of its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    /// It says UTC; shippers are known to say so of local times.
    Utc,
    /// It gives its offset from UTC, which nobody does by mistake.
    Offset,
    /// It says nothing.
    Missing,
}

impl HeaderTime {
    /// Reads `2021-03-14T06:40:13.659Z`, with an offset instead of `Z`, with a blank instead of `T`, with ` UTC` behind it,
    /// or without any zone.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_suffix(" UTC").map_or(Cow::Borrowed(text), |bare| Cow::Owned(format!("{bare}Z")));
        if may_name_zone(&text)
            && let Ok(instant) = text.parse::<Timestamp>()
        {
            let utc = ["Z", "z", "+00:00", "+0000"].iter().any(|end| text.ends_with(end));
            return Some(Self { instant, zone: if utc { Zone::Utc } else { Zone::Offset } });
        }
        let instant = TimeZone::UTC.to_timestamp(text.parse::<civil::DateTime>().ok()?).ok()?;
        Some(Self { instant, zone: Zone::Missing })
    }

    /// Reads seconds since 1970 in UTC, with a fraction that is good to the microsecond.
    pub(crate) fn from_epoch(seconds: f64) -> Option<Self> {
        let micros = (seconds * 1e6).round();
        // A float this large has no microseconds left, and a cast would saturate silently.
        if !micros.is_finite() || micros.abs() > 9e15 {
            return None;
        }
        Some(Self { instant: Timestamp::from_microsecond(micros as i64).ok()?, zone: Zone::Utc })
    }

    /// The instant, when the artifact's clock is `offset_minutes` away from UTC (UTC-5 is -300).
    pub(crate) fn corrected(self, offset_minutes: i32) -> Option<Timestamp> {
        match self.zone {
            Zone::Offset => Some(self.instant),
            Zone::Utc | Zone::Missing => self.instant.checked_sub(SignedDuration::from_mins(offset_minutes.into())).ok(),
        }
    }
}

/// Whether a zone can stand behind the date. To try and fail costs more than to read the time, and every event of Sysmon has one
/// without.
fn may_name_zone(text: &str) -> bool {
    text.bytes().skip("2021-03-14".len()).any(|byte| !byte.is_ascii_digit() && !b":.,Tt ".contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn times_are_read_with_what_they_say_of_their_zone() {
        let table = [
            ("2021-03-14T06:40:13.659Z", "2021-03-14T06:40:13.659Z", Zone::Utc),
            ("2021-03-14T06:40:13.6591234Z", "2021-03-14T06:40:13.6591234Z", Zone::Utc),
            ("2021-03-14 06:40:13.659 UTC", "2021-03-14T06:40:13.659Z", Zone::Utc),
            ("2021-03-14T06:40:13.659+0000", "2021-03-14T06:40:13.659Z", Zone::Utc),
            ("2021-03-14T01:40:13.659-05:00", "2021-03-14T06:40:13.659Z", Zone::Offset),
            ("2021-03-14 06:40:13.659", "2021-03-14T06:40:13.659Z", Zone::Missing),
            ("2021-03-14 01:40:13", "2021-03-14T01:40:13Z", Zone::Missing),
        ];
        for (text, instant, zone) in table {
            assert_eq!(HeaderTime::parse(text), Some(HeaderTime { instant: instant.parse().unwrap(), zone }), "{text}");
        }
        for text in ["", "-", "yesterday", "2021-13-14T06:40:13Z", "2021-03-14"] {
            assert!(HeaderTime::parse(text).is_none_or(|time| text == "2021-03-14" && time.zone == Zone::Missing), "{text}");
        }
    }

    #[test]
    fn what_names_no_zone_is_no_instant_to_anybody() {
        let pieces =
            ["2021-03-14", "20210314", "T", "t", " ", "06:40:13", "064013", ".659", ",5", "0", "6:4", "+002021-03-14", "-05"];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = format!("{first}{second}{third}");
                    assert!(may_name_zone(&text) || text.parse::<Timestamp>().is_err(), "{text}");
                }
            }
        }
    }

    #[test]
    fn epoch_seconds_are_good_to_the_microsecond() {
        let time = HeaderTime::from_epoch(1_615_704_013.659_123).unwrap();
        assert_eq!(time.instant, "2021-03-14T06:40:13.659123Z".parse().unwrap());
        for odd in [f64::NAN, f64::INFINITY, -1e300, 1e18] {
            assert_eq!(HeaderTime::from_epoch(odd), None);
        }
    }

    #[test]
    fn a_stated_offset_is_not_corrected() {
        let stated = HeaderTime::parse("2021-03-14T01:40:13-05:00").unwrap();
        assert_eq!(stated.corrected(-300), Some(stated.instant));
        let zed = HeaderTime::parse("2021-03-14T01:40:13Z").unwrap();
        assert_eq!(zed.corrected(-300), Some("2021-03-14T06:40:13Z".parse().unwrap()));
        let edge = HeaderTime { instant: Timestamp::MIN, zone: Zone::Utc };
        assert_eq!(edge.corrected(i32::MAX), None);
    }
}
