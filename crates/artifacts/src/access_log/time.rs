//! The time of a row: `10/Oct/2000:13:55:36 -0700`.

use afterpatch_model::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Bytes of a time.
pub(super) const LENGTH: usize = 26;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The instant, or `None` when the text is no time.
pub(super) fn read(stamp: &str) -> Option<Timestamp> {
    let separators = [(2, b'/'), (6, b'/'), (11, b':'), (14, b':'), (17, b':'), (20, b' ')];
    let bytes = stamp.as_bytes();
    if bytes.len() != LENGTH || separators.iter().any(|(at, sign)| bytes.get(*at) != Some(sign)) {
        return None;
    }
    let two = |at: usize| number(stamp.get(at..at + 2)?);
    let month = stamp.get(3..6)?;
    // Twelve months fit.
    let month = i8::try_from(MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? + 1).ok()?;
    let year = i16::from(two(7)?) * 100 + i16::from(two(9)?);
    let local = DateTime::new(year, month, two(0)?, two(12)?, two(15)?, two(18)?, 0).ok()?;
    let minutes = i64::from(two(22)?) * 60 + i64::from(two(24)?);
    let east = match bytes.get(21)? {
        b'+' => minutes,
        b'-' => -minutes,
        _ => return None,
    };
    let second = TimeZone::UTC.to_timestamp(local).ok()?.as_second() - east * 60;
    Timestamp::from_second(second).ok()
}

fn number(two: &str) -> Option<i8> {
    if two.bytes().all(|byte| byte.is_ascii_digit()) { two.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_counted_and_anything_else_is_no_time() {
        let table = [
            ("10/Oct/2000:13:55:36 -0700", Some("2000-10-10T20:55:36Z")),
            ("01/Jan/2021:00:15:00 +0130", Some("2020-12-31T22:45:00Z")),
            ("29/Feb/2024:23:59:59 +0000", Some("2024-02-29T23:59:59Z")),
            ("29/Feb/2023:23:59:59 +0000", None),
            ("10/Okt/2000:13:55:36 -0700", None),
            ("10/Oct/2000:13:55:36 00700", None),
            ("10/Oct/2000 13:55:36 -0700", None),
            ("1ä/Oct/2000:13:55:36 -070", None),
            ("+1/Oct/2000:13:55:36 -0700", None),
            ("", None),
        ];
        for (stamp, time) in table {
            assert_eq!(read(stamp).map(|time| time.to_string()).as_deref(), time, "{stamp}");
        }
    }
}
