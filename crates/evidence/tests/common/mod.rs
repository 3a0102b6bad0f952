#![allow(clippy::unwrap_used, dead_code)]

use std::fs;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use afterpatch_evidence::{Entry, Evidence, Limits};
use afterpatch_model::GapKind;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Evidence made of these bytes, under a name. The folder goes away with the first part.
pub fn open(name: &str, bytes: &[u8]) -> (TempDir, Evidence) {
    open_with(name, bytes, Limits::default())
}

pub fn open_with(name: &str, bytes: &[u8], limits: Limits) -> (TempDir, Evidence) {
    let folder = TempDir::new().unwrap();
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let evidence = Evidence::open_with(&path, limits).unwrap();
    (folder, evidence)
}

pub fn zip_of(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mtime(1_615_700_412);
        header.set_mode(0o644);
        header.set_entry_type(tar::EntryType::Regular);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that no method packs well, the same every time.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

pub fn paths(evidence: &Evidence) -> Vec<&str> {
    evidence.entries().iter().map(Entry::path).collect()
}

pub fn entry<'e>(evidence: &'e Evidence, path: &str) -> &'e Entry {
    evidence.entries().iter().find(|entry| entry.path() == path).unwrap_or_else(|| panic!("{path} of {:?}", paths(evidence)))
}

/// Content read as a stream, and at random in its second half: both must agree.
pub fn content(entry: &Entry) -> Vec<u8> {
    let mut streamed = Vec::new();
    entry.reader().unwrap().read_to_end(&mut streamed).unwrap();
    let mut seekable = entry.seekable().unwrap();
    let half = streamed.len() / 2;
    let mut end = Vec::new();
    seekable.seek(SeekFrom::Start(half as u64)).unwrap();
    seekable.read_to_end(&mut end).unwrap();
    assert_eq!(end, streamed[half..]);
    assert_eq!(seekable.seek(SeekFrom::End(0)).unwrap(), streamed.len() as u64);
    streamed
}

/// What can be read, and the error after it.
pub fn damaged(entry: &Entry) -> (Vec<u8>, Option<GapKind>) {
    let mut streamed = Vec::new();
    let error = entry.reader().unwrap().read_to_end(&mut streamed).err();
    (streamed, error.map(|error| afterpatch_evidence::gap_kind_of(&error)))
}

pub fn kinds(evidence: &Evidence) -> Vec<GapKind> {
    evidence.gaps().iter().map(|gap| gap.kind).collect()
}
