//! Moments and how the many logs write them.

use std::ops::Add;

use jiff::{Timestamp, civil::DateTime, tz::Offset};

/// One second in the unit of [`Moment`].
pub(crate) const SECOND: i64 = 1_000;
/// One minute in the unit of [`Moment`].
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// One hour in the unit of [`Moment`].
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// One day in the unit of [`Moment`].
pub(crate) const DAY: i64 = 24 * HOUR;

/// The months as access logs write them.
pub(crate) const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Milliseconds since 1970 in UTC: the finest step that the logs of a server show, and cheap to add to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(i64);

impl Add<i64> for Moment {
    type Output = Self;

    fn add(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

impl Moment {
    pub(crate) fn of(timestamp: Timestamp) -> Self {
        Self(timestamp.as_millisecond())
    }

    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Milliseconds from `earlier` to this.
    pub(crate) fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Number of the hour since 1970.
    pub(crate) fn hour(self) -> i64 {
        self.0.div_euclid(HOUR)
    }

    /// The beginning of its hour.
    pub(crate) fn start_of_hour(self) -> Self {
        Self(self.hour() * HOUR)
    }

    /// Number of the day since 1970.
    pub(crate) fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    pub(crate) fn civil(self) -> DateTime {
        Offset::UTC.to_datetime(self.timestamp())
    }

    /// `2021-03-14T06:40:13.659Z`: the Exchange logs, and the events of NXLog.
    pub(crate) fn iso(self) -> String {
        let at = self.civil();
        format!("{}T{}.{:03}Z", date(at), time(at), at.millisecond())
    }

    /// `2021-03-14 06:40:13`: IIS.
    pub(crate) fn w3c(self) -> String {
        let at = self.civil();
        format!("{} {}", date(at), time(at))
    }

    /// `14/Mar/2021:06:40:13 +0000`: Apache, nginx and Tomcat.
    pub(crate) fn common(self) -> String {
        self.common_at(Offset::UTC)
    }

    /// The same in the zone of a server that does not write UTC: `14/Mar/2021:12:10:13 +0530`.
    pub(crate) fn common_at(self, zone: Offset) -> String {
        let at = zone.to_datetime(self.timestamp());
        let month = MONTHS.get(usize::from(at.month().unsigned_abs()).saturating_sub(1)).unwrap_or(&"Jan");
        let (sign, minutes) = (if zone.is_negative() { '-' } else { '+' }, zone.seconds().unsigned_abs() / 60);
        format!("{:02}/{month}/{:04}:{} {sign}{:02}{:02}", at.day(), at.year(), time(at), minutes / 60, minutes % 60)
    }

    /// `2021-03-14 06:40:13.659`: Sysmon's `UtcTime`.
    pub(crate) fn sysmon(self) -> String {
        format!("{}.{:03}", self.w3c(), self.civil().millisecond())
    }

    /// `2021-03-14T06:40:13`: the expiry in a back-end cookie.
    pub(crate) fn iso_seconds(self) -> String {
        let at = self.civil();
        format!("{}T{}", date(at), time(at))
    }

    /// `3/14/2021 6:40:13 AM`: what PowerShell shows on an English server.
    pub(crate) fn american(self) -> String {
        let at = self.civil();
        let (hour, half) = match at.hour() {
            0 => (12, "AM"),
            hour @ 1..12 => (hour, "AM"),
            12 => (12, "PM"),
            hour => (hour - 12, "PM"),
        };
        format!("{}/{}/{} {hour}:{:02}:{:02} {half}", at.month(), at.day(), at.year(), at.minute(), at.second())
    }

    /// `03/14/2021 06:40:13.0659`: Exchange's setup, whose last four digits are milliseconds.
    pub(crate) fn setup(self) -> String {
        let at = self.civil();
        format!("{:02}/{:02}/{:04} {}.{:04}", at.month(), at.day(), at.year(), time(at), at.millisecond())
    }

    /// `20210314`.
    pub(crate) fn day_code(self) -> String {
        let at = self.civil();
        format!("{:04}{:02}{:02}", at.year(), at.month(), at.day())
    }

    /// `2021031406`.
    pub(crate) fn hour_code(self) -> String {
        format!("{}{:02}", self.day_code(), self.civil().hour())
    }
}

fn date(at: DateTime) -> String {
    format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())
}

fn time(at: DateTime) -> String {
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_moment() {
        let at = Moment(1_615_704_013_659);
        assert_eq!(at.iso(), "2021-03-14T06:40:13.659Z");
        assert_eq!(at.w3c(), "2021-03-14 06:40:13");
        assert_eq!(at.sysmon(), "2021-03-14 06:40:13.659");
        assert_eq!(at.common(), "14/Mar/2021:06:40:13 +0000");
        assert_eq!(at.common_at(Offset::constant(-5)), "14/Mar/2021:01:40:13 -0500");
        assert_eq!(at.american(), "3/14/2021 6:40:13 AM");
        assert_eq!((at + 12 * HOUR).american(), "3/14/2021 6:40:13 PM");
        assert_eq!((at + 6 * HOUR).american(), "3/14/2021 12:40:13 PM");
        assert_eq!(at.setup(), "03/14/2021 06:40:13.0659");
        assert_eq!(at.hour_code(), "2021031406");
    }
}
