//! The holes of 2023 in the PowerShell back end (CVE-2023-21529 and its like): an ordinary user opens a remote shell from outside,
//! and its worker runs a command.

use super::{actor::Actor, shell};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::{cmdlet_infra::RemoteCall, http_proxy::Protocol},
    stage::{BackEnd, Command, Hit, Route, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&victim);
    let agent = "Microsoft WinRM Client";
    let query = "clientApplication=ManagementShell;PSVersion=5.1.17763.1";
    for (position, action) in (0..).zip(["New-PSSession", "Receive", "Command"]) {
        let at = at + position * 1_500;
        let mark = Mark::beside("session_opened");
        let told = if action == "Command" { "Get-Mailbox:Command".to_owned() } else { format!("New-PSSession:{action}") };
        let back = BackEnd { stem: "/powershell", query, user: &account, status: 200, mark: Some(mark.clone()) };
        let mark = mark.by(&actor.address);
        let hit = Hit {
            query,
            user: &account,
            action: &told,
            protocol: Some(Protocol::PowerShell),
            authentication: "Basic",
            hint: "ExchClientVer-ServerCookie",
            taken: 80,
            back_end: Some(back),
            ..Hit::new("POST", "/powershell", &actor.address, agent)
        };
        stage.hit(at, &hit.marked(&mark));
        let call = RemoteCall {
            user: &account,
            client: &actor.address,
            client_info: agent,
            stem: "/powershell",
            query: &format!("?{query}"),
            status: 200,
            action,
            command: if action == "Command" { "Get-Mailbox" } else { "" },
        };
        stage.remote_call(at + 30, &call, Some(mark));
    }
    let parameters = [("Identity", victim.name.as_str())];
    stage.command(at + 3_100, &Command::new("Get-Mailbox", &parameters, &victim, Route::Remote), Some(Mark::beside("other")));
    for (round, line) in (0..).zip(["whoami", "net user"]) {
        shell::by_worker(stage, "MSExchangePowerShellAppPool", at + 3_300 + round * 2 * MINUTE, line);
    }
}
