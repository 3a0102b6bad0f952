//! Disk images, honest and hostile. The images are described in `data/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::io::Read;
use std::path::Path;

use afterpatch_evidence::{Entry, Evidence, Limits};
use afterpatch_model::GapKind;
use common::*;
use proptest::prelude::*;

const VOLUME: usize = 1 << 20;
/// The file table.
const TABLE: usize = VOLUME + 0x4000;

fn image(name: &str) -> Vec<u8> {
    let packed = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{name}.xz"))).unwrap();
    let mut bytes = Vec::new();
    lzma_rust2::XzReader::new(packed.as_slice(), true).read_to_end(&mut bytes).unwrap();
    bytes
}

fn check(evidence: &Evidence, before: &str) {
    assert_eq!(evidence.gaps(), []);
    let all: Vec<&str> = paths(evidence).into_iter().map(|path| path.strip_prefix(before).unwrap()).collect();
    assert_eq!(
        all,
        [
            "$MFT",
            "Data/Müller & Söhne.log",
            "Data/holes.bin",
            "Data/many.log",
            "Data/pieces.log",
            "Data/second name.log",
            "Windows/System32/winevt/Logs/note.txt",
            "inetpub/logs/LogFiles/W3SVC1/u_ex210303.log",
            "inetpub/logs/LogFiles/W3SVC2/u_ex210304.log",
            "inetpub/wwwroot/aspnet_client/page.aspx",
        ]
    );
    let file = |path: &str| entry(evidence, &format!("{before}{path}"));
    let page = file("inetpub/wwwroot/aspnet_client/page.aspx");
    assert_eq!(page.windows_path(), Some(r"C:\inetpub\wwwroot\aspnet_client\page.aspx"));
    assert_eq!(page.modified().unwrap().to_string(), "2021-03-03T04:00:00Z");
    assert_eq!((page.size(), content(page).len()), (59, 59));
    let log = content(file("inetpub/logs/LogFiles/W3SVC1/u_ex210303.log"));
    assert!(log.starts_with(b"#Software: Microsoft Internet") && log.ends_with(b" 15\r\n"));
    assert_eq!(log.iter().filter(|byte| **byte == b'\n').count(), 902);
    assert!(content(file("inetpub/logs/LogFiles/W3SVC2/u_ex210304.log")) == log);
    let pieces: Vec<u8> = (0..40).flat_map(|at| [b'A' + at % 26; 4096]).chain(*b"end").collect();
    assert!(content(file("Data/pieces.log")) == pieces);
    let many: Vec<u8> =
        (0..300_usize).flat_map(|at| [[b'a' + (at % 26) as u8; 4096], [0; 4096]].concat()).take(599 * 4096).collect();
    assert!(content(file("Data/many.log")) == many);
    let holes = content(file("Data/holes.bin"));
    assert!(holes.len() == 200_015 && holes.ends_with(b"behind the hole") && holes[..200_000].iter().all(|byte| *byte == 0));
    assert_eq!(content(file("Data/Müller & Söhne.log")), "ä".as_bytes());
    assert_eq!(content(file("Data/second name.log")), "ä".as_bytes());
    assert!(content(file("$MFT")).starts_with(b"FILE"));
}

#[test]
fn the_same_disk_in_every_format() {
    for (name, bytes) in [
        ("disk.dd", image("disk.raw")),
        ("disk.bin", image("dynamic.vhd")),
        ("fixed.vhd", image("fixed.vhd")),
        ("disk.bin", image("disk.vhdx")),
        // A volume by itself is known whatever its name.
        ("volume", image("disk.raw").split_off(VOLUME)),
    ] {
        let (_folder, evidence) = open(name, &bytes);
        check(&evidence, "");
    }
    let (_folder, evidence) = open("case.zip", &zip_of(&[("EX01.vhdx", &image("disk.vhdx"))], zip::CompressionMethod::Deflated));
    check(&evidence, "EX01.vhdx!/");
    assert!(evidence.entries().iter().all(|entry| entry.host_root() == "EX01.vhdx"));
}

