//! A host on which somebody works against us: swapped files and links, hard links, odd names, changing content.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod simulated;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use afterpatch_vault::disk::{Disk, RealDisk};
use afterpatch_vault::{Change, Expected, Place, Settings, Stored, Vault, VaultError, Wanted, look_at, sha256};
use jiff::Timestamp;
use simulated::Simulated;
use tempfile::TempDir;

struct Host {
    folder: TempDir,
}

impl Host {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("srv/web")).unwrap();
        Self { folder }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("srv")
    }

    fn write(&self, below: &str, content: &[u8]) -> PathBuf {
        let path = self.root().join(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn vault(&self) -> Vault<RealDisk> {
        let path = self.folder.path().join("vault");
        Vault::open_or_create(RealDisk, &path, &settings()).unwrap().0
    }

    /// Takes away a file that was looked at before `between` happened.
    fn take(&self, below: &str, between: impl FnOnce()) -> Result<u64, VaultError> {
        let place = Place::new(self.root(), below)?;
        let look = look_at(&RealDisk, &place)?;
        between();
        let before = Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) };
        self.vault().change(&Change { label: "A1", notes: &BTreeMap::new(), place: &place, before, after: Wanted::Nothing })
    }
}

fn settings() -> Settings {
    Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None }
}

#[test]
fn a_link_put_in_the_files_place_is_refused_and_its_target_is_untouched() {
    let host = Host::new();
    let (page, target) = (host.write("web/shell.aspx", b"page"), host.write("important.txt", b"page"));
    let error = host.take("web/shell.aspx", || {
        fs::remove_file(&page).unwrap();
        symlink(&target, &page).unwrap();
    });
    assert!(matches!(error, Err(VaultError::Link(path)) if path == page));
    assert_eq!(fs::read(target).unwrap(), b"page");
    assert!(fs::symlink_metadata(page).unwrap().is_symlink());
}

#[test]
fn a_link_put_in_the_place_of_a_folder_on_the_way_is_refused() {
    let host = Host::new();
    host.write("web/a/shell.aspx", b"page");
    let target = host.write("elsewhere/shell.aspx", b"page");
    let error = host.take("web/a/shell.aspx", || {
        fs::rename(host.root().join("web/a"), host.root().join("web/b")).unwrap();
        symlink(host.root().join("elsewhere"), host.root().join("web/a")).unwrap();
    });
    let error = error.unwrap_err().to_string();
    assert!(error.contains("links are never followed"), "{error}");
    assert!(target.exists() && host.root().join("web/b/shell.aspx").exists());
}

#[test]
fn another_file_of_the_same_name_or_content_is_refused() {
    let host = Host::new();
    let page = host.write("web/shell.aspx", b"page");
    // A new file with the same bytes is another file. The first stays open, so that its number is not given out again.
    let open = fs::File::open(&page).unwrap();
    let same_bytes = host.take("web/shell.aspx", || {
        fs::remove_file(&page).unwrap();
        fs::write(&page, b"page").unwrap();
    });
    drop(open);
    assert!(matches!(same_bytes, Err(VaultError::OtherFile(_))));
    let other_bytes = host.take("web/shell.aspx", || fs::write(&page, b"PAGE").unwrap());
    assert!(matches!(other_bytes, Err(VaultError::OtherContent { .. })));
    assert_eq!(fs::read(page).unwrap(), b"PAGE");
    assert_eq!(fs::read_dir(host.folder.path().join("vault/files")).unwrap().count(), 0);
}

