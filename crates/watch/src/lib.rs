//! Stays after the scan: what is new in web folders, logs and event logs goes through the scan's own readers and detectors, and what
//! they find becomes an alert.
//!
//! * Truth is the comparison with the file system; notifications only wake ([`World`]). So an overflow, a storm of renames or a network
//!   share costs time and nothing else.
//! * How far each file was read and what it told are written as one before anything is told ([`StateError`] says what can go wrong
//!   there), so that a crash neither loses an alert nor tells it twice.
//! * Everything has a bound: files, pieces, windows of repeats and of stories.
//!
//! | module | what |
//! |---|---|
//! | `world`, `notified` | clock and notifications, as a trait and as they are |
//! | `walk` | what lies in the places now |
//! | `manner` | how each kind of artifact is followed |
//! | `cursor`, `head`, `events` | what is new in a log of lines, in an event log |
//! | `watcher`, `watcher/files`, `watcher/logs` | the watch itself |
//! | `teller`, `stories`, `fold` | from findings to alerts |
//! | `state`, `alert_log` | what is kept |
//! | `follow` | outputs that may fail and wait: each reads the alert log at its own pace |
//! | `policy` | which findings may be answered without asking |

mod alert_log;
mod cursor;
mod events;
mod fold;
mod follow;
mod head;
mod manner;
mod notified;
mod policy;
mod state;
mod stories;
mod teller;
mod walk;
mod watcher;
mod world;

pub use alert_log::Encode;
pub use follow::{Follower, Outcome, Output, Say};
pub use notified::{Notified, Stop};
pub use policy::{Policy, PolicyError};
pub use state::StateError;
pub use watcher::{Listener, Notice, Settings, WatchError, watch};
pub use world::{Hint, World};
