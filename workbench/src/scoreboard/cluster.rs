//! Variants of one web shell, so that each is counted once.

use std::collections::HashMap;
use std::fs;
use std::hash::Hash;

use super::files::Sample;
use super::shingle::{HASHES, Text};

/// Texts that have so much in common are variants of each other.
const ALIKE: f64 = 0.6;
/// Hashes of a band: texts that agree in all of one band are compared. With 32 bands of two, of a million pairs that are just
/// alike enough, less than one is missed.
const BAND: usize = 2;

/// The cluster of each sample.
pub fn of(samples: &[Sample], are_folders: bool) -> Vec<usize> {
    if are_folders {
        return by_folder(samples);
    }
    let texts: Vec<Text> = samples.iter().map(|sample| Text::of(&fs::read(&sample.path).unwrap_or_default())).collect();
    by_text(&texts)
}

/// Files of one folder are a cluster; a file in none is one of its own.
fn by_folder(samples: &[Sample]) -> Vec<usize> {
    let keys =
        samples.iter().map(|sample| (sample.root, sample.name.rsplit_once('/').map_or(&*sample.name, |(folder, _)| folder)));
    numbered(keys)
}

fn by_text(texts: &[Text]) -> Vec<usize> {
    let mut sets = Sets((0..texts.len()).collect());
    sets.join_same(texts.iter().map(|text| Some(text.same)));
    sets.join_same(texts.iter().map(|text| text.shape));
    // Of what is the same, one stands for all.
    let chosen: Vec<usize> = (0..texts.len()).filter(|index| sets.of(*index) == *index).collect();
    let sketches: Vec<_> = chosen.iter().filter_map(|index| Some((*index, texts.get(*index)?.sketch()))).collect();
    for band in 0..HASHES / BAND {
        let mut alike: HashMap<&[u64], Vec<usize>> = HashMap::new();
        for (index, sketch) in &sketches {
            alike.entry(sketch.get(band * BAND..(band + 1) * BAND).unwrap_or_default()).or_default().push(*index);
        }
        for group in alike.values() {
            for (at, one) in group.iter().enumerate() {
                for other in group.iter().skip(at + 1) {
                    if sets.of(*one) == sets.of(*other) {
                        continue;
                    }
                    if let (Some(left), Some(right)) = (texts.get(*one), texts.get(*other))
                        && left.likeness(right) >= ALIKE
                    {
                        sets.join(*one, *other);
                    }
                }
            }
        }
    }
    let keys: Vec<usize> = (0..texts.len()).map(|index| sets.of(index)).collect();
    numbered(keys.into_iter())
}

/// Numbers the keys in the order in which they come.
fn numbered<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> Vec<usize> {
    let mut numbers = HashMap::new();
    keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    })
    .collect()
}

/// Sets that are joined; each is known by its smallest member. Holds a smaller member for each, or itself.
struct Sets(Vec<usize>);

impl Sets {
    fn of(&mut self, member: usize) -> usize {
        let mut at = member;
        while let Some(&smaller) = self.0.get(at)
            && smaller != at
        {
            at = smaller;
        }
        if let Some(slot) = self.0.get_mut(member) {
            *slot = at;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        if let Some(slot) = self.0.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }

    fn join_same(&mut self, keys: impl Iterator<Item = Option<u64>>) {
        let mut first = HashMap::new();
        for (index, key) in keys.enumerate() {
            if let Some(key) = key {
                let earlier = *first.entry(key).or_insert(index);
                self.join(earlier, index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_one_cluster() {
        let long: String = (0..200).map(|line| format!("$a{line} = strtoupper('x{line}');\n")).collect();
        let changed = long.replace("$a17 ", "$b ").replace("$a90 ", "$c ").replace('\n', "\r\n");
        let half: String = (0..100).map(|line| format!("$a{line} = strtoupper('x{line}');\n")).collect();
        let other: String = (0..200).map(|line| format!("echo number_format({line}, {}) . PHP_EOL;\n", line * 7)).collect();
        let texts = [
            "<?php echo 'one' . 12;",
            &long,
            "<?PHP  ECHO \"another\" . 7;",
            &changed,
            &other,
            "<?php print 'one' . 12;",
            &half,
            "",
        ];
        let texts: Vec<Text> = texts.iter().map(|text| Text::of(text.as_bytes())).collect();
        assert_eq!(by_text(&texts), [0, 1, 0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn likeness_is_the_share_in_common() {
        let one = Text::of(b"a b c d e f");
        let other = Text::of(b"B C D E F g");
        assert!((one.likeness(&one) - 1.0).abs() < 1e-9);
        assert!((one.likeness(&other) - 1.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn folders_are_clusters() {
        let sample = |root: usize, name: &str| Sample { path: name.into(), root, name: name.to_owned() };
        let samples = [sample(0, "a/1"), sample(0, "b/1"), sample(0, "a/2"), sample(1, "a/1"), sample(0, "1"), sample(0, "2")];
        assert_eq!(by_folder(&samples), [0, 1, 0, 2, 3, 4]);
    }
}
