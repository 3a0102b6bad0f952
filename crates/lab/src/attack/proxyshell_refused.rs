//! ProxyShell's requests against a server that has the fix: 400, 401 or 404 for all of them, or the way to the log-on page.

use super::{
    actor::Actor,
    autodiscover::{Autodiscover, Confused, inert_token},
};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    stage::Stage,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let door = Autodiscover::by_chance(dice, "");
    let admin = stage.world.admin.clone();
    let token = inert_token(&admin, &stage.world.account(&admin));
    let steps = [
        ("GET", "/mapi/nspi/", ""),
        ("POST", "/mapi/emsmdb/", ""),
        ("POST", "/ews/exchange.asmx", ""),
        ("POST", "/powershell/", &token),
    ];
    for attempt in 0..dice.between(1, 3) {
        for (position, (method, target, token)) in (0..).zip(steps) {
            let status = [302, 400, 401, 404][dice.index(4)];
            let it = Confused { step: "forged_request", method, target, token, status, back_tells: false };
            door.play(stage, actor, at + attempt * 7 * MINUTE + position * 900, &it);
        }
    }
}
