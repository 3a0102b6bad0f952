#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
mod builder;

use afterpatch_model::{FileAction, FileChange, Record, Unified};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::testing::Written;
use builder::LogWriter;

/// Numbers of the records read, and the gaps.
fn read(log: &[u8]) -> (Vec<u64>, Vec<(GapKind, Place, String)>) {
    struct Numbers(Vec<u64>, Vec<(GapKind, Place, String)>);
    impl Sink for Numbers {
        fn record(&mut self, record: &Record<'_>) -> Flow {
            let Place::Record(id) = record.place else { panic!("{:?}", record.place) };
            self.0.push(id);
            Flow::Continue
        }
        fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
            self.1.push((kind, place, detail.to_owned()));
        }
        fn clock_corrected(&mut self, _: i32, _: u64) {
            panic!("event logs are in UTC");
        }
    }
    let mut numbers = Numbers(Vec::new(), Vec::new());
    read_log(log, &mut numbers);
    (numbers.0, numbers.1)
}

fn kinds(gaps: &[(GapKind, Place, String)]) -> Vec<(GapKind, Place)> {
    gaps.iter().map(|(kind, place, _)| (*kind, *place)).collect()
}

#[test]
fn a_record_is_read_whole() {
    struct Check(u32);
    impl Sink for Check {
        fn record(&mut self, record: &Record<'_>) -> Flow {
            self.0 += 1;
            assert_eq!(record.place, Place::Record(7));
            assert_eq!(record.time, Some("2021-03-14T06:40:13.659Z".parse().unwrap()));
            assert_eq!(record.server.as_deref(), Some("MXS01.example.org"));
            assert_eq!((&*record.source.category, &*record.source.service), ("file_event", "sysmon"));
            let path = r"C:\é7.aspx".into();
            assert_eq!(
                record.unified,
                Unified::FileChange(FileChange { action: FileAction::Created, path, image: "System".into(), pid: Some(4) })
            );
            assert_eq!(record.fields.get("EventID"), Some("11"));
            assert_eq!(record.fields.get("Provider_Name"), Some("Microsoft-Windows-Sysmon"));
            Flow::Continue
        }
        fn gap(&mut self, kind: GapKind, _: Place, detail: &str) {
            panic!("{kind:?} {detail}");
        }
        fn clock_corrected(&mut self, _: i32, _: u64) {}
    }
    let mut check = Check(0);
    read_log(&LogWriter::log(1, &[&[7]])[..], &mut check);
    assert_eq!(check.0, 1);
}

#[test]
fn every_chunk_that_is_there_is_read_whatever_the_header_counts() {
    // Three chunks, the second reserved and unused; the header knows of one.
    let mut log = LogWriter::log(1, &[&[1, 2]]);
    log.resize(log.len() + CHUNK_BYTES, 0);
    log.extend(LogWriter::chunk(&[3]));
    assert_eq!(read(&log), (vec![1, 2, 3], vec![]));
}

#[test]
fn an_empty_log_is_no_gap() {
    assert_eq!(read(&LogWriter::log(0, &[])), (vec![], vec![]));
    assert_eq!(read(&LogWriter::log(1, &[&[]])), (vec![], vec![]));
    let mut reserved = LogWriter::log(1, &[&[]]);
    reserved.resize(1 << 20, 0);
    assert_eq!(read(&reserved), (vec![], vec![]));
}

#[test]
fn a_missing_chunk_is_said() {
    let (ids, gaps) = read(&LogWriter::log(3, &[&[1], &[2]]));
    assert_eq!((ids, kinds(&gaps)), (vec![1, 2], vec![(GapKind::Truncated, at(2))]));
}

#[test]
fn a_damaged_chunk_costs_only_itself() {
    let mut log = LogWriter::log(3, &[&[1, 2], &[3, 4], &[5]]);
    let second = HEADER_BYTES + CHUNK_BYTES;
    log[second] = b'X';
    let (ids, gaps) = read(&log);
    assert_eq!((ids, kinds(&gaps)), (vec![1, 2, 5], vec![(GapKind::Malformed, at(1))]));
}

#[test]
fn a_damaged_record_costs_only_itself() {
    let sound = LogWriter::log(1, &[&[1, 2, 3]]);
    let records: Vec<usize> = memchr::memmem::find_iter(&sound, b"**\0\0").collect();
    // Its header is lost: nobody can say which record it was.
    let mut log = sound.clone();
    log[records[1]] = 0;
    let (ids, gaps) = read(&log);
    assert_eq!((ids, kinds(&gaps)), (vec![1, 3], vec![(GapKind::Malformed, at(0))]));
    // Its content is lost.
    let mut log = sound;
    log[records[1] + 28] = 0xee;
    let (ids, gaps) = read(&log);
    assert_eq!((ids, kinds(&gaps)), (vec![1, 3], vec![(GapKind::Malformed, Place::Record(2))]));
}

