//! A number with how sure it is.

/// The normal distribution's share for 95 %.
const Z95: f64 = 1.959_963_984_540_054;

/// Where the truth lies in 95 of 100 cases, if the assumptions hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end, never below the number seen.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// An estimate of how many there are, seen or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// How many were seen.
    pub seen: u64,
    /// How many there are.
    pub all: f64,
    /// Standard error of that.
    pub error: f64,
    /// Log-normal interval of 95 %. Where nobody is estimated to be unseen it has no width: the method knows no better, and that is
    /// no proof.
    pub interval: Interval,
}

impl Estimate {
    /// The interval is log-normal in the number of the unseen (Chao 1987), so that it cannot fall below the number seen.
    pub(crate) fn new(seen: u64, all: f64, variance: f64) -> Self {
        let low = seen as f64;
        let all = all.max(low);
        let unseen = all - low;
        let spread = if unseen > 0.0 { (Z95 * (1.0 + variance / (unseen * unseen)).ln().sqrt()).exp() } else { 1.0 };
        let interval = Interval { low: low + unseen / spread, high: low + unseen * spread };
        Self { seen, all, error: variance.max(0.0).sqrt(), interval }
    }
}
