//! ProxyOracle (CVE-2021-31195, 31196): a prepared link to the page of errors, and a storm of guesses at a stolen cookie. Whether
//! the guesses succeed no log tells.

use super::actor::Actor;
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{Hit, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let query = "app=people&et=ServerError&esrc=MasterPage&te=\\&refurl=}}};LabInertSink()//";
    let link = Hit {
        query,
        protocol: Some(Protocol::Owa),
        authentication: "FBA",
        ..Hit::new("GET", "/owa/auth/frowny.aspx", &victim.outside, victim.browser)
    };
    stage.hit(at, &link.marked(&Mark::telling("forged_request")));
    let mut at = at + dice.between(3, 30) * MINUTE;
    for _ in 0..dice.between(220, 400) {
        let status = if dice.chance(85) { 302 } else { 440 };
        let guess = Hit {
            status,
            taken: 9,
            protocol: Some(Protocol::Owa),
            authentication: "FBA",
            ..Hit::new("GET", "/owa/", &actor.address, actor.agent)
        };
        stage.hit(at, &guess.marked(&Mark::beside("forged_request").by(&actor.address)));
        at = at + dice.between(60, 400);
    }
}
