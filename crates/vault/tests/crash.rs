//! The run stops at every step: by being killed, by a loss of power, and again while the next run tidies up.
//!
//! `cargo test -p afterpatch-vault --test crash -- --nocapture` prints the table in docs/vault.md.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

mod simulated;

use std::collections::BTreeMap;
use std::path::Path;

use afterpatch_vault::disk::Traits;
use afterpatch_vault::{
    Change, Expected, History, Place, Settings, State, Stored, Switch, SwitchChange, SwitchKind, Turn, Vault, VaultError, Wanted,
    look_at,
};
use jiff::Timestamp;
use simulated::{Loss, Simulated};

const VAULT: &str = "/keep/vault";
const PAGE: &[u8] = b"a planted page";
const CONFIG: &[u8] = b"<configuration><rogue/></configuration>";
const REPAIRED: &[u8] = b"<configuration></configuration>";
const RESTORED: &[u8] = b"a genuine page";

/// What the plan does: label, file, content before and after.
const PLAN: [(&str, &str, Content, Content); 3] = [
    ("A1", "web/shell.aspx", Some(PAGE), None),
    ("A2", "web/web.config", Some(CONFIG), Some(REPAIRED)),
    ("A3", "web/logon.aspx", None, Some(RESTORED)),
];

/// The last action of the plan: a service is switched off.
const SERVICE: &str = "rogue";
const SWITCHED: &str = "A4";

fn switched_off() -> SwitchChange {
    let switch = Switch { kind: SwitchKind::Service, name: SERVICE.to_owned() };
    SwitchChange { switch, from: "auto".to_owned(), to: "disabled".to_owned() }
}

/// A file's content; `None` when there is no file.
type Content = Option<&'static [u8]>;
type Tree = BTreeMap<String, (Vec<u8>, Traits)>;

fn server() -> Simulated {
    let disk = Simulated::new();
    for folder in ["/srv", "/srv/web", "/keep"] {
        disk.plant_folder(folder);
    }
    for (_, path, before, _) in PLAN {
        if let Some(content) = before {
            disk.plant_file(&format!("/srv/{path}"), content);
        }
    }
    disk.plant_file("/srv/web/other.aspx", b"nobody's business");
    disk.plant_switch(SERVICE, Some("auto"));
    disk
}

fn settings() -> Settings {
    Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None }
}

/// Applies what is not applied yet.
fn apply(disk: &Simulated) -> Result<(), VaultError> {
    let (mut vault, _) = Vault::open_or_create(disk.clone(), Path::new(VAULT), &settings())?;
    for (label, path, _, after) in PLAN {
        if vault.history().to_undo().any(|entry| entry.intent.label == label) {
            continue;
        }
        let place = Place::new("/srv", path)?;
        let look = look_at(disk, &place);
        let before = match &look {
            Ok(look) => Expected::File { sha256: &look.sha256, identity: Some(look.stat.identity) },
            Err(VaultError::Gone(_)) => Expected::Nothing,
            Err(_) => return Err(look.unwrap_err()),
        };
        let after = after.map_or(Wanted::Nothing, Wanted::Bytes);
        vault.change(&Change { label, notes: &BTreeMap::new(), place: &place, before, after })?;
    }
    if vault.history().to_undo().all(|entry| entry.intent.label != SWITCHED) {
        vault.turn(&Turn { label: SWITCHED, notes: &BTreeMap::new(), what: &switched_off() })?;
    }
    Ok(())
}

fn undo_all(disk: &Simulated) -> Result<(), VaultError> {
    let (mut vault, _) = Vault::open(disk.clone(), Path::new(VAULT), &settings())?;
    let changes: Vec<u64> = vault.history().to_undo().map(|entry| entry.intent.change).collect();
    changes.into_iter().try_for_each(|change| vault.undo(change, None).map(|_| ()))
}

/// What a run that only looks leaves: an interrupted change is brought to an end.
fn tidy_up(disk: &Simulated) -> Result<(), VaultError> {
    match Vault::open(disk.clone(), Path::new(VAULT), &settings()) {
        // It stopped before there was a vault.
        Err(VaultError::NoVault(_)) => Ok(()),
        opened => opened.map(|_| ()),
    }
}

