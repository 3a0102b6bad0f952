//! Bounds of work for one file.

use std::time::Duration;

/// What one file may cost. A file that needs more is reported as such with what was found so far.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Steps of the interpreter: about one for each expression that it walks.
    pub steps: u64,
    /// Time for one file; none makes the result independent of the machine's speed.
    pub time: Option<Duration>,
    /// Bytes that decoding and joining may make altogether.
    pub made_bytes: usize,
    /// How often decoded code may hold decoded code.
    pub layers: u16,
    /// Bytes of a file that are looked at.
    pub file_bytes: usize,
    /// Every script is walked, also those in which no word stands that could matter: to check that none is lost.
    pub walk_all: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 10_000_000,
            time: Some(Duration::from_millis(1500)),
            made_bytes: 96 << 20,
            layers: 150,
            file_bytes: 32 << 20,
            walk_all: false,
        }
    }
}
