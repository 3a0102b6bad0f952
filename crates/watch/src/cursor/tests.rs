#![allow(clippy::unwrap_used)]
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::*;

const HEAD: &str = "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-uri-stem\r\n";

struct Log {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Log {
    fn new(text: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("u_ex.log");
        fs::write(&path, text).unwrap();
        Self { _folder: folder, path }
    }

    fn append(&self, text: &[u8]) {
        OpenOptions::new().append(true).open(&self.path).unwrap().write_all(text).unwrap();
    }
}

fn take(cursor: &mut Cursor, path: &Path) -> Taken {
    let mut file = File::open(path).unwrap();
    let size = file.metadata().unwrap().len();
    cursor.take(&mut file, size).unwrap()
}

fn text(taken: &Taken) -> String {
    String::from_utf8_lossy(&taken.bytes).into_owned()
}

#[test]
fn only_whole_lines_are_taken_and_each_once() {
    let log = Log::new(HEAD.as_bytes());
    let mut cursor = Cursor::new(ArtifactKind::IisW3c);
    assert_eq!(text(&take(&mut cursor, &log.path)), HEAD);
    log.append(b"a 1\r\nb");
    let taken = take(&mut cursor, &log.path);
    assert_eq!(text(&taken), format!("{HEAD}a 1\r\n"));
    assert_eq!((taken.head_lines, taken.lines_before), (2, 2));
    assert!(take(&mut cursor, &log.path).bytes.is_empty());
    log.append(b" 2\r\n");
    let taken = take(&mut cursor, &log.path);
    assert_eq!((text(&taken), taken.lines_before), (format!("{HEAD}b 2\r\n"), 3));
}

#[test]
fn a_log_that_was_there_before_is_read_from_its_end_with_the_right_line_numbers() {
    let log = Log::new(format!("{HEAD}old 1\r\nhalf").as_bytes());
    let mut file = File::open(&log.path).unwrap();
    let size = file.metadata().unwrap().len();
    let mut cursor = Cursor::at_end(ArtifactKind::IisW3c, &mut file, size).unwrap();
    log.append(b" 2\r\nnew 3\r\n");
    let taken = take(&mut cursor, &log.path);
    assert_eq!(text(&taken), format!("{HEAD}half 2\r\nnew 3\r\n"), "a line that was half there is new");
    assert_eq!((taken.head_lines, taken.lines_before), (2, 3));
}

#[test]
fn what_was_cut_short_or_replaced_is_read_from_its_start() {
    let log = Log::new(b"one line\nanother\n");
    let mut cursor = Cursor::new(ArtifactKind::AccessLog);
    take(&mut cursor, &log.path);
    fs::write(&log.path, "x\n").unwrap();
    assert_eq!(text(&take(&mut cursor, &log.path)), "x\n", "shorter");
    fs::write(&log.path, "y\nz\n").unwrap();
    assert_eq!(text(&take(&mut cursor, &log.path)), "y\nz\n", "not shorter, but other bytes");
}

#[test]
fn reserved_space_is_waited_for_and_passed_only_when_something_stands_behind_it() {
    let log = Log::new(b"a\n");
    log.append(&vec![0; PIECE_BYTES + 1000]);
    let mut cursor = Cursor::new(ArtifactKind::AccessLog);
    assert_eq!(text(&take(&mut cursor, &log.path)), "a\n");
    assert!(take(&mut cursor, &log.path).bytes.is_empty());
    assert_eq!(cursor.offset, 2);
    log.append(b"b\n");
    assert!(take(&mut cursor, &log.path).more);
    assert_eq!(text(&take(&mut cursor, &log.path)), "b\n");
}

#[test]
fn a_line_longer_than_a_piece_is_left_out_and_said() {
    let log = Log::new(&vec![b'x'; PIECE_BYTES * 2 + 5]);
    log.append(b"\nnext\n");
    let mut cursor = Cursor::new(ArtifactKind::AccessLog);
    let mut all = Vec::new();
    let mut left_out = 0;
    for _ in 0..5 {
        let taken = take(&mut cursor, &log.path);
        left_out += u32::from(taken.too_long);
        all.extend(taken.bytes);
    }
    assert_eq!((all.as_slice(), left_out, cursor.lines), (b"next\n".as_slice(), 1, 2));
}

#[test]
fn a_copy_is_known_as_one() {
    let log = Log::new(b"one line\nanother\n");
    let mut cursor = Cursor::new(ArtifactKind::AccessLog);
    take(&mut cursor, &log.path);
    let copy = Log::new(b"one line\nanother\nmore\n");
    let other = Log::new(b"one line\nsomething else\n");
    let fits = |log: &Log| {
        let mut file = File::open(&log.path).unwrap();
        cursor.fits(&mut file, fs::metadata(&log.path).unwrap().len()).unwrap()
    };
    assert!(fits(&copy) && !fits(&other));
}

#[test]
fn wide_logs_are_cut_at_their_own_line_ends() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let log = Log::new(&[b"\xff\xfe".to_vec(), wide("a\r\nĊ")].concat());
    let mut cursor = Cursor::new(ArtifactKind::DefenderLog);
    assert_eq!(take(&mut cursor, &log.path).bytes, [b"\xff\xfe".to_vec(), wide("a\r\n")].concat());
    log.append(&wide("b\r\n"));
    let taken = take(&mut cursor, &log.path);
    assert_eq!((taken.bytes, taken.lines_before), ([b"\xff\xfe".to_vec(), wide("Ċb\r\n")].concat(), 1));
}
