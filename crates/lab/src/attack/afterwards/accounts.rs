//! A new account, made by the server itself: administrator of it, and of the Exchange organisation.

use super::{
    super::{actor::Actor, shell},
    pause, system,
};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::events::accounts::{Subject, account, member_added},
    stage::{Command, Route, Stage},
    truth::Mark,
};

pub(super) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let step = "account_added";
    let name = format!("{}_{}", dice.pick(&["svc", "sql", "bkp", "exch"]), dice.word(4));
    let sid = format!("{}-{}", stage.world.domain_sid, dice.between(9_100, 9_900));
    let image = r"C:\Windows\System32\net.exe";
    let line = format!("net user {name} {} /add /domain", dice.word(9));
    shell::order(stage, actor, at, image, &line, &Mark::telling(step));
    let computer = format!("{}$", stage.world.name);
    let by = Subject { name: &computer, sid: "S-1-5-18" };
    // That it is enabled comes with its making.
    for (position, (id, mark)) in (0..).zip([(4720, Mark::telling(step)), (4722, Mark::beside(step))]) {
        let event = account(&stage.world, id, &by, &name, &sid);
        stage.event(at + position * 40, event, Some(mark));
    }
    let at = at + pause(dice);
    let line = format!("net localgroup administrators {name} /add");
    shell::order(stage, actor, at, image, &line, &Mark::telling(step));
    let event = member_added(&stage.world, 4732, &by, &name, &sid, "Administrators");
    stage.event(at + 20, event, Some(Mark::telling(step)));

    let at = at + pause(dice);
    let owner = system(stage);
    let parameters = [("Identity", "Organization Management"), ("Member", name.as_str())];
    stage.command(at, &Command::new("Add-RoleGroupMember", &parameters, &owner, Route::Local), Some(Mark::telling(step)));
    let event = member_added(&stage.world, 4756, &by, &name, &sid, "Organization Management");
    stage.event(at + SECOND, event, Some(Mark::telling(step)));
}
