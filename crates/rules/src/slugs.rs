//! One name for every rule.

use std::collections::BTreeSet;

/// Names given so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slugs(BTreeSet<String>);

impl Slugs {
    /// Names that are taken from the start.
    pub(crate) fn taken(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// The name, with a number when it is taken. It is given away only by [`Slugs::take`].
    pub(crate) fn free(&self, name: &str) -> String {
        if !self.0.contains(name) {
            return name.to_owned();
        }
        // As many numbers as there are names plus one: one of them is free.
        let mut numbered = (2..=self.0.len() + 2).map(|number| format!("{name}-{number}"));
        numbered.find(|name| !self.0.contains(name)).unwrap_or_default()
    }

    /// The name is taken.
    pub(crate) fn take(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }
}

/// The folder's name for a `rule.*`, else the file's name without its ending.
pub(crate) fn of_path(path: &str) -> &str {
    let mut parts = path.rsplit(['/', '\\']);
    let file = parts.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    if stem == "rule" { parts.next().unwrap_or(stem) } else { stem }
}