#[test]
fn hard_links_pipes_and_folders_are_refused() {
    let host = Host::new();
    let page = host.write("web/shell.aspx", b"page");
    fs::hard_link(&page, host.root().join("second name.aspx")).unwrap();
    let error = host.take("web/shell.aspx", || {}).unwrap_err();
    assert!(matches!(&error, VaultError::HardLinks { links: 2, .. }), "{error}");
    assert!(error.to_string().contains("find"), "{error}");

    let late = host.write("web/late.aspx", b"page");
    let error = host.take("web/late.aspx", || fs::hard_link(&late, host.root().join("third.aspx")).unwrap());
    assert!(matches!(error, Err(VaultError::HardLinks { .. })));

    let pipe = host.write("web/pipe.aspx", b"page");
    let error = host.take("web/pipe.aspx", || {
        fs::remove_file(&pipe).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0).unwrap();
    });
    assert!(matches!(error, Err(VaultError::NotAFile(_))));
    fs::create_dir(host.root().join("web/folder.aspx")).unwrap();
    assert!(matches!(host.take("web/folder.aspx", || {}), Err(VaultError::NotAFile(_))));
    assert!(matches!(host.take("web/none.aspx", || {}), Err(VaultError::Gone(_))));
}

#[test]
fn paths_that_lead_elsewhere_are_no_places() {
    for below in ["../x", "web/../../x", "/etc/passwd", "web//x", "", "web/", "./x", "web/x\0y"] {
        assert!(matches!(Place::new("/srv", below), Err(VaultError::BadName { .. })), "{below:?}");
    }
}

#[test]
fn odd_names_are_taken_and_given_back_as_they_are() {
    let host = Host::new();
    let long = format!("web/{}shell.aspx", "a folder with a long name/".repeat(40));
    assert!(long.len() > 1000);
    let names = [
        "web/con.aspx",
        "web/AUX",
        "web/nul.",
        "web/trailing dot.",
        "web/trailing blank ",
        "web/a:stream",
        "web/Twin.aspx",
        "web/twin.ASPX",
        "web/with\nline feed.aspx",
        "web/\u{202e}xpsa.aspx",
        "web/größe 日本 🙂.aspx",
        "web/-rf",
        &long,
    ];
    for name in names {
        host.write(name, name.as_bytes());
    }
    let mut taken = Vec::new();
    for name in names {
        taken.push(host.take(name, || {}).map_err(|error| format!("{name}: {error}")).unwrap());
        assert!(!host.root().join(name).exists(), "{name}");
    }
    let mut vault = host.vault();
    for (name, change) in names.into_iter().zip(taken) {
        assert_eq!(vault.check(change).unwrap(), Stored::Opened);
        vault.undo(change, None).unwrap();
        assert_eq!(fs::read(host.root().join(name)).unwrap(), name.as_bytes());
    }
}

#[test]
fn undo_overwrites_nothing_that_came_since() {
    let host = Host::new();
    let page = host.write("web/shell.aspx", b"page");
    let taken = host.take("web/shell.aspx", || {}).unwrap();
    fs::write(&page, b"somebody else's").unwrap();
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::Exists(_))));
    assert_eq!(fs::read(&page).unwrap(), b"somebody else's");
    fs::remove_file(&page).unwrap();
    symlink("/etc/passwd", &page).unwrap();
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::Exists(_))));
    fs::remove_file(&page).unwrap();
    let undone = host.vault().undo(taken, None).unwrap();
    assert_eq!(undone, taken + 1);
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::AlreadyUndone(1))));
}

