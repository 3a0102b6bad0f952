//! OWASSRF (CVE-2022-41080 with 41082): remote PowerShell through webmail's front end, and commands.

use super::{actor::Actor, shell};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::{cmdlet_infra::RemoteCall, http_proxy::Protocol},
    stage::{BackEnd, Hit, Stage},
    truth::Mark,
};

const AGENT: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/105.0.5195.54 Safari/537.36";

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&victim);
    let mailbox = if dice.chance(40) { "mastermailbox@outlook.com".to_owned() } else { stage.world.address_of(&victim.name) };
    let mailbox = if dice.chance(60) { mailbox.replace('@', "%40") } else { mailbox };
    let stem = format!("/owa/{mailbox}/powershell");
    let client = format!("{} {}", actor.address, stage.world.link_local);
    let lines = ["whoami", "hostname", "tasklist /svc"];
    for (round, line) in (0..).zip(lines.iter().take(dice.between(1, 3).unsigned_abs() as usize)) {
        let at = at + round * 4 * MINUTE;
        for (position, action) in (0..).zip(["New-PSSession", "Receive", "Command"]) {
            let at = at + position * 1_100;
            let mark = Mark::telling("session_opened").by(&actor.address);
            let hit = Hit {
                user: &account,
                taken: 210,
                protocol: Some(Protocol::Owa),
                authentication: "Basic",
                anchor: &format!("SMTP:{}", mailbox.replace("%40", "@")),
                hint: "ExplicitLogon-SMTP",
                back_end: Some(BackEnd {
                    stem: "/powershell",
                    query: "",
                    user: &account,
                    status: 200,
                    mark: Some(Mark::beside("session_opened")),
                }),
                ..Hit::new("POST", &stem, &actor.address, AGENT)
            };
            stage.hit(at, &hit.marked(&mark));
            let call = RemoteCall {
                user: &account,
                client: &client,
                client_info: AGENT,
                stem: "/powershell",
                query: "",
                status: 200,
                action,
                command: "",
            };
            stage.remote_call(at + 80, &call, Some(mark));
        }
        shell::by_worker(stage, "MSExchangePowerShellAppPool", at + 4_000, line);
    }
}
