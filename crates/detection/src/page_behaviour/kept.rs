//! Bounded collections whose content depends on what was put in, never on the order or on how it was split: two of them
//! filled with parts of a log and merged are the one filled with the whole.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, DefaultHasher, Hasher};

use serde::{Deserialize, Serialize};

/// The number that stands for a text. Sixty-four bits of SipHash: evidence cannot aim at one that is taken.
pub fn number_of(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text);
    hasher.finish()
}

/// Values of the smallest keys. A value that is kept at the end has lost nothing on the way: only keys greater than all
/// kept are turned away, and the bound only ever sinks.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept<V> {
    most: usize,
    /// The greatest key that is let in.
    limit: u64,
    map: HashMap<u64, V, BuildHasherDefault<KeyHasher>>,
}

impl<V> Kept<V> {
    /// Keeps the values of the `most` smallest keys.
    pub fn new(most: usize) -> Self {
        Self { most, limit: u64::MAX, map: HashMap::default() }
    }

    /// From now on no more than so many are kept.
    pub fn keep(&mut self, most: usize) {
        if most < self.most {
            self.most = most;
            self.settle();
        }
    }

    /// The value of a key, made if need be; `None` when the key is beyond the bound.
    pub fn entry(&mut self, key: u64, make: impl FnOnce() -> V) -> Option<&mut V> {
        // Pruning now and then costs less than keeping order all the time.
        if self.map.len() >= self.most.saturating_add(self.most / 4 + 1) && !self.map.contains_key(&key) {
            self.settle();
        }
        (key <= self.limit).then(|| self.map.entry(key).or_insert_with(make))
    }

    /// The value of a key, if it is kept.
    pub fn get(&self, key: u64) -> Option<&V> {
        self.map.get(&key)
    }

    /// How many are kept.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Was anything turned away?
    pub fn is_cut(&self) -> bool {
        self.limit < u64::MAX
    }

    /// All kept, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.map.values()
    }

    /// All kept, in no order, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }

    /// Takes in what another kept; `join` adds the second value of a key to the first.
    pub fn merge(&mut self, other: Self, mut join: impl FnMut(&mut V, V)) {
        self.most = self.most.min(other.most);
        self.limit = self.limit.min(other.limit);
        let limit = self.limit;
        self.map.retain(|key, _| *key <= limit);
        for (key, value) in other.map.into_iter().filter(|(key, _)| *key <= limit) {
            match self.map.entry(key) {
                Entry::Occupied(mut own) => join(own.get_mut(), value),
                Entry::Vacant(free) => {
                    free.insert(value);
                }
            }
        }
        self.settle();
    }

    /// Brings the number down to the bound.
    pub fn settle(&mut self) {
        let mut keys: Vec<u64> = self.map.keys().copied().collect();
        if let Some(last) = self.most.checked_sub(1).filter(|_| keys.len() > self.most) {
            self.limit = *keys.select_nth_unstable(last).1;
            let limit = self.limit;
            self.map.retain(|key, _| *key <= limit);
        }
    }
}

/// Keys are hashes already.
#[derive(Debug, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = number_of(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Values by number.
#[derive(Debug, Serialize, Deserialize)]
pub struct ByNumber<V>(Vec<(u64, V)>);

impl<V> Default for ByNumber<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> ByNumber<V> {
    /// Changes the value of a number, made if need be.
    pub fn change(&mut self, number: u64, make: impl FnOnce() -> V, change: impl FnOnce(&mut V)) {
        let at = self.0.binary_search_by_key(&number, |(own, _)| *own).unwrap_or_else(|free| {
            insert(&mut self.0, free, (number, make()));
            free
        });
        if let Some((_, value)) = self.0.get_mut(at) {
            change(value);
        }
    }

    /// The value of a number, if there is one.
    pub fn get(&self, number: u64) -> Option<&V> {
        let at = self.0.binary_search_by_key(&number, |(own, _)| *own).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// All, in order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u64, &V)> {
        self.0.iter().map(|(number, value)| (*number, value))
    }

    /// All, in order of their numbers.
    pub fn into_all(self) -> impl Iterator<Item = (u64, V)> {
        self.0.into_iter()
    }
}

/// Puts a value into a sorted list, which takes no more room than it needs: there are tens of thousands of such lists, and
/// most hold one value.
fn insert<T>(list: &mut Vec<T>, at: usize, value: T) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len().clamp(1, 8));
    }
    list.insert(at, value);
}

/// The smallest `N` of what was put in, and whether there were more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Few<T, const N: usize> {
    /// Sorted, each once.
    kept: Vec<T>,
    more: bool,
}

impl<T, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self { kept: Vec::new(), more: false }
    }
}

impl<T: Ord, const N: usize> Few<T, N> {
    pub fn put(&mut self, value: T) {
        let Err(at) = self.kept.binary_search(&value) else { return };
        if self.kept.len() < N {
            insert(&mut self.kept, at, value);
            return;
        }
        self.more = true;
        if at < N {
            self.kept.pop();
            insert(&mut self.kept, at, value);
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.more |= other.more;
        for value in other.kept {
            self.put(value);
        }
    }

    /// Changes what is kept; the order must stay.
    pub fn change(&mut self, change: impl FnMut(T) -> T) {
        self.kept = std::mem::take(&mut self.kept).into_iter().map(change).collect();
    }

    /// How many different ones there were: at most `N` and one, which says "more".
    pub fn count(&self) -> usize {
        self.kept.len() + usize::from(self.more)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.kept.iter()
    }
}

/// How often each of the smallest `N` was put in. Whatever is kept at the end was always kept, so its count is whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Counts<T, const N: usize> {
    /// Sorted by value.
    kept: Vec<(T, u64)>,
    more: bool,
}

