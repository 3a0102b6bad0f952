//! Tars and gzipped tars, honest and hostile.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use afterpatch_evidence::Limits;
use afterpatch_model::GapKind;
use common::*;
use proptest::prelude::*;
use tar::{EntryType, Header};

fn member(kind: EntryType, name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_entry_type(kind);
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_cksum();
    let padding = vec![0; content.len().next_multiple_of(512) - content.len()];
    [header.as_bytes(), content, &padding].concat()
}

#[test]
fn plain_and_gzipped() {
    let long = noise(100_000);
    let deep = format!("EX01/C/Program Files/{}x.LOG", "deep/".repeat(40));
    let files: &[(&str, &[u8])] = &[("EX01/C/inetpub/u_ex210303.log", b"#Software"), (&deep, &long), ("./EX01/run.txt", b"")];
    for (name, bytes) in [("x.tar", tar_of(files)), ("x.tar.gz", gz(&tar_of(files))), ("x.bin", gz(&tar_of(files)))] {
        let (_folder, evidence) = open(name, &bytes);
        assert_eq!((evidence.name(), kinds(&evidence)), (name, vec![]));
        assert_eq!(paths(&evidence), [deep.as_str(), "EX01/C/inetpub/u_ex210303.log", "EX01/run.txt"]);
        assert!(content(entry(&evidence, &deep)) == long);
        let log = entry(&evidence, "EX01/C/inetpub/u_ex210303.log");
        assert_eq!(content(log), b"#Software");
        assert_eq!((log.windows_path(), log.host_root()), (Some(r"C:\inetpub\u_ex210303.log"), "EX01"));
        assert_eq!(log.modified().unwrap().to_string(), "2021-03-14T05:40:12Z");
        assert_eq!(entry(&evidence, "EX01/run.txt").host_root(), "EX01");
    }
}

#[test]
fn a_gzip_that_breaks_off_gives_what_came_before() {
    let (one, two) = (noise(50_000), noise(50_000));
    let whole = gz(&tar_of(&[("1.log", &one), ("2.log", &two)]));
    let (_folder, evidence) = open("x.tgz", &whole[..80_000]);
    assert_eq!(paths(&evidence), ["1.log", "2.log"]);
    assert!(kinds(&evidence).iter().all(|kind| *kind == GapKind::Truncated) && !kinds(&evidence).is_empty());
    assert!(content(entry(&evidence, "1.log")) == one);
    let (read, gap) = damaged(entry(&evidence, "2.log"));
    assert_eq!(gap, Some(GapKind::Truncated));
    assert!(read.len() > 10_000 && two.starts_with(&read));
    // Only the name tells what this was.
    let (_folder, evidence) = open("x.tgz", &whole[..20]);
    assert_eq!((paths(&evidence).len(), kinds(&evidence)), (0, vec![GapKind::Truncated]));
    let (_folder, evidence) = open("x.gz", &whole[..20]);
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["x.gz"], vec![]));
}

#[test]
fn a_damaged_tar_gives_what_came_before() {
    let mut bytes = tar_of(&[("1.log", b"one"), ("2.log", b"two"), ("3.log", b"three")]);
    bytes[1024 + 20] ^= 0xff;
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["1.log"], vec![GapKind::Truncated]));
}

#[test]
fn two_archives_in_one_file() {
    let bytes = [tar_of(&[("1.log", b"one")]), tar_of(&[("2.log", b"two")])].concat();
    for bytes in [gz(&bytes), bytes] {
        let (_folder, evidence) = open("x", &bytes);
        assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["1.log", "2.log"], vec![]));
    }
}

fn link(kind: EntryType, name: &str, target: &str) -> Vec<u8> {
    let mut header = Header::new_gnu();
    header.set_size(0);
    header.set_entry_type(kind);
    header.set_path(name).unwrap();
    header.set_link_name(target).unwrap();
    header.set_cksum();
    header.as_bytes().to_vec()
}

#[test]
fn links_and_special_members() {
    let bytes = [
        member(EntryType::Directory, "a/", b""),
        member(EntryType::Regular, "a/1.log", b"one"),
        link(EntryType::Link, "a/2.log", "a/1.log"),
        link(EntryType::Link, "a/3.log", "nowhere"),
        link(EntryType::Symlink, "a/4.log", "/etc/passwd"),
        link(EntryType::Symlink, "a/5.log", "/etc/passwd"),
        member(EntryType::Fifo, "a/6.log", b""),
        member(EntryType::GNUSparse, "a/7.log", b"x"),
        member(EntryType::Regular, "/../8.log", b"eight"),
        member(EntryType::new(b'Z'), "a/9.log", b"nine"),
    ]
    .concat();
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!(paths(&evidence), ["__/8.log", "a/1.log", "a/2.log", "a/9.log"]);
    assert_eq!(content(entry(&evidence, "a/2.log")), b"one");
    assert_eq!(content(entry(&evidence, "a/9.log")), b"nine");
    let told: Vec<(&str, GapKind, u64)> = evidence.gaps().iter().map(|gap| (gap.path.as_str(), gap.kind, gap.count)).collect();
    assert_eq!(
        told,
        [
            ("__/8.log", GapKind::UnsafeName, 1),
            ("__/8.log", GapKind::UnsafeName, 1),
            ("a/3.log", GapKind::Unreadable, 1),
            ("a/4.log", GapKind::NotRead, 2),
            ("a/6.log", GapKind::NotRead, 1),
            ("a/7.log", GapKind::NotRead, 1),
        ]
    );
}

