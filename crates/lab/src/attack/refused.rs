//! The same requests against a server that has the fix: nothing gets through.

use super::actor::Actor;
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    stage::{Hit, Stage},
    truth::Mark,
};

/// Two or three tries, each some minutes after the other.
pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let fqdn = stage.world.fqdn.clone();
    let paths = ["/mapi/emsmdb/?#", "/ecp/proxyLogon.ecp?#", "/ecp/DDI/DDIService.svc/GetObject?schema=OABVirtualDirectory#"];
    let mark = Mark::telling("forged_request").by(&actor.address);
    for attempt in 0..dice.between(2, 3) {
        for (position, path) in (0..).zip(paths) {
            let (status, errors) = match dice.between(1, 3) {
                1 => (441, ""),
                2 => (440, ""),
                _ => (500, "System.UriFormatException: Invalid URI: The hostname could not be parsed.;"),
            };
            let anchor = format!("ServerInfo~a]@{fqdn}:444{path}");
            let hit = Hit {
                status,
                taken: 15,
                protocol: Some(actor.protocol),
                authentication: "FBA",
                anchor: &anchor,
                hint: "X-BEResource-Cookie",
                error_code: if status == 500 { "InternalServerError" } else { "" },
                errors,
                ..Hit::new("POST", &actor.resource, &actor.address, actor.agent)
            };
            stage.hit(at + attempt * dice.between(3, 9) * MINUTE + position * 700, &hit.marked(&mark));
        }
    }
}
