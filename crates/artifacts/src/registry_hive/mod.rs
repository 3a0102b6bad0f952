//! Registry hives (`%windir%\System32\config\SOFTWARE`, `SYSTEM`), under any name.
//!
//! Facts: the layout as described by M. Suhanov ("Windows registry file format specification") and the libregf documentation.
//! A base block of 4 KiB, then cells that point to each other: keys (`nk`), lists of keys (`lf`, `lh`, `li`, `ri`), values (`vk`)
//! and data, large data in segments (`db`).
//!
//! The reader is our own because it wants little: from the root to a few dozen keys (see `wanted`), nothing written, every
//! pointer a mere claim. The libraries under a licence that we can ship (notatin 1.0, frnsc-hive 0.13) read whole hives into
//! memory or bring a terminal library along.
//!
//! - A record for each wanted value; its time is the last write of its key, which is that of its youngest value at best.
//! - Names of keys are those of a live server: the control set in use is `CurrentControlSet`, others have their own names.
//! - `MsiBuildMajor` and its siblings are not raised by security updates, so no build is taken from them.
//! - A hive of a running server is not finished: its youngest changes lie in its logs (`SOFTWARE.LOG1`), which are not read.
//!   That is a gap, as are deleted keys and hives of users.

mod cells;
pub(crate) mod data;
mod keys;
#[cfg(test)]
mod tests;
mod walk;
mod wanted;

use std::io::{Read, Seek};

use afterpatch_model::{ArtifactKind, GapKind, Place};

use crate::{Format, Input, Sink};
use cells::u32_at;
use wanted::{SOFTWARE, SYSTEM, Wanted, matches};

/// The format of registry hives.
pub struct RegistryHive;

impl Format for RegistryHive {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::RegistryHive
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_hive(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        match input.seekable() {
            Ok(hive) => read_hive(hive, input.head(), sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// Primary files only: logs begin with a copy of the base block, in which their own kind stands.
fn is_hive(head: &[u8]) -> bool {
    const KIND_AT: usize = 28;
    head.starts_with(b"regf") && u32_at(head, KIND_AT) == 0
}

/// A key of the registry that a scan reads, for whoever asks a running system for it.
#[derive(Clone, Copy, Debug)]
pub struct WantedKey {
    /// The hive's name below `HKLM`: `SOFTWARE`, `SYSTEM`.
    pub hive: &'static str,
    wanted: &'static Wanted,
}

/// What is handed on of hives, in a fixed order.
pub fn wanted_registry() -> impl Iterator<Item = WantedKey> {
    let of = |hive, list: &'static [Wanted]| list.iter().map(move |wanted| WantedKey { hive, wanted });
    of("SOFTWARE", SOFTWARE).chain(of("SYSTEM", SYSTEM))
}

impl WantedKey {
    /// Names from the hive's root on; `*` at the end of a name stands for anything.
    pub fn path(&self) -> &'static [&'static str] {
        self.wanted.key
    }

    /// Whether a key's name is what a name of the path says.
    pub fn matches(pattern: &str, name: &str) -> bool {
        matches(pattern, name)
    }

    /// Whether a value of that name is handed on.
    pub fn takes(&self, value: &str) -> bool {
        self.wanted.takes(value)
    }

    /// Whether all keys below are wanted, too.
    pub fn is_deep(&self) -> bool {
        self.wanted.deep
    }
}

fn read_hive(hive: impl Read + Seek, head: &[u8], sink: &mut dyn Sink) {
    // A write begins by raising the first number and ends by raising the second.
    if u32_at(head, 4) != u32_at(head, 8) {
        let why = "the hive was in use: its youngest changes are in its logs, which are not read";
        sink.gap(GapKind::NotRead, Place::Whole, why);
    }
    walk::hand_on(hive, u32_at(head, walk::ROOT_AT), sink);
}