impl<T, const N: usize> Default for Counts<T, N> {
    fn default() -> Self {
        Self { kept: Vec::new(), more: false }
    }
}

impl<T: Ord + Copy, const N: usize> Counts<T, N> {
    pub fn put(&mut self, value: T) {
        self.add(value, 1);
    }

    pub fn merge(&mut self, other: Self) {
        self.more |= other.more;
        for (value, times) in other.kept {
            self.add(value, times);
        }
    }

    fn add(&mut self, value: T, times: u64) {
        match self.kept.binary_search_by_key(&value, |(value, _)| *value) {
            Ok(at) => {
                if let Some((_, known)) = self.kept.get_mut(at) {
                    *known += times;
                }
            }
            Err(at) => {
                insert(&mut self.kept, at, (value, times));
                if self.kept.len() > N {
                    self.kept.pop();
                    self.more = true;
                }
            }
        }
    }

    /// How many different ones there were: at most `N` and one, which says "more".
    pub fn count(&self) -> usize {
        self.kept.len() + usize::from(self.more)
    }

    /// How many different ones are kept.
    pub fn kept(&self) -> usize {
        self.kept.len()
    }

    /// How often those kept were put in, all together.
    pub fn times(&self) -> u64 {
        self.kept.iter().map(|(_, times)| times).sum()
    }

    /// The smallest and the greatest kept.
    pub fn range(&self) -> Option<(T, T)> {
        Some((self.kept.first()?.0, self.kept.last()?.0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn kept(keys: impl IntoIterator<Item = u64>) -> Kept<u64> {
        let mut kept = Kept::new(10);
        for key in keys {
            if let Some(count) = kept.entry(key, || 0) {
                *count += 1;
            }
        }
        kept.settle();
        kept
    }

    fn content(kept: &Kept<u64>) -> (Vec<(u64, u64)>, bool) {
        let mut all: Vec<(u64, u64)> = kept.map.iter().map(|(key, value)| (*key, *value)).collect();
        all.sort_unstable();
        (all, kept.is_cut())
    }

    #[test]
    fn parts_merged_are_the_whole_however_it_was_split() {
        let keys: Vec<u64> = (0..500).map(|n| number_of(format!("{}", n % 37).as_bytes())).collect();
        let whole = kept(keys.iter().copied());
        assert_eq!(whole.len(), 10);
        assert!(whole.is_cut());
        for size in [1, 3, 50, 499] {
            let mut merged = Kept::new(10);
            for part in keys.chunks(size) {
                merged.merge(kept(part.iter().copied()), |own, other| *own += other);
            }
            assert_eq!(content(&merged), content(&whole), "{size}");
        }
        assert!(!kept([1, 2, 3]).is_cut());
    }

    #[test]
    fn values_by_number() {
        let mut values = ByNumber::<(&str, u32)>::default();
        for (number, text) in [(7, "b"), (3, "a"), (7, "c"), (9, "d")] {
            values.change(number, || (text, 0), |(_, count)| *count += 1);
        }
        assert_eq!((values.get(7), values.get(8), values.len()), (Some(&("b", 2)), None, 3));
        assert_eq!(values.iter().map(|(number, _)| number).collect::<Vec<_>>(), [3, 7, 9]);
    }

    #[test]
    fn few_of_many() {
        let few = |values: &[u32]| {
            let mut few = Few::<u32, 3>::default();
            values.iter().for_each(|value| few.put(*value));
            few
        };
        assert_eq!((few(&[5, 5, 4]).count(), few(&[5, 4, 3, 3]).count(), few(&[5, 4, 3, 9]).count()), (2, 3, 4));
        let mut merged = few(&[7, 8]);
        merged.merge(few(&[1, 9]));
        assert_eq!(merged, few(&[9, 1, 8, 7]));
        assert_eq!(merged.iter().copied().collect::<Vec<_>>(), [1, 7, 8]);
    }

    #[test]
    fn counts_of_the_smallest_are_whole_however_they_were_split() {
        let values: Vec<i64> = (0..200).map(|n| n * 7919 % 31).collect();
        let counts = |values: &[i64]| {
            let mut counts = Counts::<i64, 5>::default();
            values.iter().for_each(|value| counts.put(*value));
            counts
        };
        let whole = counts(&values);
        let expected = values.iter().filter(|value| **value < 5).count() as u64;
        assert_eq!((whole.count(), whole.kept(), whole.times(), whole.range()), (6, 5, expected, Some((0, 4))));
        for size in [1, 7, 199] {
            let mut merged = Counts::default();
            values.chunks(size).for_each(|part| merged.merge(counts(part)));
            assert_eq!(merged, whole, "{size}");
        }
        assert_eq!((counts(&[3, 3]).count(), counts(&[3, 3]).times(), counts(&[]).range()), (1, 2, None));
    }
}
