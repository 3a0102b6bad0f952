//! A switch that is not where it was looked at is left alone; what was turned is turned back, once.
#![allow(clippy::unwrap_used, missing_docs)]

mod simulated;

use std::collections::BTreeMap;
use std::path::Path;

use afterpatch_vault::{History, Settings, Settled, State, Subject, Switch, SwitchChange, SwitchKind, Turn, Vault, VaultError};
use jiff::Timestamp;
use simulated::{Loss, Simulated};

const VAULT: &str = "/keep/vault";
const TASK: &str = r"\Windows Sync";

fn server() -> Simulated {
    let disk = Simulated::new();
    disk.plant_folder("/keep");
    disk.plant_switch(TASK, Some("enabled"));
    disk
}

fn opened(disk: &Simulated) -> Vault<Simulated> {
    let settings = Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None };
    Vault::open_or_create(disk.clone(), Path::new(VAULT), &settings).unwrap().0
}

fn off() -> SwitchChange {
    let switch = Switch { kind: SwitchKind::Task, name: TASK.to_owned() };
    SwitchChange { switch, from: "enabled".to_owned(), to: "disabled".to_owned() }
}

fn turn(vault: &mut Vault<Simulated>) -> Result<u64, VaultError> {
    vault.turn(&Turn { label: "A1", notes: &BTreeMap::new(), what: &off() })
}

#[test]
fn there_and_back_once() {
    let disk = server();
    let mut vault = opened(&disk);
    let change = turn(&mut vault).unwrap();
    assert_eq!(disk.switch(TASK).as_deref(), Some("disabled"));
    // It has no container that could be read.
    assert!(matches!(vault.check(change), Err(VaultError::NoSuchChange(_))));
    vault.undo(change, None).unwrap();
    assert_eq!(disk.switch(TASK).as_deref(), Some("enabled"));
    assert!(matches!(vault.undo(change, None), Err(VaultError::AlreadyUndone(_))));
    drop(vault);
    // What the journal says is read as it was written.
    let history = History::read(&disk, Path::new(VAULT)).unwrap();
    let subjects: Vec<&Subject> = history.entries.iter().map(|entry| &entry.intent.what).collect();
    let back = SwitchChange { from: off().to, to: off().from, ..off() };
    assert_eq!(subjects, [&Subject::Switch(off()), &Subject::Switch(back)]);
    assert_eq!(history.entries[0].state, State::Undone { by: 2 });
}

#[test]
fn what_somebody_else_turned_or_took_away_is_left_alone() {
    let disk = server();
    let mut vault = opened(&disk);
    disk.plant_switch(TASK, Some("disabled"));
    assert!(matches!(turn(&mut vault), Err(VaultError::OtherPosition { .. })));
    disk.plant_switch(TASK, None);
    assert!(matches!(turn(&mut vault), Err(VaultError::NoSwitch(_))));
    assert!(vault.history().entries.is_empty(), "nothing was begun");

    disk.plant_switch(TASK, Some("enabled"));
    let change = turn(&mut vault).unwrap();
    disk.plant_switch(TASK, Some("enabled"));
    let error = vault.undo(change, None).unwrap_err().to_string();
    assert_eq!(error, r"task \Windows Sync: is enabled now, not disabled as when it was looked at; look at it again");
    disk.plant_switch(TASK, None);
    assert!(vault.undo(change, None).unwrap_err().to_string().contains("not there any more"));
}

#[test]
fn an_interrupted_turn_is_settled_by_where_the_switch_stands() {
    for (turned_by_then, outcome) in [(true, Settled::Done), (false, Settled::Withdrawn)] {
        let disk = server();
        drop(opened(&disk));
        let steps = {
            let disk = disk.restart(Loss::Kill);
            turn(&mut opened(&disk)).unwrap();
            disk.log().iter().position(|step| step.starts_with("turn")).unwrap() as u64
        };
        let disk = disk.restart(Loss::Kill);
        disk.stop_after(steps + u64::from(turned_by_then));
        turn(&mut opened(&disk)).unwrap_err();
        let disk = disk.restart(Loss::Power);
        let settings = Settings { now: Timestamp::UNIX_EPOCH, recipient: None, identity: None };
        let (_vault, settled) = Vault::open(disk, Path::new(VAULT), &settings).unwrap();
        assert_eq!(settled.iter().map(|it| (it.outcome, &it.what)).collect::<Vec<_>>(), [(outcome, &Subject::Switch(off()))]);
    }
}

#[test]
fn a_system_that_refuses_changes_nothing_and_says_so() {
    let disk = server();
    let mut vault = opened(&disk);
    disk.at(disk_steps_until_turn(), |disk| disk.plant_switch(TASK, None));
    let error = turn(&mut vault).unwrap_err().to_string();
    assert!(error.starts_with(r"task \Windows Sync: "), "{error}");
    assert!(matches!(vault.history().entries[0].state, State::Withdrawn { .. }));
}

#[test]
fn what_the_system_only_says_that_it_did_is_not_done() {
    let disk = server();
    let mut vault = opened(&disk);
    disk.jam_switches();
    let error = turn(&mut vault).unwrap_err().to_string();
    assert_eq!(error, r"task \Windows Sync: was to be turned to disabled, nothing objected, and it is still enabled");
    assert!(matches!(vault.history().entries[0].state, State::Withdrawn { .. }));
}

/// Steps from an open vault to the turning of the switch itself.
fn disk_steps_until_turn() -> u64 {
    let disk = server();
    let mut vault = opened(&disk);
    let before = disk.log().len();
    turn(&mut vault).unwrap();
    disk.log().iter().skip(before).position(|step| step.starts_with("turn")).unwrap() as u64
}
