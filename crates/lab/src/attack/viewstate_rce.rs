//! CVE-2020-0688: with an account, a view state made with the key that all servers shared. Later tries with a key that was taken
//! along fail and are logged as such (1316).

use super::{actor::Actor, shell};
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        events::exchange::{panel_error, view_state_failed},
        http_proxy::Protocol,
    },
    stage::{BackEnd, Hit, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&victim);
    let host = stage.world.mail_host.clone();
    for attempt in 0..dice.between(1, 2) {
        let at = at + attempt * 90 * SECOND;
        // It begins as every view state does, and decodes to nothing.
        let state = format!("%2FwEyLabInert{}", dice.word(180));
        let query = format!("__VIEWSTATEGENERATOR=B97B4E27&__EVENTTARGET=&__EVENTARGUMENT=&__VIEWSTATE={state}");
        let stem = "/ecp/default.aspx";
        let back = BackEnd { stem, query: &query, user: &account, status: 500, mark: Some(Mark::telling("forged_request")) };
        let hit = Hit {
            query: &query,
            user: &account,
            status: 500,
            taken: 800,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            anchor: &format!("Sid~{}", victim.sid),
            hint: "WindowsIdentity",
            back_end: Some(back),
            ..Hit::new("GET", stem, &actor.address, actor.agent)
        };
        stage.hit(at, &hit.marked(&Mark::telling("forged_request").by(&actor.address)));
        let user = format!("{}/Users/{}", stage.world.domain, victim.name);
        let url = format!("https://{host}{stem}?{query}");
        let exception = "System.Web.HttpException: The state information is invalid for this page and might be corrupted.";
        stage.event(at + 20, panel_error(&user, &url, exception), Some(Mark::telling("forged_request")));
        shell::by_worker(stage, "MSExchangeECPAppPool", at + -300, dice.pick(&["whoami", "hostname"]));
    }
    // Weeks of logs later the same in a body, which IIS does not log.
    let again = stage.world.at_share(700) + dice.between(0, 50) * MINUTE;
    for attempt in 0..dice.between(1, 4) {
        let at = again + attempt * 7 * SECOND;
        let state = format!("/wEyLabInert{}", dice.word(60));
        let failed = view_state_failed("/ecp/default.aspx", &actor.later[0], &state);
        stage.event(at, failed, Some(Mark::telling("forged_request").by(&actor.later[0])));
        let mark = Mark::beside("forged_request").by(&actor.later[0]);
        let hit = Hit {
            user: &account,
            status: 500,
            taken: 70,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            ..Hit::new("POST", "/ecp/default.aspx", &actor.later[0], actor.agent)
        };
        stage.hit(at, &hit.marked(&mark));
    }
}
