//! What was taken away on Windows comes back exactly, whatever it is called and however it is marked. Run by `cargo xtask windows`,
//! under Wine, as far as that goes.
#![cfg(windows)]
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use afterpatch_vault::disk::{Disk, RealDisk, Traits};
use afterpatch_vault::{
    Change, Expected, Place, Settings, Stored, Switch, SwitchChange, SwitchKind, THIS_COMPUTER, Turn, Vault, VaultError, Wanted,
    look_at,
};
use jiff::Timestamp;
use tempfile::TempDir;

struct Host(TempDir);

const READ_ONLY_AND_HIDDEN: u32 = 0x3;

impl Host {
    fn new() -> Self {
        let host = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(host.root()).unwrap();
        host
    }

    fn root(&self) -> PathBuf {
        self.0.path().join("srv")
    }

    /// Writes a file by its name as it is, which the standard library would straighten.
    fn write(&self, folder: &str, name: &str, content: &[u8]) {
        let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        fs::create_dir_all(self.root().join(folder)).unwrap();
        let folder = RealDisk.folder(&self.root(), &parts).unwrap();
        RealDisk.create(&folder, name).unwrap().write_all(content).unwrap();
    }

    fn read(&self, place: &Place) -> (Vec<u8>, Traits) {
        let mut parts: Vec<&str> = place.below.split('/').collect();
        let name = parts.pop().unwrap();
        let mut file = RealDisk.open(&RealDisk.folder(&place.root, &parts).unwrap(), name).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        let mut traits = RealDisk.traits(&file).unwrap();
        // Wine does not know reading without a trace: looking changes the time of access.
        traits.times.accessed = Timestamp::UNIX_EPOCH;
        (content, traits)
    }

    fn vault(&self) -> Vault<RealDisk> {
        let settings = Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None };
        Vault::open_or_create(RealDisk, &self.0.path().join("vault"), &settings).unwrap().0
    }

    fn change(&self, place: &Place, after: Wanted<'_>) -> Result<u64, VaultError> {
        let look = look_at(&RealDisk, place)?;
        let before = Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) };
        self.vault().change(&Change { label: "A1", notes: &BTreeMap::new(), place, before, after })
    }
}

#[test]
fn odd_names_and_marks_are_taken_and_given_back_as_they_are() {
    let host = Host::new();
    let deep = "a folder with a long name/".repeat(20);
    let names = [
        ("web", "con.aspx"),
        ("web", "AUX"),
        ("web", "trailing dot."),
        ("web", "trailing blank "),
        ("web", "größe 日本 🙂.aspx"),
        (&*deep, "shell.aspx"),
    ];
    let places: Vec<Place> = names
        .iter()
        .map(|(folder, name)| {
            host.write(folder, name, name.as_bytes());
            Place::new(host.root(), format!("{}/{name}", folder.trim_end_matches('/'))).unwrap()
        })
        .collect();
    let marked = host.root().join("web/marked.aspx");
    OpenOptions::new().write(true).create(true).attributes(READ_ONLY_AND_HIDDEN).open(&marked).unwrap();
    let places = [&places[..], &[Place::new(host.root(), "web/marked.aspx").unwrap()]].concat();
    let before: Vec<_> = places.iter().map(|place| host.read(place)).collect();
    let taken: Vec<u64> = places.iter().map(|place| host.change(place, Wanted::Nothing).unwrap()).collect();
    for place in &places {
        assert!(matches!(look_at(&RealDisk, place), Err(VaultError::Gone(_))), "{place:?}");
    }
    let mut vault = host.vault();
    for change in taken {
        assert_eq!(vault.check(change).unwrap(), Stored::Opened);
        vault.undo(change, None).unwrap();
    }
    let after: Vec<_> = places.iter().map(|place| host.read(place)).collect();
    assert_eq!(before, after);
    assert!(before.last().unwrap().1.mode & READ_ONLY_AND_HIDDEN == READ_ONLY_AND_HIDDEN);
}

#[test]
fn a_file_is_replaced_and_a_new_one_made_and_both_go_back() {
    let host = Host::new();
    host.write("web", "web.config", b"old");
    let place = Place::new(host.root(), "web/web.config").unwrap();
    let before = host.read(&place);
    let replaced = host.change(&place, Wanted::Bytes(b"new")).unwrap();
    assert_eq!(host.read(&place).0, b"new");
    let made = Place::new(host.root(), "web/new.aspx").unwrap();
    let change =
        Change { label: "A2", notes: &BTreeMap::new(), place: &made, before: Expected::Nothing, after: Wanted::Bytes(b"made") };
    let mut vault = host.vault();
    let number = vault.change(&change).unwrap();
    assert!(matches!(vault.change(&change), Err(VaultError::Exists(_))));
    vault.undo(number, None).unwrap();
    vault.undo(replaced, None).unwrap();
    assert_eq!(host.read(&place), before);
    assert_eq!(fs::read_dir(host.root().join("web")).unwrap().count(), 1);
}