/// Somebody swaps or changes the file before each single step of ours: his file is never lost, ours never half gone.
#[test]
fn swapping_and_changing_at_any_step_loses_nothing() {
    let wanted: [Option<&[u8]>; 2] = [None, Some(b"repaired")];
    let (mut refused, mut done) = (0, 0);
    for after in wanted {
        for acts in ["swap", "scribble", "link", "remove"] {
            for at in 0.. {
                let disk = Simulated::new();
                for folder in ["/srv", "/keep"] {
                    disk.plant_folder(folder);
                }
                disk.plant_file("/srv/page", b"planted");
                let place = Place::new("/srv", "page").unwrap();
                let look = look_at(&disk, &place).unwrap();
                let (mut vault, _) = Vault::open_or_create(disk.clone(), Path::new("/keep/vault"), &settings()).unwrap();
                let before_steps = disk.steps();
                disk.at(at, move |disk| match acts {
                    "swap" => disk.plant_file("/srv/page", b"innocent"),
                    "scribble" => disk.scribble("/srv/page", b"innocent"),
                    "link" => disk.plant_link("/srv/page"),
                    _ => {
                        let folder = disk.folder(Path::new("/srv"), &[]).unwrap();
                        let _ = disk.remove(&folder, "page");
                    }
                });
                let before = Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) };
                let change = Change {
                    label: "A1",
                    notes: &BTreeMap::new(),
                    place: &place,
                    before,
                    after: after.map_or(Wanted::Nothing, Wanted::Bytes),
                };
                let result = vault.change(&change);
                let tree = disk.tree("/srv");
                let context = format!("{acts} at {at}, {after:?}: {result:?}, {tree:?}");
                let there = tree.get("/srv/page").map(|(content, _)| &**content);
                // The other's file must still be somewhere on his disk, wherever his act fell.
                let survives = |content: &[u8]| tree.values().any(|(found, _)| found == content);
                match acts {
                    "swap" => assert!(survives(b"innocent") || disk.steps() - before_steps <= at, "{context}"),
                    "link" => assert!(survives(b"link") || disk.steps() - before_steps <= at, "{context}"),
                    _ => {}
                }
                match result {
                    Ok(number) => {
                        assert_eq!(vault.check(number).unwrap(), Stored::Opened, "{context}");
                        done += 1;
                    }
                    Err(error) => {
                        assert_ne!(there, after, "{context}: {error}");
                        refused += 1;
                    }
                }
                if disk.steps() - before_steps <= at {
                    break;
                }
            }
        }
    }
    println!("{refused} refused, {done} done");
    assert!(refused > 40 && done > 10);
}

#[test]
fn two_runs_at_once_and_strange_vaults_are_refused() {
    let host = Host::new();
    let first = host.vault();
    let path = host.folder.path().join("vault");
    assert!(matches!(Vault::open(RealDisk, &path, &settings()), Err(VaultError::Locked(_))));
    drop(first);
    Vault::open(RealDisk, &path, &settings()).unwrap();

    let full = host.folder.path().join("not a vault");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("thesis.docx"), "x").unwrap();
    assert!(matches!(Vault::open_or_create(RealDisk, &full, &settings()), Err(VaultError::NotAVault(_))));
    assert!(matches!(Vault::open(RealDisk, &full, &settings()), Err(VaultError::NoVault(_))));
    assert!(matches!(Vault::open(RealDisk, &full.join("none"), &settings()), Err(VaultError::NoVault(_))));
}

#[test]
fn a_wrong_or_missing_key_and_a_damaged_container_are_told() {
    let host = Host::new();
    host.write("web/shell.aspx", b"page");
    let taken = host.take("web/shell.aspx", || {}).unwrap();
    let path = host.folder.path().join("vault");
    let key = fs::read_to_string(path.join("key.txt")).unwrap();

    let other = tempfile::tempdir().unwrap();
    Vault::open_or_create(RealDisk, &other.path().join("v"), &settings()).unwrap();
    fs::write(path.join("key.txt"), fs::read(other.path().join("v/key.txt")).unwrap()).unwrap();
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::WrongKey { .. })));
    fs::write(path.join("key.txt"), "not a key").unwrap();
    assert!(matches!(Vault::open(RealDisk, &path, &settings()), Err(VaultError::BadKey(_))));
    fs::remove_file(path.join("key.txt")).unwrap();
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::NoKey(_))));
    assert_eq!(host.vault().check(taken).unwrap(), Stored::Sealed);
    assert!(!host.root().join("web/shell.aspx").exists());
    assert_eq!(fs::read_dir(host.root().join("web")).unwrap().count(), 0);
    fs::write(path.join("key.txt"), key).unwrap();

    let container = path.join("files/000001.age");
    let mut bytes = fs::read(&container).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&container, &bytes).unwrap();
    assert!(matches!(host.vault().check(taken), Err(VaultError::BadContainer { .. })));
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::BadContainer { .. })));
    assert_eq!(fs::read_dir(host.root().join("web")).unwrap().count(), 0);
    bytes[middle] ^= 1;
    fs::write(&container, &bytes).unwrap();
    host.vault().undo(taken, None).unwrap();
    assert_eq!(sha256(&fs::read(host.root().join("web/shell.aspx")).unwrap()), sha256(b"page"));
}

