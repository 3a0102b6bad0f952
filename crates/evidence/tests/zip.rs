//! Zips, honest and hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::{Cursor, Read, Write};

use afterpatch_evidence::{Evidence, Limits, ReadError, gap_kind_of};
use afterpatch_model::GapKind;
use common::*;
use proptest::prelude::*;
use zip::write::{FullFileOptions, SimpleFileOptions};
use zip::{CompressionMethod, ZipWriter};

const DEFLATE: CompressionMethod = CompressionMethod::Deflated;
const STORED: CompressionMethod = CompressionMethod::Stored;

/// Where `needle` stands in `bytes`.
fn positions(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    bytes.windows(needle.len()).enumerate().filter(|(_, window)| *window == needle).map(|(at, _)| at).collect()
}

/// Puts other bytes of the same length in the place of every `old`.
fn patched(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    for at in positions(&bytes, old) {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
    bytes
}

/// `case.zip.001` stands for the whole; where a piece is missing, what lies before it is read and the damage is said.
#[test]
fn an_archive_in_pieces() {
    let (log, long) = (b"#Software: x\r\n", noise(300_000));
    let whole = zip_of(&[("C/first.log", log), ("C/long.bin", &long), ("C/last.log", log)], STORED);
    for left_out in [None, Some(2), Some(3)] {
        let folder = tempfile::tempdir().unwrap();
        for (number, piece) in whole.chunks(100_000).enumerate().filter(|(number, _)| Some(number + 1) != left_out) {
            std::fs::write(folder.path().join(format!("case.zip.{:03}", number + 1)), piece).unwrap();
        }
        let evidence = Evidence::open(&folder.path().join("case.zip.001")).unwrap();
        assert_eq!(content(entry(&evidence, "C/first.log")), log);
        if left_out.is_none() {
            assert_eq!(kinds(&evidence), []);
            assert_eq!(content(entry(&evidence, "C/long.bin")), long);
            assert_eq!(content(entry(&evidence, "C/last.log")), log);
        } else {
            let long = evidence.entries().iter().find(|entry| entry.path() == "C/long.bin").map(damaged);
            let is_told = !kinds(&evidence).is_empty() || long.is_some_and(|(_, gap)| gap.is_some());
            assert!(is_told, "{left_out:?}: {:?}", kinds(&evidence));
        }
    }
}

#[test]
fn a_collection() {
    let long = noise(300_000);
    let files: &[(&str, &[u8])] = &[
        ("EX01/C/Windows/System32/winevt/Logs/System.evtx", &long),
        ("EX01/C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log", b"#Software: x\r\n"),
        ("EX01/C/empty.log", b""),
        ("EX01/", b""),
    ];
    for method in [STORED, DEFLATE] {
        let (_folder, evidence) = open("triage.zip", &zip_of(files, method));
        assert_eq!(evidence.name(), "triage.zip");
        assert_eq!(kinds(&evidence), []);
        assert_eq!(evidence.entries().len(), 3);
        let log = entry(&evidence, "EX01/C/inetpub/logs/LogFiles/W3SVC1/u_ex210303.log");
        assert_eq!(log.windows_path(), Some(r"C:\inetpub\logs\LogFiles\W3SVC1\u_ex210303.log"));
        assert_eq!((log.location(), log.host_root(), log.file_name()), (log.windows_path().unwrap(), "EX01", "u_ex210303.log"));
        assert_eq!((log.size(), log.modified()), (14, None));
        assert_eq!(content(log), b"#Software: x\r\n");
        assert_eq!(content(entry(&evidence, "EX01/C/empty.log")), b"");
        let limits = Limits { spool_bytes: 1000, ..Limits::default() };
        let (_folder, evidence) = open_with("triage.zip", &zip_of(files, method), limits);
        assert!(content(entry(&evidence, "EX01/C/Windows/System32/winevt/Logs/System.evtx")) == long);
    }
}

#[test]
fn every_method_that_writers_use() {
    let text = b"cs-method cs-uri-stem\r\n".repeat(20_000);
    for method in [DEFLATE, CompressionMethod::Bzip2, CompressionMethod::Zstd] {
        let (_folder, evidence) = open("x.zip", &zip_of(&[("a.log", &text)], method));
        assert!(content(&evidence.entries()[0]) == text, "{method}");
    }
}

#[test]
fn lzma_and_deflate64() {
    // No writer at hand makes these, so a stored entry is relabelled.
    let text = b"afterpatch ".repeat(12);
    for (method, packed) in [(14_u16, LZMA), (9, DEFLATE64)] {
        let mut bytes = zip_of(&[("a.log", packed)], STORED);
        let mut crc = flate2::Crc::new();
        crc.update(&text);
        let directory = positions(&bytes, b"PK\x01\x02")[0];
        bytes[directory + 10..directory + 12].copy_from_slice(&method.to_le_bytes());
        bytes[directory + 16..directory + 20].copy_from_slice(&crc.sum().to_le_bytes());
        bytes[directory + 24..directory + 28].copy_from_slice(&(text.len() as u32).to_le_bytes());
        let (_folder, evidence) = open("x.zip", &bytes);
        assert_eq!(String::from_utf8_lossy(&content(&evidence.entries()[0])), String::from_utf8_lossy(&text), "{method}");
    }
}

#[test]
fn a_method_that_is_not_unpacked_is_said() {
    let bytes = zip_of(&[("a.log", b"abc")], STORED);
    let directory = positions(&bytes, b"PK\x01\x02")[0];
    let mut bytes = bytes;
    bytes[directory + 10] = 98;
    let (_folder, evidence) = open("x.zip", &bytes);
    let error = evidence.entries()[0].reader().err().unwrap();
    assert!(matches!(error, ReadError::Unsupported { method: 98 }));
    assert_eq!(error.gap_kind(), GapKind::NotRead);
}

#[test]
fn agrees_with_the_crate_zip() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..300_usize {
        let method = if number % 3 == 0 { STORED } else { DEFLATE };
        let options = SimpleFileOptions::default().compression_method(method).large_file(number % 5 == 0);
        writer.start_file(format!("folder{}/ü{number}.log", number % 7), options).unwrap();
        writer.write_all(&noise(number * 10)).unwrap();
    }
    writer.set_comment("PK\u{5}\u{6} in a comment, with more than twenty-two bytes after it").unwrap();
    let zip = writer.finish().unwrap().into_inner();
    for (before, name) in [(vec![], "x.zip"), (b"MZ something before the archive".to_vec(), "x.ZIP")] {
        let bytes = [before, zip.clone()].concat();
        let (_folder, evidence) = open(name, &bytes);
        assert_eq!(kinds(&evidence), []);
        let mut oracle = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        assert_eq!(evidence.entries().len(), oracle.len());
        for entry in evidence.entries() {
            let mut expected = Vec::new();
            oracle.by_name(entry.path()).unwrap().read_to_end(&mut expected).unwrap();
            assert!(content(entry) == expected, "{}", entry.path());
        }
    }
}

