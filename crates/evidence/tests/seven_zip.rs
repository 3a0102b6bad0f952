//! 7z archives, honest and hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::io::Cursor;

use afterpatch_evidence::Limits;
use afterpatch_model::GapKind;
use common::*;
use proptest::prelude::*;
use sevenz_rust2::encoder_options::{AesEncoderOptions, Lzma2Options};
use sevenz_rust2::{ArchiveEntry, ArchiveWriter, EncoderConfiguration, EncoderMethod, NtTime, Password, SourceReader};

/// 2021-03-14T05:40:12Z
const TIME: u64 = 132_601_740_120_000_000;

fn seven_zip(files: &[(&str, &[u8])], solid: bool, methods: Vec<EncoderConfiguration>, secret_names: bool) -> Vec<u8> {
    let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
    writer.set_content_methods(methods);
    writer.set_encrypt_header(secret_names);
    let entry = |name: &str| {
        let mut entry = ArchiveEntry::new_file(name);
        entry.has_last_modified_date = true;
        entry.last_modified_date = NtTime::from(TIME);
        entry
    };
    if solid {
        let entries = files.iter().map(|(name, _)| entry(name)).collect();
        let contents = files.iter().map(|(_, content)| SourceReader::new(*content)).collect();
        writer.push_archive_entries(entries, contents).unwrap();
    } else {
        for (name, content) in files {
            writer.push_archive_entry(entry(name), Some(*content)).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn lzma2() -> Vec<EncoderConfiguration> {
    vec![EncoderMethod::LZMA2.into()]
}

#[test]
fn plain_and_solid() {
    let long = noise(200_000);
    let files: &[(&str, &[u8])] = &[("C/Windows/a.log", b"one"), ("C/Windows/b.log", &long), ("..\\empty.log", b"")];
    for (solid, method) in [
        (false, EncoderMethod::LZMA2),
        (true, EncoderMethod::LZMA2),
        (true, EncoderMethod::PPMD),
        (true, EncoderMethod::BZIP2),
        (true, EncoderMethod::COPY),
    ] {
        let bytes = seven_zip(files, solid, vec![method.into()], false);
        let (_folder, evidence) = open("x.bin", &bytes);
        assert_eq!(paths(&evidence), ["C/Windows/a.log", "C/Windows/b.log", "__/empty.log"]);
        assert_eq!(kinds(&evidence), [GapKind::UnsafeName, GapKind::UnsafeName]);
        let log = entry(&evidence, "C/Windows/b.log");
        assert!(content(log) == long);
        assert_eq!((log.windows_path(), log.size()), (Some(r"C:\Windows\b.log"), 200_000));
        assert_eq!(log.modified().unwrap().to_string(), "2021-03-14T05:40:12Z");
        assert_eq!(content(entry(&evidence, "__/empty.log")), b"");
    }
}

#[test]
fn inside_a_zip() {
    let inner = seven_zip(&[("C/Windows/a.log", b"one")], true, lzma2(), false);
    let (_folder, evidence) = open("x.zip", &zip_of(&[("EX01.7z", &inner)], zip::CompressionMethod::Deflated));
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["EX01.7z!/C/Windows/a.log"], vec![]));
}

#[test]
fn encrypted_is_a_gap() {
    let secret = || vec![AesEncoderOptions::new(Password::from("secret")).into(), EncoderMethod::LZMA2.into()];
    for (secret_names, path) in [(false, "a.log"), (true, "x.7z")] {
        let bytes = seven_zip(&[("a.log", b"one")], true, secret(), secret_names);
        let (_folder, evidence) = open("x.7z", &bytes);
        assert_eq!((paths(&evidence).len(), kinds(&evidence)), (0, vec![GapKind::Encrypted]), "{secret_names}");
        let gap = &evidence.gaps()[0];
        assert!(gap.path == path && gap.detail.ends_with("encrypted, no password is known"), "{gap:?}");
    }
}

#[test]
fn a_bomb_and_a_dictionary_without_end_are_stopped() {
    let zeros = vec![0; 8 << 20];
    let bytes = seven_zip(&[("a.log", b"one"), ("zeros.log", &zeros)], true, lzma2(), false);
    let (_folder, evidence) = open_with("x.7z", &bytes, Limits { bomb_bytes: 1 << 20, ..Limits::default() });
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["a.log", "zeros.log"], vec![GapKind::Bomb]));
    assert_eq!(content(entry(&evidence, "a.log")), b"one");
    // The encoder allocates what it claims, so the claim is put in afterwards: 4 GiB - 1.
    let mut options = Lzma2Options::from_level(1);
    options.set_dictionary_size(1 << 16);
    let mut bytes = seven_zip(&[("a.log", b"one")], true, vec![options.into()], false);
    let at = bytes.windows(3).rposition(|three| three == [0x21, 1, 8]).unwrap();
    bytes[at + 2] = 40;
    let header = bytes.len() - usize::try_from(u64::from_le_bytes(bytes[20..28].try_into().unwrap())).unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[header..]);
    bytes[28..32].copy_from_slice(&crc.sum().to_le_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[12..32]);
    bytes[8..12].copy_from_slice(&crc.sum().to_le_bytes());
    let (_folder, evidence) = open("x.7z", &bytes);
    assert_eq!(kinds(&evidence), [GapKind::Capped]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_never_panics(
        solid in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        repaired in any::<bool>(),
        length in any::<prop::sample::Index>(),
    ) {
        let mut bytes = seven_zip(&[("a.log", b"one"), ("b.log", &noise(500)), ("c", b"")], solid, lzma2(), false);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if repaired {
            // With right checksums the damage gets past them.
            let header = usize::try_from(u64::from_le_bytes(bytes[12..20].try_into().unwrap()).saturating_add(32)).unwrap_or(usize::MAX);
            let mut crc = flate2::Crc::new();
            crc.update(bytes.get(header..).unwrap_or_default());
            bytes[28..32].copy_from_slice(&crc.sum().to_le_bytes());
            let mut crc = flate2::Crc::new();
            crc.update(&bytes[12..32]);
            bytes[8..12].copy_from_slice(&crc.sum().to_le_bytes());
        } else {
            bytes.truncate(length.index(bytes.len()) + 1);
        }
        let (_folder, evidence) = open("x.bin", &bytes);
        for entry in evidence.entries() {
            let _ = entry.reader().map(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()));
        }
    }
}
