//! Who is at work on a lake.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use afterpatch_model::Timestamp;
use anyhow::Context;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::process::Process;
use super::{LAKE_SCHEMA, Lake};

/// How often a run says that it is there.
const EVERY: Duration = Duration::from_secs(10);
/// A run that has not said so for so long is taken for dead. What it was reading may then be read by others; if it was not dead,
/// the conditional put of the commit still lets only one of them count.
const DEAD_AFTER: Duration = Duration::from_secs(60);

/// A run of ours.
pub struct Run {
    /// Its name, which no other run has.
    pub name: String,
    lake: Lake,
    sign: Sign,
    /// The store's own time of our last sign, and when we gave it: how late it is there now follows from that.
    store_time: Mutex<(Timestamp, Instant)>,
    tickets: AtomicU64,
    ended: AtomicBool,
}

/// What a run says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sign {
    schema: String,
    run: String,
    process: Option<Process>,
}

impl Run {
    /// Says that a run has begun.
    ///
    /// # Errors
    /// When the lake does not take it.
    pub async fn begin(lake: &Lake, now: Timestamp) -> anyhow::Result<Self> {
        let name = unique_name(now);
        let sign = Sign { schema: LAKE_SCHEMA.to_owned(), run: name.clone(), process: Process::this() };
        let store_time = Mutex::new((now, Instant::now()));
        let run = Self { name, lake: lake.clone(), sign, store_time, tickets: AtomicU64::new(0), ended: AtomicBool::new(false) };
        run.say().await?;
        Ok(run)
    }

    /// Says again and again that the run is there, for as long as it is polled and has not ended.
    pub async fn say_again(&self) {
        loop {
            tokio::time::sleep(EVERY).await;
            if self.ended.load(Ordering::Relaxed) {
                continue;
            }
            // A store that is away now may be back the next time; if not, the run's own writes will tell.
            let _ = self.say().await;
        }
    }

    /// A number that this run has not used yet.
    pub fn ticket(&self) -> u64 {
        self.tickets.fetch_add(1, Ordering::Relaxed)
    }

    /// Says that the run has ended.
    pub async fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        self.lake.remove(&path(&self.name)).await;
    }

    async fn say(&self) -> anyhow::Result<()> {
        let path = path(&self.name);
        self.lake.write(&path, serde_json::to_vec(&self.sign)?).await?;
        let kept = self.lake.store.head(&path).await.with_context(|| format!("{}/{path}", self.lake.name))?;
        *self.store_time.lock().unwrap_or_else(PoisonError::into_inner) = (timestamp(kept.last_modified), Instant::now());
        Ok(())
    }

    /// The runs that are at work now, and this one among them: only the store's clock is asked, never two machines' clocks.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn at_work(&self) -> anyhow::Result<AtWork> {
        let signs = self.lake.list("runs").await?;
        let last_said =
            signs.iter().map(|sign| (sign.location.clone(), timestamp(sign.last_modified))).collect::<HashMap<_, _>>();
        let (said, when) = *self.store_time.lock().unwrap_or_else(PoisonError::into_inner);
        let now = said.saturating_add(when.elapsed()).unwrap_or(said);
        let mut alive = std::collections::HashSet::new();
        for sign in self.lake.read_all::<Sign>(last_said.keys().cloned().collect()).await? {
            let late = last_said.get(&path(&sign.run)).is_none_or(|said| *said < before(now, DEAD_AFTER));
            let ended = sign.process.as_ref().and_then(|process| process.has_ended(self.sign.process.as_ref()));
            if sign.run == self.name || !ended.unwrap_or(late) {
                alive.insert(sign.run);
            } else {
                // Without a sign it is dead for everybody; one that only slept says again that it is there.
                self.lake.remove(&path(&sign.run)).await;
            }
        }
        Ok(AtWork(alive))
    }
}

/// Runs that are at work.
#[derive(Clone, Debug, Default)]
pub struct AtWork(std::collections::HashSet<String>);

impl AtWork {
    /// Whether that run is.
    pub fn has(&self, run: &str) -> bool {
        self.0.contains(run)
    }
}

impl Lake {
    /// Whether that run has not said that it has ended. Whether it lives is another question.
    ///
    /// # Errors
    /// When the lake cannot be read.
    #[cfg(feature = "cluster")]
    pub async fn is_wanted(&self, run: &str) -> anyhow::Result<bool> {
        match self.store.head(&path(run)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error).with_context(|| format!("{}/{}", self.name, path(run))),
        }
    }
}

fn path(run: &str) -> Path {
    Path::from(format!("runs/{run}.json"))
}

/// `20261128T233820-1f0c9a2b`: sorts by time, and is nobody else's.
pub fn unique_name(now: Timestamp) -> String {
    let mut hash = Sha256::new();
    hash.update(now.as_nanosecond().to_le_bytes());
    hash.update(std::process::id().to_le_bytes());
    // What the standard library draws for its hash maps: the only randomness at hand, and good enough for a name.
    let drawn = std::hash::BuildHasher::hash_one(&std::collections::hash_map::RandomState::new(), 0u8);
    hash.update(drawn.to_le_bytes());
    let drawn = hash.finalize();
    let mut name = now.strftime("%Y%m%dT%H%M%S-").to_string();
    for byte in drawn.iter().take(4) {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

fn timestamp(time: impl Into<std::time::SystemTime>) -> Timestamp {
    Timestamp::try_from(time.into()).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn before(time: Timestamp, span: Duration) -> Timestamp {
    time.saturating_sub(span).unwrap_or(time)
}