#[test]
fn a_zip64_directory() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(STORED);
    for number in 0..66_000 {
        writer.start_file(format!("{number:05}.log"), options).unwrap();
    }
    let (_folder, evidence) = open("x.zip", &writer.finish().unwrap().into_inner());
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (66_000, vec![]));
    assert_eq!(content(evidence.entries().last().unwrap()), b"");
}

#[test]
fn times_with_a_zone() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut options = FullFileOptions::default();
    options.add_extra_field(0x5455, [1, 0x3c, 0xa8, 0x4d, 0x60], true).unwrap();
    writer.start_file("a.log", options).unwrap();
    let (_folder, evidence) = open("x.zip", &writer.finish().unwrap().into_inner());
    assert_eq!(evidence.entries()[0].modified().unwrap().to_string(), "2021-03-14T06:07:56Z");
}

#[test]
fn unsafe_names_are_read_under_safe_ones() {
    let files: &[(&str, &[u8])] = &[
        ("/abs/a.log", b"1"),
        ("../../up.log", b"2"),
        (r"C:\Windows\b.log", b"3"),
        (r"C\inetpub\c.log", b"4"),
        ("n#l.log", b"5"),
    ];
    let bytes = patched(zip_of(files, DEFLATE), b"n#l.log", b"n\0l.log");
    let (_folder, evidence) = open("x.zip", &bytes);
    assert_eq!(paths(&evidence), ["C/Windows/b.log", "C/inetpub/c.log", "__/__/up.log", "abs/a.log", "n_l.log"]);
    let all: Vec<Vec<u8>> = evidence.entries().iter().map(content).collect();
    assert_eq!(all, [b"3", b"4", b"2", b"1", b"5"]);
    assert_eq!(evidence.entries()[0].windows_path(), Some(r"C:\Windows\b.log"));
    let told: Vec<(&str, u64)> = evidence.gaps().iter().map(|gap| (gap.path.as_str(), gap.count)).collect();
    // One gap for both names with backslashes, and one for the drive.
    assert_eq!(told, [("C/Windows/b.log", 2), ("C/Windows/b.log", 1), ("__/__/up.log", 1), ("abs/a.log", 1), ("n_l.log", 1)]);
    assert!(kinds(&evidence).iter().all(|kind| *kind == GapKind::UnsafeName));
    assert!(evidence.gaps().iter().any(|gap| gap.detail.contains(r#""../../up.log""#)));
}

#[test]
fn one_name_twice() {
    let files: &[(&str, &[u8])] =
        &[("C/Users/a.log", b"1"), ("C/Users/b.log", b"2"), ("C/Users/a.log (2)", b"3"), ("C/Users/x.log", b"4")];
    let bytes = patched(zip_of(files, DEFLATE), b"C/Users/b.log", b"C/Users/a.log");
    let bytes = patched(bytes, b"C/Users/x.log", b"C/Users/a.log");
    let (_folder, evidence) = open("x.zip", &bytes);
    assert_eq!(paths(&evidence), ["C/Users/a.log", "C/Users/a.log (2)", "C/Users/a.log (3)", "C/Users/a.log (4)"]);
    let all: Vec<Vec<u8>> = evidence.entries().iter().map(content).collect();
    assert_eq!(all, [b"1", b"3", b"2", b"4"]);
    // The suffix is ours: the name and the path on the server are the evidence's.
    let third = entry(&evidence, "C/Users/a.log (3)");
    assert_eq!((third.file_name(), third.windows_path()), ("a.log", Some(r"C:\Users\a.log")));
    assert_eq!(entry(&evidence, "C/Users/a.log (2)").file_name(), "a.log (2)");
    assert_eq!(kinds(&evidence), [GapKind::UnsafeName; 2]);
}

#[test]
fn a_folder_with_content_is_a_file() {
    let bytes = patched(zip_of(&[("a/b.log#", b"hidden")], DEFLATE), b"a/b.log#", b"a/b.log/");
    let (_folder, evidence) = open("x.zip", &bytes);
    assert_eq!(content(entry(&evidence, "a/b.log")), b"hidden");
    assert_eq!(kinds(&evidence), [GapKind::UnsafeName]);
}

#[test]
fn encrypted_entries() {
    let mut bytes = zip_of(&[("a.log", b"1"), ("b.log", b"2"), ("c.log", b"3")], DEFLATE);
    for at in positions(&bytes, b"PK\x01\x02").into_iter().take(2) {
        bytes[at + 8] |= 1;
    }
    let (_folder, evidence) = open("x.zip", &bytes);
    assert!(matches!(entry(&evidence, "a.log").reader(), Err(ReadError::Encrypted)));
    assert!(matches!(entry(&evidence, "b.log").seekable(), Err(ReadError::Encrypted)));
    assert_eq!(content(entry(&evidence, "c.log")), b"3");
    assert_eq!(kinds(&evidence), [GapKind::Encrypted]);
    assert_eq!(evidence.gaps()[0].count, 2);
}

#[test]
fn a_bomb_is_stopped() {
    let zeros = vec![0; 4 << 20];
    for method in [DEFLATE, CompressionMethod::Bzip2, CompressionMethod::Zstd] {
        let bytes = zip_of(&[("bomb.log", &zeros), ("c.log", b"3")], method);
        let limits = Limits { bomb_bytes: 1 << 20, ..Limits::default() };
        let (_folder, evidence) = open_with("x.zip", &bytes, limits);
        let bomb = entry(&evidence, "bomb.log");
        let (read, gap) = damaged(bomb);
        assert_eq!(gap, Some(GapKind::Bomb), "{method}");
        assert_eq!(read.len(), (1 << 20) + 1);
        let error = bomb.seekable().err().unwrap();
        assert_eq!((matches!(error, ReadError::Bomb(_)), error.gap_kind()), (true, GapKind::Bomb));
        assert_eq!(content(entry(&evidence, "c.log")), b"3");
        // Both conditions must hold.
        let (_folder, evidence) = open("x.zip", &bytes);
        assert!(content(entry(&evidence, "bomb.log")) == zeros);
    }
    let bytes = zip_of(&[("noise.log", &noise(100_000))], DEFLATE);
    let (_folder, evidence) = open_with("x.zip", &bytes, Limits { bomb_bytes: 1000, ..Limits::default() });
    assert_eq!(content(&evidence.entries()[0]).len(), 100_000);
}

/// A directory in which many records name one entry.
fn shared(records: usize, content: &[u8], claim: Option<u32>) -> Vec<u8> {
    let bytes = zip_of(&[("a.log", content)], DEFLATE);
    let (start, end) = (positions(&bytes, b"PK\x01\x02")[0], positions(&bytes, b"PK\x05\x06")[0]);
    let mut record = bytes[start..end].to_vec();
    if let Some(claim) = claim {
        record[24..28].copy_from_slice(&claim.to_le_bytes());
    }
    let directory = record.repeat(records);
    let mut end = bytes[end..].to_vec();
    end[12..16].copy_from_slice(&(directory.len() as u32).to_le_bytes());
    [&bytes[..start], &directory, &end].concat()
}

#[test]
fn entries_that_share_their_bytes() {
    let zeros = vec![0; 1 << 20];
    let limits = Limits { bomb_bytes: 2 << 20, ..Limits::default() };
    let (_folder, evidence) = open_with("x.zip", &shared(8, &zeros, None), limits);
    assert_eq!(evidence.entries().len(), 8);
    let bomb = evidence.gaps().iter().find(|gap| gap.kind == GapKind::Bomb).unwrap();
    assert!(bomb.detail.contains("7 entries") && bomb.path == "x.zip");
    assert!(evidence.entries().iter().all(|entry| matches!(entry.reader(), Err(ReadError::Bomb(_)))));
    // A claim to be small is held to.
    let (_folder, evidence) = open_with("x.zip", &shared(8, &zeros, Some(10)), limits);
    let (read, gap) = damaged(&evidence.entries()[3]);
    assert_eq!(gap, Some(GapKind::Bomb));
    assert!(read.len() < 1 << 20);
    // Few of them are merely odd.
    let (_folder, evidence) = open_with("x.zip", &shared(2, b"abc", None), limits);
    assert!(evidence.entries().iter().all(|entry| content(entry) == b"abc"));
}

/// Each is no bomb; so many of them are. One that packs like a log is read whatever stands beside it.
#[test]
fn many_entries_that_expand_steeply() {
    let (zeros, log) = (vec![0; 1 << 20], noise(100_000));
    let names: Vec<String> = (0..8).map(|number| format!("{number}.log")).collect();
    let steep = names.iter().map(|name| (name.as_str(), zeros.as_slice()));
    let files: Vec<(&str, &[u8])> = steep.chain([("plain.log", log.as_slice())]).collect();
    let (_folder, evidence) = open_with("x.zip", &zip_of(&files, DEFLATE), Limits { bomb_bytes: 1 << 20, ..Limits::default() });
    let read: Vec<&str> =
        evidence.entries().iter().filter(|entry| entry.reader().is_ok()).map(afterpatch_evidence::Entry::path).collect();
    assert_eq!(read, ["0.log", "1.log", "2.log", "3.log", "plain.log"]);
    let told: Vec<(GapKind, bool)> = evidence.gaps().iter().map(|gap| (gap.kind, gap.detail.contains("4 entries"))).collect();
    assert_eq!(told, [(GapKind::Bomb, true)]);
    assert_eq!(content(entry(&evidence, "plain.log")), log);
}

#[test]
fn wrong_checksum_after_the_last_byte() {
    let mut bytes = zip_of(&[("a.log", b"abc")], STORED);
    let at = positions(&bytes, b"abc")[0];
    bytes[at] = b'x';
    let (_folder, evidence) = open("x.zip", &bytes);
    let damaged_entry = &evidence.entries()[0];
    assert_eq!(damaged(damaged_entry), (b"xbc".to_vec(), Some(GapKind::Truncated)));
    let mut spooled = damaged_entry.seekable().unwrap();
    let mut read = Vec::new();
    assert_eq!(gap_kind_of(&spooled.read_to_end(&mut read).unwrap_err()), GapKind::Truncated);
    assert_eq!(read, b"xbc");
}

/// As a writer makes it that cannot go back: sizes follow the content.
fn streamed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(DEFLATE)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_zip_that_breaks_off_gives_what_is_there() {
    let (one, two, three) = (noise(5000), noise(70_000), noise(90_000));
    let files: &[(&str, &[u8])] = &[("C/Windows/1.log", &one), ("C/Windows/2.log", &two), ("C/Windows/3.log", &three)];
    for whole in [zip_of(files, DEFLATE), streamed(files)] {
        let (_folder, evidence) = open("x.zip", &whole);
        assert_eq!(kinds(&evidence), []);
        assert!(content(entry(&evidence, "C/Windows/2.log")) == two);

        let (_folder, evidence) = open("x.zip", &whole[..120_000]);
        assert_eq!(kinds(&evidence), [GapKind::Truncated]);
        assert_eq!(paths(&evidence), ["C/Windows/1.log", "C/Windows/2.log", "C/Windows/3.log"]);
        assert!(content(entry(&evidence, "C/Windows/1.log")) == one);
        assert!(content(entry(&evidence, "C/Windows/2.log")) == two);
        let (read, gap) = damaged(entry(&evidence, "C/Windows/3.log"));
        assert_eq!(gap, Some(GapKind::Truncated));
        assert!(read.len() > 30_000 && three.starts_with(&read));
        assert_eq!(entry(&evidence, "C/Windows/1.log").windows_path(), Some(r"C:\Windows\1.log"));
    }
}

#[test]
fn a_damaged_record_in_the_directory() {
    let files: &[(&str, &[u8])] = &[("1.log", b"one"), ("2.log", b"two"), ("3.log", b"three")];
    let mut bytes = zip_of(files, DEFLATE);
    let second = positions(&bytes, b"PK\x01\x02")[1];
    bytes[second..second + 4].fill(0xff);
    let (_folder, evidence) = open("x.zip", &bytes);
    assert_eq!(kinds(&evidence), [GapKind::Truncated]);
    let all: Vec<Vec<u8>> = evidence.entries().iter().map(content).collect();
    assert_eq!(all, [b"one".to_vec(), b"two".to_vec(), b"three".to_vec()]);
}

#[test]
fn too_many_entries() {
    let files: Vec<(String, Vec<u8>)> = (0..50).map(|number| (format!("{number:02}.log"), vec![b'x'])).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let bytes = zip_of(&files, STORED);
    for limits in [Limits { entries: 20, ..Limits::default() }, Limits { path_bytes: 120, ..Limits::default() }] {
        let (_folder, evidence) = open_with("x.zip", &bytes, limits);
        assert_eq!((evidence.entries().len(), kinds(&evidence)), (20, vec![GapKind::Capped]));
        let (_folder, evidence) = open_with("x.zip", &bytes[..bytes.len() - 30], limits);
        assert_eq!((evidence.entries().len(), kinds(&evidence)), (20, vec![GapKind::Capped, GapKind::Truncated]));
    }
}

#[test]
fn an_empty_zip() {
    let (_folder, evidence) = open("x.zip", &zip_of(&[], STORED));
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (0, vec![GapKind::Empty]));
}

#[test]
fn many_threads_read_at_once() {
    let contents: Vec<Vec<u8>> = (1..=8).map(|number| noise(number * 20_000)).collect();
    let names: Vec<String> = (1..=8).map(|number| format!("{number}.log")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(contents.iter().map(Vec::as_slice)).collect();
    let (_folder, evidence) = open("x.zip", &zip_of(&files, DEFLATE));
    std::thread::scope(|scope| {
        for (entry, expected) in evidence.entries().iter().zip(&contents) {
            scope.spawn(move || assert!((0..5).all(|_| content(entry) == *expected)));
        }
    });
}

#[test]
fn velociraptor() {
    let files: &[(&str, &[u8])] = &[("uploads/auto/C%3A/inetpub/logs/u_ex%25.log", b"x"), ("results/a%2Fb.json", b"{}")];
    let (_folder, evidence) = open("Collection-EX01.zip", &streamed(files));
    let log = entry(&evidence, "uploads/auto/C:/inetpub/logs/u_ex%.log");
    assert_eq!((log.windows_path(), log.file_name(), log.host_root()), (Some(r"C:\inetpub\logs\u_ex%.log"), "u_ex%.log", ""));
    assert_eq!(content(log), b"x");
    assert_eq!(entry(&evidence, "results/a%2Fb.json").windows_path(), None);
}

fn read_all(evidence: &Evidence) {
    for entry in evidence.entries() {
        let _ = (entry.location(), entry.file_name(), format!("{entry:?}"));
        if let Ok(mut reader) = entry.reader() {
            let _ = std::io::copy(&mut reader, &mut std::io::sink());
        }
        let _ = entry.seekable();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn damage_never_panics(
        which in 0..5_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let text = b"GET /owa/auth/x.aspx 200\r\n".repeat(40);
        let files: &[(&str, &[u8])] = &[("C/Windows/1.log", &text), ("../2.log", b"two"), ("3/", b"")];
        let mut bytes = match which {
            0 => zip_of(files, DEFLATE),
            1 => zip_of(files, CompressionMethod::Bzip2),
            2 => zip_of(files, CompressionMethod::Zstd),
            3 => streamed(files),
            _ => {
                let mut bytes = zip_of(&[("a.log", LZMA), ("b.log", DEFLATE64)], STORED);
                for (at, method) in positions(&bytes, b"PK\x01\x02").into_iter().zip([14, 9]) {
                    bytes[at + 10] = method;
                    bytes[at + 24..at + 28].copy_from_slice(&132_u32.to_le_bytes());
                }
                bytes
            }
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            let length = length.index(bytes.len());
            bytes.truncate(length);
        }
        let limits = Limits { bomb_bytes: 1 << 20, spool_bytes: 1 << 10, ..Limits::default() };
        let (_folder, evidence) = open_with("x.zip", &bytes, limits);
        read_all(&evidence);
    }
}

/// "afterpatch " twelve times, packed by Python's `zipfile` with LZMA: head of a zip's LZMA entry and stream.
const LZMA: &[u8] = &[
    9, 4, 5, 0, 93, 0, 0, 128, 0, 0, 48, 153, 138, 238, 234, 84, 116, 129, 60, 207, 93, 210, 164, 189, 32, 52, 251, 255, 255,
    246, 8, 64, 0,
];
/// The same in deflate, without the codes by which deflate64 differs: a stream of both.
const DEFLATE64: &[u8] = &[75, 76, 43, 73, 45, 42, 72, 44, 73, 206, 80, 72, 28, 40, 38, 0];
