//! What lies there, what it is, and files that are judged as a whole.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterpatch_artifacts::worth_opening;
use afterpatch_engine::{Look, Piece, look};
use afterpatch_evidence::Placing;
use afterpatch_model::{Gap, GapKind};
use sha2::{Digest, Sha256};

use super::{Due, WatchError, Watcher};
use crate::manner::{self, Manner};
use crate::state::{Change, Tracked};
use crate::walk::{self, MAX_FILES, Seen, Stamp, shown};

/// A page is judged when its writer was silent for so long ...
const QUIET: Duration = Duration::from_millis(150);
/// ... or it has waited so long.
const PATIENCE: Duration = Duration::from_millis(900);
/// A folder that was hinted at is looked at once more after this time.
const AGAIN: Duration = Duration::from_millis(1_000);
/// So many folders at most; what lies in others is seen when everything is looked at.
const MAX_AGAIN: usize = 10_000;
/// Larger files are not judged as a whole: no page comes near it.
const MAX_PAGE_BYTES: u64 = 32 << 20;
/// A file of an unknown kind is looked at again while it is shorter than what recognition sees.
const HEAD_BYTES: u64 = 64 << 10;

impl Due {
    /// When it is judged.
    pub(super) fn at(&self) -> Duration {
        (self.quiet_since + QUIET).min(self.first + PATIENCE)
    }
}

