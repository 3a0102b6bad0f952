//! Times as Windows counts them.

use crate::Timestamp;

/// The instant of so many 100 nanoseconds since 1601, UTC (`FILETIME`, Windows SDK); `None` for zero, which stands where there
/// is no time, and for what no calendar holds.
pub fn filetime(ticks: u64) -> Option<Timestamp> {
    const BETWEEN_1601_AND_1970: i64 = 11_644_473_600;
    let seconds = i64::try_from(ticks / 10_000_000).ok()?.checked_sub(BETWEEN_1601_AND_1970)?;
    let nanoseconds = i32::try_from(ticks % 10_000_000).ok()?.checked_mul(100)?;
    (ticks != 0).then(|| Timestamp::new(seconds, nanoseconds).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ticks_are_no_time() {
        assert_eq!(filetime(132_601_755_120_000_000).map(|time| time.to_string()).as_deref(), Some("2021-03-14T06:05:12Z"));
        assert_eq!((filetime(0), filetime(u64::MAX)), (None, None));
    }
}
