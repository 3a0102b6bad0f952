//! Mailboxes opened to others, rules, forwarding, moves and backups: what thieves do as well, for good reasons.

use super::admin::administrate;
use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{ews::MailboxCall, http_proxy::Protocol},
    stage::{BackEnd, Command, Hit, Route, Stage},
};

pub(super) fn play(stage: &mut Stage, dice: &mut Dice) {
    let [assistant, forwarding, policy] = [90, 480, 590].map(|share| stage.world.at_share(share) + dice.between(0, HOUR));
    let [one, other] = [0, 0].map(|_| stage.world.users[dice.index(stage.world.users.len())].name.clone());
    let parameters = [("Identity", one.as_str()), ("User", &other), ("AccessRights", "FullAccess"), ("InheritanceType", "All")];
    administrate(stage, assistant, "Add-MailboxPermission", &parameters);
    let parameters = [("Identity", one.as_str()), ("ForwardingAddress", &other), ("DeliverToMailboxAndForward", "True")];
    administrate(stage, forwarding, "Set-Mailbox", &parameters);
    administrate(stage, forwarding + 4 * MINUTE, "Add-RoleGroupMember", &[("Identity", "Help Desk"), ("Member", &other)]);
    let parameters = [("Name", "External mail"), ("FromScope", "NotInOrganization"), ("PrependSubject", "[EXTERNAL] ")];
    administrate(stage, policy, "New-TransportRule", &parameters);
    let parameters = [("Name", "Payment cards"), ("Template", "PCI Data Security Standard"), ("Mode", "Audit")];
    administrate(stage, policy + 9 * MINUTE, "New-DlpPolicy", &parameters);

    let mut day = stage.world.start;
    while day < stage.world.end {
        let [rule, moved] = [0, 0].map(|_| day + dice.between(7 * HOUR, 16 * HOUR));
        inbox_rule(stage, dice, rule);
        backup(stage, dice, day + 22 * HOUR);
        if dice.chance(60) {
            moves(stage, dice, moved);
        }
        day = day + DAY;
    }
}

/// A user sorts mail into a folder.
fn inbox_rule(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let user = stage.world.users[dice.index(stage.world.users.len())].clone();
    let account = stage.world.account(&user);
    let query = format!("msExchEcpCanary={}", dice.canary());
    let stem = "/ecp/RulesEditor/InboxRules.svc/NewObject";
    stage.ecp(at + -60, "New-InboxRule.Name='Newsletters'.MoveToFolder='Inbox/News'", &format!("{stem}?{query}"), "", None);
    let parameters = [("Name", "Newsletters"), ("SubjectContainsWords", "newsletter"), ("MoveToFolder", r"Inbox\News")];
    stage.command(at + -40, &Command::new("New-InboxRule", &parameters, &user, Route::Panel), None);
    stage.hit(
        at,
        &Hit {
            query: &query,
            user: &account,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            anchor: &format!("Sid~{}", user.sid),
            hint: "WindowsIdentity",
            taken: 320,
            back_end: Some(BackEnd { stem, query: &query, user: &account, status: 200, mark: None }),
            ..Hit::new("POST", stem, &user.outside, user.browser)
        },
    );
}

/// A backup reads many mailboxes in their owners' names every night, from inside.
fn backup(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let service = stage.world.address_of("svc.mailbackup");
    let account = format!(r"{}\svc.mailbackup", stage.world.netbios);
    let client = stage.world.address.rsplit_once('.').map_or_else(|| "10.0.0.8".to_owned(), |(subnet, _)| format!("{subnet}.4"));
    let agent = "MailBackup/6.2 (ExchangeServicesClient/15.00.0913.015)";
    for position in 0..12 {
        let at = at + position * 20 * SECOND;
        let user = stage.world.users[dice.index(stage.world.users.len())].name.clone();
        let owner = stage.world.address_of(&user);
        let sent = dice.between(100_000, 4_000_000);
        let call = MailboxCall {
            user: &service,
            client: &client,
            agent,
            action: dice.pick(&["SyncFolderItems", "GetItem"]),
            status: 200,
            sent,
            impersonated: &owner,
        };
        stage.mailbox_call(at + -5, &call, None);
        let back = BackEnd { stem: "/EWS/Exchange.asmx", query: "", user: &account, status: 200, mark: None };
        let hit = Hit {
            sent: Some(sent),
            user: &account,
            protocol: Some(Protocol::Ews),
            authentication: "Negotiate",
            anchor: &format!("SMTP:{owner}"),
            hint: "ExplicitLogon-SMTP",
            taken: 900,
            back_end: Some(back),
            ..Hit::new("POST", "/EWS/Exchange.asmx", &client, agent)
        };
        stage.hit(at, &hit);
    }
}

/// A mailbox moves to the cloud: its replication service calls ours.
fn moves(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let account = format!(r"{}\svc.migration", stage.world.netbios);
    let client = format!("198.51.100.{}", dice.between(251, 254));
    for position in 0..dice.between(4, 12) {
        let stem = "/EWS/mrsproxy.svc";
        let back = BackEnd { stem, query: "", user: &account, status: 200, mark: None };
        let hit = Hit {
            user: &account,
            protocol: Some(Protocol::Ews),
            authentication: "Negotiate",
            hint: "WindowsIdentity",
            taken: 400,
            sent: Some(dice.between(20_000, 2_000_000)),
            back_end: Some(back),
            ..Hit::new("POST", stem, &client, "Microsoft.Exchange.MailboxReplicationService")
        };
        stage.hit(at + position * 3 * SECOND, &hit);
    }
}
