//! Big logs are read in sections, so that several threads can read one.
//!
//! Where a log is cut depends on its bytes alone, never on threads: between two rows, or between two blocks of a format that has
//! them. Each section is read as if the head of the log stood
//! before it, and watched by itself; what was seen is put together in order. Only then it is known whether the rows before
//! changed the head; a section that was read with the wrong one is read again.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::atomic::AtomicU64;

use afterpatch_artifacts::{Blocks, Flow, Input, Section, Sink};
use afterpatch_evidence::{Entry, ReadSeek};
use afterpatch_model::{GapKind, Place, Record, Unified};

use crate::survey::Artifact;

/// Bytes of a section, about. Each one costs a few thousand rows until its watch knows what is usual, and its findings wait in
/// memory for those before.
pub const SECTION_BYTES: u64 = 64 << 20;
/// Sections of a format with blocks have this part of the bytes: such records take many times as long to read.
const BLOCKS_SHARE: u64 = 4;
/// A cut is looked for in so many bytes: longer lines are skipped by readers.
const LONGEST_LINE: u64 = 2 << 20;
/// Lines of a section have numbers from this one's multiple on, until it is known how many lines come before it.
const LINES: u64 = 1 << 40;

/// A log that is read in sections.
pub struct Cut {
    /// The lines that the rows behind the log's head need.
    pub head: String,
    /// The bytes of each section, in order; more than one.
    pub ranges: Vec<Range<u64>>,
}

impl Cut {
    /// Cuts an artifact; `None` when it is to be read in one go. `bytes` are those of a section, about.
    pub fn of(artifact: &Artifact<'_>, bytes: u64) -> Option<Self> {
        let Artifact { entry, format, .. } = artifact;
        if let Some(blocks) = format.blocks() {
            return Self::of_blocks(entry, blocks, bytes / BLOCKS_SHARE);
        }
        if entry.size() / 2 < bytes || !format.kind().is_log() {
            return None;
        }
        let held = entry.held()?;
        let uncounted = AtomicU64::new(0);
        let input = Input::open(&held, &uncounted).ok()?;
        // A byte 0 is half a character of UTF-16, or space that nobody has written to.
        if input.head().contains(&0) {
            return None;
        }
        let mut probe = Probe::default();
        format.read(&input, &mut probe);
        let head = probe.head?;
        let mut content = held.seekable().ok()?;
        let end = content.seek(SeekFrom::End(0)).ok()?;
        let mut starts = vec![0];
        for at in (1..).map(|number| number * bytes).take_while(|at| at + bytes / 2 < end) {
            starts.extend(behind_row(&mut *content, at).filter(|start| starts.last().is_none_or(|last| start > last)));
        }
        Self::between(head, &starts, end)
    }

    fn of_blocks(entry: &Entry, blocks: Blocks, bytes: u64) -> Option<Self> {
        if entry.size() / 2 < bytes {
            return None;
        }
        let end = entry.held()?.seekable().ok()?.seek(SeekFrom::End(0)).ok()?;
        let step = bytes.div_ceil(blocks.bytes).checked_mul(blocks.bytes).filter(|step| *step > 0)?;
        let later = (1..).map(|number| blocks.first + number * step).take_while(|at| at + step / 2 < end);
        let starts: Vec<u64> = [0].into_iter().chain(later).collect();
        Self::between(String::new(), &starts, end)
    }

    /// The sections that begin at these bytes.
    fn between(head: String, starts: &[u64], end: u64) -> Option<Self> {
        let ends = starts.iter().skip(1).copied().chain([end]);
        let ranges: Vec<Range<u64>> = starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect();
        (ranges.len() > 1).then_some(Self { head, ranges })
    }

    /// One of the sections, behind such a head.
    pub fn section(&self, number: usize, head: &str) -> Section {
        let Range { start: from, end: to } = self.ranges.get(number).cloned().unwrap_or_default();
        // The first one has its head in it.
        let head = if number == 0 { String::new() } else { head.to_owned() };
        Section { from, to, is_last: number + 1 == self.ranges.len(), first_line: number as u64 * LINES + 1, head }
    }
}

