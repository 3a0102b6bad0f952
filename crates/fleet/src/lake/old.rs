//! Files that do not count any more, and how they are taken away.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures::StreamExt;
use object_store::ObjectMeta;
use object_store::path::Path;

use super::{AT_ONCE, Checkpoint, Commit, Key, Lake};

/// What files of checkpoints are called; all others begin with the package's id.
pub(crate) const MERGED: &str = "merged";

impl Lake {
    /// Takes away data, and checkpoints, that have not counted for at least `grace`, and says how many. Whoever began to read the lake
    /// within that time still finds all that counted then.
    ///
    /// "Not counted" is judged by checkpoints alone, and "now" is when the last one was made, so that only the store's own clock is
    /// asked. What no commit and no checkpoint names may belong to one that is just being made, by a process that only sleeps: it is
    /// taken away when that one could not be made any more.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn remove_old(&self, grace: Duration) -> anyhow::Result<u64> {
        let mut checkpoints = self.list("checkpoints").await?;
        checkpoints.sort_by(|one, other| one.location.cmp(&other.location));
        let Some(now) = checkpoints.last().map(|last| last.last_modified) else { return Ok(0) };
        let is_old = |made: &ObjectMeta| (now - made.last_modified).to_std().is_ok_and(|age| age >= grace);
        let Some(last_old) = checkpoints.iter().rposition(is_old) else { return Ok(0) };
        let (before, since) = checkpoints.split_at(last_old);
        let Some(old) = since.first() else { return Ok(0) };

        let read = self.read_all::<Checkpoint>(since.iter().map(|checkpoint| checkpoint.location.clone()).collect()).await?;
        let mut counted: HashSet<String> = HashSet::new();
        let mut covered = HashMap::new();
        if let Some(old) = read.first() {
            covered.extend(old.commits.iter().map(|commit| (commit.key.package.clone(), commit.key.generation)));
        }
        counted.extend(read.into_iter().flat_map(|checkpoint| checkpoint.files).map(|file| file.path));
        let committed: HashSet<Key> = self.committed().await?.into_iter().collect();
        let newer = committed.iter().filter(|key| covered.get(&key.package).is_none_or(|covered| key.generation > *covered));
        for commit in self.read_all::<Commit>(newer.map(Key::path).collect()).await? {
            counted.extend(commit.files.into_iter().map(|file| file.path));
        }

        let data = self.list("data").await?.into_iter().filter(|file| {
            let path = file.location.as_ref();
            file.last_modified < old.last_modified && !counted.contains(path) && is_settled(&file.location, &committed)
        });
        let old: Vec<Path> = data.map(|file| file.location).chain(before.iter().map(|found| found.location.clone())).collect();
        let removing = futures::stream::iter(&old).map(|path| self.remove(path));
        removing.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
        Ok(old.len() as u64)
    }
}

/// Whether no commit or checkpoint can ever come to name that file: there is one already in its place.
fn is_settled(path: &Path, committed: &HashSet<Key>) -> bool {
    let key = || {
        let mut parts = path.filename()?.split('-');
        let (package, generation) = (parts.next()?, parts.next()?);
        if package == MERGED {
            return Some(true);
        }
        Some(committed.contains(&Key { package: package.to_owned(), generation: generation.parse().ok()? }))
    };
    key().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_not_be_named_any_more_is_settled() {
        let committed = HashSet::from([Key { package: "0a1b".to_owned(), generation: 2 }]);
        for (path, settled) in [
            ("data/steps/day=2026-11-28/0a1b-000002-20261128T233820-1f0c9a2b.parquet", true),
            ("data/steps/day=2026-11-28/0a1b-000003-20261128T233820-1f0c9a2b.parquet", false),
            ("data/steps/day=2026-11-28/ffff-000002-20261128T233820-1f0c9a2b.parquet", false),
            ("data/steps/day=2026-11-28/merged-20261128T233820-1f0c9a2b-0003.parquet", true),
            ("data/steps/letter.parquet", false),
            ("data/steps/0a1b-x.parquet", false),
        ] {
            assert_eq!(is_settled(&Path::from(path), &committed), settled, "{path}");
        }
    }
}
