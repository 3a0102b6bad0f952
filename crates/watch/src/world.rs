//! What a watch needs of the outside: a clock, and somebody who says that files changed. Tests bring their own.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use afterpatch_model::Timestamp;

/// Clock, notifications, and the wish to end.
pub trait World {
    /// The time, UTC; what is written into alerts.
    fn now(&self) -> Timestamp;

    /// Time since the world began; never goes back.
    fn elapsed(&self) -> Duration;

    /// Waits until something is hinted at, or this time has passed, or the end is wished. With no time it only collects.
    fn wait(&mut self, most: Duration) -> Hint;

    /// Whether a file that its writer keeps open may have grown for a while before it is hinted at.
    fn hints_late(&self) -> bool {
        false
    }

    /// Whether the watch shall end.
    fn is_stopped(&self) -> bool;
}

/// What is said to have changed. Only a hint: the comparison with the file system decides, so a hint too many costs a look and
/// a hint too few costs time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Nothing.
    Nothing,
    /// These files or folders.
    Paths(BTreeSet<PathBuf>),
    /// More than can be named: look at everything.
    Everything,
}
