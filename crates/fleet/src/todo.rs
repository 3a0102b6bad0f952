//! What a run has to do: which packages, and which of them with care.

use std::collections::{HashMap, HashSet};

use crate::lake::{Attempt, Brief, Key, Lake, Run};
use crate::package::Package;
use crate::tables::State;
use crate::unit::Unit;

/// What is left to do.
pub struct Todo {
    /// Packages to be read.
    pub units: Vec<Unit>,
    /// Packages that need nothing.
    pub before: u64,
    /// Of these, those that failed.
    pub failed_before: u64,
}

impl Todo {
    /// Of these packages, what the lake has not, or not good enough.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn of(lake: &Lake, run: &Run, packages: &[Package], retry_failed: bool) -> anyhow::Result<Self> {
        let ids: HashSet<&str> = packages.iter().map(|package| package.id.as_str()).collect();
        let last = lake.told(Some(&ids)).await?.last;
        let mut todo = Self { units: Vec::new(), before: 0, failed_before: 0 };
        for package in packages {
            match next(package, last.get(&package.id), retry_failed) {
                Some(key) => todo.units.push(unit(package, key)),
                None => {
                    todo.before += 1;
                    todo.failed_before += u64::from(last.get(&package.id).is_some_and(|last| last.state == State::Failed));
                }
            }
        }
        let at_work = run.at_work().await?;
        for attempt in lake.attempts(&ids).await?.iter().filter(|attempt| !at_work.has(attempt.run())) {
            let key = attempt.key();
            if last.get(&key.package).is_some_and(|last| last.key.generation >= key.generation) {
                // That run died between the commit and the end of the attempt.
                lake.release(key, attempt.number()).await;
            }
        }
        Ok(todo)
    }
}

/// Packages by what became of earlier attempts to read them.
pub struct Sorted {
    /// Nobody reads them.
    pub fresh: Vec<Unit>,
    /// Another run reads them now.
    pub elsewhere: Vec<Unit>,
    /// Their reading was begun by a run that died.
    pub suspects: Vec<Unit>,
}

impl Sorted {
    /// Sorts packages that are not committed yet.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn of(lake: &Lake, run: &Run, units: Vec<Unit>) -> anyhow::Result<Self> {
        let ids: HashSet<&str> = units.iter().map(|unit| unit.key.package.as_str()).collect();
        let at_work = run.at_work().await?;
        let mut begun = HashMap::<String, Vec<Attempt>>::new();
        for attempt in lake.attempts(&ids).await? {
            begun.entry(attempt.key().package.clone()).or_default().push(attempt);
        }
        let mut sorted = Self { fresh: Vec::new(), elsewhere: Vec::new(), suspects: Vec::new() };
        for unit in units {
            let attempts = begun.get(&unit.key.package).map(Vec::as_slice).unwrap_or_default();
            let kind = if attempts.iter().any(|attempt| at_work.has(attempt.run())) {
                &mut sorted.elsewhere
            } else if attempts.iter().any(|attempt| attempt.is_of(&unit.key, &unit.identity)) {
                &mut sorted.suspects
            } else {
                &mut sorted.fresh
            };
            kind.push(unit);
        }
        Ok(sorted)
    }
}

/// Under which key a package is to be committed; `None` when what the lake has is good enough.
fn next(package: &Package, last: Option<&Brief>, retry_failed: bool) -> Option<Key> {
    let generation = match last {
        None => 0,
        Some(last) if last.identity == package.identity && (last.state == State::Done || !retry_failed) => return None,
        Some(last) => last.key.generation.checked_add(1)?,
    };
    Some(Key { package: package.id.clone(), generation })
}

fn unit(package: &Package, key: Key) -> Unit {
    Unit { key, uri: package.uri.clone(), name: package.name(), identity: package.identity.clone(), bytes: package.bytes }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::lake::Stores;
    use crate::package;

    #[test]
    fn what_is_done_is_left_alone_and_what_failed_only_tried_again_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.zip"), "x").unwrap();
        let pattern = folder.path().join("*").to_str().unwrap().to_owned();
        let package = futures::executor::block_on(package::find(&[pattern], &Stores::default())).unwrap().remove(0);
        let last = |identity: &str, state| Brief {
            key: Key { package: package.id.clone(), generation: 4 },
            identity: identity.to_owned(),
            state,
            failure: None,
        };
        let (same, other) = (package.identity.clone(), "bytes=0".to_owned());
        for (last, retry_failed, generation) in [
            (None, false, Some(0)),
            (Some(last(&same, State::Done)), false, None),
            (Some(last(&same, State::Done)), true, None),
            (Some(last(&same, State::Failed)), false, None),
            (Some(last(&same, State::Failed)), true, Some(5)),
            (Some(last(&other, State::Done)), false, Some(5)),
        ] {
            assert_eq!(next(&package, last.as_ref(), retry_failed).map(|key| key.generation), generation, "{last:?}");
        }
    }
}
