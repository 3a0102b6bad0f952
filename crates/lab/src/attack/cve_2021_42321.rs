//! CVE-2021-42321: a prepared user configuration is put into one's own mailbox through web services; reading it breaks a cmdlet
//! and runs a command.

use super::{actor::Actor, shell};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::{
        events::exchange::{cmdlet_broke, cmdlet_failed},
        ews::MailboxCall,
        http_proxy::Protocol,
    },
    stage::{BackEnd, Hit, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let (account, mailbox) = (stage.world.account(&victim), stage.world.address_of(&victim.name));
    let actions =
        ["GetFolder", "DeleteUserConfiguration", "CreateUserConfiguration", "UpdateUserConfiguration", "GetClientAccessToken"];
    for (position, action) in (0..).zip(actions) {
        let at = at + position * SECOND;
        let mark = Mark::beside("forged_request");
        let back = BackEnd { stem: "/EWS/Exchange.asmx", query: "", user: &account, status: 200, mark: Some(mark.clone()) };
        let mark = mark.by(&actor.address);
        let hit = Hit {
            user: &account,
            protocol: Some(Protocol::Ews),
            authentication: "Negotiate",
            anchor: &format!("Sid~{}", victim.sid),
            hint: "WindowsIdentity",
            taken: 120,
            back_end: Some(back),
            ..Hit::new("POST", "/EWS/Exchange.asmx", &actor.address, actor.agent)
        };
        stage.hit(at, &hit.marked(&mark));
        let call = MailboxCall {
            user: &mailbox,
            client: &actor.address,
            agent: actor.agent,
            action,
            status: 200,
            sent: 940,
            impersonated: "",
        };
        stage.mailbox_call(at + -4, &call, Some(mark));
    }
    let exception = "System.InvalidCastException: Unable to cast object of type \
                     'System.Collections.Generic.Dictionary`2[System.String,System.Object]' to type \
                     'Microsoft.Exchange.Data.ApplicationLogic.Extension.OrgExtensionTable'";
    let at = at + 4 * SECOND;
    let parameters = format!("-Mailbox \"{mailbox}\"");
    stage.event(at + 200, cmdlet_broke("Get-App", exception), Some(Mark::telling("forged_request")));
    let failed = cmdlet_failed("Get-App", &format!("{parameters}. {exception}"));
    stage.event(at + 210, failed, Some(Mark::telling("forged_request")));
    shell::by_worker(stage, "MSExchangeServicesAppPool", at + 90, dice.pick(&["whoami", "hostname", "net user"]));
}
