//! ProxyNotShell (CVE-2022-41040, 41082): the same confusion with a stolen account; a page is dropped, and one that ships with
//! Exchange overwritten.

use super::{
    actor::{Actor, Page},
    autodiscover::{Autodiscover, Confused},
    shell::{self, End},
};
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{cmdlet_infra::RemoteCall, events::sysmon, vdir_dump::inert_script},
    stage::Stage,
    truth::Mark,
    world::LOST_PAGE,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&victim);
    let door = Autodiscover::by_chance(dice, &account);
    for (position, action) in (0..).zip(["New-PSSession", "Receive", "Command"]) {
        let at = at + position * 1_400;
        let it = Confused {
            step: "session_opened",
            method: "POST",
            target: "/powershell/",
            token: "",
            status: 200,
            back_tells: false,
        };
        door.play(stage, actor, at, &it);
        let query = format!("?{}", door.back_query(""));
        let client = format!("{} {}", actor.address, stage.world.link_local);
        let call = RemoteCall {
            user: &account,
            client: &client,
            client_info: door.agent(),
            stem: "/powershell",
            query: &query,
            status: 200,
            action,
            command: if action == "Command" { "Get-Mailbox" } else { "" },
        };
        stage.remote_call(at + 70, &call, Some(Mark::telling("session_opened").by(&actor.address)));
    }
    let pool = "MSExchangePowerShellAppPool";
    shell::by_worker(stage, pool, at + 6 * SECOND, "whoami");

    let genuine = Actor { page: Page::below_owa(stage, LOST_PAGE), ..actor.clone() };
    for (actor, after) in [(actor, 20 * SECOND), (&genuine, 3 * MINUTE)] {
        drop_page(stage, actor, pool, at + after);
        shell::first_use(stage, actor, at + after + 30 * SECOND);
        shell::play(stage, dice, actor, at, End::Stays);
    }
}

/// The worker of the shells writes a page.
fn drop_page(stage: &mut Stage, actor: &Actor, pool: &str, at: Moment) {
    let page = &actor.page;
    let worker = stage.worker(pool);
    let event = sysmon::file_created(at, &worker, &page.path);
    stage.event(at + 2, event, Some(Mark::telling("file_written").on(&page.name)));
    let text = inert_script(&actor.parameter) + "\r\n";
    stage.file(page.path.clone(), text.into_bytes(), at, Some(Mark::telling("file_present").on(&page.name)));
}
