//! Does what a plan says, each file through the vault, and looks afterwards whether it is so.

use std::collections::BTreeMap;

use afterpatch_model::{
    Action, ActionResult, CLEAN_SCHEMA, CleanResult, FileResult, Kept, Outcome, Plan, PlannedFile, Timestamp,
};
use afterpatch_vault::disk::{Disk, Identity};
use afterpatch_vault::{Change, Entry, Expected, History, State, Stored, Vault, VaultError, Wanted, sha256};

use crate::steps::{Step, steps};
use crate::switch_off::{self, Off};
use crate::{Host, RemediationError};

/// Says what [`apply`] would do, and changes nothing. `history` is that of the vault, if there is one yet.
pub fn preview(plan: &Plan, host: &Host, history: Option<&History>, vault: &str, now: Timestamp) -> CleanResult {
    let actions = plan.actions.iter().map(|action| preview_action(plan, host, history, action)).collect();
    result(plan, vault, now, true, actions)
}

/// Does what a plan says. An action that cannot be done whole is taken back whole, and the next one goes on; `watch` is told of
/// each as it ends.
pub fn apply<D: Disk>(
    plan: &Plan,
    host: &Host,
    vault: &mut Vault<D>,
    now: Timestamp,
    mut watch: impl FnMut(&ActionResult),
) -> CleanResult {
    let mut actions = Vec::new();
    for action in &plan.actions {
        let done = apply_action(plan, host, vault, action);
        watch(&done);
        actions.push(done);
    }
    result(plan, &vault.path().display().to_string(), now, false, actions)
}

/// The name of an action in the journal.
fn label(plan: &Plan, action: &Action) -> String {
    format!("{}/{}", plan.plan, action.id)
}

fn result(plan: &Plan, vault: &str, time: Timestamp, dry_run: bool, actions: Vec<ActionResult>) -> CleanResult {
    CleanResult {
        schema: CLEAN_SCHEMA.to_owned(),
        plan: plan.plan.clone(),
        server: plan.server.clone(),
        time,
        dry_run,
        vault: vault.to_owned(),
        actions,
        instructions: u64::try_from(plan.instructions.len()).unwrap_or(u64::MAX),
        asked: Vec::new(),
    }
}

fn ended(action: &Action, outcome: Outcome, why: Option<String>, files: Vec<FileResult>) -> ActionResult {
    ActionResult { id: action.id.clone(), what: action.what.slug().to_owned(), outcome, why, files, switch: None }
}

/// The change of an earlier run that did this step and was not undone.
fn done_before(history: &History, label: &str, file: &PlannedFile) -> Option<u64> {
    history.to_undo().find(|entry| is_of(entry, label, file)).map(|entry| entry.intent.change)
}

/// The change of this step that an interrupted run began, or began to undo. Opening the vault brings it to an end; until then what
/// lies on the disk says nothing.
fn interrupted<'h>(history: &'h History, label: &str, file: &PlannedFile) -> Option<&'h Entry> {
    history.entries.iter().rev().filter(|entry| is_of(entry, label, file)).find(|entry| entry.state == State::Pending)
}

/// Whether a change is one of this action and file.
fn is_of(entry: &Entry, label: &str, file: &PlannedFile) -> bool {
    entry.intent.label == label && entry.intent.file().is_some_and(|change| change.place.below == file.lies_at)
}

fn told(step: &Step) -> FileResult {
    FileResult { after: step.after.as_deref().map(sha256), ..untouched(&step.file) }
}

fn untouched(file: &PlannedFile) -> FileResult {
    FileResult { path: file.path.clone(), sha256: file.sha256.clone(), after: None, change: None, verified: false, kept: None }
}

fn preview_action(plan: &Plan, host: &Host, history: Option<&History>, action: &Action) -> ActionResult {
    let refused = |why: String| ended(action, Outcome::Refused, Some(why), Vec::new());
    if action.skip {
        return ended(action, Outcome::Skipped, None, Vec::new());
    }
    let label = label(plan, action);
    if let Some(off) = Off::of(&action.what) {
        return switch_off::preview(off, host, history, &label, action);
    }
    let files = action.what.files();
    if history.is_some_and(|history| files.iter().all(|file| done_before(history, &label, file).is_some())) {
        return ended(action, Outcome::DoneBefore, None, Vec::new());
    }
    let half_done = |file| history.and_then(|history| interrupted(history, &label, file));
    for file in files {
        if half_done(file).is_some() || history.is_some_and(|history| done_before(history, &label, file).is_some()) {
            continue;
        }
        if let Err(why) = still_as_planned(host, file) {
            return refused(why);
        }
    }
    if files.iter().any(|file| half_done(file).is_some()) {
        let after =
            |file| half_done(file).and_then(|entry| entry.intent.file()?.after.as_ref()).map(|after| after.sha256.clone());
        let files = files.iter().map(|file| FileResult { after: after(file), ..untouched(file) });
        return ended(action, Outcome::WouldBeDone, None, files.collect());
    }
    match steps(&action.what, host) {
        Ok(steps) => ended(action, Outcome::WouldBeDone, None, steps.iter().map(told).collect()),
        Err(error) => refused(error.to_string()),
    }
}

