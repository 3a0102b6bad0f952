//! The lake: a folder or bucket that holds what all packages gave.
//!
//! ```text
//! afterpatch-lake.json                       which form the lake has
//! data/TABLE/day=DAY/PACKAGE-GENERATION-RUN.parquet
//! data/reports/day=DAY/PACKAGE-GENERATION-RUN.json.gz
//! commits/PACKAGE-GENERATION.json            what counts: made once, and never changed
//! checkpoints/NUMBER.json                    many commits and their rows in few files
//! attempts/PACKAGE-GENERATION-NUMBER.json    whose reading was begun
//! runs/RUN.json                              who is at work; written again and again while it is
//! ```
//!
//! Data is written first, under names that nobody else writes; then one commit names it. A commit is made with a conditional put,
//! so of any number of runs exactly one commits a package. What no commit names is not there, whatever lies in `data`.

mod attempt;
mod checkpoint;
mod commit;
mod old;
mod process;
mod report;
mod run;
mod store;

use std::sync::Arc;

use anyhow::{Context, bail};
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use attempt::{Attempt, Claim};
pub use checkpoint::{Brief, Checkpoint, Told};
pub use commit::{Commit, DataFile, Key, properties as parquet_properties};
pub(crate) use old::MERGED;
pub use run::{Run, unique_name};
pub use store::{Stores, folder_of, is_url};

use store::Place;

/// Name and version of the lake's form. The number grows with every breaking change.
pub const LAKE_SCHEMA: &str = "afterpatch.lake/1";

/// The object that says so.
const MARKER: &str = "afterpatch-lake.json";
/// How often an object that a store neither makes nor has is tried to be made.
const TRIES: u32 = 20;
/// How long is waited between.
const TRY_AGAIN_AFTER: std::time::Duration = std::time::Duration::from_millis(250);
/// Small objects are read so many at a time.
const AT_ONCE: usize = 32;

/// A lake that is open.
#[derive(Clone, Debug)]
pub struct Lake {
    /// Where it lies, as the user named it.
    pub name: String,
    /// Its objects, by the names in this module's head.
    pub store: Arc<dyn ObjectStore>,
    /// Its folder, when it is one on this machine.
    folder: Option<std::path::PathBuf>,
}

/// What [`MARKER`] holds.
#[derive(Serialize, Deserialize)]
struct Marker {
    schema: String,
    version: String,
}

impl Lake {
    /// Its name, by which another process finds it, too: of a folder the whole path.
    ///
    /// # Errors
    /// When the name cannot be one.
    pub fn full_name(name: &str) -> anyhow::Result<String> {
        let folder = folder_of(name)?.map(|folder| folder.to_string_lossy().into_owned());
        Ok(folder.unwrap_or_else(|| name.to_owned()))
    }

    /// The objects of the lake of that name, whether it is there or not.
    ///
    /// # Errors
    /// When the name cannot be one.
    #[cfg(feature = "cluster")]
    pub fn store_of(name: &str) -> anyhow::Result<Arc<dyn ObjectStore>> {
        Ok(Place::of(name)?.store)
    }

    /// Opens a lake that exists.
    ///
    /// # Errors
    /// When there is none, or one of another form.
    pub async fn open(name: &str) -> anyhow::Result<Self> {
        let lake = Self::at(name)?;
        match lake.read::<Marker>(&Path::from(MARKER)).await? {
            Some(marker) => lake.must_be_ours(&marker),
            None => bail!("{name}: no lake is there; `afterpatch-fleet scan PACKAGE... --to {name}` makes one"),
        }?;
        Ok(lake)
    }