#[test]
fn a_cut_log_gives_what_is_before_the_cut() {
    let log = LogWriter::log(2, &[&[1, 2], &[3, 4]]);
    let last = memchr::memmem::rfind(&log, b"**\0\0").unwrap();
    let (ids, gaps) = read(&log[..last]);
    assert_eq!(ids, [1, 2, 3]);
    assert!(gaps.iter().any(|(kind, place, _)| (*kind, *place) == (GapKind::Truncated, at(1))), "{gaps:?}");
    let (ids, gaps) = read(&log[..100]);
    assert_eq!((ids, kinds(&gaps)), (vec![], vec![(GapKind::Truncated, at(0))]));
}

#[test]
fn an_error_in_mid_stream_is_a_gap_and_the_end() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("cable pulled"))
        }
    }
    let log = LogWriter::log(2, &[&[1, 2], &[3]]);
    let written = Written::by(|sink| read_log(log[..log.len() - 100].chain(Fails), sink));
    assert_eq!(written.records.len(), 3);
    assert_eq!(written.gaps.len(), 1);
}

#[test]
fn what_one_chunk_held_is_not_told_again_in_the_next() {
    let mut log = LogWriter::log(3, &[&[1, 2, 3], &[4], &[5, 6]]);
    // The second chunk has no header, and so no records.
    log[HEADER_BYTES + CHUNK_BYTES] = b'X';
    let (ids, gaps) = read(&log);
    assert_eq!((ids, kinds(&gaps)), (vec![1, 2, 3, 5, 6], vec![(GapKind::Malformed, at(1))]));
}

#[test]
fn reserved_space_is_all_zero() {
    for (at, unused) in [(None, true), (Some(0), false), (Some(1_023), false), (Some(1_024), false), (Some(2_499), false)] {
        let mut bytes = vec![0; 2_500];
        if let Some(at) = at {
            bytes[at] = 1;
        }
        assert_eq!(is_unused(&bytes), unused, "{at:?}");
    }
    assert!(is_unused(&[]));
}

#[test]
fn reading_stops_when_told() {
    let log = LogWriter::log(2, &[&[1, 2], &[3]]);
    let mut written = Written { stop_after: Some(2), ..Written::default() };
    read_log(&log[..], &mut written);
    assert_eq!(written.records.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_never_panics_and_never_loops(changes in prop::collection::vec((0..9000_usize, any::<u8>()), 1..30), cut in 0..140_000_usize) {
        let mut log = LogWriter::log(2, &[&[1, 2, 3], &[4]]);
        for (at, byte) in changes {
            // Where the bytes are that mean something.
            log[at] = byte;
        }
        log.truncate(cut.max(5000));
        let (ids, _) = read(&log);
        prop_assert!(ids.len() <= 2 * CHUNK_BYTES / 28);
    }

    #[test]
    fn any_bytes_are_read_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        read(&[MAGIC, &bytes].concat());
        let mut log = LogWriter::log(1, &[&[]]);
        log[HEADER_BYTES + 8..][..bytes.len()].copy_from_slice(&bytes);
        read(&log);
    }
}

/// Reads all `.evtx` files below the folder that `AFTERPATCH_EVTX_DIR` names and compares with what the crate itself finds;
/// then reads each again with ever other bytes changed, which must end and must not bring the crate down.
#[test]
#[ignore = "needs a collection of event logs"]
fn a_collection_is_read_to_its_end() {
    let Ok(folder) = std::env::var("AFTERPATCH_EVTX_DIR") else {
        println!("AFTERPATCH_EVTX_DIR names no folder");
        return;
    };
    let (mut files, mut total, mut all_gaps, mut failures) = (0, 0, 0, 0);
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("evtx")) {
                let bytes = std::fs::read(&path).unwrap();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let (mut ids, gaps) = read(&bytes);
                for (kind, place, detail) in &gaps {
                    println!("{name}: {kind:?} {place:?} {detail}");
                }
                failures += damaged(&bytes);
                let mut parser = evtx::EvtxParser::from_buffer(bytes).unwrap();
                let mut expected: Vec<u64> = parser.records_json_value().flatten().map(|record| record.event_record_id).collect();
                ids.sort_unstable();
                expected.sort_unstable();
                assert_eq!(ids, expected, "{name}");
                files += 1;
                total += ids.len();
                all_gaps += gaps.len();
            }
        }
    }
    println!("{files} files, {total} records, {all_gaps} gaps, {failures} failures of the crate on damaged chunks");
    assert_ne!(files, 0);
}

/// Reads a log several times, each time with other bytes of it changed; how often the crate panicked (and was caught).
fn damaged(log: &[u8]) -> usize {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..400);
    let failures = (0..8).map(|_| {
        let mut log = log.to_vec();
        for (at, byte) in changes.new_tree(&mut runner).unwrap().current() {
            let at = at.index(log.len());
            log[at] = byte;
        }
        read(&log).1.iter().filter(|(_, _, why)| why.contains("the reader failed")).count()
    });
    failures.sum()
}