#[test]
fn links_without_number_are_not_followed() {
    let links = (0..1100).map(|number| link(EntryType::Link, &format!("{number}"), "1.log"));
    let bytes: Vec<u8> = std::iter::once(member(EntryType::Regular, "1.log", b"one")).chain(links).flatten().collect();
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (1024, vec![GapKind::Capped]));
    let limits = Limits { path_bytes: 40, ..Limits::default() };
    let (_folder, evidence) = open_with("x.tar", &bytes, limits);
    assert!(evidence.entries().len() < 10 && kinds(&evidence).contains(&GapKind::Capped));
}

#[test]
fn extended_headers() {
    let record = |key: &str, value: &str| {
        let body = format!(" {key}={value}\n");
        let length = body.len() + 2;
        format!("{length}{body}")
    };
    let extended = [record("path", "C/Users/M\u{fc}ller.log"), record("mtime", "1615700412.5"), record("size", "5")].concat();
    let mut sized = member(EntryType::Regular, "short", b"");
    sized.extend(b"hello");
    sized.extend([0; 507]);
    let bytes =
        [member(EntryType::XHeader, "x", extended.as_bytes()), sized, member(EntryType::Regular, "2.log", b"two")].concat();
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["2.log", "C/Users/Müller.log"], vec![]));
    let named = entry(&evidence, "C/Users/Müller.log");
    assert_eq!((content(named), named.modified().unwrap().to_string().as_str()), (b"hello".to_vec(), "2021-03-14T05:40:12.5Z"));
    assert_eq!(entry(&evidence, "2.log").modified(), None);
}

#[test]
fn a_huge_name_is_not_held_in_memory() {
    // The name claims 3 MiB, of which the bound keeps one and the listing 4 KiB.
    let bytes = [member(EntryType::GNULongName, "n", &vec![b'a'; 3 << 20]), member(EntryType::Regular, "x", b"one")].concat();
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (1, vec![GapKind::UnsafeName]));
    assert_eq!(content(&evidence.entries()[0]), b"one");
    assert!(evidence.entries()[0].path().len() <= 4096);
}

#[test]
fn a_gzip_bomb_is_stopped() {
    let bytes = gz(&tar_of(&[("1.log", b"one"), ("bomb.log", &vec![0; 8 << 20]), ("3.log", b"three")]));
    let limits = Limits { bomb_bytes: 1 << 20, ..Limits::default() };
    let (_folder, evidence) = open_with("x.tgz", &bytes, limits);
    assert_eq!(paths(&evidence), ["1.log", "bomb.log"]);
    assert!(kinds(&evidence).contains(&GapKind::Bomb));
    assert_eq!(content(entry(&evidence, "1.log")), b"one");
    let (_folder, evidence) = open("x.tgz", &bytes);
    assert_eq!((paths(&evidence).len(), kinds(&evidence)), (3, vec![]));
}

#[test]
fn too_many_entries() {
    let bytes: Vec<u8> = (0..50).flat_map(|number| member(EntryType::Regular, &format!("{number:02}"), b"x")).collect();
    let (_folder, evidence) = open_with("x.tar", &bytes, Limits { entries: 20, ..Limits::default() });
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (20, vec![GapKind::Capped]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damage_never_panics(
        zipped in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        headers in prop::collection::vec((0..512_usize, any::<u8>()), 0..6),
        length in any::<prop::sample::Index>(),
    ) {
        let mut second = member(EntryType::GNUSparse, "2.log", b"two");
        // With a right checksum the damage gets past it.
        for (at, byte) in headers {
            second[at] = byte;
        }
        let mut header = Header::from_byte_slice(&second[..512]).clone();
        header.set_cksum();
        second[..512].copy_from_slice(header.as_bytes());
        let plain = [member(EntryType::Regular, "1.log", b"one"), second, member(EntryType::GNULongName, "x", b"long"), member(EntryType::Link, "3", b"")].concat();
        let mut bytes = if zipped { gz(&plain) } else { plain };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(length.index(bytes.len()) + 1);
        let (_folder, evidence) = open("x.tar.gz", &bytes);
        for entry in evidence.entries() {
            let _ = entry.reader().map(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()));
            let _ = entry.seekable();
        }
    }
}