#[test]
fn a_file_that_another_program_holds_is_refused_with_what_would_help() {
    let host = Host::new();
    host.write("web", "page.aspx", b"page");
    // Reading is shared, deleting is not: as a web server has it.
    let held = OpenOptions::new().read(true).share_mode(1).open(host.root().join("web/page.aspx")).unwrap();
    let place = Place::new(host.root(), "web/page.aspx").unwrap();
    let error = host.change(&place, Wanted::Nothing).unwrap_err().to_string();
    assert!(error.contains("another program has it open"), "{error}");
    drop(held);
    assert_eq!(fs::read(host.root().join("web/page.aspx")).unwrap(), b"page");
    host.change(&place, Wanted::Nothing).unwrap();
    assert_eq!(fs::read_dir(host.root().join("web")).unwrap().count(), 0);
}

#[test]
fn two_runs_names_that_lead_elsewhere_and_drives_are_told() {
    let host = Host::new();
    let _first = host.vault();
    let settings = Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None };
    assert!(matches!(Vault::open(RealDisk, &host.0.path().join("vault"), &settings), Err(VaultError::Locked(_))));
    host.write("web", "page.aspx", b"page");
    let folder = RealDisk.folder(&host.root(), &["web"]).unwrap();
    for name in ["page.aspx:hidden", r"..\srv", "", "..", r"a\b"] {
        assert!(RealDisk.open(&folder, name).is_err(), "{name}");
    }
    assert!(RealDisk.folder(Path::new(THIS_COMPUTER), &["C:"]).is_ok());
    for below in [&["web"][..], &[], &["C:x"], &["1:"]] {
        assert!(RealDisk.folder(Path::new(THIS_COMPUTER), below).is_err(), "{below:?}");
    }
    File::open(host.root().join("web/page.aspx")).unwrap();
    // One name in another case is another name to the vault: the plan has found out the right one.
    assert!(RealDisk.look(&folder, "none.aspx").unwrap().is_none());
}

fn run(program: &str, arguments: &[&str]) {
    let status = std::process::Command::new(program).args(arguments).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}: {status}");
}

#[test]
fn services_and_tasks_of_this_computer_are_switched_off_and_on() {
    let host = Host::new();
    let (service, task) = ("afterpatch vault test", r"\afterpatch vault test");
    run("sc", &["create", service, "binpath=", r"C:\no such program.exe", "start=", "demand"]);
    let definition = host.0.path().join("task.xml");
    let xml = "<?xml version=\"1.0\"?><Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\
               <RegistrationInfo/><Triggers/><Settings><Enabled>true</Enabled></Settings><Actions><Exec>\
               <Command>C:\\no such program.exe</Command></Exec></Actions></Task>";
    fs::write(&definition, xml).unwrap();
    run("schtasks", &["/create", "/tn", task, "/xml", definition.to_str().unwrap()]);
    let notes = BTreeMap::new();
    for (kind, name, on) in [(SwitchKind::Service, service, "demand"), (SwitchKind::Task, task, "enabled")] {
        let switch = Switch { kind, name: name.to_owned() };
        let what = SwitchChange { switch: switch.clone(), from: on.to_owned(), to: "disabled".to_owned() };
        let position = || RealDisk.position(&switch).unwrap();
        assert_eq!(position().as_deref(), Some(on));
        let change = match host.vault().turn(&Turn { label: "A1", notes: &notes, what: &what }) {
            // Wine 8 takes the call for a task and does nothing, which is noticed.
            Err(VaultError::NotTurned { .. }) if kind == SwitchKind::Task => {
                println!("this task scheduler switches nothing off");
                assert_eq!(position().as_deref(), Some(on));
                continue;
            }
            turned => turned.unwrap(),
        };
        assert_eq!(position().as_deref(), Some("disabled"));
        assert!(matches!(
            host.vault().turn(&Turn { label: "A1", notes: &notes, what: &what }),
            Err(VaultError::OtherPosition { .. })
        ));
        host.vault().undo(change, None).unwrap();
        assert_eq!(position().as_deref(), Some(on));
        assert!(RealDisk.turn(&switch, "sideways").is_err());
    }
    run("sc", &["delete", service]);
    run("schtasks", &["/delete", "/tn", task, "/f"]);
    for kind in [SwitchKind::Service, SwitchKind::Task] {
        let name = if kind == SwitchKind::Task { task } else { service };
        assert_eq!(RealDisk.position(&Switch { kind, name: name.to_owned() }).unwrap(), None);
    }
}
