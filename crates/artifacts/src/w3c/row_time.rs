//! The time of a row.

use afterpatch_model::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Tells the times of the rows of one file, in their order.
#[derive(Default)]
pub(crate) struct RowTime {
    /// The last date met and its midnight in seconds: a file has few dates and many rows.
    last: Option<([u8; 10], i64)>,
    /// The last time of day met and its second: many rows are of the same.
    last_of_day: Option<([u8; 8], i64)>,
    /// Midnight of the day a row without a date belongs to.
    day: Option<i64>,
    /// Second of the day of the last row without a date.
    second: i64,
}

impl RowTime {
    const DAY: i64 = 24 * 60 * 60;

    /// The head said when the file was opened (`2021-03-14 06:40:00`).
    pub(crate) fn opened(&mut self, date: &str) {
        self.day = date.get(..10).and_then(midnight);
        self.second = 0;
    }

    /// The time of the next row; `dated` when its list of columns has a date.
    pub(crate) fn of_row(&mut self, dated: bool, date: Option<&str>, time: Option<&str>) -> Option<Timestamp> {
        if dated {
            return self.of_parts(date, time);
        }
        // The date can be deselected. Then the head's date counts, and a clock that jumps far back has passed midnight.
        let second = self.second_of_day(time?)?;
        if second < self.second - Self::DAY / 2 {
            self.day = self.day.map(|day| day + Self::DAY);
        }
        self.second = second;
        Timestamp::from_second(self.day? + second).ok()
    }

    /// The time of a date (`2021-03-14`) and a time of day (`06:40:12`).
    pub(crate) fn of_parts(&mut self, date: Option<&str>, time: Option<&str>) -> Option<Timestamp> {
        let date = date?;
        let written = date.as_bytes().try_into().ok()?;
        let midnight = match self.last {
            Some((last, midnight)) if last == written => midnight,
            _ => {
                let midnight = midnight(date)?;
                self.last = Some((written, midnight));
                midnight
            }
        };
        Timestamp::from_second(midnight + self.second_of_day(time?)?).ok()
    }

    fn second_of_day(&mut self, time: &str) -> Option<i64> {
        let written = time.as_bytes().try_into().ok()?;
        match self.last_of_day {
            Some((last, second)) if last == written => Some(second),
            _ => {
                let second = second_of_day(written)?;
                self.last_of_day = Some((written, second));
                Some(second)
            }
        }
    }
}

fn midnight(date: &str) -> Option<i64> {
    let date: Date = date.parse().ok()?;
    Some(TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()?.as_second())
}

/// `06:40:12` as seconds. Written out because it runs for every other row.
fn second_of_day(time: [u8; 8]) -> Option<i64> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = time else { return None };
    let two = |tens: u8, ones: u8| {
        (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (hours, minutes, seconds) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    (hours < 24 && minutes < 60 && seconds < 60).then(|| hours * 3600 + minutes * 60 + seconds)
}
