//! The antivirus is told not to look where the page is.

use super::{
    super::{actor::Actor, shell},
    POWERSHELL,
};
use crate::{
    clock::Moment,
    dice::Dice,
    sources::events::{defender::setting, powershell::script_block},
    stage::Stage,
    truth::Mark,
};

pub(super) fn exclusion(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let step = "defence_lowered";
    let folder = actor.page.path.rsplit_once('\\').map_or(actor.page.path.clone(), |(folder, _)| folder.to_owned());
    let folder = if dice.chance(50) { folder } else { r"C:\ProgramData".to_owned() };
    let command = format!("Add-MpPreference -ExclusionPath '{folder}' -Force");
    shell::order(stage, actor, at, POWERSHELL, &format!("powershell -c \"{command}\""), &Mark::telling(step));
    let block = script_block(&mut stage.dice, &command, "");
    stage.event(at + 700, block, Some(Mark::telling(step)));
    let event = setting(&format!(r"Exclusions\Paths\{folder}"), "0x0");
    stage.event(at + 900, event, Some(Mark::telling(step)));
    if dice.chance(50) {
        let event = setting(r"Real-Time Protection\DisableRealtimeMonitoring", "0x1");
        stage.event(at + 1_400, event, Some(Mark::telling(step)));
    }
}
