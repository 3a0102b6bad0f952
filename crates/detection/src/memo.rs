//! Answers that depend on a text alone, remembered: the rows of a log say the same few texts again and again.

use std::hash::{BuildHasher, Hasher};

use afterpatch_model::same_text;
use foldhash::fast::FixedState;

/// Answers to texts seen lately. What is remembered never changes an answer, only how fast it comes.
pub struct Memo<V> {
    slots: Vec<Option<(Box<str>, V)>>,
}

impl<V> Memo<V> {
    /// Texts remembered. A new text takes the place of another.
    const SLOTS: usize = 1024;
    /// Longer texts (bytes) hardly come again, and take room.
    const LONGEST: usize = 512;

    pub fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// Shows `with` the answer to a text, which `make` gives when it is not remembered.
    pub fn with<T>(&mut self, text: &str, make: impl FnOnce(&str) -> V, with: impl FnOnce(&V) -> T) -> T {
        if text.len() > Self::LONGEST {
            return with(&make(text));
        }
        if self.slots.is_empty() {
            self.slots.resize_with(Self::SLOTS, || None);
        }
        let mut hasher = FixedState::default().build_hasher();
        hasher.write(text.as_bytes());
        let position = usize::try_from(hasher.finish() % (Self::SLOTS as u64)).unwrap_or_default();
        let Some(slot) = self.slots.get_mut(position) else { return with(&make(text)) };
        match slot {
            Some((known, answer)) if same_text(known, text) => with(answer),
            slot => with(&slot.insert((text.into(), make(text))).1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_of_the_text_however_many_there_are() {
        let mut memo = Memo::new();
        let mut made = 0;
        for round in 0..3 {
            for number in 0..3_000 {
                let text = format!("{number}");
                let answer = memo.with(&text, |text| (text.to_owned(), made += 1).0, Clone::clone);
                assert_eq!(answer, text, "{round}");
            }
        }
        let before = made;
        assert!(memo.with("2999", |text| (text.to_owned(), made += 1).0, |answer| answer == "2999"));
        assert_eq!(made, before);
        assert!(memo.with(&"x".repeat(600), |text| (text.to_owned(), made += 1).0, |answer| answer.len() == 600));
    }
}
