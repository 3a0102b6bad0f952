//! Reads the artifacts, several at a time, each watched by all detectors.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use afterpatch_artifacts::{Flow, Input, Section, Sink};
use afterpatch_detection::{ArtifactWatch, Detectors, Traffic, Watched, on_deep_stack};
use afterpatch_evidence::Entry;
use afterpatch_exposure::Observed;
use afterpatch_incidents::Numbering;
use afterpatch_model::{ArtifactId, ArtifactKind, Build, Finding, Gap, GapKind, Glance, Place, Record, Timestamp, Unified};

use serde::{Deserialize, Serialize};

use crate::readings::Readings;
use crate::resume::{Kept, Outcome};
use crate::sections::{Cut, in_log};
use crate::survey::Artifact;
use crate::{Options, Progress, coverage::SeenByName};

/// Bytes of findings kept in all artifacts together, about, and half as much again of what was done in vain. A server that is
/// examined while it runs has little to spare. The share of one artifact depends on the artifacts' sizes only, never on which
/// thread was first, so that the same evidence gives the same report.
const FINDINGS_BYTES: usize = 64 << 20;
/// No artifact's share is smaller than this. Runs of requests of pages go through it, too, which are put together later.
const MIN_SHARE: usize = 2 << 20;
/// Gaps of one artifact that are told apart; beyond them, those of one kind are counted together.
const MAX_GAPS: usize = 100;
/// Build sightings kept of one artifact: a log file has one build, an event log a few.
const MAX_BUILDS: usize = 1_000;
/// Channels of one event log whose numbering is followed: a log has one, a log of forwarded events a few.
const MAX_CHANNELS: usize = 50;

/// The bytes of findings that an artifact of this size may keep: a log of events tells more than one of forty pages.
fn share(bytes: u64, bytes_in_all: u64) -> usize {
    let part = u128::from(bytes) * FINDINGS_BYTES as u128 / u128::from(bytes_in_all.max(1));
    usize::try_from(part).unwrap_or(FINDINGS_BYTES).max(MIN_SHARE)
}

/// What was read of one artifact.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Findings, with the server's name as the records have it (empty where they name none).
    pub findings: Vec<Finding>,
    /// Gaps, repeats counted.
    pub gaps: Vec<Gap>,
    /// Records, by server as named in the records and by part of the source.
    pub seen: SeenByName,
    /// Builds seen: server as named, time, build, place. Without a time it is the build when the evidence was collected.
    pub builds: Vec<(String, Option<Timestamp>, Build, Place)>,
    /// The clock's offset in minutes and how many records prove it.
    pub clock: Option<(i32, u64)>,
    /// Records outside the time asked for.
    pub left_out: u64,
    /// The numbering of each channel of an event log.
    pub numberings: Vec<Numbering>,
    /// What it says of settings; gathered only where nobody watches for attacks.
    #[serde(skip)]
    pub observed: Observed,
}

impl Reading {
    /// The only name that an artifact's records give: its head and other records without a name are of the same server.
    pub fn own_name(&self) -> Option<&str> {
        let mut names = self.seen.iter().map(|(name, ..)| name).filter(|name| !name.is_empty());
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }
}

/// Traffic added up while reading, as that of a year of logs would not fit: by the artifact's group and the server's name in
/// it (see [`Reading::own_name`]).
pub type TrafficOf = BTreeMap<(usize, String), Traffic>;

/// What all readings of a run have in common.
pub struct Reads<'r> {
    /// Without detectors nothing is found, and settings are gathered instead.
    pub detectors: Option<&'r Detectors>,
    pub options: &'r Options,
    pub progress: &'r Progress,
    /// Bytes of the sections in which big logs are read, about.
    pub section_bytes: u64,
    /// What was read by a scan that was cut short, and where to keep what is read now.
    pub kept: Option<&'r Kept>,
}

