//! What a run says of itself while it goes on, and how it is stopped.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counters of a run, to be read from another thread. Bytes are those of the artifacts, expanded.
#[derive(Debug, Default)]
pub struct Progress {
    pub(crate) total: AtomicU64,
    pub(crate) done: AtomicU64,
    pub(crate) findings: AtomicU64,
    /// Artifacts that a scan before this one has read.
    pub(crate) resumed: AtomicU64,
    current: Mutex<String>,
    stop: AtomicBool,
}

impl Progress {
    /// Bytes of all artifacts; 0 while they are still being looked for.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Bytes read so far (may pass the total a little where a file is read twice).
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Findings so far, before they are joined and weighed.
    pub fn findings(&self) -> u64 {
        self.findings.load(Ordering::Relaxed)
    }

    /// Artifacts that a scan before this one has read.
    pub(crate) fn resumed(&self) -> u64 {
        self.resumed.load(Ordering::Relaxed)
    }

    /// The artifact begun last (hostile text).
    pub fn current(&self) -> String {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the run to stop; it ends soon with what it has.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Says that so many bytes more were read.
    pub fn advance(&self, bytes: u64) {
        self.done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Says what is read now.
    pub fn begin(&self, artifact: &str) {
        artifact.clone_into(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
