//! Which entries speak of one unit.

use std::collections::BTreeMap;

/// Entries that share a key, directly or through others, are one unit (union-find). Only keys that cannot be the same by chance may
/// be given: a machine's id, a certificate's fingerprint, a full name in a public domain; no short name, no private address.
///
/// Gives of each entry the first entry of its unit. An entry without keys is a unit of its own.
pub fn merge<K: Ord>(entries: &[Vec<K>]) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..entries.len()).collect();
    let mut holders = BTreeMap::new();
    for (entry, keys) in entries.iter().enumerate() {
        for key in keys {
            let holder = *holders.entry(key).or_insert(entry);
            let (one, other) = (root(&mut parents, entry), root(&mut parents, holder));
            // The first entry stands for all.
            if let Some(parent) = parents.get_mut(one.max(other)) {
                *parent = one.min(other);
            }
        }
    }
    (0..entries.len()).map(|entry| root(&mut parents, entry)).collect()
}

fn root(parents: &mut [usize], entry: usize) -> usize {
    let mut at = entry;
    while let Some(parent) = parents.get(at).copied().filter(|parent| *parent != at) {
        // Halves the way for whoever asks next.
        let next = parents.get(parent).copied().unwrap_or(parent);
        if let Some(slot) = parents.get_mut(at) {
            *slot = next;
        }
        at = next;
    }
    at
}
