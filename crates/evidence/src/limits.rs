//! How much a container may ask of us.

use std::io::{self, Read};

use crate::BombError;

/// Bounds on what a container may ask of us. The defaults are far above every honest collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Content is a bomb when it expands to more bytes than this *and* by more than [`Limits::bomb_ratio`].
    /// 1 GiB: the largest single logs and event logs of an Exchange server stay below.
    pub bomb_bytes: u64,
    /// Expanded bytes per packed byte above which content is a bomb (see [`Limits::bomb_bytes`]). Text logs pack 10 to 30
    /// fold; nothing that a server writes packs 200 fold for a whole gigabyte.
    pub bomb_ratio: u64,
    /// Entries listed at most. A full disk image holds about a million files.
    pub entries: usize,
    /// Bytes of all listed paths together, at most: bounds the memory of a listing whose names are absurdly long.
    pub path_bytes: u64,
    /// [`crate::Entry::seekable`] keeps this many bytes in memory and uses a temporary file beyond.
    pub spool_bytes: usize,
    /// Archives are opened in archives so many levels deep. Collectors that pack twice exist, three times is already rare.
    pub nesting: u32,
    /// Archives inside the evidence opened at most: each keeps a file open, of which systems allow a thousand.
    pub archives: usize,
    /// Bytes of archives that are unpacked to temporary files while listing, together, at most.
    pub unpacked_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bomb_bytes: 1 << 30,
            bomb_ratio: 200,
            entries: 1_000_000,
            path_bytes: 256 << 20,
            spool_bytes: 8 << 20,
            nesting: 3,
            archives: 256,
            unpacked_bytes: 256 << 30,
        }
    }
}

impl Limits {
    /// Bounds on a system that goes on working while it is looked at: archives on it are opened, but they must not fill its disk.
    pub fn of_running_system() -> Self {
        Self { nesting: 1, archives: 64, unpacked_bytes: 1 << 30, ..Self::default() }
    }

    /// Whether `packed` bytes that have become `expanded` bytes are a bomb.
    pub(crate) fn is_bomb(&self, expanded: u64, packed: u64) -> bool {
        expanded >= self.bomb_from(packed)
    }

    /// The bounds inside of `expanded` bytes that came from `packed` bytes: what they have grown already counts, so that packing
    /// several times does not get around the bound.
    pub(crate) fn inside(self, expanded: u64, packed: u64) -> Self {
        let left = u128::from(self.bomb_ratio) * u128::from(packed.max(1)) / u128::from(expanded.max(packed).max(1));
        Self { bomb_ratio: u64::try_from(left).unwrap_or(u64::MAX), ..self }
    }

    /// The number of bytes from which on `packed` bytes are a bomb.
    pub(crate) fn bomb_from(&self, packed: u64) -> u64 {
        self.bomb_ratio.saturating_add(1).saturating_mul(packed.max(1)).max(self.bomb_bytes.saturating_add(1))
    }
}

/// Stops with [`BombError`] when what comes out is out of all proportion to what went in.
pub(crate) struct Bounded<R> {
    inner: R,
    limits: Limits,
    packed: u64,
    expanded: u64,
}

impl<R> Bounded<R> {
    /// Bounds `inner`, which expands `packed` bytes.
    pub(crate) fn new(inner: R, packed: u64, limits: Limits) -> Self {
        Self { inner, limits, packed, expanded: 0 }
    }

    pub(crate) fn inner(&self) -> &R {
        &self.inner
    }

    pub(crate) fn expanded(&self) -> u64 {
        self.expanded
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.limits.is_bomb(self.expanded, self.packed) {
            return Err(BombError { expanded: self.expanded, packed: self.packed }.into());
        }
        // Not a byte more than needed to know, however large the buffer.
        let left = self.limits.bomb_from(self.packed).saturating_sub(self.expanded);
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = self.inner.read(buffer.get_mut(..wanted).unwrap_or_default())?;
        self.expanded = self.expanded.saturating_add(count as u64);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_size_and_ratio_make_a_bomb() {
        let limits = Limits { bomb_bytes: 1000, bomb_ratio: 200, ..Limits::default() };
        let cases = [(1000, 1, false), (1001, 1, true), (1001, 5, false), (1005, 5, true), (1001, 0, true)];
        for (expanded, packed, bomb) in cases {
            assert_eq!(limits.is_bomb(expanded, packed), bomb, "{expanded} of {packed}");
        }
    }

    #[test]
    fn what_has_grown_may_grow_less() {
        let limits = Limits { bomb_ratio: 200, ..Limits::default() };
        for (expanded, packed, left) in [(1000, 1000, 200), (1000, 100, 20), (1000, 1, 0), (0, 0, 200), (10, 100, 200)] {
            assert_eq!(limits.inside(expanded, packed).bomb_ratio, left, "{expanded} of {packed}");
        }
        assert_eq!(limits.inside(u64::MAX, u64::MAX).inside(u64::MAX, 1).bomb_ratio, 0);
    }
}
