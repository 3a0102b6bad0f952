//! One line that begins with a time.

use afterpatch_model::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A line of the log.
pub(super) struct Line<'l> {
    pub(super) time: Timestamp,
    /// How deep the task is nested.
    pub(super) depth: &'l str,
    pub(super) text: &'l str,
}

impl<'l> Line<'l> {
    /// Takes `[MM/DD/YYYY hh:mm:ss.ffff] [depth] text` apart; `None` when the line is none such.
    pub(super) fn read(line: &'l str) -> Option<Self> {
        let (stamp, rest) = line.strip_prefix('[')?.split_once("] [")?;
        let (depth, text) = rest.split_once(']')?;
        let depth_is_number = !depth.is_empty() && depth.len() < 4 && depth.bytes().all(|byte| byte.is_ascii_digit());
        depth_is_number.then_some(Self { time: time(stamp)?, depth, text: text.trim() })
    }
}

/// `03/11/2021 11:42:38.0206`, UTC; the last number is milliseconds.
fn time(stamp: &str) -> Option<Timestamp> {
    let (date, clock) = stamp.split_once(' ')?;
    let [month, day, year] = three(date, |sign| matches!(sign, '/' | '.' | '-'))?;
    let (clock, millisecond) = clock.rsplit_once('.')?;
    // The sign between hours and minutes is the account's, too.
    let [hour, minute, second] = three(clock, |sign| matches!(sign, ':' | '.'))?;
    // More than a second's milliseconds can only be meant as digits of a fraction; the line is worth more than they are.
    let nanosecond = match number(millisecond)? {
        millisecond @ ..1_000 => millisecond.checked_mul(1_000_000)?,
        fraction => fraction.checked_mul(100_000)?,
    };
    let small = |number: i32| i8::try_from(number).ok();
    let year = i16::try_from(year).ok()?;
    let date = DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, nanosecond).ok()?;
    TimeZone::UTC.to_timestamp(date).ok()
}

fn three(text: &str, is_sign: impl Fn(char) -> bool) -> Option<[i32; 3]> {
    let mut parts = text.split(is_sign).map(number);
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

fn number(text: &str) -> Option<i32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn month_before_day_whatever_stands_between_and_four_digits_are_milliseconds() {
        let table = [
            ("[03/11/2021 11:42:38.0206] [0] x", Some(("2021-03-11T11:42:38.206Z", "x"))),
            ("[11.14.2022 17:13:08.0074] [12] a] [b", Some(("2022-11-14T17:13:08.074Z", "a] [b"))),
            ("[03-11-2021 11.42.38.0999] [1]", Some(("2021-03-11T11:42:38.999Z", ""))),
            ("[13/11/2021 11:42:38.0206] [0] x", None),
            ("[03/11/2021 11:42:38.9999] [0] x", Some(("2021-03-11T11:42:38.9999Z", "x"))),
            ("[03/11/2021 11:42:38.10000] [0] x", None),
            ("[03/11/2021 11:42:38.0206] [x] x", None),
            ("[03/11/2021 11:42:38.0206]", None),
            ("   at Microsoft.Exchange.Configuration.Tasks", None),
            ("", None),
        ];
        for (line, expected) in table {
            let read = Line::read(line).map(|line| (line.time.to_string(), line.text));
            assert_eq!(read.as_ref().map(|(time, text)| (time.as_str(), *text)), expected, "{line}");
        }
    }
}