/// The place in the log, when its sections have so many lines. Behind a section that was not read to its end, nobody knows.
pub fn in_log(place: Place, lines: &[Option<u64>]) -> Place {
    let Place::Line(line) = place else { return place };
    let section = usize::try_from(line / LINES).unwrap_or(usize::MAX);
    let before: Option<u64> = lines.iter().take(section).copied().sum();
    before.map_or(Place::Whole, |before| Place::Line(before + line % LINES))
}

/// The end of the first row behind a place: between the lines of a head nothing is cut.
fn behind_row(content: &mut dyn ReadSeek, at: u64) -> Option<u64> {
    content.seek(SeekFrom::Start(at)).ok()?;
    let mut bytes = Vec::new();
    content.take(LONGEST_LINE).read_to_end(&mut bytes).ok()?;
    let mut ends = memchr::memchr_iter(b'\n', &bytes);
    let mut from = ends.next()? + 1;
    for end in ends {
        if bytes.get(from).is_some_and(|first| !b"#\r\n\0".contains(first)) {
            return Some(at + end as u64 + 1);
        }
        from = end + 1;
    }
    None
}

/// Reads up to the first row.
#[derive(Default)]
struct Probe {
    head: Option<String>,
}

impl Sink for Probe {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        // The build that wrote the head.
        if matches!(record.unified, Unified::Build(_)) { Flow::Continue } else { Flow::Stop }
    }

    fn gap(&mut self, _: GapKind, _: Place, _: &str) {}

    fn rows_need(&mut self, head: Option<&str>) {
        self.head = head.map(str::to_owned);
    }

    fn clock_corrected(&mut self, _: i32, _: u64) {}
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Cursor;

    use afterpatch_evidence::Evidence;

    use super::*;
    use crate::{Progress, survey};

    #[test]
    fn logs_of_requests_are_cut() {
        let folder = tempfile::tempdir().unwrap();
        let logs = [
            (
                "u_ex210301.log",
                "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem sc-status\n",
                "2021-03-01 00:00:00 GET / 200\n",
            ),
            (
                "HttpProxy_2021030100-1.LOG",
                "#Software: Microsoft Exchange Server\n#Version: 15.01.2375.007\n#Log-type: HttpProxy Logs\n\
                 #Date: 2021-03-01T00:00:00.000Z\n#Fields: DateTime,RequestId,UrlStem\n",
                "2021-03-01T00:00:00.000Z,1,/owa/\n",
            ),
            ("access.log", "", "192.0.2.1 - - [01/Mar/2021:00:00:00 +0000] \"GET / HTTP/1.1\" 200 5\n"),
        ];
        for (name, head, row) in logs {
            std::fs::write(folder.path().join(name), format!("{head}{}", row.repeat(200))).unwrap();
        }
        let evidence = [Evidence::open(folder.path()).unwrap()];
        let survey = survey::survey(&evidence, 1, &Progress::default());
        assert_eq!(survey.artifacts.len(), logs.len());
        for artifact in &survey.artifacts {
            let cut = Cut::of(artifact, 1_000).map(|cut| cut.ranges);
            let ends: Vec<u64> = cut.iter().flatten().map(|range| range.end).collect();
            assert!(ends.len() > 3 && ends.last() == Some(&artifact.entry.size()), "{}: {ends:?}", artifact.entry.path());
            assert!(Cut::of(artifact, 1_000_000).is_none());
        }
    }

    #[test]
    fn places_are_counted_from_the_start_of_the_log() {
        for (place, expected) in [
            (Place::Line(1), Place::Line(1)),
            (Place::Line(LINES + 1), Place::Line(11)),
            (Place::Line(2 * LINES + 7), Place::Line(22)),
            (Place::Whole, Place::Whole),
            (Place::Line(3 * LINES + 7), Place::Line(31)),
            (Place::Line(4 * LINES + 7), Place::Whole),
            (Place::Record(LINES), Place::Record(LINES)),
        ] {
            assert_eq!(in_log(place, &[Some(10), Some(5), Some(9), None, Some(1)]), expected);
        }
    }

    #[test]
    fn a_log_is_cut_behind_a_row_only() {
        let log = b"aa\nbb\n#c\n#d\nee\n\nff\ngg";
        for (at, expected) in [(0, Some(6)), (1, Some(6)), (3, Some(15)), (12, Some(19)), (16, None), (99, None)] {
            assert_eq!(behind_row(&mut Cursor::new(log.to_vec()), at), expected, "{at}");
        }
    }
}
