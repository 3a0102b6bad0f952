//! Bounds of work for one file.

use std::time::Duration;

/// What one file may cost. A file that needs more is reported as such with what was found so far.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Steps of the interpreter for the longest script: about one for each expression that it walks. Shorter ones get fewer.
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
            // Steps bound the work to about a second; this is for a machine that is too busy.
            time: Some(Duration::from_secs(10)),
            made_bytes: 96 << 20,
            layers: 150,
            file_bytes: 32 << 20,
            walk_all: false,
        }
    }
}

/// Steps that a script gets however short it is: rounds of decoding what another script holds.
const STEPS_FOR_ALL: u64 = 1_500_000;
/// Steps for each byte: a loop that decodes a text takes some twenty for each character of it.
const STEPS_A_BYTE: u64 = 64;

impl Limits {
    /// The limits for a script of so many bytes. A short one that runs on for long waits or counts, it does not decode.
    pub(crate) fn for_script(&self, bytes: usize) -> Self {
        let fitting = STEPS_FOR_ALL.saturating_add(STEPS_A_BYTE.saturating_mul(bytes as u64));
        Self { steps: self.steps.min(fitting), ..self.clone() }
    }
}
