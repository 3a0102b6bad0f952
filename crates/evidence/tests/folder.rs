//! Folders and single files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod common;

use std::fs;
use std::io::Read;
use std::path::Path;

use afterpatch_evidence::{Evidence, Limits, OpenError, Place, ReadError};
use afterpatch_model::GapKind;
use common::*;
use tempfile::TempDir;

fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

#[test]
fn a_copied_tree() {
    let folder =
        tree(&[("kape/C/Windows/a.log", b"a"), ("kape/C/b (2).log", b"b"), ("kape/E/Exchange/x.LOG", b"x"), ("kape/z", b"")]);
    let evidence = Evidence::open(&folder.path().join("kape")).unwrap();
    assert_eq!((evidence.name(), kinds(&evidence)), ("kape", vec![]));
    assert_eq!(paths(&evidence), ["C/Windows/a.log", "C/b (2).log", "E/Exchange/x.LOG", "z"]);
    assert_eq!(entry(&evidence, "E/Exchange/x.LOG").windows_path(), Some(r"E:\Exchange\x.LOG"));
    assert_eq!(entry(&evidence, "C/b (2).log").file_name(), "b (2).log");
    assert_eq!(content(entry(&evidence, "C/Windows/a.log")), b"a");
    assert!(entry(&evidence, "z").modified().is_some());
}

#[test]
fn a_log_that_is_held_stays_when_another_takes_its_name() {
    let folder = tree(&[("C/access.log", b"old rows")]);
    let evidence = Evidence::open(folder.path()).unwrap();
    let entry = &evidence.entries()[0];
    let held = entry.held().unwrap();
    let path = folder.path().join("C/access.log");
    fs::rename(&path, folder.path().join("access.log.1")).unwrap();
    fs::write(&path, b"new").unwrap();
    let read = |entry: &afterpatch_evidence::Entry| {
        let mut text = String::new();
        entry.reader().unwrap().read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!((read(&held), read(entry)), ("old rows".to_owned(), "new".to_owned()));
    assert_eq!((held.path(), held.windows_path(), held.size()), (entry.path(), entry.windows_path(), entry.size()));
}

#[test]
fn an_encoded_name_is_shown_decoded_and_still_opened() {
    let folder = tree(&[("uploads/auto/C%3A/Program%20Files/x%25.log", b"x")]);
    let evidence = Evidence::open(folder.path()).unwrap();
    let log = entry(&evidence, "uploads/auto/C:/Program Files/x%.log");
    assert_eq!((log.windows_path(), content(log)), (Some(r"C:\Program Files\x%.log"), b"x".to_vec()));
}

#[test]
fn a_single_file() {
    for bytes in [b"#Software: Microsoft".as_slice(), b"\x1f\x8b\x08broken", b"PK", &[0; 1024], b""] {
        let (_folder, evidence) = open("C%3A.log", bytes);
        assert_eq!((evidence.name(), paths(&evidence), kinds(&evidence)), ("C%3A.log", vec!["C%3A.log"], vec![]));
        let file = &evidence.entries()[0];
        assert_eq!((file.size(), file.windows_path(), content(file)), (bytes.len() as u64, None, bytes.to_vec()));
        assert!(file.modified().is_some());
    }
}

#[test]
fn gzipped_text_is_a_single_file() {
    let text = noise(5000);
    let (_folder, evidence) = open("u_ex210303.log.gz", &gz(&text));
    assert_eq!(paths(&evidence), ["u_ex210303.log.gz"]);
    assert_eq!(evidence.entries()[0].file_name(), "u_ex210303.log");
    assert_eq!(content(&evidence.entries()[0]), text);
}

#[test]
fn an_empty_folder() {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let evidence = Evidence::open(folder.path()).unwrap();
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (0, vec![GapKind::Empty]));
}

#[test]
fn nothing_there() {
    let error = Evidence::open(Path::new("no/such/evidence.zip")).unwrap_err();
    assert!(matches!(error, OpenError::NotFound { .. }));
    assert_eq!(error.gap_kind(), GapKind::Unreadable);
    assert!(error.to_string().contains("no/such/evidence.zip"));
}

#[test]
fn a_file_that_vanishes() {
    let folder = tree(&[("a.log", b"a")]);
    let evidence = Evidence::open(folder.path()).unwrap();
    fs::remove_file(folder.path().join("a.log")).unwrap();
    let error = evidence.entries()[0].reader().err().unwrap();
    assert!(matches!(error, ReadError::Unreadable(_)));
    assert_eq!(error.gap_kind(), GapKind::Vanished);
}

