//! Seeded chance, and the ids that are made of it.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of chance. The same seed and stream give the same throws on every machine and in every version.
pub(crate) struct Dice(ChaCha8Rng);

/// The independent streams of one seed: what one part throws does not move another.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// Names, addresses, habits of the server.
    World,
    /// Traffic and administration.
    Benign,
    /// Visitors that look for holes.
    Scan,
    /// The attack.
    Attack,
    /// Request ids, latencies, process numbers.
    Detail,
}

impl Dice {
    pub(crate) fn new(seed: u64, stream: Stream) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream as u64);
        Self(rng)
    }

    /// A number from `low` up to and with `high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// True `percent` times of a hundred.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// A position in a list of that length.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        self.0.random_range(0..length.max(1))
    }

    /// `5e58f5e5-1ddc-48d3-82c6-0199bc121640`.
    pub(crate) fn guid(&mut self) -> String {
        let (high, low) = (self.0.next_u64(), self.0.next_u64());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 48) & 0x3fff,
            low & 0xffff_ffff_ffff
        )
    }

    /// That many lower-case hex digits.
    pub(crate) fn hex(&mut self, digits: usize) -> String {
        self.of_alphabet(b"0123456789abcdef", digits)
    }

    /// That many letters and digits, the first a letter.
    pub(crate) fn word(&mut self, length: usize) -> String {
        let mut word = self.of_letters(1);
        word += &self.of_alphabet(b"abcdefghijklmnopqrstuvwxyz0123456789", length.saturating_sub(1));
        word
    }

    /// That many letters.
    pub(crate) fn of_letters(&mut self, length: usize) -> String {
        self.of_alphabet(b"abcdefghijklmnopqrstuvwxyz", length)
    }

    /// A session canary of the control panel: base64 of the URL kind, ended by a dot.
    pub(crate) fn canary(&mut self) -> String {
        self.of_alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 74) + "."
    }

    fn of_alphabet(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(alphabet[self.index(alphabet.len())])).collect()
    }
}
