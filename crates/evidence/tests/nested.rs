//! Archives in archives, archives in folders, and files that are packed by themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::io::Write;

use afterpatch_evidence::{Evidence, Limits};
use afterpatch_model::GapKind;
use common::*;
use proptest::prelude::*;
use tempfile::TempDir;
use zip::CompressionMethod::{Deflated, Stored};

fn folder(files: &[(&str, &[u8])]) -> (TempDir, Evidence) {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let evidence = Evidence::open(folder.path()).unwrap();
    (folder, evidence)
}

fn host() -> Vec<u8> {
    zip_of(&[("C/Windows/System32/x.evtx", b"events"), ("console.txt", b"")], Deflated)
}

#[test]
fn an_archive_in_an_archive_is_opened_like_evidence() {
    let inner = host();
    for (name, bytes) in [
        ("outer.zip", zip_of(&[("case/EX01.zip", &inner)], Deflated)),
        ("outer.zip", zip_of(&[("case/EX01.zip", &inner)], Stored)),
        ("outer.tar", tar_of(&[("case/EX01.zip", &inner)])),
        ("outer.tgz", gz(&tar_of(&[("case/EX01.zip", &inner)]))),
    ] {
        let (_folder, evidence) = open(name, &bytes);
        assert_eq!(kinds(&evidence), []);
        assert_eq!(paths(&evidence), ["case/EX01.zip!/C/Windows/System32/x.evtx", "case/EX01.zip!/console.txt"]);
        let log = entry(&evidence, "case/EX01.zip!/C/Windows/System32/x.evtx");
        assert_eq!((content(log), log.file_name()), (b"events".to_vec(), "x.evtx"));
        assert_eq!((log.windows_path(), log.host_root()), (Some(r"C:\Windows\System32\x.evtx"), "case/EX01.zip"));
        assert_eq!(entry(&evidence, "case/EX01.zip!/console.txt").host_root(), "case/EX01.zip");
    }
}

#[test]
fn collections_of_several_hosts_in_a_folder() {
    let both = zip_of(&[("EX02/C/Windows/a.log", b"a"), ("EX03/C/Windows/b.log", b"b")], Deflated);
    let (_folder, evidence) = folder(&[("EX01.zip", &host()), ("others.tar.gz", &gz(&tar_of(&[("both.zip", &both)])))]);
    let hosts: Vec<_> = evidence.entries().iter().map(|entry| (entry.path(), entry.host_root(), entry.windows_path())).collect();
    assert_eq!(
        hosts,
        [
            ("EX01.zip!/C/Windows/System32/x.evtx", "EX01.zip", Some(r"C:\Windows\System32\x.evtx")),
            ("EX01.zip!/console.txt", "EX01.zip", None),
            ("others.tar.gz!/both.zip!/EX02/C/Windows/a.log", "others.tar.gz!/both.zip!/EX02", Some(r"C:\Windows\a.log")),
            ("others.tar.gz!/both.zip!/EX03/C/Windows/b.log", "others.tar.gz!/both.zip!/EX03", Some(r"C:\Windows\b.log")),
        ]
    );
}

#[test]
fn on_a_windows_volume_only_archives_of_logs_are_opened() {
    let logs = zip_of(&[("2021/u_ex210303.log", b"#Software")], Deflated);
    let other = zip_of(&[("setup.dll", b"MZ"), ("readme.log", b"x")], Deflated);
    let files: &[(&str, &[u8])] = &[
        ("EX01/C/Windows/x.log", b""),
        ("EX01/C/inetpub/logs/old.zip", &logs),
        ("EX01/C/inetpub/logs/old.tar", &tar_of(&[("a/HttpProxy_1.LOG.gz", b"x")])),
        ("EX01/C/Temp/setup.zip", &other),
        ("EX01/C/Temp/letter.docx", &logs),
        ("EX01/C/Temp/app.jar", &logs),
        ("EX01/more.zip", &host()),
    ];
    let (_folder, evidence) = folder(files);
    assert_eq!(
        paths(&evidence),
        [
            "EX01/C/Temp/app.jar",
            "EX01/C/Temp/letter.docx",
            "EX01/C/Temp/setup.zip",
            "EX01/C/Windows/x.log",
            "EX01/C/inetpub/logs/old.tar!/a/HttpProxy_1.LOG.gz",
            "EX01/C/inetpub/logs/old.zip!/2021/u_ex210303.log",
            "EX01/more.zip!/C/Windows/System32/x.evtx",
            "EX01/more.zip!/console.txt",
        ]
    );
    // All of it is of one host, which its own drives name.
    assert!(evidence.entries().iter().all(|entry| entry.host_root() == "EX01"));
    assert_eq!(entry(&evidence, "EX01/C/inetpub/logs/old.zip!/2021/u_ex210303.log").windows_path(), None);
}

