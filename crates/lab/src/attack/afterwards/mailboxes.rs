//! Mail: read in bulk, exported, sent elsewhere, opened to others.

use super::{super::actor::Actor, management, system};
use crate::{
    clock::{HOUR, Moment, SECOND},
    dice::Dice,
    sources::{ews::MailboxCall, http_proxy::Protocol},
    stage::{BackEnd, Command, Hit, Parameters, Route, Stage},
    truth::Mark,
};

/// Whole mailboxes through web services, by a library, from outside, in the name of their owners.
pub(super) fn sync(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let thief = stage.world.users[dice.index(stage.world.users.len())].clone();
    let (account, address) = (stage.world.account(&thief), stage.world.address_of(&thief.name));
    let role = [("Name", "lab-impersonation"), ("Role", "ApplicationImpersonation"), ("User", thief.name.as_str())];
    management(stage, actor, at, &[("New-ManagementRoleAssignment", &role)], &Mark::telling("configuration_changed"));
    let agent = dice.pick(&["python-requests/2.25.1", "ExchangeServicesClient/0.0.0.0", "Go-http-client/1.1"]);
    let client = &actor.later[0];
    let mut at = at + 30 * SECOND;
    for _ in 0..dice.between(40, 90) {
        let victim = stage.world.users[dice.index(stage.world.users.len())].name.clone();
        let victim = stage.world.address_of(&victim);
        let sent = dice.between(2_000_000, 9_000_000);
        stage.take("mail", sent, client);
        let mark = Mark::telling("mail_taken").by(client);
        let call = MailboxCall {
            user: &address,
            client,
            agent,
            action: dice.pick(&["SyncFolderItems", "GetItem", "GetItem", "GetAttachment"]),
            status: 200,
            sent,
            impersonated: &victim,
        };
        stage.mailbox_call(at + -4, &call, Some(mark.clone()));
        let back = BackEnd {
            stem: "/EWS/Exchange.asmx",
            query: "",
            user: &account,
            status: 200,
            mark: Some(Mark::beside("mail_taken")),
        };
        let hit = Hit {
            sent: Some(sent),
            user: &account,
            taken: 3_000,
            protocol: Some(Protocol::Ews),
            authentication: "Negotiate",
            anchor: &format!("SMTP:{victim}"),
            hint: "ExplicitLogon-SMTP",
            back_end: Some(back),
            ..Hit::new("POST", "/EWS/Exchange.asmx", client, agent)
        };
        stage.hit(at, &hit.marked(&mark.repeated()));
        at = at + dice.between(2, 40) * SECOND;
    }
}

/// Mailboxes as files in a local folder.
pub(super) fn export(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let share = dice.pick(&[r"\\127.0.0.1\c$\ProgramData\pst", r"\\localhost\c$\Users\Public", r"\\127.0.0.1\c$\Windows\Temp"]);
    let by = system(stage);
    for round in 0..dice.between(2, 5) {
        let at = at + round * 90 * SECOND;
        let victim = stage.world.users[dice.index(stage.world.users.len())].name.clone();
        let file = format!(r"{share}\{victim}.pst");
        let parameters = [("Mailbox", victim.as_str()), ("FilePath", &file)];
        if round == 0 {
            management(stage, actor, at, &[("New-MailboxExportRequest", &parameters)], &Mark::telling("mail_taken"));
        } else {
            let command = Command::new("New-MailboxExportRequest", &parameters, &by, Route::Local);
            stage.command(at, &command, Some(Mark::telling("mail_taken")));
        }
        let identity = format!(r"{victim}\MailboxExport");
        let parameters = [("Identity", identity.as_str()), ("Confirm", "False")];
        let command = Command::new("Remove-MailboxExportRequest", &parameters, &by, Route::Local);
        // An administrator tidies up in the same words.
        stage.command(at + 2 * HOUR, &command, Some(Mark::beside("trace_removed")));
    }
}

/// Mail goes elsewhere by itself. That somebody may open another's mailbox is daily business; it tells only beside the rest.
pub(super) fn delegation(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let pick = |dice: &mut Dice, stage: &Stage| stage.world.users[dice.index(stage.world.users.len())].name.clone();
    let [one, other, third] = [0, 1, 2].map(|_| pick(dice, stage));
    let target = format!("{}@{}.example", dice.word(8), dice.word(9));
    let forwarding = format!("smtp:{target}");
    let forward = [("Identity", one.as_str()), ("ForwardingSmtpAddress", &forwarding), ("DeliverToMailboxAndForward", "True")];
    management(stage, actor, at, &[("Set-Mailbox", &forward)], &Mark::telling("mail_redirected"));
    let by = system(stage);
    let rule = [("Name", "."), ("Mailbox", other.as_str()), ("ForwardTo", &target), ("Force", "True")];
    let transport = [("Name", "journal"), ("SentToScope", "InOrganization"), ("BlindCopyTo", target.as_str())];
    let open = [("Identity", third.as_str()), ("User", one.as_str()), ("AccessRights", "FullAccess"), ("AutoMapping", "False")];
    let commands: [(&str, Parameters<'_>, Mark); 3] = [
        ("New-InboxRule", &rule, Mark::telling("mail_redirected")),
        ("New-TransportRule", &transport, Mark::telling("mail_redirected")),
        ("Add-MailboxPermission", &open, Mark::beside("mail_redirected")),
    ];
    for (position, (name, parameters, mark)) in (0..).zip(commands) {
        let command = Command::new(name, parameters, &by, Route::Local);
        stage.command(at + 20 * SECOND + position * 8 * SECOND, &command, Some(mark));
    }
}
