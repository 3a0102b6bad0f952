//! Logs that grow: by lines, by events; renamed, copied, cut short.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use afterpatch_engine::{Piece, format_of};
use afterpatch_model::{ArtifactKind, Gap, GapKind};

use super::files::{key_of, open, unreadable};
use super::{Handle, WatchError, Watcher};
use crate::cursor::Cursor;
use crate::events;
use crate::state::{Change, Tracked};
use crate::walk::{Identity, Seen, Stamp, shown};

/// Logs kept open.
const MAX_HANDLES: usize = 64;

impl Watcher<'_> {
    /// A log of lines is met at this path.
    pub(super) fn meet_lines(&mut self, seen: Seen, key: String, kind: ArtifactKind) {
        let identity = seen.stamp.identity;
        let known = self.state.cursors.get(&identity).is_some_and(|cursor| cursor.kind == kind);
        if !known {
            match self.first_cursor(&seen, kind) {
                Ok(cursor) => self.state.set(Change::Cursor(identity, Box::new(cursor))),
                Err(error) => return self.gap(unreadable(&seen.real, &error)),
            }
        }
        self.orphans.retain(|orphan| *orphan != identity);
        self.lost.remove(&identity);
        // The stamp of a log that was read to its end; this one was not.
        let stamp = Stamp { identity, ..Stamp::default() };
        self.state.set(Change::File(key, Tracked::Lines { stamp }));
        self.queue(seen.real);
    }

    fn first_cursor(&self, seen: &Seen, kind: ArtifactKind) -> io::Result<Cursor> {
        let Some(mut file) = open(&seen.real)? else { return Ok(Cursor::new(kind)) };
        if self.starts_at_end {
            return Cursor::at_end(kind, &mut file, seen.stamp.size);
        }
        // A rotation may copy a log and cut the first one short: what was read of that one is read of its copy.
        let folder = seen.real.parent().map(key_of).unwrap_or_default();
        for (path, tracked) in self.state.files.range(folder.clone()..).take_while(|(path, _)| path.starts_with(&folder)) {
            let Tracked::Lines { stamp } = tracked else { continue };
            let is_beside = Path::new(path).parent() == seen.real.parent();
            let Some(cursor) = self.state.cursors.get(&stamp.identity).filter(|it| is_beside && it.kind == kind) else {
                continue;
            };
            if cursor.fits(&mut file, seen.stamp.size)? {
                return Ok(cursor.clone());
            }
        }
        Ok(Cursor::new(kind))
    }

    /// An event log is met at this path.
    pub(super) fn meet_events(&mut self, seen: Seen, key: String) {
        let mut highest = 0;
        if self.starts_at_end {
            let read =
                open(&seen.real).and_then(|file| file.map_or(Ok(0), |mut file| events::highest(&mut file, seen.stamp.size)));
            match read {
                Ok(number) => highest = number,
                Err(error) => return self.gap(unreadable(&seen.real, &error)),
            }
        }
        self.state.set(Change::File(key, Tracked::Events { stamp: Stamp::default(), highest }));
        self.queue(seen.real);
    }

    /// A log waits to be read.
    pub(super) fn queue(&mut self, path: PathBuf) {
        if self.queued.insert(path.clone()) {
            self.logs.push_back(path);
        }
    }

    /// Asks the logs that are open themselves whether they have changed.
    pub(super) fn look_at_open_logs(&mut self) {
        let mut changed = Vec::new();
        for (identity, Handle { file, path, .. }) in &self.handles {
            let Some(Tracked::Lines { stamp: known }) = self.state.files.get(&key_of(path)) else { continue };
            let is_other = |metadata| Stamp::of(&metadata) != *known;
            if known.identity == *identity && file.metadata().is_ok_and(is_other) {
                changed.push(path.clone());
            }
        }
        changed.sort();
        changed.into_iter().for_each(|path| self.queue(path));
    }

    /// Reads one piece of the log that has waited longest.
    pub(super) fn read_a_log(&mut self) -> Result<(), WatchError> {
        if let Some(identity) = self.orphans.pop_front() {
            return self.orphan(identity);
        }
        let Some(path) = self.logs.pop_front() else { return Ok(()) };
        self.queued.remove(&path);
        let more = match self.state.files.get(&key_of(&path)) {
            Some(Tracked::Lines { stamp }) => self.lines(&path, stamp.identity)?,
            Some(Tracked::Events { highest, .. }) => self.events(&path, *highest)?,
            _ => false,
        };
        if more {
            self.queue(path);
        }
        Ok(())
    }

    /// A log that has lost its name: read to its end as long as it is open, under its last name.
    fn orphan(&mut self, identity: Identity) -> Result<(), WatchError> {
        let Some(handle) = self.handles.get(&identity) else { return Ok(()) };
        let path = handle.path.clone();
        let is_named =
            self.state.files.values().any(|tracked| matches!(tracked, Tracked::Lines { stamp } if stamp.identity == identity));
        if !is_named && self.piece(&path, identity)? {
            self.orphans.push_back(identity);
        }
        Ok(())
    }

    fn lines(&mut self, path: &Path, identity: Identity) -> Result<bool, WatchError> {
        if !self.handles.contains_key(&identity) {
            match open(path) {
                Ok(Some(file)) if is_of(&file, identity) => self.keep_open(path, identity, file),
                // Another file stands there now; the next look meets it.
                Ok(_) => return Ok(false),
                Err(error) => {
                    self.gap(unreadable(path, &error));
                    return Ok(false);
                }
            }
        }
        self.piece(path, identity)
    }

    /// Reads a piece of a log that is open. Says whether there is more.
    fn piece(&mut self, path: &Path, identity: Identity) -> Result<bool, WatchError> {
        let now = self.world.elapsed();
        let Some(handle) = self.handles.get_mut(&identity) else { return Ok(false) };
        (handle.used, handle.path) = (now, path.to_path_buf());
        let Some(mut cursor) = self.state.cursors.get(&identity).cloned() else { return Ok(false) };
        let before = cursor.clone();
        let taken = handle.file.metadata().map(|metadata| Stamp::of(&metadata)).and_then(|stamp| {
            let taken = cursor.take(&mut handle.file, stamp.size)?;
            Ok((stamp, taken))
        });
        let (stamp, taken) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                self.gap(unreadable(path, &error));
                return Ok(false);
            }
        };
        let name = shown(path);
        if taken.too_long {
            self.gap(Gap::new(key_of(path), GapKind::TooLong, "a line longer than a piece of the log was skipped"));
        }
        let kind = cursor.kind;
        if cursor != before {
            self.state.set(Change::Cursor(identity, Box::new(cursor)));
        }
        let key = key_of(path);
        if !taken.more
            && matches!(self.state.files.get(&key), Some(Tracked::Lines { stamp: known }) if known.identity == identity && *known != stamp)
        {
            self.state.set(Change::File(key, Tracked::Lines { stamp }));
        }
        if let (false, Some(format)) = (taken.bytes.is_empty(), format_of(kind)) {
            let entry = self.placing.of_bytes(&name, taken.bytes, stamp.time());
            let (head_lines, lines_before) = (taken.head_lines, taken.lines_before);
            let piece = Piece { entry: &entry, format, head_lines, lines_before, records_before: 0 };
            let (alerts, _) = self.judge(&piece, path, kind, stamp.size, None);
            self.tell(&alerts)?;
        }
        Ok(taken.more)
    }

    fn events(&mut self, path: &Path, highest: u64) -> Result<bool, WatchError> {
        let read = open(path).and_then(|file| match file {
            Some(mut file) => {
                let stamp = Stamp::of(&file.metadata()?);
                Ok(Some((stamp, events::take(&mut file, stamp.size, highest)?)))
            }
            None => Ok(None),
        });
        let (stamp, taken) = match read {
            Ok(Some(read)) => read,
            Ok(None) => return Ok(false),
            Err(error) => {
                self.gap(unreadable(path, &error));
                return Ok(false);
            }
        };
        let mut reached = taken.before;
        let mut alerts = Vec::new();
        if let (false, Some(format)) = (taken.bytes.is_empty(), format_of(ArtifactKind::Evtx)) {
            let entry = self.placing.of_bytes(&shown(path), taken.bytes, stamp.time());
            let piece = Piece { entry: &entry, format, head_lines: 0, lines_before: 0, records_before: taken.before };
            let (told, reading) = self.judge(&piece, path, ArtifactKind::Evtx, stamp.size, None);
            (alerts, reached) = (told, reached.max(reading.highest_record));
        }
        // Chunks that name records and hold none would be read for ever.
        let more = taken.more && reached > taken.before;
        let stamp = if more { Stamp::default() } else { stamp };
        self.state.set(Change::File(key_of(path), Tracked::Events { stamp, highest: reached }));
        self.tell(&alerts)?;
        Ok(more)
    }

    fn keep_open(&mut self, path: &Path, identity: Identity, file: File) {
        if self.handles.len() >= MAX_HANDLES {
            let oldest = self.handles.iter().min_by_key(|(identity, handle)| (handle.used, **identity)).map(|(it, _)| *it);
            if let Some(oldest) = oldest {
                self.handles.remove(&oldest);
            }
        }
        let used = self.world.elapsed();
        self.handles.insert(identity, Handle { file, path: path.to_path_buf(), used });
    }

    /// Forgets logs that were in no place at two looks in a row; they were read to their end before, if they could be.
    pub(super) fn forget_logs(&mut self) {
        let named: std::collections::BTreeSet<Identity> = self
            .state
            .files
            .values()
            .filter_map(|tracked| match tracked {
                Tracked::Lines { stamp } => Some(stamp.identity),
                _ => None,
            })
            .collect();
        let nameless: Vec<Identity> = self.state.cursors.keys().filter(|identity| !named.contains(identity)).copied().collect();
        let (forgotten, lost): (Vec<_>, Vec<_>) = nameless.into_iter().partition(|identity| self.lost.contains(identity));
        for identity in forgotten {
            self.state.set(Change::Forget(identity));
            self.handles.remove(&identity);
            self.orphans.retain(|orphan| *orphan != identity);
        }
        self.lost = lost.into_iter().collect();
    }
}

fn is_of(file: &File, identity: Identity) -> bool {
    file.metadata().is_ok_and(|metadata| Stamp::of(&metadata).identity == identity)
}