/// Every file is as before or as wanted, with nothing half and nothing beside, and so is the service; `o` and `n` for each.
fn outcome(disk: &Simulated, original: &Tree, context: &str) -> String {
    let mut tree = disk.tree("/srv");
    let shown = PLAN.map(|(_, path, before, after)| {
        let path = format!("/srv/{path}");
        let found = tree.remove(&path);
        let content = found.as_ref().map(|(content, _)| &**content);
        if content == before && found.as_ref() == original.get(&path) {
            'o'
        } else if content == after {
            'n'
        } else {
            panic!("{context}: {path} is neither old nor new: {found:?}")
        }
    });
    let others: Vec<_> = tree.keys().collect();
    assert_eq!(others, ["/srv/web/other.aspx"], "{context}: something was left");
    let service = match disk.switch(SERVICE).as_deref() {
        Some("auto") => 'o',
        Some("disabled") => 'n',
        position => panic!("{context}: the service is {position:?}"),
    };
    shown.into_iter().chain([service]).collect()
}

/// After the plan was applied, however often the run was stopped: each change counts once, and all that was taken is in the vault.
fn check_applied(disk: &Simulated, original: &Tree, context: &str) {
    assert_eq!(outcome(disk, original, context), "nnnn", "{context}");
    let (vault, settled) = Vault::open(disk.clone(), Path::new(VAULT), &settings()).unwrap();
    assert!(settled.is_empty(), "{context}");
    let done: Vec<_> = vault.history().to_undo().map(|entry| &*entry.intent.label).collect();
    assert_eq!(done, ["A4", "A3", "A2", "A1"], "{context}");
    for entry in vault.history().to_undo() {
        assert!(entry.state != State::Pending);
        if entry.intent.file().is_some_and(|file| file.before.is_some()) {
            assert_eq!(vault.check(entry.intent.change).map_err(|error| error.to_string()), Ok(Stored::Opened), "{context}");
        }
    }
}

/// Resumes, undoes: the tree is what it was.
fn resume_and_undo(disk: &Simulated, original: &Tree, context: &str) {
    apply(disk).unwrap_or_else(|error| panic!("{context}: resume: {error}"));
    check_applied(disk, original, context);
    undo_all(disk).unwrap_or_else(|error| panic!("{context}: undo: {error}"));
    assert_eq!(&disk.tree("/srv"), original, "{context}: undone");
    assert_eq!(disk.switch(SERVICE).as_deref(), Some("auto"), "{context}: undone");
}

fn losses() -> impl Iterator<Item = Loss> {
    [Loss::Kill, Loss::Power].into_iter().chain((0..12).map(Loss::Part))
}

/// How many steps a run has that is not stopped, and their names.
fn steps_of(disk: &Simulated, run: impl Fn(&Simulated) -> Result<(), VaultError>) -> Vec<String> {
    let before = disk.log().len();
    run(disk).unwrap();
    disk.log().split_off(before)
}

#[test]
fn applying_stopped_at_every_step_leaves_old_or_new_and_can_go_on_or_back() {
    for exchanges in [true, false] {
        let fresh = || if exchanges { server() } else { server().without_exchange() };
        let original = fresh().tree("/srv");
        let steps = steps_of(&fresh(), apply);
        let mut runs = 0;
        println!(
            "\nApply, stopped before each step (exchange: {exchanges}); o = old, n = new, removed, replaced, made, switched off"
        );
        println!("| step | what | killed | power lost | power lost, part kept (12 draws) | go on, then undo |");
        println!("|---|---|---|---|---|---|");
        for (at, step) in steps.iter().enumerate() {
            let mut seen = Vec::new();
            for loss in losses() {
                let context = format!("stopped at {at} ({step}), {loss:?}");
                let disk = fresh();
                disk.stop_after(at as u64);
                assert!(apply(&disk).is_err(), "{context}");
                let disk = disk.restart(loss);
                tidy_up(&disk).unwrap_or_else(|error| panic!("{context}: {error}"));
                seen.push(outcome(&disk, &original, &context));
                resume_and_undo(&disk, &original, &context);
                runs += 1;
            }
            let mut parts = seen.split_off(2);
            parts.sort_unstable();
            parts.dedup();
            println!(
                "| {} | {step} | {} | {} | {} | all new, then all as before |",
                at + 1,
                seen[0],
                seen[1],
                parts.join(" or ")
            );
        }
        println!("{runs} runs at {} steps", steps.len());
        assert!(runs >= 200);
    }
}

