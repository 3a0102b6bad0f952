//! Labels with their values, as the page lists them.

use crate::texts::Texts;

use super::links::Link;

/// A label and its values; a value is kept on one line where it fits.
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) values: Vec<Link>,
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
        let text = value.into();
        if !text.is_empty() {
            self.facts.push(Fact { label: label.to_owned(), values: vec![Link { text, anchor: None }], more: String::new() });
        }
    }

    /// The first `most` values; the others are counted.
    pub(super) fn list(&mut self, label: &str, values: &[impl AsRef<str>], most: usize) {
        self.links(label, values.iter().map(|value| Link { text: value.as_ref().to_owned(), anchor: None }).collect(), most);
    }

    /// The same with values that lead somewhere.
    pub(super) fn links(&mut self, label: &str, mut values: Vec<Link>, most: usize) {
        if values.is_empty() {
            return;
        }
        let more = more(self.texts, &mut values, most);
        self.facts.push(Fact { label: label.to_owned(), values, more });
    }

    /// The list.
    pub(super) fn done(self) -> Vec<Fact> {
        self.facts
    }
}

/// Keeps the first `most` values and says how many more there are, `+ 12`; nothing when all are kept.
pub(super) fn more(t: &Texts, values: &mut Vec<Link>, most: usize) -> String {
    match values.len().saturating_sub(most) {
        0 => String::new(),
        more => {
            values.truncate(most);
            format!("+ {}", t.number(more as u64))
        }
    }
}
