//! What attackers do once they are in: one file a theme, combined with a break-in that fits the server.

mod accounts;
mod antivirus;
mod data;
mod log_tampering;
mod mailboxes;
mod persistence;

use super::{actor::Actor, shell};
use crate::{
    Variant,
    clock::{HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    stage::{Command, Parameters, Route, Stage},
    truth::Mark,
    world::User,
};

/// Plays what the variant is named after, some time after the break-in at `at`.
pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment, variant: Variant) {
    let at = at + HOUR + dice.between(0, 2 * HOUR);
    match variant {
        Variant::PostMemoryDump => data::memory_dump(stage, dice, actor, at),
        Variant::PostArchive => data::archive(stage, dice, actor, at),
        Variant::PostMailboxSync => mailboxes::sync(stage, dice, actor, at),
        Variant::PostMailboxExport => mailboxes::export(stage, dice, actor, at),
        Variant::PostDelegation => mailboxes::delegation(stage, dice, actor, at),
        Variant::PostAccounts => accounts::play(stage, dice, actor, at),
        Variant::PostTask => persistence::task(stage, dice, actor, at),
        Variant::PostService => persistence::service(stage, dice, actor, at),
        Variant::PostIisModule => persistence::iis_module(stage, dice, actor, at),
        Variant::PostTransportAgent => persistence::transport_agent(stage, dice, actor, at),
        Variant::PostExclusion => antivirus::exclusion(stage, dice, actor, at),
        Variant::PostLogTampering => log_tampering::play(stage, dice, actor, at),
        _ => {}
    }
}

/// The account in whose name a page's commands run.
fn system(stage: &Stage) -> User {
    User { name: format!("{}$", stage.world.name), sid: "S-1-5-18".to_owned(), ..stage.world.admin.clone() }
}

const POWERSHELL: &str = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe";

/// The page starts PowerShell with Exchange's commands in it.
fn management(stage: &mut Stage, actor: &Actor, at: Moment, commands: &[(&str, Parameters<'_>)], mark: &Mark) {
    let by = system(stage);
    let line = "powershell -c \"Add-PSSnapin Microsoft.Exchange.Management.PowerShell.SnapIn; LabInertCommands\"";
    shell::order(stage, actor, at, POWERSHELL, line, &Mark::telling("command_run"));
    for (position, (name, parameters)) in (0..).zip(commands) {
        let command = Command::new(name, parameters, &by, Route::Local);
        stage.command(at + 4 * SECOND + position * 900, &command, Some(mark.clone()));
    }
}

/// A word for something that shall look as if it belonged there.
fn innocent_name(dice: &mut Dice) -> String {
    let first = dice.pick(&["Windows", "Exchange", "Edge", "Health", "Driver", "Cert", "Print"]);
    let second = dice.pick(&["Update", "Monitor", "Helper", "Sync", "Maintenance", "Perf"]);
    format!("{first}{second}{}", dice.between(10, 99))
}

/// A pause between two orders.
fn pause(dice: &mut Dice) -> i64 {
    dice.between(1, 5) * MINUTE
}
