//! Labels with their values, as the page lists them.

use crate::texts::Texts;

/// A label and its values; a value is kept on one line where it fits.
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) values: Vec<String>,
    /// `+ 12`: how many more there are; empty when all are shown.
    pub(super) more: String,
}

/// Facts in the order in which they are added; what has no value is left out.
pub(super) struct FactList<'t> {
    texts: &'t Texts,
    facts: Vec<Fact>,
}

impl<'t> FactList<'t> {
    pub(super) fn new(texts: &'t Texts) -> Self {
        Self { texts, facts: Vec::new() }
    }

    /// One value under the label of a key.
    pub(super) fn one(&mut self, label: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.facts.push(Fact { label: label.to_owned(), values: vec![value], more: String::new() });
        }
    }

    /// The first `most` values; the others are counted.
    pub(super) fn list(&mut self, label: &str, values: &[impl AsRef<str>], most: usize) {
        if values.is_empty() {
            return;
        }
        let more = match values.len().saturating_sub(most) {
            0 => String::new(),
            more => format!("+ {}", self.texts.number(more as u64)),
        };
        let values = values.iter().take(most).map(|value| value.as_ref().to_owned()).collect();
        self.facts.push(Fact { label: label.to_owned(), values, more });
    }

    /// The list.
    pub(super) fn done(self) -> Vec<Fact> {
        self.facts
    }
}
