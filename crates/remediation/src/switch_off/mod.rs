//! Switch off what starts by itself on a running Windows: a service, a scheduled task.
//!
//! Switched off, not deleted: Windows would forget with it what nobody can give back (the password of its account, its
//! identifier, its access list), and the entry is evidence. Windows itself does it through its own calls, so that its registry, its
//! files and its memory agree; the way back is the same call. Whoever wants it gone for good has the commands in the instructions.

mod command;

use std::collections::BTreeMap;

use afterpatch_model::{
    Action, ActionResult, ArtifactKind, Autostart, Finding, Outcome, Plan, Step, SwitchResult, ThingKind, What, WhyNot,
};
use afterpatch_vault::disk::Disk;
use afterpatch_vault::{Entry, History, Subject, Switch, SwitchChange, SwitchKind, Turn, Vault, VaultError};

#[cfg(windows)]
pub(crate) use self::command::of_task as commands_of_task;
use self::command::same_command;
use crate::evidence::Evident;
use crate::host::Host;
use crate::plan::Drafts;

/// How a switch stands that is off: of services and of tasks.
const OFF: &str = "disabled";

/// Services and tasks that a finding says were added, on the Windows on which this runs.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, drafts: &mut Drafts<'_>) {
    if !host.is_running() {
        return;
    }
    let mut all: BTreeMap<(Autostart, String), (&str, Vec<&Finding>)> = BTreeMap::new();
    for finding in evident.findings().filter(|finding| finding.step == Step::PersistenceAdded) {
        if let Some((kind, name)) = autostart(evident, finding) {
            all.entry((kind, name.to_lowercase())).or_insert_with(|| (name, Vec::new())).1.push(finding);
        }
    }
    for ((kind, _), (name, speak_of_it)) in all {
        match judge(evident, host, kind, name, &speak_of_it) {
            Ok(position) => {
                drafts.act(What::SwitchOff { kind, name: name.to_owned(), position }, &speak_of_it);
            }
            Err(why) => drafts.leave(name, why, &speak_of_it),
        }
    }
}

/// The service or task that a finding speaks of.
pub(crate) fn autostart<'f>(evident: &Evident<'_>, finding: &'f Finding) -> Option<(Autostart, &'f str)> {
    let name = finding.things_of(ThingKind::Autostart).next()?;
    if finding.kind.contains("task") || evident.artifact_of(finding, ArtifactKind::ScheduledTask).is_some() {
        Some((Autostart::Task, name))
    } else if finding.kind.contains("service") {
        Some((Autostart::Service, name))
    } else {
        None
    }
}

/// Its position, when it is to be switched off.
fn judge(evident: &Evident<'_>, host: &Host, kind: Autostart, name: &str, speak_of_it: &[&Finding]) -> Result<String, WhyNot> {
    match Evident::surest(speak_of_it) {
        None if speak_of_it.iter().all(|finding| finding.acknowledged.is_some()) => return Err(WhyNot::Acknowledged),
        None => return Err(WhyNot::UserRule),
        Some(surest) if surest < evident.sure => return Err(WhyNot::NotSure(surest)),
        Some(_) => {}
    }
    let refused = |error: VaultError| WhyNot::Refused(error.to_string());
    let switch = switch(kind, name);
    let position = host.position(&switch).map_err(refused)?.ok_or(WhyNot::NotThere)?;
    if position == OFF {
        return Err(WhyNot::Off);
    }
    // The log has the name that an attacker chose, perhaps that of something which the server needs: only what starts the very
    // command that the findings speak of is theirs.
    let commands = host.commands(&switch).map_err(refused)?;
    let mut told = speak_of_it.iter().flat_map(|finding| finding.things_of(ThingKind::Command));
    if !told.any(|told| commands.iter().any(|here| same_command(told, here))) {
        return Err(WhyNot::Changed);
    }
    Ok(position)
}

/// What an action of this kind is about.
#[derive(Clone, Copy)]
pub(crate) struct Off<'p> {
    kind: Autostart,
    name: &'p str,
    position: &'p str,
}

impl<'p> Off<'p> {
    /// The action, when it is of this kind.
    pub(crate) fn of(what: &'p What) -> Option<Self> {
        match what {
            What::SwitchOff { kind, name, position } => Some(Self { kind: *kind, name, position }),
            _ => None,
        }
    }

    fn change(self) -> SwitchChange {
        SwitchChange { switch: switch(self.kind, self.name), from: self.position.to_owned(), to: OFF.to_owned() }
    }

    fn result(self, change: Option<u64>) -> SwitchResult {
        SwitchResult {
            kind: self.kind,
            name: self.name.to_owned(),
            from: self.position.to_owned(),
            to: OFF.to_owned(),
            change,
            verified: false,
            still_runs: None,
        }
    }
}

fn switch(kind: Autostart, name: &str) -> Switch {
    let kind = match kind {
        Autostart::Service => SwitchKind::Service,
        Autostart::Task => SwitchKind::Task,
    };
    Switch { kind, name: name.to_owned() }
}

/// Whether a run before did it and nobody undid it.
fn done_before(history: &History, label: &str, off: Off<'_>) -> bool {
    let is_it = |entry: &Entry| entry.intent.label == label && entry.intent.what == Subject::Switch(off.change());
    history.to_undo().any(is_it)
}

/// What would be done.
pub(crate) fn preview(off: Off<'_>, host: &Host, history: Option<&History>, label: &str, action: &Action) -> ActionResult {
    if history.is_some_and(|history| done_before(history, label, off)) {
        return ended(action, Outcome::DoneBefore, None, None);
    }
    match host.position(&switch(off.kind, off.name)) {
        Ok(Some(found)) if found == off.position => ended(action, Outcome::WouldBeDone, None, Some(off.result(None))),
        Ok(Some(found)) => {
            let switch = switch(off.kind, off.name);
            refused(action, &VaultError::OtherPosition { switch, found, expected: off.position.to_owned() })
        }
        Ok(None) => refused(action, &VaultError::NoSwitch(switch(off.kind, off.name))),
        Err(error) => refused(action, &error),
    }
}

/// Does it, and ends what it had started.
pub(crate) fn apply<D: Disk>(
    off: Off<'_>,
    plan: &Plan,
    host: &Host,
    vault: &mut Vault<D>,
    label: &str,
    action: &Action,
) -> ActionResult {
    if done_before(vault.history(), label, off) {
        return ended(action, Outcome::DoneBefore, None, None);
    }
    let what = off.change();
    let notes = BTreeMap::from([("server".to_owned(), plan.server.clone())]);
    match vault.turn(&Turn { label, notes: &notes, what: &what }) {
        Ok(change) => {
            let still_runs = host.end(&what.switch).err().map(|error| error.to_string());
            let verified = matches!(vault.position(&what.switch), Ok(Some(position)) if position == OFF);
            ended(action, Outcome::Done, None, Some(SwitchResult { verified, still_runs, ..off.result(Some(change)) }))
        }
        Err(error) => refused(action, &error),
    }
}

fn refused(action: &Action, error: &VaultError) -> ActionResult {
    ended(action, Outcome::Refused, Some(error.to_string()), None)
}

fn ended(action: &Action, outcome: Outcome, why: Option<String>, switch: Option<SwitchResult>) -> ActionResult {
    ActionResult { id: action.id.clone(), what: action.what.slug().to_owned(), outcome, why, files: Vec::new(), switch }
}