#[test]
fn too_many_files() {
    let folder = TempDir::new().unwrap();
    for number in 0..30 {
        fs::write(folder.path().join(format!("{number:02}.log")), b"x").unwrap();
    }
    let evidence = Evidence::open_with(folder.path(), Limits { entries: 20, ..Limits::default() }).unwrap();
    assert_eq!((evidence.entries().len(), kinds(&evidence)), (20, vec![GapKind::Capped]));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_are_not_followed() {
        let folder = tree(&[("a/x.log", b"x"), ("b/y.log", b"y")]);
        symlink("..", folder.path().join("a/up")).unwrap();
        symlink("x.log", folder.path().join("a/link.log")).unwrap();
        symlink("nowhere", folder.path().join("b/dangling")).unwrap();
        let evidence = Evidence::open(folder.path()).unwrap();
        assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["a/x.log", "b/y.log"], vec![GapKind::NotRead]));
        assert_eq!(evidence.gaps()[0].count, 3);
        // The evidence itself may be named by a link: that was the user's choice.
        symlink(folder.path(), folder.path().join("self")).unwrap();
        assert_eq!(paths(&Evidence::open(&folder.path().join("self")).unwrap()), ["a/x.log", "b/y.log"]);
    }

    #[test]
    fn special_files_are_not_opened() {
        let folder = tree(&[("x.log", b"x")]);
        let fifo = folder.path().join("pipe.log");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let _socket = UnixListener::bind(folder.path().join("socket.log")).unwrap();
        let evidence = Evidence::open(folder.path()).unwrap();
        assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["x.log"], vec![GapKind::NotRead]));
        assert_eq!(evidence.gaps()[0].count, 2);
        assert!(matches!(Evidence::open(&fifo), Err(OpenError::Special { .. })));
        // One that takes the place of a listed file would wait for ever.
        fs::remove_file(folder.path().join("x.log")).unwrap();
        fs::rename(&fifo, folder.path().join("x.log")).unwrap();
        assert!(evidence.entries()[0].reader().is_err());
    }

    #[test]
    fn an_unreadable_folder_is_a_gap() {
        let folder = tree(&[("a/x.log", b"x"), ("b/y.log", b"y"), ("c.log", b"c")]);
        let set = |path: &str, mode| fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
        set("a", 0);
        set("c.log", 0);
        let is_root = fs::read_dir(folder.path().join("a")).is_ok();
        if is_root {
            println!("skipped: this user may read everything");
        } else {
            let evidence = Evidence::open(folder.path()).unwrap();
            assert_eq!((paths(&evidence), kinds(&evidence)), (vec!["b/y.log", "c.log"], vec![GapKind::Unreadable]));
            assert_eq!(evidence.gaps()[0].path, "a");
            assert_eq!(entry(&evidence, "c.log").reader().err().unwrap().gap_kind(), GapKind::Unreadable);
            assert!(matches!(Evidence::open(&folder.path().join("a")), Err(OpenError::Unreadable { .. })));
        }
        set("a", 0o755);
    }

    #[test]
    fn names_that_are_no_text() {
        let folder = TempDir::new().unwrap();
        for name in [b"a\xff.log".as_slice(), b"a\xfe.log"] {
            fs::write(folder.path().join(OsStr::from_bytes(name)), name).unwrap();
        }
        let evidence = Evidence::open(folder.path()).unwrap();
        assert_eq!(paths(&evidence), ["a\u{fffd}.log", "a\u{fffd}.log (2)"]);
        assert_eq!(content(&evidence.entries()[0]), b"a\xfe.log");
        assert_eq!(content(&evidence.entries()[1]), b"a\xff.log");
        assert_eq!(evidence.entries()[1].file_name(), "a\u{fffd}.log");
    }

    #[test]
    fn a_deep_tree() {
        let folder = TempDir::new().unwrap();
        let deep = "d/".repeat(900);
        fs::create_dir_all(folder.path().join(&deep)).unwrap();
        fs::write(folder.path().join(&deep).join("x.log"), b"x").unwrap();
        let evidence = Evidence::open(folder.path()).unwrap();
        assert_eq!((paths(&evidence), kinds(&evidence)), (vec![format!("{deep}x.log").as_str()], vec![]));
    }
}

#[test]
fn places_are_listed_once_and_as_deep_as_asked() {
    let folder = tree(&[
        ("real/inetpub/logs/W3SVC1/u_ex.log", b"log"),
        ("real/inetpub/wwwroot/a.aspx", b"a"),
        ("real/Users/x/NTUSER.DAT", b"hive"),
        ("real/Users/x/Desktop/private.txt", b"no"),
        ("real/boot.ini", b"b"),
    ]);
    let place = |real: &str, depth| Place {
        real: folder.path().join("real").join(real),
        shown: format!("C/{real}").trim_end_matches('/').to_owned(),
        depth,
    };
    // In whatever order they are named, and also where one lies in another or is named twice.
    let mut places = vec![
        place("", 0),
        place("inetpub/logs/W3SVC1", 0),
        place("inetpub/logs/W3SVC1/u_ex.log", 0),
        place("boot.ini", 0),
        place("inetpub", u32::MAX),
        place("INETPUB", 1),
        place("Users", 1),
        place("not/there", 5),
    ];
    for _ in 0..places.len() {
        places.rotate_left(1);
        let evidence = Evidence::of_places("here", &places, vec![], Limits::of_running_system());
        let shown = ["C/Users/x/NTUSER.DAT", "C/boot.ini", "C/inetpub/logs/W3SVC1/u_ex.log", "C/inetpub/wwwroot/a.aspx"];
        assert_eq!((evidence.name(), paths(&evidence), kinds(&evidence)), ("here", shown.to_vec(), vec![]));
        assert_eq!(entry(&evidence, "C/inetpub/wwwroot/a.aspx").windows_path(), Some(r"C:\inetpub\wwwroot\a.aspx"));
    }
}

#[test]
fn a_log_that_grows_meanwhile() {
    let folder = tree(&[("grows.log", b"line\n")]);
    let evidence = Evidence::open(folder.path()).unwrap();
    let mut reader = entry(&evidence, "grows.log").reader().unwrap();
    let mut log = fs::OpenOptions::new().append(true).open(folder.path().join("grows.log")).unwrap();
    std::io::Write::write_all(&mut log, b"more\n").unwrap();
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert_eq!(read, b"line\n", "as long as it was when it was opened");
}
