//! CVE-2021-26858: the address book generator downloads a file to a place of the attacker's choice, the web root.

use super::{actor::Actor, shell};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::{events::sysmon, oab_generator::failed_download, vdir_dump::inert_script},
    stage::Stage,
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let page = &actor.page;
    let written = Mark::telling("file_written").on(&page.name);
    stage.oab(at, dice.between(10, 90), &failed_download(&page.path), Some(written.clone()));
    let image = stage.world.below(r"Bin\MSExchangeMailboxAssistants.exe");
    let generator = stage.process(&image, &format!("\"{image}\""));
    stage.event(at + -300, sysmon::file_created(at + -302, &generator, &page.path), Some(written));
    let text = inert_script(&actor.parameter) + "\r\n";
    stage.file(page.path.clone(), text.into_bytes(), at + -302, Some(Mark::telling("file_present").on(&page.name)));
    shell::first_use(stage, actor, at + dice.between(1, 3) * MINUTE);
}