/// The disk with a GPT: its own volume twice, then one that is encrypted, between partitions that hold no files.
fn gpt() -> Vec<u8> {
    const RESERVED: [u8; 16] = [0x16, 0xe3, 0xc9, 0xe3, 0x5c, 0x0b, 0xb8, 0x4d, 0x81, 0x7d, 0xf9, 0x2d, 0xf0, 0x02, 0x15, 0xae];
    const BASIC: [u8; 16] = [0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99, 0xc7];
    let volume = image("disk.raw").split_off(VOLUME);
    let mut bytes = vec![0; VOLUME];
    bytes[446..462].copy_from_slice(&[0, 0, 2, 0, 0xee, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
    bytes[512..520].copy_from_slice(b"EFI PART");
    bytes[512 + 72..512 + 80].copy_from_slice(&2_u64.to_le_bytes());
    bytes[512 + 80..512 + 84].copy_from_slice(&128_u32.to_le_bytes());
    bytes[512 + 84..512 + 88].copy_from_slice(&128_u32.to_le_bytes());
    let (start, length) = (VOLUME as u64 / 512, volume.len() as u64 / 512);
    let locked = start + 2 * length;
    let rows =
        [(RESERVED, 64, 128), (BASIC, start, start + length), (BASIC, start + length, locked), (BASIC, locked, locked + 8)];
    for (row, (kind, first, end)) in rows.into_iter().enumerate() {
        let entry = &mut bytes[1024 + row * 128..][..128];
        entry[..16].copy_from_slice(&kind);
        entry[32..40].copy_from_slice(&first.to_le_bytes());
        entry[40..48].copy_from_slice(&(end - 1).to_le_bytes());
    }
    bytes.extend(&volume);
    bytes.extend(&volume);
    let mut last = vec![0; 4096];
    last[3..11].copy_from_slice(b"-FVE-FS-");
    bytes.extend(last);
    bytes
}

#[test]
fn several_volumes_are_of_one_host() {
    let (_folder, evidence) = open("disk.img", &gpt());
    let gaps: Vec<_> = evidence.gaps().iter().map(|gap| (gap.path.as_str(), gap.kind)).collect();
    assert_eq!(gaps, [("disk.img/partition3", GapKind::Encrypted)]);
    assert_eq!(evidence.entries().len(), 20);
    let page = entry(&evidence, "partition2/inetpub/wwwroot/aspnet_client/page.aspx");
    assert_eq!((page.windows_path(), page.host_root()), (Some(r"C:\inetpub\wwwroot\aspnet_client\page.aspx"), ""));
}

#[test]
fn images_on_a_windows_volume_are_of_other_hosts() {
    let folder = tempfile::TempDir::new().unwrap();
    for path in ["C/Windows/x.log", "C/VMs/other.vhdx", "C/VMs/other.img"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, image("disk.vhdx")).unwrap();
    }
    let evidence = Evidence::open(folder.path()).unwrap();
    assert_eq!(paths(&evidence), ["C/VMs/other.img", "C/VMs/other.vhdx", "C/Windows/x.log"]);
}

#[test]
fn what_cannot_be_read_is_a_gap() {
    let mut difference = image("dynamic.vhd");
    let footer = difference.len() - 512;
    difference[footer + 63] = 4;
    // The file table's own entry, and then its copy.
    let mut lost = image("disk.raw");
    let copy = VOLUME + usize::try_from(u64::from_le_bytes(lost[VOLUME + 56..VOLUME + 64].try_into().unwrap())).unwrap() * 4096;
    lost[TABLE..TABLE + 1024].fill(0);
    let (_folder, evidence) = open("x.img", &lost);
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (9, vec![]));
    lost[copy..copy + 1024].fill(0);
    let mut empty = image("disk.raw");
    empty[446..510].fill(0);
    empty[446 + 4] = 7;
    empty[446 + 12] = 1;
    for (bytes, kind, why) in [
        (difference, GapKind::NotRead, "differences"),
        (lost, GapKind::Truncated, "NTFS volume is damaged"),
        (empty, GapKind::NotRead, "not NTFS"),
        (image("disk.vhdx")[..100_000].to_vec(), GapKind::NotRead, "regions"),
    ] {
        let (_folder, evidence) = open("x.img", &bytes);
        assert_eq!((evidence.entries().len(), kinds(&evidence)), (0, vec![kind]));
        assert!(evidence.gaps()[0].detail.contains(why), "{:?}", evidence.gaps());
    }
    // An image that was copied while it was used: its newer header names a log.
    let mut open_image = image("disk.vhdx");
    let sequence = |at: usize| u64::from_le_bytes(open_image[at + 8..at + 16].try_into().unwrap());
    let newer = if sequence(64 << 10) > sequence(128 << 10) { 64 << 10 } else { 128 << 10 };
    open_image[newer + 48] = 1;
    let (_folder, evidence) = open("x.vhdx", &open_image);
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (10, vec![GapKind::Truncated]));
    // An image that was cut off still gives the files that are there.
    let (_folder, evidence) = open("x.dd", &image("disk.raw")[..VOLUME + (1 << 20)]);
    assert!(evidence.entries().len() > 5);
    assert!(evidence.entries().iter().any(|entry| damaged(entry).1 == Some(GapKind::Truncated)));
}

