//! Attempts: whose reading was begun. They keep several runs from reading the same package at once, and tell the next run which
//! package killed the last one.

use std::collections::HashSet;

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use super::{Key, LAKE_SCHEMA, Lake, Run};

/// After so many attempts that never ended a package is given up.
pub const MOST_ATTEMPTS: u32 = 2;
/// More numbers than this are never looked at: each belongs to a run that died, most of them on other content.
const MOST_NUMBERS: u32 = 64;

/// What an attempt says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    schema: String,
    #[serde(flatten)]
    key: Key,
    number: u32,
    identity: String,
    run: String,
    /// Tells two attempts of one run apart: a cluster may hand out the same package twice.
    #[serde(default)]
    ticket: u64,
}

/// What came of the wish to read a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to read, by the attempt of this number.
    Ours(u32),
    /// Another run reads it now.
    Elsewhere,
    /// Somebody has committed it meanwhile.
    Committed,
    /// It was begun and never ended, so it may be deadly. Nobody reads it beside others.
    Suspect,
    /// It was begun too often and never ended; there are so many attempts.
    GivenUp(u32),
}

impl Attempt {
    /// Whether it is one of this content.
    pub fn is_of(&self, key: &Key, identity: &str) -> bool {
        self.key == *key && self.identity == identity
    }

    /// What was to be read.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Its number among the attempts of the same key.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The run that began it.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// The package that an attempt of this path is of.
    fn package_of(path: &Path) -> Option<&str> {
        path.filename()?.split_once('-').map(|(package, _)| package)
    }
}

fn path(key: &Key, number: u32) -> Path {
    Path::from(format!("attempts/{}-{number}.json", key.name()))
}

impl Lake {
    /// Says that `run` reads a package now, unless somebody else does, did, or died of it too often. `suspects_too` says whether it
    /// is to be read when somebody has died of it once.
    ///
    /// # Errors
    /// When the lake cannot be read or written.
    pub async fn claim(&self, key: &Key, identity: &str, run: &Run, suspects_too: bool) -> anyhow::Result<Claim> {
        let mut died = 0;
        for number in 0..MOST_NUMBERS {
            if died >= MOST_ATTEMPTS {
                return Ok(Claim::GivenUp(number));
            }
            if died > 0 && !suspects_too {
                return Ok(Claim::Suspect);
            }
            let attempt = Attempt {
                schema: LAKE_SCHEMA.to_owned(),
                key: key.clone(),
                number,
                identity: identity.to_owned(),
                run: run.name.clone(),
                ticket: run.ticket(),
            };
            if self.create(&path(key, number), &attempt).await? {
                // Whoever had it before may have committed it between our look at the lake and this.
                if self.is_committed(key).await? {
                    self.release(key, number).await;
                    return Ok(Claim::Committed);
                }
                return Ok(Claim::Ours(number));
            }
            let Some(other) = self.read::<Attempt>(&path(key, number)).await? else {
                // Gone while we looked: that run has just ended it.
                return Ok(if self.is_committed(key).await? { Claim::Committed } else { Claim::Elsewhere });
            };
            if run.at_work().await?.has(&other.run) {
                return Ok(Claim::Elsewhere);
            }
            died += u32::from(other.identity == identity);
        }
        Ok(Claim::GivenUp(MOST_NUMBERS))
    }

    /// The attempts of these packages that were begun and not ended.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn attempts(&self, packages: &HashSet<&str>) -> anyhow::Result<Vec<Attempt>> {
        let found = self.list("attempts").await?.into_iter().map(|found| found.location);
        let wanted = found.filter(|path| Attempt::package_of(path).is_some_and(|package| packages.contains(package)));
        self.read_all(wanted.collect()).await
    }

    /// Says that the reading of a package has ended, however it did: takes away the attempt of this number and those before it.
    pub async fn release(&self, key: &Key, number: u32) {
        for number in 0..=number {
            self.remove(&path(key, number)).await;
        }
    }
}
