//! How alike two texts are: the share of runs of five words that they have in common.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Words that are taken together.
const WORDS: usize = 5;
/// Hashes of a sketch.
pub const HASHES: usize = 64;
/// Bytes of a file that are compared.
const COMPARED: usize = 4 << 20;
/// Up to so many bytes without white space, a file is too short for shares to mean anything.
const SHORT: usize = 400;

/// A text, ready to be compared.
pub struct Text {
    /// A hash of it in lower case and without white space.
    pub same: u64,
    /// For a short one: a hash of it with strings and numbers taken out.
    pub shape: Option<u64>,
    /// Hashes of its runs of words, sorted, each once.
    shingles: Vec<u64>,
}

impl Text {
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..bytes.len().min(COMPARED)).unwrap_or_default();
        // Texts of two bytes for each character lose their zeros.
        let text: Vec<u8> = bytes.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
        let dense: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let words = words(&text);
        let mut shingles: Vec<u64> =
            if words.len() <= WORDS { vec![hash(&words)] } else { words.windows(WORDS).map(hash).collect() };
        shingles.sort_unstable();
        shingles.dedup();
        Self { same: hash(dense.as_slice()), shape: (dense.len() < SHORT).then(|| hash(shape(&dense).as_slice())), shingles }
    }

    /// The share of what both have in all that one of them has.
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut one, mut two) = (self.shingles.iter().peekable(), other.shingles.iter().peekable());
        let mut both = 0_usize;
        while let (Some(left), Some(right)) = (one.peek(), two.peek()) {
            match left.cmp(right) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(two.next()),
                std::cmp::Ordering::Equal => {
                    both += 1;
                    one.next();
                    two.next();
                }
            }
        }
        let all = self.shingles.len() + other.shingles.len() - both;
        if all == 0 { 1.0 } else { both as f64 / all as f64 }
    }

    /// The smallest of its hashes under each of 64 orders: two sketches agree about where the texts do (MinHash).
    pub fn sketch(&self) -> [u64; HASHES] {
        let mut sketch = [u64::MAX; HASHES];
        for shingle in &self.shingles {
            let mut order = 0_u64;
            for least in &mut sketch {
                order = order.wrapping_add(0x9e37_79b9_7f4a_7c15);
                *least = (*least).min(mixed(shingle ^ order));
            }
        }
        sketch
    }
}

/// Runs of letters, digits and bytes beyond ASCII; every other visible character is a word of its own.
fn words(text: &[u8]) -> Vec<&[u8]> {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii();
    text.chunk_by(|one, other| is_letter(one) && is_letter(other))
        .filter(|word| !word.iter().all(u8::is_ascii_whitespace))
        .collect()
}

/// The text with nothing in its quotes and one zero for each number.
fn shape(dense: &[u8]) -> Vec<u8> {
    let mut shape = Vec::new();
    let mut rest = dense;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte == b'"' || byte == b'\'' {
            shape.push(b'"');
            if let Some(end) = after.iter().position(|next| *next == byte) {
                rest = after.get(end + 1..).unwrap_or_default();
            }
        } else if byte.is_ascii_digit() {
            if shape.last() != Some(&b'0') {
                shape.push(b'0');
            }
        } else {
            shape.push(byte);
        }
    }
    shape
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The last steps of SplitMix64.
fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
