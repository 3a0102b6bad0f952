//! Times and lengths of time in words. All times shown are UTC and say so where they stand.

use afterpatch_model::Timestamp;

use crate::texts::Texts;

/// `2021-03-14 06:40:11.940`; the fraction only where the record has one.
pub(crate) fn full(time: Timestamp) -> String {
    time.strftime(if has_fraction(time) { "%Y-%m-%d %H:%M:%S%.3f" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// `2021-03-14 06:40`.
pub(crate) fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2021-03-14`.
pub(crate) fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// `06:40:11.940`; the fraction only where the record has one.
pub(crate) fn of_day(time: Timestamp) -> String {
    time.strftime(if has_fraction(time) { "%H:%M:%S%.3f" } else { "%H:%M:%S" }).to_string()
}

/// `06:40:11`.
pub(crate) fn second_of_day(time: Timestamp) -> String {
    time.strftime("%H:%M:%S").to_string()
}

/// From first to last: `2021-03-14 06:40 – 06:41` inside one day, else both days; empty when both are unknown.
pub(crate) fn span(first: Option<Timestamp>, last: Option<Timestamp>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if minute(first) == minute(last) => minute(first),
        (Some(first), Some(last)) if day(first) == day(last) => format!("{} – {}", minute(first), last.strftime("%H:%M")),
        (Some(first), Some(last)) => format!("{} – {}", minute(first), minute(last)),
        (Some(one), None) | (None, Some(one)) => minute(one),
        (None, None) => String::new(),
    }
}

/// Like [`span`], in whole days where more than one is touched: fits into 23 columns.
pub(crate) fn day_span(first: Option<Timestamp>, last: Option<Timestamp>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if day(first) != day(last) => format!("{} – {}", day(first), day(last)),
        _ => span(first, last),
    }
}

/// Seconds between two times, never negative.
pub(crate) fn seconds_between(first: Timestamp, last: Timestamp) -> f64 {
    first.duration_until(last).as_secs_f64().max(0.0)
}

/// A length of time in its largest fitting unit: `7 seconds`, `14 minutes`, `3 hours`, `21 days`.
pub(crate) fn length(texts: &Texts, seconds: f64) -> String {
    let (key, unit) = unit(seconds);
    texts.count(key, (seconds / unit).round() as u64)
}

/// The same, short: `7 s`, `14 min`, `3 h`, `21 d`.
pub(crate) fn short_length(texts: &Texts, seconds: f64) -> String {
    let (key, unit) = unit(seconds);
    texts.count(&format!("{key}-short"), (seconds / unit).round() as u64)
}

fn unit(seconds: f64) -> (&'static str, f64) {
    // The borders lie where rounding would give a full next unit.
    match seconds {
        s if s < 59.5 => ("length-seconds", 1.0),
        s if s < 59.5 * 60.0 => ("length-minutes", 60.0),
        s if s < 47.5 * 3600.0 => ("length-hours", 3600.0),
        _ => ("length-days", 86400.0),
    }
}

fn has_fraction(time: Timestamp) -> bool {
    time.subsec_millisecond() != 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Language;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn fractions_are_shown_only_where_a_record_has_them() {
        assert_eq!(full(at("2021-03-14T06:40:11.94Z")), "2021-03-14 06:40:11.940");
        assert_eq!(full(at("2021-03-14T06:40:11Z")), "2021-03-14 06:40:11");
        assert_eq!(of_day(at("2021-03-14T06:40:11.940Z")), "06:40:11.940");
    }

    #[test]
    fn spans_say_a_day_once() {
        let (a, b, c) = (at("2021-03-14T06:40:11Z"), at("2021-03-14T06:41:00Z"), at("2021-04-01T00:00:00Z"));
        assert_eq!(span(Some(a), Some(a)), "2021-03-14 06:40");
        assert_eq!(span(Some(a), Some(b)), "2021-03-14 06:40 – 06:41");
        assert_eq!(span(Some(a), Some(c)), "2021-03-14 06:40 – 2021-04-01 00:00");
        assert_eq!(day_span(Some(a), Some(c)), "2021-03-14 – 2021-04-01");
        assert_eq!(span(None, None), "");
    }

    #[test]
    fn lengths_take_the_largest_fitting_unit() {
        let texts = Texts::new(Language::English).unwrap();
        for (seconds, shown) in [
            (0.2, "less than a second"),
            (1.0, "1 second"),
            (7.4, "7 seconds"),
            (59.7, "1 minute"),
            (3590.0, "1 hour"),
            (86400.0, "24 hours"),
            (86400.0 * 21.0, "21 days"),
        ] {
            assert_eq!(length(&texts, seconds), shown, "{seconds}");
        }
    }
}
