//! Working only while nobody else wants the processor.
//!
//! Linux shares the processor first among groups (sessions, services, containers) and only then, within a group, by priority:
//! the nicest process of one session gets as much as the web server of another. So priority alone is not enough, and this
//! looks at how busy the machine is, and pauses.

use std::cell::Cell;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The least part of a processor that a thread takes, however busy the machine is: it shall come to an end one day.
const LEAST: f64 = 0.005;
/// How often the machine is looked at. The kernel counts in hundredths of a second.
const WINDOW: Duration = Duration::from_millis(200);
/// The longest that [`pause`] takes, so that a user who stops the run does not wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

static PACE: OnceLock<Pace> = OnceLock::new();

thread_local! {
    /// The processor time of this thread when it last paused.
    static WORKED: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

struct Pace {
    /// `/proc/stat`, kept open.
    stat: File,
    processors: f64,
    last: Mutex<Seen>,
    /// The part of a processor that each thread may take: the bits of an `f64`.
    share: AtomicU64,
}

/// The counters at a moment, in seconds of one processor.
struct Seen {
    at: Instant,
    idle: f64,
    own: f64,
}

/// How busy the machine was for a while, in parts of all its processors.
#[derive(Clone, Copy)]
struct Load {
    idle: f64,
    others: f64,
}

/// From now on [`pause`] pauses. Does nothing where the kernel does not tell how busy it is.
pub(super) fn keep() {
    let Ok(stat) = File::open("/proc/stat") else { return };
    let Some(idle) = idle_seconds(&stat) else { return };
    let Ok(processors) = std::thread::available_parallelism() else { return };
    // In a container that may use a part of the machine, all its processors are more than it may use. The others' work is
    // then overrated, which is on the safe side.
    let processors = (online(&stat).unwrap_or(0).max(processors.get())) as f64;
    let last = Mutex::new(Seen { at: Instant::now(), idle, own: process_time() });
    let _ = PACE.set(Pace { stat, processors, last, share: AtomicU64::new(1_f64.to_bits()) });
}

/// Pauses as long as is due for what this thread did since its last pause.
pub(super) fn pause() {
    let Some(pace) = PACE.get() else { return };
    let now = thread_time();
    let worked = now.saturating_sub(WORKED.replace(now));
    let began = Instant::now();
    loop {
        pace.look();
        let share = f64::from_bits(pace.share.load(Ordering::Relaxed));
        let due = worked.mul_f64((1.0 - share) / share).min(LONGEST_PAUSE).saturating_sub(began.elapsed());
        if due.is_zero() {
            break;
        }
        // In steps, as the others may go before the time is up.
        std::thread::sleep(due.min(WINDOW));
    }
}

/// The part of a processor that each thread may take now.
pub(super) fn share() -> f64 {
    PACE.get().map_or(1.0, |pace| f64::from_bits(pace.share.load(Ordering::Relaxed)))
}

impl Pace {
    /// Looks at the machine if it is time to.
    fn look(&self) {
        let Ok(mut last) = self.last.try_lock() else { return };
        let passed = last.at.elapsed();
        if passed < WINDOW {
            return;
        }
        let Some(idle) = idle_seconds(&self.stat) else { return };
        let now = Seen { at: Instant::now(), idle, own: process_time() };
        let all = passed.as_secs_f64() * self.processors;
        let idle = ((now.idle - last.idle) / all).clamp(0.0, 1.0);
        let own = ((now.own - last.own) / all).clamp(0.0, 1.0);
        let load = Load { idle, others: (1.0 - idle - own).max(0.0) };
        let share = f64::from_bits(self.share.load(Ordering::Relaxed));
        self.share.store(next(share, load).to_bits(), Ordering::Relaxed);
        *last = now;
    }
}

/// The share of the next while: a quarter when others had next to nothing left to take, much less when they are many, grown
/// slowly while there is room.
fn next(share: f64, load: Load) -> f64 {
    let share = if load.others < 0.05 {
        share * 2.0
    } else if load.idle < 0.15 {
        share / if load.others < 0.2 { 4.0 } else { 16.0 }
    } else if load.idle > 0.25 {
        share * 1.25
    } else {
        share
    };
    share.clamp(LEAST, 1.0)
}

/// Seconds that processors were idle, all together, since the machine was started.
fn idle_seconds(stat: &File) -> Option<f64> {
    let mut buffer = [0; 256];
    let count = stat.read_at(&mut buffer, 0).ok()?;
    let text = str::from_utf8(buffer.get(..count)?).ok()?;
    // cpu, user, nice, system, idle, waiting for a disk; see proc_stat(5).
    let mut numbers = text.strip_prefix("cpu ")?.split_ascii_whitespace().skip(3).map(|number| number.parse::<u64>().ok());
    let idle = numbers.next()?? + numbers.next()??;
    Some(idle as f64 / 100.0)
}

/// How many processors the machine has.
fn online(stat: &File) -> Option<usize> {
    let mut text = vec![0; 64 << 10];
    let count = stat.read_at(&mut text, 0).ok()?;
    let text = String::from_utf8_lossy(text.get(..count)?);
    Some(text.lines().filter(|line| line.starts_with("cpu") && !line.starts_with("cpu ")).count())
}

/// Processor time of this process, in seconds.
fn process_time() -> f64 {
    clock(libc::CLOCK_PROCESS_CPUTIME_ID).as_secs_f64()
}

/// Processor time of this thread.
fn thread_time() -> Duration {
    clock(libc::CLOCK_THREAD_CPUTIME_ID)
}

fn clock(id: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure lives as long as the call. Should it fail, the time stays zero.
    unsafe { libc::clock_gettime(id, &raw mut time) };
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, clippy::print_stdout)]
    use super::*;

    #[test]
    fn a_busy_machine_is_left_alone_and_an_idle_one_is_used() {
        let after = |rounds: usize, load: Load, start: f64| (0..rounds).fold(start, |share, _| next(share, load));
        // Half a second of a web server that wants everything.
        assert_eq!(after(2, Load { idle: 0.0, others: 0.5 }, 1.0), LEAST);
        // A little work of somebody else.
        assert_eq!(after(1, Load { idle: 0.0, others: 0.1 }, 1.0), 0.25);
        // Nobody else there: no idle processor is no reason to pause.
        assert_eq!(after(10, Load { idle: 0.0, others: 0.01 }, 1.0), 1.0);
        // Room to grow in.
        assert_eq!(after(50, Load { idle: 0.5, others: 0.3 }, LEAST), 1.0);
        // Between the two it stays as it is.
        assert_eq!(after(10, Load { idle: 0.2, others: 0.5 }, 0.3), 0.3);
    }

    #[test]
    fn the_kernel_tells_how_busy_it_is() {
        let Ok(stat) = File::open("/proc/stat") else {
            println!("no /proc/stat here");
            return;
        };
        assert!(idle_seconds(&stat).is_some());
        assert!(online(&stat).is_some_and(|processors| processors > 0));
        let before = thread_time();
        let mut sum = 0_u64;
        while thread_time() == before {
            sum = sum.wrapping_add(1);
        }
        assert!(process_time() > 0.0, "{sum}");
    }
}