impl Watcher<'_> {
    /// Compares everything with what is known.
    pub(super) fn look_at_everything(&mut self) {
        let mut all: Vec<Seen> = Vec::new();
        let mut gaps: Vec<Gap> = Vec::new();
        // What cannot be looked at is not gone.
        let mut unseen: Vec<String> = Vec::new();
        let places = self.settings.places.clone();
        for place in &places {
            if let Err(error) = fs::symlink_metadata(place) {
                gaps.push(unreadable(place, &error));
                unseen.push(key_of(place));
                continue;
            }
            walk::look(
                place,
                &mut |seen| {
                    all.push(seen);
                    all.len() < MAX_FILES
                },
                &mut |path, error| {
                    gaps.push(unreadable(path, error));
                    unseen.push(key_of(path));
                },
            );
        }
        let is_whole = all.len() < MAX_FILES;
        if !is_whole {
            gaps.push(Gap::new("", GapKind::Capped, format!("more than {MAX_FILES} files; the rest is not watched")));
        }
        let names: Vec<String> = all.iter().map(|seen| shown(&seen.real)).collect();
        self.placing = Placing::learn(&names.iter().map(String::as_str).collect::<Vec<_>>());
        drop(names);
        let there: std::collections::HashSet<String> = all.iter().map(|seen| key_of(&seen.real)).collect();
        for seen in all {
            self.seen(seen);
        }
        let is_gone = |path: &&String| !there.contains(*path) && !unseen.iter().any(|unseen| path.starts_with(unseen.as_str()));
        let gone: Vec<String> = self.state.files.keys().filter(|_| is_whole).filter(is_gone).cloned().collect();
        for path in gone {
            self.gone(&path);
        }
        for gap in gaps {
            self.gap(gap);
        }
        self.forget_logs();
        self.starts_at_end = false;
    }

    /// Compares a path that was hinted at with what is known; a folder once more a little later.
    pub(super) fn hinted(&mut self, path: &Path) {
        if self.again.len() < MAX_AGAIN && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir()) {
            self.again.entry(path.to_path_buf()).or_insert(self.world.elapsed() + AGAIN);
        }
        self.look_at(path);
    }

    /// Looks at folders whose time has come once more.
    pub(super) fn look_again(&mut self) {
        let now = self.world.elapsed();
        let due: Vec<PathBuf> = self.again.iter().filter(|(_, due)| **due <= now).map(|(path, _)| path.clone()).collect();
        for path in due {
            self.again.remove(&path);
            self.look_at(&path);
        }
    }

    /// Compares one path with what is known.
    fn look_at(&mut self, path: &Path) {
        if !self.settings.places.iter().any(|place| path.starts_with(place)) {
            return;
        }
        let mut all: Vec<Seen> = Vec::new();
        let mut gaps: Vec<Gap> = Vec::new();
        let mut gap = |path: &Path, error: &io::Error| gaps.push(unreadable(path, error));
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                // Some systems name a folder whenever anything in it changes, so folders below that are known are left alone.
                let children = fs::read_dir(path).into_iter().flatten().flatten().map(|child| child.path());
                for child in children.take(MAX_FILES) {
                    let is_known_folder = self.knows_below(&child);
                    if !is_known_folder {
                        walk::look(
                            &child,
                            &mut |seen| {
                                all.push(seen);
                                all.len() < MAX_FILES
                            },
                            &mut gap,
                        );
                    }
                }
            }
            Ok(metadata) if metadata.is_file() => {
                all.push(Seen { real: path.to_path_buf(), stamp: Stamp::of(&metadata) });
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.gone_below(path),
            Err(error) => gap(path, &error),
        }
        for seen in all {
            self.seen(seen);
        }
        for gap in gaps {
            self.gap(gap);
        }
    }

    fn knows_below(&self, folder: &Path) -> bool {
        let start = format!("{}{}", key_of(folder), std::path::MAIN_SEPARATOR);
        self.state.files.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start))
    }

    fn gone_below(&mut self, path: &Path) {
        let own = key_of(path);
        let start = format!("{own}{}", std::path::MAIN_SEPARATOR);
        let below = self.state.files.range(start.clone()..).map(|(path, _)| path).take_while(|path| path.starts_with(&start));
        let mut gone: Vec<String> = below.cloned().collect();
        if self.state.files.contains_key(&own) {
            gone.push(own);
        }
        for path in gone {
            self.gone(&path);
        }
    }

    fn gone(&mut self, path: &str) {
        if let Some(Tracked::Lines { stamp }) = self.state.files.get(path) {
            self.orphans.push_back(stamp.identity);
        }
        self.state.set(Change::Gone(path.to_owned()));
    }

    /// Compares one file with what is known.
    fn seen(&mut self, seen: Seen) {
        if self.settings.own.iter().any(|own| seen.real.starts_with(own)) {
            return;
        }
        let key = key_of(&seen.real);
        match self.state.files.get(&key) {
            Some(known) if *known.stamp() == seen.stamp => {}
            Some(Tracked::Whole { .. }) => self.schedule(seen),
            Some(Tracked::Lines { stamp }) if stamp.identity == seen.stamp.identity => self.queue(seen.real),
            Some(Tracked::Lines { stamp }) => {
                self.orphans.push_back(stamp.identity);
                self.meet(seen, key);
            }
            Some(Tracked::Events { .. }) => self.queue(seen.real),
            Some(Tracked::Other { stamp }) if stamp.identity == seen.stamp.identity && stamp.size >= HEAD_BYTES => {}
            Some(Tracked::Other { .. }) | None => self.meet(seen, key),
        }
    }

    /// A file that is new, or that was nothing to us until now.
    fn meet(&mut self, seen: Seen, key: String) {
        let name = shown(&seen.real);
        let Some(entry) = self.placing.on_disk(&name, &seen.real, seen.stamp.size, seen.stamp.time()) else { return };
        if !worth_opening(&entry) {
            return;
        }
        if self.state.files.len() >= MAX_FILES && !self.state.files.contains_key(&key) {
            if !std::mem::replace(&mut self.is_full, true) {
                let why = format!("more than {MAX_FILES} files; this one and further ones are not watched");
                self.gap(Gap::new(key, GapKind::Capped, why));
            }
            return;
        }
        let format = match look(&entry) {
            Look::Artifact(format) => format,
            Look::Nothing => {
                self.state.set(Change::File(key, Tracked::Other { stamp: seen.stamp }));
                return;
            }
            Look::Gap(kind, why) => {
                // What was there a moment ago and is not any more is no gap.
                if seen.real.exists() {
                    self.gap(Gap::new(key, kind, why));
                }
                return;
            }
        };
        let mut head = [0; 64];
        let head = entry.reader().ok().and_then(|mut reader| {
            let count = reader.read(&mut head).ok()?;
            head.get(..count)
        });
        match manner::of(format.kind(), head.unwrap_or_default()) {
            Manner::Whole => self.schedule(seen),
            Manner::Lines => self.meet_lines(seen, key, format.kind()),
            Manner::Events => self.meet_events(seen, key),
            Manner::Not => self.state.set(Change::File(key, Tracked::Other { stamp: seen.stamp })),
        }
    }

    fn schedule(&mut self, seen: Seen) {
        let now = self.world.elapsed();
        let due = self.pages.entry(seen.real).or_insert(Due { stamp: seen.stamp, first: now, quiet_since: now });
        if due.stamp != seen.stamp {
            (due.stamp, due.quiet_since) = (seen.stamp, now);
        }
        // What was written long ago is not being written now.
        let is_old = seen.stamp.time().is_some_and(|time| time.duration_until(self.world.now()).as_secs() >= 2);
        if is_old && seen.stamp.changed == seen.stamp.modified {
            due.first = due.first.saturating_sub(PATIENCE);
        }
    }

    /// A page whose time has come.
    pub(super) fn next_page(&self) -> Option<PathBuf> {
        let now = self.world.elapsed();
        self.pages.iter().find(|(_, due)| due.at() <= now).map(|(path, _)| path.clone())
    }

    /// Judges a file as a whole.
    pub(super) fn page(&mut self, path: &Path) -> Result<(), WatchError> {
        let Some(due) = self.pages.remove(path) else { return Ok(()) };
        let now = self.world.elapsed();
        let (stamp, bytes) = match read(path) {
            Ok(Some(read)) => read,
            // It has gone, or something else stands in its place.
            Ok(None) => return Ok(()),
            Err(error) => {
                self.gap(unreadable(path, &error));
                return Ok(());
            }
        };
        if stamp != due.stamp && now.saturating_sub(due.first) < PATIENCE {
            self.pages.insert(path.to_path_buf(), Due { stamp, first: due.first, quiet_since: now });
            return Ok(());
        }
        let key = key_of(path);
        let hash: String = Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let same = matches!(self.state.files.get(&key), Some(Tracked::Whole { hash: known, .. }) if *known == hash);
        self.state.set(Change::File(key, Tracked::Whole { stamp, hash: hash.clone() }));
        if same {
            return Ok(());
        }
        if stamp.size > MAX_PAGE_BYTES {
            self.gap(Gap::new(key_of(path), GapKind::Capped, "only the beginning of the file was looked at"));
        }
        let entry = self.placing.of_bytes(&shown(path), bytes, stamp.time());
        let Look::Artifact(format) = look(&entry) else { return Ok(()) };
        let piece = Piece { entry: &entry, format, head_lines: 0, lines_before: 0, records_before: 0 };
        let state_of_page = format!("{hash} {}", stamp.changed.max(stamp.modified));
        let (alerts, _) = self.judge(&piece, path, format.kind(), stamp.size, Some(state_of_page));
        self.tell(&alerts)
    }
}

/// The start of a file and how it looked while it was read; nothing when it is no plain file.
fn read(path: &Path) -> io::Result<Option<(Stamp, Vec<u8>)>> {
    let Some(file) = open(path)? else { return Ok(None) };
    let stamp = Stamp::of(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(MAX_PAGE_BYTES).read_to_end(&mut bytes)?;
    Ok(Some((stamp, bytes)))
}

/// Opens a plain file; nothing when it is gone, or a link or something else stands in its place.
pub(super) fn open(path: &Path) -> io::Result<Option<File>> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Ok(None);
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    // A link that took its place between the two looks leads to another file.
    let same = Stamp::of(&file.metadata()?).identity == Stamp::of(&metadata).identity;
    Ok(same.then_some(file))
}

/// A file's name in the state.
pub(super) fn key_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Gap {
    Gap::new(key_of(path), GapKind::Unreadable, error.to_string())
}