#[test]
fn a_recipient_that_the_user_names_gets_the_containers_and_nobody_else() {
    let host = Host::new();
    host.write("web/shell.aspx", b"page");
    let other = tempfile::tempdir().unwrap();
    Vault::open_or_create(RealDisk, &other.path().join("v"), &settings()).unwrap();
    let key = fs::read_to_string(other.path().join("v/key.txt")).unwrap();
    let identity = afterpatch_vault::Identity::from_file_text(&key).unwrap();
    let named = Settings { recipient: Some(identity.recipient()), ..settings() };
    let path = host.folder.path().join("vault");
    Vault::open_or_create(RealDisk, &path, &named).unwrap();
    assert!(!path.join("key.txt").exists());
    let taken = host.take("web/shell.aspx", || {}).unwrap();
    assert!(matches!(host.vault().undo(taken, None), Err(VaultError::NoKey(_))));
    let with_key = Settings { identity: Some(identity), ..settings() };
    let (mut vault, _) = Vault::open(RealDisk, &path, &with_key).unwrap();
    assert_eq!(vault.check(taken).unwrap(), Stored::Opened);
    vault.undo(taken, None).unwrap();
    drop(vault);
    let own = afterpatch_vault::Identity::from_file_text(&key).unwrap().recipient();
    let wrong = Settings { recipient: Some(own), ..settings() };
    let third = host.folder.path().join("third");
    Vault::open_or_create(RealDisk, &third, &settings()).unwrap();
    assert!(matches!(Vault::open_or_create(RealDisk, &third, &wrong), Err(VaultError::OtherRecipient { .. })));
}

/// Needs the right to mount; says so where it is missing.
#[test]
fn a_real_disk_that_is_full_or_read_only_is_told() {
    use rustix::mount::{MountFlags, UnmountFlags, mount, mount_remount, unmount};
    let host = Host::new();
    let small = host.folder.path().join("small");
    fs::create_dir(&small).unwrap();
    if mount("tmpfs", &small, "tmpfs", MountFlags::empty(), Some(c"size=32k")).is_err() {
        println!("skipped: this user may not mount a small disk");
        return;
    }
    let page = host.write("web/shell.aspx", &[b'x'; 100_000]);
    let place = Place::new(host.root(), "web/shell.aspx").unwrap();
    let look = look_at(&RealDisk, &place).unwrap();
    let before = Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) };
    let change = Change { label: "A1", notes: &BTreeMap::new(), place: &place, before, after: Wanted::Nothing };
    let vault = small.join("vault");
    let full = Vault::open_or_create(RealDisk, &vault, &settings()).and_then(|(mut vault, _)| vault.change(&change));
    let full = full.unwrap_err().to_string();
    mount_remount(&small, MountFlags::RDONLY, "").unwrap();
    let read_only = Vault::open(RealDisk, &vault, &settings()).and_then(|(mut vault, _)| vault.change(&change));
    let read_only = read_only.unwrap_err().to_string();
    unmount(&small, UnmountFlags::empty()).unwrap();
    assert!(full.contains("make room"), "{full}");
    assert!(read_only.contains("mount it for writing"), "{read_only}");
    assert_eq!(fs::read(page).unwrap().len(), 100_000);
}