/// What one thread does at once.
enum Task<'t, 'e> {
    Whole(&'t Artifact<'e>, usize),
    Section(&'t Joint<'t, 'e>, usize),
}

/// A log that is read in sections, and what was read of it.
struct Joint<'t, 'e> {
    artifact: &'t Artifact<'e>,
    group: usize,
    cut: Cut,
    /// From its first section on, so that all are of the same file.
    held: Mutex<Option<Entry>>,
    joined: Mutex<Joined<'e>>,
}

/// Sections that were read.
#[derive(Default)]
struct Joined<'r> {
    /// All of them up to the first one that is missing.
    together: Option<Reader<'r>>,
    /// The lines of each of these; nothing of one that was not read to its end.
    lines: Vec<Option<u64>>,
    /// Those behind, by number.
    waiting: BTreeMap<usize, Reader<'r>>,
    /// It has turned out that their rows depend on the rows before.
    in_vain: bool,
}

impl<'r> Reads<'r> {
    /// Reads all artifacts, each of the group at its position; the outcome is in their order. Adding up traffic gives the same
    /// whichever artifact comes first.
    pub fn all(&self, artifacts: &[Artifact<'r>], group_of: &[usize]) -> (Vec<Reading>, TrafficOf) {
        let bytes_in_all: u64 = artifacts.iter().map(|artifact| artifact.entry.size()).sum();
        let share_of = |artifact: &Artifact<'_>| share(artifact.entry.size(), bytes_in_all);
        // The largest first, so that no thread is left with a giant at the end.
        let mut order: Vec<(&Artifact<'r>, usize)> = artifacts.iter().zip(group_of.iter().copied()).collect();
        order.sort_by_key(|(artifact, _)| std::cmp::Reverse(artifact.entry.size()));
        let joints: Vec<Option<Joint<'_, 'r>>> = order.iter().map(|(artifact, group)| self.joint(artifact, *group)).collect();
        let tasks = order.iter().zip(&joints).flat_map(|((artifact, group), joint)| match joint {
            Some(joint) => (0..joint.cut.ranges.len()).map(|number| Task::Section(joint, number)).collect(),
            None => vec![Task::Whole(artifact, *group)],
        });
        let tasks: Vec<Task<'_, 'r>> = tasks.collect();
        let next = AtomicUsize::new(0);
        let readings = Mutex::new(Readings::new(artifacts, FINDINGS_BYTES));
        let traffic_of: Mutex<TrafficOf> = Mutex::new(BTreeMap::new());
        let work = || {
            while let Some(task) = tasks.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (artifact, group) = match task {
                    Task::Whole(artifact, group) => (*artifact, *group),
                    Task::Section(joint, _) => (joint.artifact, joint.group),
                };
                let outcome = self.kept_of(artifact).or_else(|| {
                    let share = share_of(artifact);
                    let outcome = match task {
                        Task::Whole(..) => self.whole(artifact, share),
                        Task::Section(joint, number) => self.section(joint, *number, share)?,
                    };
                    // What was stopped is not whole.
                    if let Some(kept) = self.kept.filter(|_| !self.progress.is_stopped()) {
                        kept.put(artifact, &outcome);
                    }
                    Some(outcome)
                });
                let Some((reading, traffic)) = outcome else { continue };
                let mut sums = lock(&traffic_of);
                let before = sums.len();
                for (name, traffic) in traffic {
                    let name = if name.is_empty() { reading.own_name().unwrap_or_default().to_owned() } else { name };
                    sums.entry((group, name)).or_default().merge(traffic);
                }
                if sums.len() > before {
                    let servers = sums.len();
                    sums.values_mut().for_each(|traffic| traffic.share_pages(servers));
                }
                drop(sums);
                lock(&readings).add(artifact.id, group, reading);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.options.threads.max(1) {
                // Where there is no thread with a deep stack, files are still read.
                scope.spawn(|| on_deep_stack(work).unwrap_or_else(work));
            }
        });
        let readings = readings.into_inner().unwrap_or_else(PoisonError::into_inner).finish();
        (readings, traffic_of.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// What a scan that was cut short has read of an artifact.
    fn kept_of(&self, artifact: &Artifact<'r>) -> Option<Outcome> {
        let outcome = self.kept?.get(artifact)?;
        self.progress.advance(artifact.entry.size());
        self.progress.resumed.fetch_add(1, Ordering::Relaxed);
        self.progress.findings.fetch_add(outcome.0.findings.len() as u64, Ordering::Relaxed);
        Some(outcome)
    }

    fn joint<'t>(&self, artifact: &'t Artifact<'r>, group: usize) -> Option<Joint<'t, 'r>> {
        if self.kept.is_some_and(|kept| kept.has(artifact)) {
            return None;
        }
        // Whatever goes wrong here goes wrong again, and is told, when the artifact is read.
        let cut = catch_unwind(AssertUnwindSafe(|| Cut::of(artifact, self.section_bytes))).ok()??;
        Some(Joint { artifact, group, cut, held: Mutex::default(), joined: Mutex::default() })
    }

    fn whole(&self, artifact: &Artifact<'r>, share: usize) -> Outcome {
        self.read(artifact, artifact.entry, share, None).finish(&[])
    }

    /// Reads a section. Gives the outcome of all when it was the last one missing.
    fn section(&self, joint: &Joint<'_, 'r>, number: usize, share: usize) -> Option<Outcome> {
        let Joint { artifact, cut, .. } = joint;
        let held =
            lock(&joint.held).get_or_insert_with(|| artifact.entry.held().unwrap_or_else(|| artifact.entry.clone())).clone();
        // What a section finds goes into the share of the first one. A fourth of it is more than one section needs on a bad day,
        // and sections that wait for others hold no more memory than that.
        let share_of = |number| if number == 0 { share } else { share / 4 };
        let read = |number, head: &str| self.read(artifact, &held, share_of(number), Some(cut.section(number, head)));
        let reader = read(number, &cut.head);
        let mut joined = lock(&joint.joined);
        joined.waiting.insert(number, reader);
        while let Some(mut reader) = joined.next() {
            let number = joined.lines.len();
            if let Some(needed) = joined.together.as_ref().map(|before| before.rows_need.clone())
                && needed.as_ref() != Some(&cut.head)
            {
                match needed {
                    Some(head) => reader = read(number, &head),
                    None => joined.in_vain = true,
                }
            }
            joined.append(reader);
        }
        if joined.lines.len() < cut.ranges.len() {
            return None;
        }
        lock(&joint.held).take();
        let together = joined.together.take()?;
        if joined.in_vain && !self.progress.is_stopped() {
            return Some(self.whole(artifact, share));
        }
        Some(together.finish(&joined.lines))
    }

    /// Reads an artifact, or a section of it, from `entry`.
    fn read(&self, artifact: &Artifact<'r>, entry: &Entry, share: usize, section: Option<Section>) -> Reader<'r> {
        let &Self { detectors, options, progress, .. } = self;
        let mut reader = Reader {
            path: artifact.entry.path(),
            id: artifact.id,
            kind: artifact.format.kind(),
            options,
            progress,
            watch: detectors.map(|detectors| detectors.watch(artifact.id, share)),
            gathers: detectors.is_none(),
            told: 0,
            lines: None,
            rows_need: section.as_ref().map(|section| section.head.clone()),
            reading: Reading::default(),
        };
        if progress.is_stopped() {
            return reader;
        }
        progress.begin(artifact.entry.location());
        // Evidence is hostile and readers are many: a fault in one of them must cost one artifact, not the verdict.
        let outcome = catch_unwind(AssertUnwindSafe(|| match Input::open(entry, &progress.done) {
            Ok(input) => {
                let input = match section {
                    Some(section) => input.with_section(section),
                    None => input,
                };
                artifact.format.read(&input, &mut reader);
            }
            Err(error) => reader.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }));
        if outcome.is_err() {
            reader.fault();
        }
        reader
    }
}

impl<'r> Joined<'r> {
    /// The section that comes next, if it was read.
    fn next(&mut self) -> Option<Reader<'r>> {
        self.waiting.remove(&self.lines.len())
    }

    fn append(&mut self, reader: Reader<'r>) {
        self.lines.push(reader.lines);
        match &mut self.together {
            None => self.together = Some(reader),
            Some(together) => {
                if catch_unwind(AssertUnwindSafe(|| together.append(reader))).is_err() {
                    together.fault();
                }
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Reader<'r> {
    path: &'r str,
    id: ArtifactId,
    kind: ArtifactKind,
    options: &'r Options,
    progress: &'r Progress,
    watch: Option<ArtifactWatch<'r>>,
    gathers: bool,
    /// Findings already told to the progress counter.
    told: usize,
    /// How many lines there were, once the format has come to the end.
    lines: Option<u64>,
    /// What rows that come from now on would need before them.
    rows_need: Option<String>,
    reading: Reading,
}

impl Reader<'_> {
    /// Keeps account of an event log's own numbering.
    fn number(&mut self, channel: &str, record: &Record<'_>) {
        let Place::Record(number) = record.place else { return };
        match self.reading.numberings.iter_mut().find(|it| it.channel == channel) {
            Some(it) => {
                (it.lowest, it.highest) = (it.lowest.min(number), it.highest.max(number));
                it.records += 1;
                it.first = [it.first, record.time].into_iter().flatten().min();
                it.last = it.last.max(record.time);
            }
            None => self.add_numbering(Numbering {
                artifact: self.id,
                channel: channel.to_owned(),
                lowest: number,
                highest: number,
                records: 1,
                first: record.time,
                last: record.time,
            }),
        }
    }

    fn add_numbering(&mut self, later: Numbering) {
        let numberings = &mut self.reading.numberings;
        let is_full = numberings.len() >= MAX_CHANNELS;
        match numberings.iter_mut().find(|it| it.channel == later.channel) {
            Some(it) => {
                (it.lowest, it.highest) = (it.lowest.min(later.lowest), it.highest.max(later.highest));
                it.records += later.records;
                it.first = [it.first, later.first].into_iter().flatten().min();
                it.last = it.last.max(later.last);
            }
            None if !is_full => numberings.push(later),
            None => {}
        }
    }

    /// Takes over what was read of the section that follows.
    fn append(&mut self, later: Self) {
        if let (Some(own), Some(later)) = (&mut self.watch, later.watch) {
            own.append(later);
        }
        let Reading { gaps, seen, builds, left_out, numberings, .. } = later.reading;
        gaps.into_iter().for_each(|gap| self.add_gap(gap));
        numberings.into_iter().for_each(|numbering| self.add_numbering(numbering));
        self.reading.seen.add(&seen);
        for (server, time, build, place) in builds {
            self.add_build(&server, time, build, place);
        }
        self.reading.left_out += left_out;
        self.told += later.told;
        self.rows_need = later.rows_need;
    }

    fn add_build(&mut self, server: &str, time: Option<Timestamp>, build: Build, place: Place) {
        let builds = &mut self.reading.builds;
        let latest = builds.iter().rev().find(|(of, ..)| of == server);
        if latest.is_none_or(|(_, _, latest, _)| *latest != build) && builds.len() < MAX_BUILDS {
            builds.push((server.to_owned(), time, build, place));
        }
    }

    fn add_gap(&mut self, gap: Gap) {
        let many = self.reading.gaps.len() >= MAX_GAPS;
        let is_same =
            |own: &&mut Gap| own.kind == gap.kind && (gap.kind == GapKind::Malformed || many || own.detail == gap.detail);
        match self.reading.gaps.iter_mut().find(is_same) {
            Some(own) => own.count += gap.count,
            None => self.reading.gaps.push(gap),
        }
    }

    fn fault(&mut self) {
        self.gap(GapKind::InternalError, Place::Whole, "a fault in afterpatch; please report it");
    }

    /// Ends it. Of a log that was read in sections, `lines` are those of each.
    fn finish(mut self, lines: &[Option<u64>]) -> Outcome {
        let mut requests = BTreeMap::new();
        let is_cut = !lines.is_empty();
        let place = |place| in_log(place, lines);
        if let Some(watch) = self.watch.take() {
            let finish = || {
                let mut watched = watch.finish();
                if is_cut {
                    watched.place(&place);
                }
                watched
            };
            // A detector's fault at the end is caught like one in the middle.
            match catch_unwind(AssertUnwindSafe(finish)) {
                Ok(Watched { findings, not_kept, traffic }) => {
                    requests = traffic;
                    self.progress.findings.fetch_add(findings.len().saturating_sub(self.told) as u64, Ordering::Relaxed);
                    self.reading.findings = findings;
                    if not_kept > 0 {
                        self.gap(GapKind::Capped, Place::Whole, "more findings than are kept of one artifact");
                        if let Some(gap) = self.reading.gaps.last_mut() {
                            gap.count = not_kept;
                        }
                    }
                }
                Err(_) => self.fault(),
            }
        }
        if is_cut {
            self.reading.gaps.iter_mut().for_each(|gap| gap.place = gap.place.map(place));
            self.reading.builds.iter_mut().for_each(|(.., at)| *at = place(*at));
        }
        (self.reading, requests)
    }
}

/// The part of its source that a record is counted in.
fn part<'r>(kind: ArtifactKind, record: &'r Record<'_>) -> &'r str {
    match (kind, &record.unified) {
        (ArtifactKind::ExchangeHttpproxy, Unified::ProxyRequest(request)) => &request.protocol,
        (kind, _) if kind.holds_events() => record.fields.get("Channel").unwrap_or_default(),
        _ => "",
    }
}

/// Whether both IIS and HttpProxy tell of this request: the front end gave it an id.
fn is_routed(record: &Record<'_>) -> bool {
    match &record.unified {
        Unified::ProxyRequest(_) => true,
        Unified::WebRequest(request) => !request.request_id.is_empty(),
        _ => false,
    }
}

impl Sink for Reader<'_> {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        if self.progress.is_stopped() {
            return Flow::Stop;
        }
        let outside = |time: Timestamp| {
            self.options.since.is_some_and(|since| time < since) || self.options.until.is_some_and(|until| time > until)
        };
        // What else lies there has the time of its last change, but stands today.
        if self.kind.is_log() && record.time.is_some_and(outside) {
            self.reading.left_out += 1;
            return Flow::Continue;
        }
        let server = record.server.as_deref().unwrap_or_default();
        // A log without a date says nothing of the build at the end.
        let is_placed = record.time.is_some() || self.kind == ArtifactKind::PeVersion;
        if let (Unified::Build(seen), true) = (&record.unified, is_placed) {
            self.add_build(server, record.time, seen.build, record.place);
            return Flow::Continue;
        }
        let part = part(self.kind, record);
        self.reading.seen.count(server, part, record.time, self.kind, is_routed(record));
        if self.kind == ArtifactKind::Evtx {
            self.number(part, record);
        }
        if self.gathers {
            self.reading.observed.record(self.id, record);
        }
        if let Some(watch) = &mut self.watch {
            watch.record(record);
            let count = watch.count();
            if count > self.told {
                self.progress.findings.fetch_add((count - self.told) as u64, Ordering::Relaxed);
                self.told = count;
            }
        }
        Flow::Continue
    }

    fn glance(&mut self, glance: &Glance<'_>) -> bool {
        let is_asked_for = self.options.since.is_none_or(|since| glance.time >= since)
            && self.options.until.is_none_or(|until| glance.time <= until);
        let Some(watch) = self.watch.as_mut().filter(|_| is_asked_for && !self.gathers && !self.progress.is_stopped()) else {
            return false;
        };
        let is_counted = watch.glance(glance);
        if is_counted {
            self.reading.seen.count(glance.server, glance.part, Some(glance.time), self.kind, glance.is_routed);
        }
        is_counted
    }

    fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
        let gap = Gap { artifact: Some(self.id), ..Gap::new(self.path, kind, detail) };
        self.add_gap(if place == Place::Whole { gap } else { gap.at(place) });
    }

    fn rows_need(&mut self, head: Option<&str>) {
        self.rows_need = head.map(str::to_owned);
    }

    fn lines(&mut self, count: u64) {
        self.lines = Some(count);
    }

    fn clock_corrected(&mut self, offset_minutes: i32, proven_by: u64) {
        self.reading.clock = Some((offset_minutes, proven_by));
    }
}
