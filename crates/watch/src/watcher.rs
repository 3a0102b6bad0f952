//! The watch itself: what is hinted at is looked at, what has changed is read, what is found is told.

mod files;
mod logs;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterpatch_engine::{Engine, Piece, PieceReading};
use afterpatch_evidence::{Entry, Placing};
use afterpatch_model::{Alert, ArtifactId, ArtifactInfo, ArtifactKind, Gap, Severity};

use crate::alert_log::{AlertLog, Encode};
use crate::state::{State, StateError};
use crate::teller::{In, Now, Teller};
use crate::walk::{Identity, Stamp};
use crate::world::{Hint, World};

/// What has changed without an alert is written that often.
const FLUSH_EVERY: Duration = Duration::from_secs(2);
/// Open logs are looked at that often where hints come late.
const OPEN_LOGS_EVERY: Duration = Duration::from_secs(1);
/// Pages judged in a row before a log has its turn again.
const PAGES_IN_A_ROW: usize = 64;
/// Gaps that are told once each.
const MAX_GAPS_TOLD: usize = 1_000;

/// What to watch, and how.
pub struct Settings {
    /// Folders, web roots and logs alike.
    pub places: Vec<PathBuf>,
    /// Files and folders of our own, by their true paths: not looked at where they lie in a place.
    pub own: Vec<PathBuf>,
    /// The state folder.
    pub state: PathBuf,
    /// The alert log.
    pub log: PathBuf,
    /// How an alert is put into a line of it.
    pub encode: Encode,
    /// At the first run, tell what logs already hold, too.
    pub from_start: bool,
    /// Nothing less bad is told.
    pub least: Severity,
    /// Everything is looked at that often, whatever is hinted at.
    pub look_every: Duration,
}

/// Hears what a watch has to say.
pub trait Listener {
    /// An alert, which stands in the alert log already.
    fn alert(&mut self, alert: &Alert);

    /// Something about the watch itself.
    fn notice(&mut self, notice: &Notice);
}

/// Something about the watch itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Everything was looked at once; from now on what changes is told.
    Watching {
        /// Files that are judged as a whole.
        pages: u64,
        /// Logs.
        logs: u64,
    },
    /// Something could not be read.
    Gap(Gap),
}

/// The watch had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchError {
    /// The state folder cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// The alert log cannot be written.
    #[error("alert log {path}: {source}; what was not written will be told when the watch runs again")]
    Log {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Watches until the world says stop.
///
/// # Errors
/// [`WatchError`]. What was not told is told when it runs again.
pub fn watch(engine: &Engine, settings: &Settings, world: &mut dyn World, listener: &mut dyn Listener) -> Result<(), WatchError> {
    let state = State::open(&settings.state)?;
    let log_error = |source| WatchError::Log { path: settings.log.clone(), source };
    let (log, recent) = AlertLog::open(&settings.log, settings.encode).map_err(log_error)?;
    let mut watcher = Watcher {
        teller: Teller::new(settings.least, &recent),
        starts_at_end: !state.has_looked && !settings.from_start,
        engine,
        settings,
        world,
        listener,
        state,
        log,
        placing: Placing::learn(&[]),
        again: BTreeMap::new(),
        pages: BTreeMap::new(),
        logs: VecDeque::new(),
        queued: BTreeSet::new(),
        orphans: VecDeque::new(),
        handles: HashMap::new(),
        lost: BTreeSet::new(),
        gaps_told: BTreeSet::new(),
        is_full: false,
    };
    watcher.recover(&recent)?;
    watcher.run()
}

struct Watcher<'w> {
    engine: &'w Engine,
    settings: &'w Settings,
    world: &'w mut dyn World,
    listener: &'w mut dyn Listener,
    state: State,
    log: AlertLog,
    teller: Teller,
    placing: Placing,
    /// Logs that are met are there from before, and told from their end.
    starts_at_end: bool,
    /// Folders that were hinted at, and when they are looked at once more: what is put into a new folder before the system
    /// begins to tell of it is told by nobody.
    again: BTreeMap<PathBuf, Duration>,
    /// Files that wait to be judged as a whole.
    pages: BTreeMap<PathBuf, Due>,
    /// Logs that wait to be read, by path.
    logs: VecDeque<PathBuf>,
    queued: BTreeSet<PathBuf>,
    /// Logs that lost their name before they were read to their end.
    orphans: VecDeque<Identity>,
    /// Logs that are kept open, so that a log can be read to its end after it was rotated away.
    handles: HashMap<Identity, Handle>,
    /// Cursors whose file was not there at the last look.
    lost: BTreeSet<Identity>,
    gaps_told: BTreeSet<(String, String)>,
    /// There are more files than are followed.
    is_full: bool,
}

/// An open log.
struct Handle {
    file: File,
    path: PathBuf,
    used: Duration,
}

/// A file that waits to be judged: writers write in pieces.
#[derive(Clone, Copy)]
struct Due {
    stamp: Stamp,
    first: Duration,
    quiet_since: Duration,
}