/// Offset of the entry of the file of this name.
fn entry_of(bytes: &[u8], name: &str) -> usize {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let has_name = |at: &usize| bytes[*at..at + 1024].windows(name.len()).any(|own| own == name);
    // Folders have the names of their files in their lists.
    (TABLE..TABLE + (93 << 10)).step_by(1024).find(|at| has_name(at) && bytes[at + 22] & 2 == 0).unwrap()
}

#[test]
fn a_hole_without_end_is_a_bomb() {
    let mut bytes = image("disk.raw");
    let at = entry_of(&bytes, "holes.bin");
    // The size of its content, which is the only number that says 200,015.
    let size = bytes[at..at + 1024].windows(8).position(|eight| eight == 200_015_u64.to_le_bytes()).unwrap();
    bytes[at + size..at + size + 8].copy_from_slice(&(1_u64 << 60).to_le_bytes());
    let (_folder, evidence) = open("x.dd", &bytes);
    let error = entry(&evidence, "Data/holes.bin").reader().err().unwrap();
    assert_eq!(error.gap_kind(), GapKind::Bomb);
}

#[test]
fn what_goes_on_is_found_whatever_the_list_says() {
    let mut bytes = image("disk.raw");
    let number = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let part = entry_of(&bytes, "many.log");
    let base = TABLE + 1024 * number(&bytes, part + 32) as usize;
    let mut at = base + usize::from(bytes[base + 20]);
    while number(&bytes, at) != 0x20 {
        at += number(&bytes, at + 4) as usize;
    }
    // Its length, in the entry or elsewhere.
    let length = at + if bytes[at + 8] == 0 { 16 } else { 48 };
    assert!(base != part && number(&bytes, length) > 0);
    bytes[length..length + 4].fill(0);
    let (_folder, evidence) = open("x.dd", &bytes);
    check(&evidence, "");
}

fn read_all(evidence: &Evidence) {
    for entry in evidence.entries() {
        let read = |entry: &Entry| entry.reader().map(|reader| std::io::copy(&mut reader.take(1 << 20), &mut std::io::sink()));
        let _ = read(entry);
        let _ = entry.seekable();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn damage_never_panics(
        format in 0..4_usize,
        heads in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..40),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..200),
    ) {
        let name = ["disk.raw", "dynamic.vhd", "fixed.vhd", "disk.vhdx"][format];
        let mut bytes = image(name);
        // Where the tables are: partitions or blocks at the start, and the file table.
        let table = bytes.windows(5).position(|five| five == b"FILE0").unwrap();
        for (at, byte) in heads {
            let at = at.index(4096);
            bytes[at] = byte;
        }
        for (at, byte) in changes {
            let at = table + at.index(90 << 10);
            bytes[at] = byte;
        }
        let limits = Limits { bomb_bytes: 16 << 20, ..Limits::default() };
        let (_folder, evidence) = open_with("x.img", &bytes, limits);
        read_all(&evidence);
    }
}
