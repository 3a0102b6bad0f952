//! What the lake says, read from its commits; and checkpoints, which say the same of many commits in few objects.

use std::collections::{BTreeMap, HashMap, HashSet};

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use super::{Commit, DataFile, Key, LAKE_SCHEMA, Lake};
use crate::tables::{Failure, State};

/// Many commits, and their rows in few files.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    /// [`LAKE_SCHEMA`].
    pub schema: String,
    /// Each checkpoint replaces the one before.
    pub number: u32,
    /// The last commit of every package, when it was made.
    pub commits: Vec<Brief>,
    /// The rows of these commits, and their reports.
    pub files: Vec<DataFile>,
}

/// The gist of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Which package.
    #[serde(flatten)]
    pub key: Key,
    /// What content it had.
    pub identity: String,
    /// Whether it was read.
    pub state: State,
    /// If not, why not.
    pub failure: Option<Failure>,
}

/// What counts in a lake at one moment.
#[derive(Debug, Default)]
pub struct Told {
    /// The last commit of each package.
    pub last: BTreeMap<String, Brief>,
    /// Files that are whole of it.
    pub files: Vec<DataFile>,
    /// Files of a checkpoint: the rows of [`Told::outdated`] in them do not count any more.
    pub merged: Vec<DataFile>,
    /// Packages that were committed again since the checkpoint.
    pub outdated: Vec<String>,
    /// The number of the checkpoint.
    pub checkpoint: Option<u32>,
}

impl Lake {
    /// What counts, of all packages or of some only. Of some only, the files are those of some only, too.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn told(&self, only: Option<&HashSet<&str>>) -> anyhow::Result<Told> {
        let mut last = HashMap::<String, u32>::new();
        for key in self.committed().await? {
            if only.is_none_or(|only| only.contains(key.package.as_str())) {
                let generation = last.entry(key.package).or_default();
                *generation = key.generation.max(*generation);
            }
        }
        let mut told = Told::default();
        if let Some(checkpoint) = self.last_checkpoint().await? {
            told.checkpoint = Some(checkpoint.number);
            told.merged = checkpoint.files;
            for brief in checkpoint.commits {
                match last.get(&brief.key.package) {
                    Some(generation) if *generation == brief.key.generation => {
                        last.remove(&brief.key.package);
                        told.last.insert(brief.key.package.clone(), brief);
                    }
                    Some(_) => told.outdated.push(brief.key.package),
                    None => {}
                }
            }
        }
        let mut keys: Vec<Key> = last.into_iter().map(|(package, generation)| Key { package, generation }).collect();
        keys.sort();
        for commit in self.read_all::<Commit>(keys.iter().map(Key::path).collect()).await? {
            told.files.extend(commit.files.iter().cloned());
            told.last.insert(commit.key.package.clone(), Brief::of(commit));
        }
        Ok(told)
    }

    /// Makes a checkpoint. `false` when another one was made meanwhile.
    ///
    /// # Errors
    /// When the lake does not take it.
    pub async fn check_point(&self, checkpoint: &Checkpoint) -> anyhow::Result<bool> {
        let path = path(checkpoint.number);
        let made = self.create(&path, checkpoint).await?;
        if made {
            self.keep(&path).await?;
        }
        Ok(made)
    }

    async fn last_checkpoint(&self) -> anyhow::Result<Option<Checkpoint>> {
        let found = self.list("checkpoints").await?;
        match found.into_iter().map(|found| found.location).max() {
            Some(path) => self.read(&path).await,
            None => Ok(None),
        }
    }
}

impl Checkpoint {
    /// The one that follows what is told, with the rows of all tables in these files. Reports stay as they are.
    pub fn after(told: &Told, mut files: Vec<DataFile>) -> Self {
        let number = told.checkpoint.map_or(0, |number| number + 1);
        files.extend(told.reports().cloned());
        Self { schema: LAKE_SCHEMA.to_owned(), number, commits: told.last.values().cloned().collect(), files }
    }
}

impl Brief {
    fn of(commit: Commit) -> Self {
        Self { key: commit.key, identity: commit.identity, state: commit.state, failure: commit.failure }
    }
}

fn path(number: u32) -> Path {
    Path::from(format!("checkpoints/{number:06}.json"))
}
