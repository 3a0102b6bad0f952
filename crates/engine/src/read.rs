//! Reads the artifacts, several at a time, each watched by all detectors.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use afterpatch_artifacts::{Flow, Input, Sink};
use afterpatch_detection::{ArtifactWatch, Detectors, Traffic, Watched, on_deep_stack};
use afterpatch_exposure::Observed;
use afterpatch_incidents::Numbering;
use afterpatch_model::{ArtifactId, ArtifactKind, Build, Finding, Gap, GapKind, Place, Record, Timestamp, Unified};

use crate::survey::Artifact;
use crate::{Options, Progress, coverage::SeenByName};

/// Bytes of findings kept in all artifacts together, about. A server that is examined while it runs has little to spare. The
/// share of one artifact depends on the artifacts' sizes only, never on which thread was first, so that the same evidence
/// gives the same report.
const FINDINGS_BYTES: usize = 64 << 20;
/// No artifact's share is smaller than this.
const MIN_SHARE: usize = 64 << 10;
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

/// Reads all artifacts, each of the group at its position; the outcome is in their order. Adding up traffic gives the same
/// whichever artifact comes first. Without detectors nothing is found, and settings are gathered instead.
pub fn read_all(
    artifacts: &[Artifact<'_>],
    group_of: &[usize],
    detectors: Option<&Detectors>,
    options: &Options,
    progress: &Progress,
) -> (Vec<Reading>, TrafficOf) {
    let bytes_in_all: u64 = artifacts.iter().map(|artifact| artifact.entry.size()).sum();
    // The largest first, so that no thread is left with a giant at the end.
    let mut order: Vec<(&Artifact<'_>, usize)> = artifacts.iter().zip(group_of.iter().copied()).collect();
    order.sort_by_key(|(artifact, _)| std::cmp::Reverse(artifact.entry.size()));
    let next = AtomicUsize::new(0);
    let readings: Mutex<BTreeMap<ArtifactId, Reading>> = Mutex::new(BTreeMap::new());
    let traffic_of: Mutex<TrafficOf> = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((artifact, group)) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (reading, traffic) = read(artifact, detectors, options, share(artifact.entry.size(), bytes_in_all), progress);
            let mut sums = traffic_of.lock().unwrap_or_else(PoisonError::into_inner);
            for (name, traffic) in traffic {
                let name = if name.is_empty() { reading.own_name().unwrap_or_default().to_owned() } else { name };
                sums.entry((*group, name)).or_default().merge(traffic);
            }
            drop(sums);
            readings.lock().unwrap_or_else(PoisonError::into_inner).insert(artifact.id, reading);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..options.threads.max(1) {
            // Where there is no thread with a deep stack, files are still read.
            scope.spawn(|| on_deep_stack(work).unwrap_or_else(work));
        }
    });
    let readings = readings.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect();
    (readings, traffic_of.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn read(
    artifact: &Artifact<'_>,
    detectors: Option<&Detectors>,
    options: &Options,
    share: usize,
    progress: &Progress,
) -> (Reading, BTreeMap<String, Traffic>) {
    let mut reader = Reader {
        path: artifact.entry.path(),
        id: artifact.id,
        kind: artifact.format.kind(),
        options,
        progress,
        watch: detectors.map(|detectors| detectors.watch(artifact.id, share)),
        gathers: detectors.is_none(),
        told: 0,
        reading: Reading {
            findings: Vec::new(),
            gaps: Vec::new(),
            seen: SeenByName::default(),
            builds: Vec::new(),
            clock: None,
            left_out: 0,
            numberings: Vec::new(),
            observed: Observed::default(),
        },
    };
    if !progress.is_stopped() {
        progress.begin(artifact.entry.location());
        // Evidence is hostile and readers are many: a fault in one of them must cost one artifact, not the verdict.
        let outcome = catch_unwind(AssertUnwindSafe(|| match Input::open(artifact.entry, &progress.done) {
            Ok(input) => artifact.format.read(&input, &mut reader),
            Err(error) => reader.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }));
        if outcome.is_err() {
            reader.gap(GapKind::InternalError, Place::Whole, "a fault in afterpatch; please report it");
        }
    }
    reader.finish()
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
    reading: Reading,
}

impl Reader<'_> {
    /// Keeps account of an event log's own numbering.
    fn number(&mut self, channel: &str, record: &Record<'_>) {
        let Place::Record(number) = record.place else { return };
        let numberings = &mut self.reading.numberings;
        let is_full = numberings.len() >= MAX_CHANNELS;
        match numberings.iter_mut().find(|it| it.channel == channel) {
            Some(it) => {
                (it.lowest, it.highest) = (it.lowest.min(number), it.highest.max(number));
                it.records += 1;
                it.first = [it.first, record.time].into_iter().flatten().min();
                it.last = it.last.max(record.time);
            }
            None if !is_full => numberings.push(Numbering {
                artifact: self.id,
                channel: channel.to_owned(),
                lowest: number,
                highest: number,
                records: 1,
                first: record.time,
                last: record.time,
            }),
            None => {}
        }
    }

    fn finish(mut self) -> (Reading, BTreeMap<String, Traffic>) {
        let mut requests = BTreeMap::new();
        if let Some(watch) = self.watch.take() {
            // A detector's fault at the end is caught like one in the middle.
            match catch_unwind(AssertUnwindSafe(|| watch.finish())) {
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
                Err(_) => self.gap(GapKind::InternalError, Place::Whole, "a fault in afterpatch; please report it"),
            }
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
            let same = self
                .reading
                .builds
                .iter()
                .rev()
                .find(|(of, ..)| of == server)
                .is_some_and(|(_, _, build, _)| *build == seen.build);
            if !same && self.reading.builds.len() < MAX_BUILDS {
                self.reading.builds.push((server.to_owned(), record.time, seen.build, record.place));
            }
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

    fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
        let many = self.reading.gaps.len() >= MAX_GAPS;
        let repeated = self
            .reading
            .gaps
            .iter_mut()
            .find(|gap| gap.kind == kind && (kind == GapKind::Malformed || many || gap.detail == detail));
        match repeated {
            Some(gap) => gap.count += 1,
            None => {
                let gap = Gap { artifact: Some(self.id), ..Gap::new(self.path, kind, detail) };
                self.reading.gaps.push(if place == Place::Whole { gap } else { gap.at(place) });
            }
        }
    }

    fn clock_corrected(&mut self, offset_minutes: i32, proven_by: u64) {
        self.reading.clock = Some((offset_minutes, proven_by));
    }
}
