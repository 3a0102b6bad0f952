//! Windows file times.

use afterpatch_model::Timestamp;

/// Between 1601, where file times begin, and 1970.
const TICKS_TO_UNIX: i128 = 116_444_736_000_000_000;

/// An instant from 100-nanosecond ticks since 1601 in UTC; `None` for 0, which stands for "never", and for what no calendar has.
pub(crate) fn filetime(ticks: u64) -> Option<Timestamp> {
    let since_unix = i128::from(ticks) - TICKS_TO_UNIX;
    (ticks != 0).then(|| Timestamp::from_nanosecond(since_unix * 100).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_instants() {
        assert_eq!(filetime(132_601_776_136_590_000).map(|time| time.to_string()).as_deref(), Some("2021-03-14T06:40:13.659Z"));
        assert_eq!(filetime(TICKS_TO_UNIX as u64), Some(Timestamp::UNIX_EPOCH));
        assert_eq!((filetime(0), filetime(u64::MAX)), (None, None));
        assert!(filetime(1).is_some());
    }
}