    /// Opens a lake, and makes it first when there is none. A folder that holds other things is left alone.
    ///
    /// # Errors
    /// When it is of another form, or the place is no place for one.
    pub async fn open_or_make(name: &str) -> anyhow::Result<Self> {
        if let Some(folder) = folder_of(name)? {
            std::fs::create_dir_all(folder).with_context(|| name.to_owned())?;
        }
        let lake = Self::at(name)?;
        let marker = Path::from(MARKER);
        if lake.read::<Marker>(&marker).await?.is_none() {
            let mut things = lake.store.list(None);
            if let Some(other) = things.try_next().await.with_context(|| name.to_owned())? {
                // Perhaps another run makes it right now.
                if lake.read::<Marker>(&marker).await?.is_none() {
                    bail!("{name}: there is something else ({}); a lake wants an empty place of its own", other.location);
                }
            } else {
                let made = Marker { schema: LAKE_SCHEMA.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
                lake.create(&marker, &made).await?;
            }
        }
        let marker = lake.read::<Marker>(&marker).await?.with_context(|| format!("{name}: the lake cannot be read back"))?;
        lake.must_be_ours(&marker)?;
        Ok(lake)
    }

    fn at(name: &str) -> anyhow::Result<Self> {
        let Place { store, folder } = Place::of(name)?;
        Ok(Self { name: name.to_owned(), store, folder })
    }

    fn must_be_ours(&self, marker: &Marker) -> anyhow::Result<()> {
        if marker.schema != LAKE_SCHEMA {
            bail!(
                "{}: this lake is of the form {}, written by afterpatch {}; this version reads and writes {LAKE_SCHEMA} only. \
                 Use that version, or scan into a new lake",
                self.name,
                marker.schema,
                marker.version
            );
        }
        Ok(())
    }

    /// Everything below a folder of the lake.
    pub(crate) async fn list(&self, below: &str) -> anyhow::Result<Vec<ObjectMeta>> {
        let found = self.store.list(Some(&Path::from(below))).try_collect().await;
        found.with_context(|| format!("{}/{below}", self.name))
    }

    /// The keys of all commits.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn committed(&self) -> anyhow::Result<Vec<Key>> {
        Ok(self.list("commits").await?.iter().filter_map(|commit| Key::of(&commit.location)).collect())
    }

    /// A small object; `None` when there is none.
    pub(crate) async fn read<T: DeserializeOwned>(&self, path: &Path) -> anyhow::Result<Option<T>> {
        let place = || format!("{}/{path}", self.name);
        let bytes = match self.store.get(path).await {
            Ok(found) => found.bytes().await.with_context(place)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error).with_context(place),
        };
        serde_json::from_slice(&bytes).map(Some).with_context(place)
    }

    /// Small objects, several at a time, in the order of their paths. One that is gone meanwhile is left out.
    pub(crate) async fn read_all<T: DeserializeOwned>(&self, paths: Vec<Path>) -> anyhow::Result<Vec<T>> {
        let reading = futures::stream::iter(paths).map(|path| async move { self.read::<T>(&path).await });
        let read = reading.buffered(AT_ONCE).try_collect::<Vec<_>>().await?;
        Ok(read.into_iter().flatten().collect())
    }

    /// Makes a small object, unless there is one of that name already. Whether it was made.
    ///
    /// A store's answer may get lost, and the request be sent again: then "it is there already" is said of our own object. And
    /// of two at once a store may refuse both for the moment. So what is there is looked at; our bytes are nobody else's, since
    /// everything of which two may want to make one names its run.
    pub(crate) async fn create(&self, path: &Path, value: &impl Serialize) -> anyhow::Result<bool> {
        let place = || format!("{}/{path}", self.name);
        let bytes = serde_json::to_vec(value)?;
        for _ in 0..TRIES {
            let refused = match self.put(path, bytes.clone(), PutMode::Create).await {
                Ok(()) => return Ok(true),
                Err(error) => error,
            };
            let there = match self.store.get(path).await {
                Ok(there) => there.bytes().await.with_context(place)?,
                Err(object_store::Error::NotFound { .. }) if matches!(refused, object_store::Error::AlreadyExists { .. }) => {
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                    continue;
                }
                // What went wrong first tells more.
                Err(_) => return Err(refused).with_context(place),
            };
            return Ok(there == bytes);
        }
        bail!("{}: the store says that it is there, and that it is not", place())
    }

    /// Writes a small object, over one of that name if there is any.
    pub(crate) async fn write(&self, path: &Path, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.put(path, bytes, PutMode::Overwrite).await.with_context(|| format!("{}/{path}", self.name))
    }

    async fn put(&self, path: &Path, bytes: Vec<u8>, mode: PutMode) -> Result<(), object_store::Error> {
        self.store.put_opts(path, PutPayload::from(bytes), PutOptions::from(mode)).await.map(drop)
    }

    /// Sees to it that an object outlives a loss of power. Object stores do that by themselves.
    pub(crate) async fn keep(&self, path: &Path) -> anyhow::Result<()> {
        let Some(file) = self.folder.as_ref().map(|folder| folder.join(path.as_ref())) else { return Ok(()) };
        let synced = tokio::task::spawn_blocking(move || {
            // Windows wants the right to write for this.
            std::fs::OpenOptions::new().write(true).open(&file)?.sync_all()
        });
        synced.await?.with_context(|| format!("{}/{path}", self.name))
    }

    /// Takes an object away. It is no fault when it has gone already or stays: nothing that does not count is ever read.
    pub(crate) async fn remove(&self, path: &Path) {
        let _ = self.store.delete(path).await;
    }
}
