//! One change of something that is on or off in a running system, and that is no file: a service, a scheduled task.
//!
//! The system turns it at once and keeps the rest of it as it was, so there is nothing to store: the journal has both positions.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::VaultError;
use crate::disk::Disk;
use crate::journal::{Intent, Record, Subject};
use crate::settle::Settled;
use crate::vault::Vault;

/// What a switch belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchKind {
    /// A service of Windows. Its positions say when it starts, in the words of `sc.exe`: `boot`, `system`, `auto`, `demand`,
    /// `disabled`.
    Service,
    /// A task of Windows' task scheduler: `enabled` or `disabled`.
    Task,
}

/// Something of the running system that is on or off.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Switch {
    /// Of what.
    pub kind: SwitchKind,
    /// Its name; a task's begins with its folders (`\\Microsoft\\Windows\\name`).
    pub name: String,
}

impl fmt::Display for Switch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            SwitchKind::Service => "service",
            SwitchKind::Task => "task",
        };
        write!(f, "{kind} {}", self.name)
    }
}

/// A switch from one position to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchChange {
    /// Which.
    pub switch: Switch,
    /// The position before.
    pub from: String,
    /// The position after.
    pub to: String,
}

/// One turn of a switch.
#[derive(Clone, Debug)]
pub struct Turn<'a> {
    /// The user's name for it: plan and action.
    pub label: &'a str,
    /// Whatever the user wants to know later.
    pub notes: &'a BTreeMap<String, String>,
    /// Which switch, the position that it must have, and the one that it gets.
    pub what: &'a SwitchChange,
}

impl<D: Disk> Vault<D> {
    /// Turns a switch, and gives the change's number. After an error all is as before, unless the error says otherwise.
    ///
    /// # Errors
    /// [`VaultError::NoSwitch`], [`VaultError::OtherPosition`], [`VaultError::NotTurned`], [`VaultError::Switch`], or what the disk
    /// says of the journal.
    pub fn turn(&mut self, turn: &Turn<'_>) -> Result<u64, VaultError> {
        self.perform_turn(None, turn.label, turn.notes, turn.what.clone())
    }

    pub(crate) fn turn_back(
        &mut self,
        change: u64,
        label: &str,
        notes: &BTreeMap<String, String>,
        it: SwitchChange,
    ) -> Result<u64, VaultError> {
        let SwitchChange { switch, from, to } = it;
        self.perform_turn(Some(change), label, notes, SwitchChange { switch, from: to, to: from })
    }

    fn perform_turn(
        &mut self,
        undoes: Option<u64>,
        label: &str,
        notes: &BTreeMap<String, String>,
        it: SwitchChange,
    ) -> Result<u64, VaultError> {
        match self.position(&it.switch)? {
            None => return Err(VaultError::NoSwitch(it.switch)),
            Some(found) if found != it.from => {
                return Err(VaultError::OtherPosition { switch: it.switch, found, expected: it.from });
            }
            Some(_) => {}
        }
        let change = self.history().next();
        let what = Subject::Switch(it.clone());
        let intent = Intent { change, undoes, label: label.to_owned(), notes: notes.clone(), what };
        self.write(Record::Intent(Box::new(intent.clone())))?;
        let of = |source| VaultError::Switch { switch: it.switch.clone(), source };
        let turned = self.disk.turn(&it.switch, &it.to).map_err(of).and_then(|()| self.stands_at(&it));
        let Err(why) = turned else {
            let done = self.write(Record::Done { change, folder_modified: None, recovered: false });
            return match done {
                Ok(()) => Ok(change),
                Err(source) => Err(VaultError::DoneNotRecorded { path: it.switch.to_string().into(), source: Box::new(source) }),
            };
        };
        match self.settle(&intent, &why.to_string()) {
            Ok(settlement) if settlement.outcome == Settled::Done => Ok(change),
            Ok(_) => Err(why),
            Err(source) => {
                let path = it.switch.to_string().into();
                Err(VaultError::HalfDone { path, why: Box::new(why), source: Box::new(source) })
            }
        }
    }

    /// Whether the system did what it said that it did.
    fn stands_at(&self, it: &SwitchChange) -> Result<(), VaultError> {
        match self.position(&it.switch)? {
            None => Err(VaultError::NoSwitch(it.switch.clone())),
            Some(found) if found != it.to => {
                Err(VaultError::NotTurned { switch: it.switch.clone(), found, wanted: it.to.clone() })
            }
            Some(_) => Ok(()),
        }
    }

    /// Where a switch stands; `None` when there is no such switch.
    ///
    /// # Errors
    /// [`VaultError::Switch`].
    pub fn position(&self, switch: &Switch) -> Result<Option<String>, VaultError> {
        self.disk.position(switch).map_err(|source| VaultError::Switch { switch: switch.clone(), source })
    }
}
