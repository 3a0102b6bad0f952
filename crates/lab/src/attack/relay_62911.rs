//! CVE-2026-62911: the log-on of another Exchange server, relayed from outside to the mailbox replication service. That service
//! is served by HTTP.sys, so no site logs the requests; the log-on, its events and what it writes are what is left.

use super::{actor::Actor, shell};
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        events::{
            exchange::replication,
            security::{self, NetworkLogon},
            sysmon,
        },
        http_proxy::Protocol,
        vdir_dump::inert_script,
    },
    stage::{Hit, Stage},
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    // A look at the front end's door first; it asks for a log-on.
    let look = Hit {
        status: 401,
        protocol: Some(Protocol::Ews),
        authentication: "Negotiate",
        ..Hit::new("POST", "/EWS/mrsproxy.svc", &actor.address, actor.agent)
    };
    stage.hit(at, &look.marked(&Mark::beside("forged_request").by(&actor.address)));
    let sid = format!("{}-1177", stage.world.domain_sid);
    for round in 0..dice.between(1, 3) {
        let it = NetworkLogon {
            account: "EXCH77$",
            sid: &sid,
            address: &actor.address,
            package: "NTLM",
            workstation: &dice.word(8).to_ascii_uppercase(),
        };
        let event = security::logon(&stage.world, dice, &it);
        stage.event(at + 20 * SECOND + round * 700, event, Some(Mark::telling("session_opened").by(&actor.address)));
    }
    let text = "The Microsoft Exchange Mailbox Replication service opened a proxy session. Service version: 1.0.";
    stage.event(at + 21 * SECOND, replication(1117, text), Some(Mark::beside("session_opened")));

    let written = at + dice.between(1, 4) * MINUTE;
    let page = &actor.page;
    let image = stage.world.below(r"Bin\MSExchangeMailboxReplication.exe");
    let writer = stage.process(&image, &format!("\"{image}\""));
    let event = sysmon::file_created(written, &writer, &page.path);
    stage.event(written + 2, event, Some(Mark::telling("file_written").on(&page.name)));
    let text = inert_script(&actor.parameter) + "\r\n";
    stage.file(page.path.clone(), text.into_bytes(), written, Some(Mark::telling("file_present").on(&page.name)));
    shell::first_use(stage, actor, written + dice.between(1, 9) * MINUTE);
}
