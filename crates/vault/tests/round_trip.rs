//! What was taken away comes back exactly: bytes, times to the nanosecond, owner, mode, extended attributes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use afterpatch_vault::disk::{Disk, RealDisk, Traits};
use afterpatch_vault::{Change, Expected, Place, Settings, Vault, Wanted, look_at};
use jiff::Timestamp;
use rustix::fs::{Gid, Mode, Timespec, Timestamps, Uid, XattrFlags, fchmod, fchown, fsetxattr, futimens};

/// Files and folders below a folder, with all that must come back. A folder's time of access is not among it: looking changes it.
fn tree(root: &Path) -> BTreeMap<PathBuf, (Option<Vec<u8>>, Traits)> {
    let mut all = BTreeMap::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(path) = waiting.pop() {
        let folder = RealDisk.folder(path.parent().unwrap(), &[]).unwrap();
        let metadata = fs::symlink_metadata(&path).unwrap();
        let (traits, content) = if metadata.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            let mut traits = RealDisk.folder_traits(&RealDisk.folder(&path, &[]).unwrap()).unwrap();
            traits.times.accessed = Timestamp::UNIX_EPOCH;
            (traits, None)
        } else {
            let mut file = RealDisk.open(&folder, path.file_name().unwrap().to_str().unwrap()).unwrap();
            let traits = RealDisk.traits(&file).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut content).unwrap();
            (traits, Some(content))
        };
        all.insert(path, (content, traits));
    }
    all
}

#[test]
fn apply_then_undo_gives_an_identical_tree() {
    let folder = tempfile::tempdir().unwrap();
    let (root, vault) = (folder.path().join("srv"), folder.path().join("vault"));
    fs::create_dir_all(root.join("web/sub")).unwrap();
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        println!("skipped: files of other owners (not root here)");
    }
    let mut attributes = true;
    let names = ["web/empty.aspx", "web/shell.aspx", "web/sub/dump.dmp", "web/setuid", "web/web.config", "web/before 1970.aspx"];
    for (number, name) in names.into_iter().enumerate() {
        let content = vec![b'x'; [0, 17, 3_000_000, 5, 100, 1][number]];
        fs::write(root.join(name), content).unwrap();
        let file = File::options().write(true).open(root.join(name)).unwrap();
        attributes &= fsetxattr(&file, "user.comment", b"kept \x00 as is", XattrFlags::empty()).is_ok();
        if is_root {
            fchown(&file, Some(Uid::from_raw(1000 + number as u32)), Some(Gid::from_raw(33))).unwrap();
            let access = [
                2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 10, 0, 0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0,
                255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
            ];
            attributes &= number != 2 || fsetxattr(&file, "system.posix_acl_access", &access, XattrFlags::empty()).is_ok();
        }
        fchmod(&file, Mode::from_raw_mode([0o640, 0o600, 0o640, 0o4755, 0o444, 0o666][number])).unwrap();
        let seconds = [1_614_700_000, 1, 2_000_000_000, 1_614_700_000, 0, -1000][number];
        let spec = |tv_nsec| Timespec { tv_sec: seconds, tv_nsec };
        futimens(&file, &Timestamps { last_access: spec(123_456_789), last_modification: spec(987_654_321) }).unwrap();
    }
    if !attributes {
        println!("skipped: extended attributes (this file system has none)");
    }
    for path in ["web", "web/sub"] {
        let spec = Timespec { tv_sec: 1_614_000_000, tv_nsec: 5 };
        let times = Timestamps { last_access: spec, last_modification: spec };
        futimens(File::open(root.join(path)).unwrap(), &times).unwrap();
    }
    let before = tree(&root);

    let settings = Settings { now: Timestamp::now(), recipient: None, identity: None };
    let (mut kept, _) = Vault::open_or_create(RealDisk, &vault, &settings).unwrap();
    for name in names {
        let place = Place::new(&root, name).unwrap();
        let look = look_at(&RealDisk, &place).unwrap();
        let expected = Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) };
        let after = if name.ends_with(".config") { Wanted::Bytes(b"<configuration/>") } else { Wanted::Nothing };
        kept.change(&Change { label: name, notes: &BTreeMap::new(), place: &place, before: expected, after }).unwrap();
    }
    let place = Place::new(&root, "web/new.aspx").unwrap();
    let after = Wanted::Bytes(b"genuine");
    kept.change(&Change { label: "new", notes: &BTreeMap::new(), place: &place, before: Expected::Nothing, after }).unwrap();

    // What replaced a file has its owner, mode and attributes; what is new has the folder's owner and may not be run.
    let config = fs::metadata(root.join("web/web.config")).unwrap();
    assert_eq!((config.mode() & 0o7777, config.uid()), (0o444, if is_root { 1004 } else { config.uid() }));
    assert_eq!(fs::metadata(root.join("web/new.aspx")).unwrap().mode() & 0o111, 0);
    assert_eq!(fs::read_dir(root.join("web")).unwrap().count(), 3);

    let changes: Vec<u64> = kept.history().to_undo().map(|entry| entry.intent.change).collect();
    for change in changes {
        kept.undo(change, None).unwrap();
    }
    assert_eq!(tree(&root), before);
}

/// Without us: `age -d -i key.txt files/000001.age | tar x`, as far as the libraries behind those tools go.
#[test]
fn a_container_opens_with_age_and_tar_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("srv");
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("shell.aspx"), "page").unwrap();
    let settings = Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None };
    let vault = folder.path().join("vault");
    let (mut kept, _) = Vault::open_or_create(RealDisk, &vault, &settings).unwrap();
    let place = Place::new(&root, "shell.aspx").unwrap();
    let look = look_at(&RealDisk, &place).unwrap();
    let before = Expected::File { sha256: &look.sha256, identity: None };
    kept.change(&Change { label: "A1", notes: &BTreeMap::new(), place: &place, before, after: Wanted::Nothing }).unwrap();

    let identities = age::IdentityFile::from_file(vault.join("key.txt").to_str().unwrap().to_owned()).unwrap();
    let identities = identities.into_identities().unwrap();
    let sealed = fs::read(vault.join("files/000001.age")).unwrap();
    let opened = age::Decryptor::new(&*sealed)
        .unwrap()
        .decrypt(identities.iter().map(|identity| &**identity as &dyn age::Identity))
        .unwrap();
    let names: Vec<_> = tar::Archive::new(opened)
        .entries()
        .unwrap()
        .map(|entry| entry.unwrap().path().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["content", "about.json"]);
    assert_eq!(fs::metadata(vault.join("key.txt")).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&vault).unwrap().mode() & 0o777, 0o700);
}
