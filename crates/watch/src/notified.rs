//! The real world: the system's clock, and its notifications of files (inotify, ReadDirectoryChangesW).

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use afterpatch_model::Timestamp;
use notify::event::{AccessKind, AccessMode};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::world::{Hint, World};

/// Paths that wait to be looked at. More at once is a storm, and looking at everything is cheaper then.
const MAX_WAITING: usize = 10_000;
/// A burst of notifications is taken together after this time; far below the two seconds in which an alert is due.
const GATHER: Duration = Duration::from_millis(30);

/// How a running watch is asked to end, from another thread or a signal.
#[derive(Clone, Default)]
pub struct Stop(Arc<Shared>);

impl Stop {
    /// Asks it to end; it ends soon.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
        self.0.changed.notify_all();
    }

    /// Whether it was asked.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }
}

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    stopped: AtomicBool,
}

#[derive(Default)]
struct Waiting {
    paths: BTreeSet<PathBuf>,
    everything: bool,
}

/// The system's clock and notifications.
pub struct Notified {
    began: Instant,
    shared: Arc<Shared>,
    /// Looks at everything that often when there are no notifications.
    poll: Option<Duration>,
    polled: Instant,
    /// Dropping it ends the notifications.
    _watcher: Option<RecommendedWatcher>,
}

impl Notified {
    /// Wants to hear of these folders and all below. Where the system cannot tell, or `poll` is wished, everything is looked at
    /// every `poll` (2 seconds if nothing is wished); the text (English) says why.
    pub fn new(places: &[PathBuf], poll: Option<Duration>, stop: &Stop) -> (Self, Option<String>) {
        let shared = Arc::clone(&stop.0);
        let (watcher, why) = match poll {
            Some(_) => (None, None),
            None => match listen(places, &shared) {
                Ok(watcher) => (Some(watcher), None),
                Err(error) => (None, Some(format!("no notifications of changes, looking every two seconds instead: {error}"))),
            },
        };
        let poll = if watcher.is_some() { None } else { Some(poll.unwrap_or(Duration::from_secs(2))) };
        (Self { began: Instant::now(), shared, poll, polled: Instant::now(), _watcher: watcher }, why)
    }

    fn take(&self, waiting: &mut Waiting) -> Hint {
        if std::mem::take(&mut waiting.everything) {
            waiting.paths.clear();
            return Hint::Everything;
        }
        if waiting.paths.is_empty() { Hint::Nothing } else { Hint::Paths(std::mem::take(&mut waiting.paths)) }
    }
}

impl World for Notified {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn wait(&mut self, most: Duration) -> Hint {
        let shared = Arc::clone(&self.shared);
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(poll) = self.poll {
            let left = poll.saturating_sub(self.polled.elapsed()).min(most);
            if !left.is_zero() && !self.is_stopped() {
                waiting = shared.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
            }
            drop(waiting);
            if self.polled.elapsed() < poll {
                return Hint::Nothing;
            }
            self.polled = Instant::now();
            return Hint::Everything;
        }
        let until = Instant::now() + most;
        while waiting.paths.is_empty() && !waiting.everything && !self.is_stopped() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Hint::Nothing;
            }
            waiting = shared.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        if !most.is_zero() && !self.is_stopped() {
            drop(waiting);
            std::thread::sleep(GATHER);
            waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        }
        self.take(&mut waiting)
    }

    // Windows tells of a change of size or time when it has put it into the folder, which may be when the file is closed.
    fn hints_late(&self) -> bool {
        cfg!(windows) && self.poll.is_none()
    }

    fn is_stopped(&self) -> bool {
        self.shared.stopped.load(Ordering::Relaxed)
    }
}

fn listen(places: &[PathBuf], shared: &Arc<Shared>) -> notify::Result<RecommendedWatcher> {
    let shared = Arc::clone(shared);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let mut waiting = shared.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            // Reading is no change; our own reading least of all.
            Ok(event) if is_reading(event.kind) => return,
            Ok(event) if event.need_rescan() => waiting.everything = true,
            Ok(event) => waiting.paths.extend(event.paths),
            Err(_) => waiting.everything = true,
        }
        if waiting.paths.len() > MAX_WAITING {
            waiting.paths.clear();
            waiting.everything = true;
        }
        shared.changed.notify_all();
    })?;
    for place in places {
        watcher.watch(place, RecursiveMode::Recursive)?;
    }
    Ok(watcher)
}

fn is_reading(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}
