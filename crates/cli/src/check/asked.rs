//! Which hosts are being asked, on the disk before each request goes out: a run that was cut off in the middle must not make the next
//! one ask a host more than three times.
//!
//! A small file beside the state, one slot for each target in work. A slot is written before a request and emptied once the answer
//! stands in its file.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

use super::resume::beside;

/// Room for the names of three hosts (253 letters each at most, with a port) and their ends.
const SLOT: usize = 1024;

/// The file.
pub struct Asked(Mutex<Inner>);

struct Inner {
    file: File,
    free: Vec<u32>,
    /// Slot and hosts asked, by the target's number.
    used: BTreeMap<u64, (u32, String)>,
}

impl Asked {
    /// Opens the file beside a state. What stands in it from a run that was cut off is told to `was_asked`, once for each request.
    pub fn open(state: &Path, slots: usize, was_asked: impl Fn(&str)) -> anyhow::Result<Self> {
        let path = beside(state, ".asked");
        let place = || path.display().to_string();
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).with_context(place)?;
        let mut left = String::new();
        // Not ours if it is no text; it is written over.
        let _ = (&mut file).take(4 << 20).read_to_string(&mut left);
        left.split(['\n', '\0', ' ']).filter(|host| !host.is_empty()).for_each(was_asked);
        file.set_len(0).with_context(place)?;
        // Kept for the case that this run is cut off before it comes to those hosts: they go on standing behind the slots.
        let slots = u32::try_from(slots).unwrap_or(u32::MAX);
        let kept: String =
            left.split(['\n', '\0', ' ']).filter(|host| !host.is_empty()).map(|host| format!("{host}\n")).collect();
        file.seek(SeekFrom::Start(u64::from(slots) * SLOT as u64)).with_context(place)?;
        file.write_all(kept.as_bytes()).with_context(place)?;
        Ok(Self(Mutex::new(Inner { file, free: (0..slots).rev().collect(), used: BTreeMap::new() })))
    }

    /// Takes note of a request that is about to go out. A note that cannot be written costs politeness after a crash, not the run.
    pub fn note(&self, seq: u64, host: &str) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Inner { file, free, used } = &mut *inner;
        let Some((slot, hosts)) = (match used.entry(seq) {
            std::collections::btree_map::Entry::Occupied(entry) => Some(entry.into_mut()),
            std::collections::btree_map::Entry::Vacant(entry) => free.pop().map(|slot| entry.insert((slot, String::new()))),
        }) else {
            return;
        };
        hosts.push_str(host);
        hosts.push('\n');
        let _ = write(file, *slot, hosts);
    }

    /// The answer of a target stands in its file.
    pub fn release(&self, seq: u64) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((slot, _)) = inner.used.remove(&seq) {
            let _ = write(&mut inner.file, slot, "");
            inner.free.push(slot);
        }
    }
}

fn write(file: &mut File, slot: u32, hosts: &str) -> std::io::Result<()> {
    let mut bytes = hosts.as_bytes().to_vec();
    bytes.resize(SLOT, b' ');
    file.seek(SeekFrom::Start(u64::from(slot) * SLOT as u64))?;
    file.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn what_was_in_work_is_known_to_the_next_run_and_the_one_after() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("sweep.state");
        let told = RefCell::new(Vec::new());
        let open = || Asked::open(&state, 4, |host| told.borrow_mut().push(host.to_owned())).unwrap();
        let asked = open();
        asked.note(7, "a.example");
        asked.note(7, "b.example:8443");
        asked.note(8, "c.example");
        asked.release(8);
        drop(asked);
        assert!(told.borrow().is_empty());
        let asked = open();
        assert_eq!(*told.borrow(), ["a.example", "b.example:8443"]);
        asked.note(9, "d.example");
        drop(asked);
        told.borrow_mut().clear();
        drop(open());
        let mut last = told.borrow().clone();
        last.sort();
        assert_eq!(last, ["a.example", "b.example:8443", "d.example"]);
    }
}