impl Watcher<'_> {
    fn run(&mut self) -> Result<(), WatchError> {
        self.look_at_everything();
        self.state.looked()?;
        let mut looked = self.world.elapsed();
        let mut flushed = looked;
        let mut looked_at_open = looked;
        let mut said = false;
        loop {
            if self.world.is_stopped() {
                return self.end();
            }
            let most = self.time_to_wait(looked);
            match self.world.wait(most) {
                Hint::Nothing => {}
                Hint::Paths(paths) => paths.iter().for_each(|path| self.hinted(path)),
                Hint::Everything => {
                    self.look_at_everything();
                    looked = self.world.elapsed();
                }
            }
            if self.world.elapsed().saturating_sub(looked) >= self.settings.look_every {
                self.look_at_everything();
                looked = self.world.elapsed();
            }
            if self.world.hints_late() && self.world.elapsed().saturating_sub(looked_at_open) >= OPEN_LOGS_EVERY {
                self.look_at_open_logs();
                looked_at_open = self.world.elapsed();
            }
            self.look_again();
            for _ in 0..PAGES_IN_A_ROW {
                let Some(path) = self.next_page() else { break };
                self.page(&path)?;
            }
            self.read_a_log()?;
            let now = self.world.elapsed();
            if !said && self.pages.is_empty() {
                said = true;
                self.say_watching();
            }
            if now.saturating_sub(flushed) >= FLUSH_EVERY {
                flushed = now;
                let repeats = self.teller.repeats(self.state.sequence, self.now(), false);
                self.tell(&repeats)?;
                self.state.flush()?;
            }
        }
    }

    /// How long nothing needs to be done.
    fn time_to_wait(&self, looked: Duration) -> Duration {
        if !self.logs.is_empty() || !self.orphans.is_empty() {
            return Duration::ZERO;
        }
        let now = self.world.elapsed();
        let due = self.pages.values().map(Due::at).chain(self.again.values().copied()).min();
        let due = due.map(|due| due.saturating_sub(now));
        let look = (looked + self.settings.look_every).saturating_sub(now);
        // Changes that are not written yet, and repeats, want their time, too.
        let most = if self.world.hints_late() { OPEN_LOGS_EVERY } else { Duration::from_secs(5) };
        due.unwrap_or(look).min(look).min(most)
    }

    fn say_watching(&mut self) {
        let (mut pages, mut logs) = (0, 0);
        for tracked in self.state.files.values() {
            match tracked {
                crate::state::Tracked::Whole { .. } => pages += 1,
                crate::state::Tracked::Lines { .. } | crate::state::Tracked::Events { .. } => logs += 1,
                crate::state::Tracked::Other { .. } => {}
            }
        }
        self.listener.notice(&Notice::Watching { pages, logs });
    }

    fn now(&self) -> Now {
        Now { time: self.world.now(), elapsed: self.world.elapsed() }
    }

    /// Alerts that a crash kept from the alert log are written now.
    fn recover(&mut self, recent: &[Alert]) -> Result<(), WatchError> {
        if self.state.pending.is_empty() {
            return Ok(());
        }
        let written: BTreeSet<&str> = recent.iter().map(|alert| alert.id.as_str()).collect();
        let mut missing = std::mem::take(&mut self.state.pending);
        self.teller = Teller::new(self.settings.least, &[recent, &missing].concat());
        missing.retain(|alert| !written.contains(alert.id.as_str()));
        self.write(&missing)
    }

    /// Makes alerts known: first to the state, then to the alert log, then to whoever listens.
    fn tell(&mut self, alerts: &[Alert]) -> Result<(), WatchError> {
        if alerts.is_empty() {
            return Ok(());
        }
        self.state.batch(alerts)?;
        self.write(alerts)
    }

    fn write(&mut self, alerts: &[Alert]) -> Result<(), WatchError> {
        self.log.append(alerts).map_err(|source| WatchError::Log { path: self.settings.log.clone(), source })?;
        self.state.told()?;
        for alert in alerts {
            self.listener.alert(alert);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), WatchError> {
        let repeats = self.teller.repeats(self.state.sequence, self.now(), true);
        self.tell(&repeats)?;
        Ok(self.state.flush()?)
    }

    /// Shows a piece to the detectors and gives the alerts of it.
    fn judge(
        &mut self,
        piece: &Piece<'_>,
        path: &Path,
        kind: ArtifactKind,
        size: u64,
        page: Option<String>,
    ) -> (Vec<Alert>, PieceReading) {
        let now = self.now();
        let mut reading = self.engine.read_piece(piece, now.time);
        let artifact = info(piece.entry, path, kind, size, reading.records);
        let findings = std::mem::take(&mut reading.findings);
        let alerts = self.teller.tell(findings, &In { artifact: &artifact, page }, self.state.sequence, now);
        for gap in std::mem::take(&mut reading.gaps) {
            self.gap(gap);
        }
        (alerts, reading)
    }

    /// Tells a gap, each once.
    fn gap(&mut self, gap: Gap) {
        let key = (gap.path.clone(), gap.detail.clone());
        if self.gaps_told.len() < MAX_GAPS_TOLD && self.gaps_told.insert(key) {
            self.listener.notice(&Notice::Gap(gap));
        }
    }
}

/// Told by its path on this machine: whoever is woken wants to look there.
fn info(entry: &Entry, path: &Path, kind: ArtifactKind, bytes: u64, records: u64) -> ArtifactInfo {
    ArtifactInfo {
        id: ArtifactId(0),
        kind,
        path: path.to_string_lossy().into_owned(),
        windows_path: entry.windows_path().map(str::to_owned),
        bytes,
        records,
        first: None,
        last: None,
    }
}

#[cfg(test)]
mod tests;
