//! Many targets: several hosts at a time, answers as they come, nothing held that is not in work.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use afterpatch_model::{RemoteLook, RemoteOutcome};

use crate::{Remote, Seen, Target, TargetError};

/// A target, or a line that names none, with whatever the caller knows it by.
type Work<T> = (T, Result<Target, TargetError>);

/// Looks at every target and hands on the answers in the order in which they come. Targets are taken as they are needed: at most
/// [`Remote::most_in_work`] are in memory. A line that names no host is answered, too. Before each request `before` is told for whom it
/// is and which host it goes to.
///
/// # Errors
/// What `tell` says ends the sweep.
pub fn sweep<T: Send, E: Send>(
    remote: &Remote,
    targets: impl Iterator<Item = Work<T>> + Send,
    before: &(dyn Fn(&T, &str) + Sync),
    mut tell: impl FnMut(T, Seen) -> Result<(), E>,
) -> Result<(), E> {
    let threads = remote.config.concurrency.max(1);
    let (feed, work) = sync_channel::<Work<T>>(threads);
    let (told, answers) = sync_channel::<(T, Seen)>(threads);
    let work = Mutex::new(Some(work));
    std::thread::scope(|scope| {
        let work = &work;
        scope.spawn(move || feed_all(remote, targets, &feed));
        for _ in 0..threads {
            let told = told.clone();
            scope.spawn(move || ask_all(remote, work, before, &told));
        }
        drop(told);
        let mut outcome = Ok(());
        for (tag, seen) in answers {
            if outcome.is_ok() {
                outcome = tell(tag, seen);
                if outcome.is_err() {
                    remote.stop();
                }
            }
        }
        // Whoever feeds must not wait for takers that have gone.
        work.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome
    })
}

impl Remote {
    /// So many targets at most are taken and not yet told.
    pub fn most_in_work(&self) -> usize {
        // In each of two queues, and being asked; one is handed in, one is being told.
        3 * self.config.concurrency.max(1) + 2
    }
}

fn feed_all<T>(remote: &Remote, targets: impl Iterator<Item = Work<T>>, feed: &SyncSender<Work<T>>) {
    for target in targets {
        if remote.is_stopped() || feed.send(target).is_err() {
            break;
        }
    }
}

fn ask_all<T>(
    remote: &Remote,
    work: &Mutex<Option<Receiver<Work<T>>>>,
    before: &(dyn Fn(&T, &str) + Sync),
    told: &SyncSender<(T, Seen)>,
) {
    loop {
        let next = {
            let work = work.lock().unwrap_or_else(PoisonError::into_inner);
            match work.as_ref().map(Receiver::recv) {
                Some(Ok(next)) => next,
                _ => break,
            }
        };
        if remote.is_stopped() {
            break;
        }
        let (tag, target) = next;
        let seen = match target {
            Ok(target) => remote.look(&target, &|host| before(&tag, host)),
            Err(error) => {
                let look =
                    RemoteLook { outcome: RemoteOutcome::NotAsked, error: Some(error.to_string()), ..RemoteLook::default() };
                Seen { look, builds: Vec::new() }
            }
        };
        if told.send((tag, seen)).is_err() {
            break;
        }
    }
}