#[test]
fn depth_is_bounded() {
    let mut bytes = zip_of(&[("deep.log", b"deep")], Deflated);
    for level in 0..6 {
        bytes = zip_of(&[(&format!("{level}.zip"), &bytes)], Deflated);
    }
    let (_folder, evidence) = open("x.zip", &bytes);
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["5.zip!/4.zip!/3.zip!/2.zip"], vec![]));
    let (_folder, evidence) = open_with("x.zip", &bytes, Limits { archives: 1, ..Limits::default() });
    assert_eq!(paths(&evidence), ["5.zip!/4.zip"]);
    let (_folder, evidence) = open_with("x.zip", &bytes, Limits { nesting: 9, ..Limits::default() });
    assert_eq!(content(&evidence.entries()[0]), b"deep");
}

#[test]
fn gaps_name_the_whole_way() {
    let broken = zip_of(&[("a/../b.log", b"b")], Deflated);
    let half = &host()[..60];
    let (_folder, evidence) =
        open("x.zip", &zip_of(&[("in/1.zip", &zip_of(&[("2.zip", &broken)], Stored)), ("3.zip", half)], Deflated));
    let gaps: Vec<_> = evidence.gaps().iter().map(|gap| (gap.path.as_str(), gap.kind)).collect();
    assert_eq!(gaps, [("3.zip", GapKind::Truncated), ("in/1.zip!/2.zip!/a/__/b.log", GapKind::UnsafeName)]);
}

#[test]
fn packing_twice_does_not_get_around_the_bound() {
    let zeros = vec![0; 8 << 20];
    let limits = Limits { bomb_bytes: 1 << 20, ..Limits::default() };
    // 8 MiB in 8 KiB in a few hundred bytes: the outer step alone stays below the bound of bytes.
    let inner = zip_of(&[("zeros.log", &zeros)], Deflated);
    let outer = zip_of(&[("inner.zip", &inner)], Deflated);
    assert!(inner.len() * 20 > outer.len() * 20 && outer.len() < 1000);
    let (_folder, evidence) = open_with("x.zip", &outer, Limits { bomb_ratio: 5000, ..limits });
    assert_eq!(damaged(&evidence.entries()[0]).1, Some(GapKind::Bomb));
    // The same content packed once is within that ratio.
    let (_folder, evidence) = open_with("x.zip", &inner, Limits { bomb_ratio: 5000, ..limits });
    assert_eq!(content(&evidence.entries()[0]).len(), zeros.len());
    // And so for a packed file in an archive.
    let (_folder, evidence) =
        open_with("x.zip", &zip_of(&[("zeros.log.gz", &gz(&zeros))], Deflated), Limits { bomb_ratio: 5000, ..limits });
    assert_eq!(damaged(&evidence.entries()[0]).1, Some(GapKind::Bomb));
}

#[test]
fn what_is_unpacked_together_is_bounded() {
    let inner = zip_of(&[("a.log", &noise(50_000))], Stored);
    let outer = zip_of(&[("1.zip", &inner), ("2.zip", &inner)], Deflated);
    let (_folder, evidence) = open_with("x.zip", &outer, Limits { unpacked_bytes: 80_000, ..Limits::default() });
    assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["1.zip!/a.log", "2.zip"], vec![GapKind::Capped]));
}