/// The checks that the vault will make again when it changes the file.
fn still_as_planned(host: &Host, file: &PlannedFile) -> Result<(), String> {
    let look = host.look(&file.lies_at).map_err(|error| error.to_string())?;
    let path = || host.root().join(&file.lies_at);
    if look.stat.identity != (Identity { device: file.volume, number: file.number }) {
        return Err(VaultError::OtherFile(path()).to_string());
    }
    if look.sha256 != file.sha256 {
        return Err(VaultError::OtherContent { path: path(), found: look.sha256, expected: file.sha256.clone() }.to_string());
    }
    Ok(())
}

fn apply_action<D: Disk>(plan: &Plan, host: &Host, vault: &mut Vault<D>, action: &Action) -> ActionResult {
    if action.skip {
        return ended(action, Outcome::Skipped, None, Vec::new());
    }
    let label = label(plan, action);
    if let Some(off) = Off::of(&action.what) {
        return switch_off::apply(off, plan, host, vault, &label, action);
    }
    let files = action.what.files();
    let before: Vec<Option<u64>> = files.iter().map(|file| done_before(vault.history(), &label, file)).collect();
    if before.iter().all(Option::is_some) {
        return ended(action, Outcome::DoneBefore, None, Vec::new());
    }
    let steps = match steps(&action.what, host) {
        Ok(steps) => steps,
        Err(error) => return ended(action, Outcome::Refused, Some(error.to_string()), Vec::new()),
    };
    let mut made: Vec<(u64, FileResult)> = Vec::new();
    for step in steps {
        let mut file = told(&step);
        let change = match done_before(vault.history(), &label, &step.file) {
            Some(change) => Ok(change),
            None => make(plan, host, vault, &label, &step),
        };
        match change {
            Ok(change) => {
                file.change = Some(change);
                made.push((change, file));
            }
            Err(error) => return take_back(vault, action, &made, &error),
        }
    }
    // All of them are done; only now it can be said how things are.
    let files = made.into_iter().map(|(change, file)| verified(host, vault, change, file)).collect();
    ended(action, Outcome::Done, None, files)
}

fn make<D: Disk>(plan: &Plan, host: &Host, vault: &mut Vault<D>, label: &str, step: &Step) -> Result<u64, RemediationError> {
    let place = host.place(&step.file.lies_at)?;
    let identity = Identity { device: step.file.volume, number: step.file.number };
    let before = Expected::File { sha256: &step.file.sha256, identity: Some(identity) };
    let after = step.after.as_deref().map_or(Wanted::Nothing, Wanted::Bytes);
    let notes = BTreeMap::from([("server".to_owned(), plan.server.clone()), ("windows_path".to_owned(), step.file.path.clone())]);
    Ok(vault.change(&Change { label, notes: &notes, place: &place, before, after })?)
}

/// Undoes the steps of an action that could not be done whole.
fn take_back<D: Disk>(vault: &mut Vault<D>, action: &Action, made: &[(u64, FileResult)], why: &RemediationError) -> ActionResult {
    let mut why = why.to_string();
    let mut left = Vec::new();
    for (change, file) in made.iter().rev() {
        if let Err(error) = vault.undo(*change, None) {
            why = format!("{why}; {} was changed before and could not be taken back ({error}): undo change {change}", file.path);
            left.push(file.clone());
        }
    }
    ended(action, Outcome::Refused, Some(why), left)
}

fn verified<D: Disk>(host: &Host, vault: &Vault<D>, change: u64, mut file: FileResult) -> FileResult {
    let entry = vault.history().get(change);
    let below = entry.and_then(|entry| Some(entry.intent.file()?.place.below.clone())).unwrap_or_default();
    file.verified = match (host.look(&below), &file.after) {
        (Err(VaultError::Gone(_)), None) => true,
        (Ok(look), Some(after)) => look.sha256 == *after,
        _ => false,
    } && entry.is_some_and(|entry| matches!(entry.state, State::Done { .. }));
    file.kept = vault.check(change).ok().map(|stored| match stored {
        Stored::Opened => Kept::Opened,
        Stored::Sealed => Kept::Sealed,
    });
    file
}