#[test]
fn undoing_stopped_at_every_step_leaves_old_or_new_and_can_go_on() {
    for exchanges in [true, false] {
        let applied = || {
            let disk = if exchanges { server() } else { server().without_exchange() };
            apply(&disk).unwrap();
            disk.restart(Loss::Kill)
        };
        let original = server().tree("/srv");
        let steps = steps_of(&applied(), undo_all);
        let mut runs = 0;
        println!("\nUndo, stopped before each step (exchange: {exchanges})");
        println!("| step | what | killed | power lost | power lost, part kept (12 draws) | go on |");
        println!("|---|---|---|---|---|---|");
        for (at, step) in steps.iter().enumerate() {
            let mut seen = Vec::new();
            for loss in losses() {
                let context = format!("stopped at {at} ({step}), {loss:?}");
                let disk = applied();
                disk.stop_after(at as u64);
                assert!(undo_all(&disk).is_err(), "{context}");
                let disk = disk.restart(loss);
                tidy_up(&disk).unwrap_or_else(|error| panic!("{context}: {error}"));
                seen.push(outcome(&disk, &original, &context));
                undo_all(&disk).unwrap_or_else(|error| panic!("{context}: {error}"));
                assert_eq!(disk.tree("/srv"), original, "{context}");
                assert_eq!(disk.switch(SERVICE).as_deref(), Some("auto"), "{context}");
                let history = History::read(&disk, Path::new(VAULT)).unwrap();
                assert_eq!(history.to_undo().count(), 0, "{context}");
                runs += 1;
            }
            let mut parts = seen.split_off(2);
            parts.sort_unstable();
            parts.dedup();
            println!("| {} | {step} | {} | {} | {} | all as before |", at + 1, seen[0], seen[1], parts.join(" or "));
        }
        println!("{runs} runs at {} steps", steps.len());
        assert!(runs >= 200);
    }
}

#[test]
fn tidying_up_may_be_stopped_at_every_step_too() {
    let original = server().tree("/srv");
    let steps = steps_of(&server(), apply).len() as u64;
    let mut runs = 0;
    for at in 0..steps {
        for first in [Loss::Kill, Loss::Part(at)] {
            for again in 0.. {
                let context = format!("stopped at {at} {first:?}, then at {again}");
                let disk = server();
                disk.stop_after(at);
                assert!(apply(&disk).is_err());
                let disk = disk.restart(first);
                disk.stop_after(again);
                let tidied = tidy_up(&disk);
                let disk = disk.restart(Loss::Part(again));
                tidy_up(&disk).unwrap_or_else(|error| panic!("{context}: {error}"));
                outcome(&disk, &original, &context);
                resume_and_undo(&disk, &original, &context);
                runs += 1;
                if tidied.is_ok() {
                    break;
                }
            }
        }
    }
    println!("{runs} runs stopped twice");
    assert!(runs >= 200);
}

#[test]
fn a_disk_that_runs_full_at_any_byte_leaves_old_or_new_and_can_go_on_when_there_is_room() {
    let original = server().tree("/srv");
    let (empty, full) = {
        let disk = server();
        let empty = disk.used();
        // What is made for a moment needs room, too.
        apply(&disk).unwrap();
        (empty, disk.used() + 4096)
    };
    let (mut runs, mut refused) = (0, 0);
    for room in (empty..full).step_by(61) {
        let context = format!("room for {room} bytes");
        let disk = server();
        disk.limit(Some(room));
        let applied = apply(&disk);
        if let Err(error) = &applied {
            assert!(error.to_string().contains("make room"), "{context}: {error}");
            refused += 1;
        }
        outcome(&disk, &original, &context);
        disk.limit(None);
        resume_and_undo(&disk, &original, &context);
        runs += 1;
    }
    println!("{runs} runs, {refused} of them refused");
    assert!(refused > 100 && refused < runs);
}

#[test]
fn a_read_only_disk_changes_nothing_and_says_so() {
    let disk = server();
    let original = disk.tree("/");
    disk.read_only(true);
    let error = apply(&disk).unwrap_err().to_string();
    assert!(error.contains("mount it for writing"), "{error}");
    assert_eq!(disk.tree("/"), original);

    let disk = server();
    apply(&disk).unwrap();
    let applied = disk.tree("/");
    disk.read_only(true);
    let error = undo_all(&disk).unwrap_err().to_string();
    assert!(error.contains("mount it for writing"), "{error}");
    assert_eq!(disk.tree("/"), applied);
}

#[test]
fn folders_get_their_times_back_when_nobody_else_changed_them() {
    let disk = server();
    let before = disk.folder_modified("/srv/web");
    apply(&disk).unwrap();
    assert_ne!(disk.folder_modified("/srv/web"), before);
    undo_all(&disk).unwrap();
    assert_eq!(disk.folder_modified("/srv/web"), before);

    apply(&disk).unwrap();
    disk.plant_file("/srv/web/new.aspx", b"somebody else's");
    let others = disk.folder_modified("/srv/web");
    undo_all(&disk).unwrap();
    assert!(disk.folder_modified("/srv/web") > others);
}
