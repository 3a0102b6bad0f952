//! How fast requests go out: a steady rate that slows down when the network stops answering.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Outcomes that are looked at together.
const WINDOW: u32 = 40;
/// The rate is never cut to less than this part.
const SLOWEST: u32 = 32;

pub(crate) struct Pace {
    between: Duration,
    state: Mutex<State>,
}

struct State {
    /// When the next request may go out.
    next: Instant,
    /// By how much the rate is cut: 1 is not at all.
    slow: u32,
    asked: u32,
    lost: u32,
}

impl Pace {
    pub(crate) fn new(rate: u32) -> Self {
        let state = State { next: Instant::now(), slow: 1, asked: 0, lost: 0 };
        Self { between: Duration::from_secs(1) / rate.max(1), state: Mutex::new(state) }
    }

    /// Waits for the turn of one request.
    pub(crate) fn wait(&self) {
        let turn = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let turn = state.next.max(now);
            state.next = turn + self.between * state.slow;
            turn.saturating_duration_since(now)
        };
        if !turn.is_zero() {
            std::thread::sleep(turn);
        }
    }

    /// Takes note of whether anything came back. When most of a window is lost the line may be ours: half the rate; when nearly all
    /// comes back, twice.
    pub(crate) fn answered(&self, yes: bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.asked += 1;
        state.lost += u32::from(!yes);
        if state.asked < WINDOW {
            return;
        }
        state.slow = match state.lost {
            lost if lost * 10 > WINDOW * 8 => (state.slow * 2).min(SLOWEST),
            lost if lost * 2 < WINDOW => (state.slow / 2).max(1),
            _ => state.slow,
        };
        (state.asked, state.lost) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slows_down_when_all_is_lost_and_recovers() {
        let pace = Pace::new(1_000);
        let slow = |pace: &Pace| pace.state.lock().unwrap_or_else(PoisonError::into_inner).slow;
        (0..3 * WINDOW).for_each(|_| pace.answered(false));
        assert_eq!(slow(&pace), 8);
        (0..20 * WINDOW).for_each(|_| pace.answered(false));
        assert_eq!(slow(&pace), SLOWEST);
        (0..6 * WINDOW).for_each(|_| pace.answered(true));
        assert_eq!(slow(&pace), 1);
    }

    #[test]
    fn keeps_the_rate() {
        let pace = Pace::new(200);
        let began = Instant::now();
        (0..21).for_each(|_| pace.wait());
        assert!(began.elapsed() >= Duration::from_millis(95), "{:?}", began.elapsed());
    }
}
