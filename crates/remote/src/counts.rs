//! How often each host was asked, in bounded memory.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::{Mutex, PoisonError};

use foldhash::fast::RandomState;

use crate::MOST_REQUESTS;

/// Hosts remembered exactly are at least so many, and at most twice as many: some 20 MB.
const REMEMBERED: usize = 1 << 19;

/// Counts requests by host and port. The oldest half is forgotten when there are too many: a list in which a host comes back after
/// half a million others asks it again.
#[derive(Default)]
pub(crate) struct Counts {
    hasher: RandomState,
    generations: Mutex<[HashMap<u64, u8>; 2]>,
}

impl Counts {
    /// Takes one request to a host, if one is left.
    pub(crate) fn take(&self, authority: &str) -> bool {
        let key = self.hasher.hash_one(authority.to_ascii_lowercase());
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let [young, old] = &mut *generations;
        let asked = young.get(&key).or_else(|| old.get(&key)).copied().unwrap_or(0);
        if asked >= MOST_REQUESTS {
            return false;
        }
        young.insert(key, asked + 1);
        if young.len() >= REMEMBERED {
            *old = std::mem::take(young);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_three_times_whatever_its_letters() {
        let counts = Counts::default();
        assert!(["a:443", "A:443", "a:443"].iter().all(|host| counts.take(host)));
        assert!(!counts.take("a:443") && counts.take("b:443"));
        for other in 0..2 * REMEMBERED {
            counts.take(&other.to_string());
        }
        let generations = counts.generations.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(generations.iter().map(HashMap::len).sum::<usize>() <= 2 * REMEMBERED);
    }
}