#[test]
fn files_that_are_packed_by_themselves_are_read_as_the_file_inside() {
    let text = [b"#Software: Microsoft Internet Information Services 10.0\r\n".to_vec(), noise(20_000)].concat();
    let zst = zstd::encode_all(text.as_slice(), 1).unwrap();
    let xz = {
        let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
        writer.write_all(&text).unwrap();
        writer.finish().unwrap()
    };
    let bz2 = {
        let mut writer = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        writer.write_all(&text).unwrap();
        writer.finish().unwrap()
    };
    let twice = [gz(&text[..9000]), gz(&text[9000..])].concat();
    let (_folder, evidence) = folder(&[
        ("C/Windows/System32/a", b""),
        ("C/inetpub/u_ex210303.log.gz", &gz(&text)),
        ("C/inetpub/twice.log.GZ", &twice),
        ("var/access.log.1.xz", &xz),
        ("var/access.log.2.bz2", &bz2),
        ("var/access.log.3.zst", &zst),
        ("var/named.gz", b"not packed at all"),
    ]);
    for (path, name, windows) in [
        ("C/inetpub/u_ex210303.log.gz", "u_ex210303.log", Some(r"C:\inetpub\u_ex210303.log.gz")),
        ("C/inetpub/twice.log.GZ", "twice.log", Some(r"C:\inetpub\twice.log.GZ")),
        ("var/access.log.1.xz", "access.log.1", None),
        ("var/access.log.2.bz2", "access.log.2", None),
        ("var/access.log.3.zst", "access.log.3", None),
    ] {
        let log = entry(&evidence, path);
        assert_eq!((log.file_name(), log.windows_path()), (name, windows), "{path}");
        assert!(content(log) == text, "{path}");
    }
    assert_eq!(entry(&evidence, "C/inetpub/u_ex210303.log.gz").size(), text.len() as u64);
    let named = entry(&evidence, "var/named.gz");
    assert_eq!((named.file_name(), content(named)), ("named.gz", b"not packed at all".to_vec()));
    assert_eq!(kinds(&evidence), []);
}

#[test]
fn a_packed_file_that_breaks_off_gives_what_came_before() {
    let text = noise(50_000);
    let (_folder, evidence) = open("x.log.gz", &gz(&text)[..30_000]);
    let (read, gap) = damaged(&evidence.entries()[0]);
    assert!(read.len() > 10_000 && text.starts_with(&read));
    assert_eq!(gap, Some(GapKind::Truncated));
}

#[test]
fn packed_files_of_one_name_keep_their_names_apart() {
    let bytes = tar_of(&[("a.log.gz", &gz(b"one")), ("a.log.gz", &gz(b"two"))]);
    let (_folder, evidence) = open("x.tar", &bytes);
    assert_eq!(paths(&evidence), ["a.log.gz", "a.log.gz (2)"]);
    for (entry, text) in evidence.entries().iter().zip([b"one", b"two"]) {
        assert_eq!((entry.file_name(), content(entry)), ("a.log", text.to_vec()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_never_panics(
        kind in 0..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        length in any::<prop::sample::Index>(),
    ) {
        let files: &[(&str, &[u8])] = &[("u_ex1.log", b"one"), ("1.log.gz", &gz(b"one")), ("x.tar.gz", &gz(&tar_of(&[("2.log", b"two")])))];
        let inner = zip_of(files, Deflated);
        let mut bytes = match kind {
            0 => zip_of(&[("1.zip", &inner)], Stored),
            1 => zip_of(&[("1.zip", &inner)], Deflated),
            2 => tar_of(&[("a/b/c/d/1.zip", &inner), ("2.7z", b"7z\xbc\xaf\x27\x1c")]),
            _ => gz(&tar_of(&[("1.zip", &inner)])),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(length.index(bytes.len()) + 1);
        let (_folder, evidence) = open("x.bin", &bytes);
        for entry in evidence.entries() {
            let _ = entry.reader().map(|mut reader| std::io::copy(&mut reader, &mut std::io::sink()));
            let _ = entry.seekable();
        }
    }
}
