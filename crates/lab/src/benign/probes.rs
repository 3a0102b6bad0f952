//! The server watches itself: every few minutes, every protocol, from its own address.

use super::remote_shells;
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{ews::MailboxCall, http_proxy::Protocol},
    stage::{BackEnd, Hit, Stage},
};

struct Probe {
    protocol: Protocol,
    method: &'static str,
    stem: &'static str,
    agent: &'static str,
    authentication: &'static str,
}

const PROBES: [Probe; 6] = [
    probe(Protocol::Autodiscover, "GET", "/autodiscover/", "AMProbe/Local/ClientAccess", "Negotiate"),
    probe(Protocol::Eas, "OPTIONS", "/Microsoft-Server-ActiveSync/default.eas", "AMProbe/Local/ClientAccess", "Basic"),
    probe(
        Protocol::Ecp,
        "GET",
        "/ecp/",
        "Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 6.1; MSEXCHMON; ACTIVEMONITORING; ECPLOCALCHECK)",
        "FBA",
    ),
    probe(Protocol::Ews, "GET", "/ews/", "AMProbe/Local/ClientAccess", "Negotiate"),
    probe(Protocol::Mapi, "POST", "/mapi/emsmdb/", "MapiHttpClient", "Negotiate"),
    probe(
        Protocol::Owa,
        "GET",
        "/owa/",
        "Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 6.1; MSEXCHMON; ACTIVEMONITORING; OWACTP)",
        "FBA",
    ),
];

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, requests_per_day: u32) {
    // A tiny story must not be drowned by its probes; no hour may stay without one.
    let pace = if requests_per_day < 200 { 20 * MINUTE } else { 5 * MINUTE };
    let mut at = stage.world.start + dice.between(1, 100) * SECOND;
    while at < stage.world.end {
        for probe in &PROBES {
            let mailbox = dice.pick(&stage.world.health_mailboxes.iter().collect::<Vec<_>>()).clone();
            let user = format!(r"{}\{mailbox}", stage.world.netbios);
            let own = stage.world.link_local.clone();
            let client = dice.pick(&["127.0.0.1", "::1", own.as_str()]);
            let anchor = format!("Sid~{}-{}", stage.world.domain_sid, 1142);
            stage.hit(
                at + dice.between(0, 40 * SECOND),
                &Hit {
                    host: "localhost",
                    user: &user,
                    protocol: Some(probe.protocol),
                    authentication: probe.authentication,
                    anchor: &anchor,
                    hint: "WindowsIdentity",
                    taken: dice.between(1, 20),
                    back_end: Some(BackEnd { stem: probe.stem, query: "", user: &user, status: 200, mark: None }),
                    ..Hit::new(probe.method, probe.stem, client, probe.agent)
                },
            );
        }
        let mailbox = stage.world.address_of(&stage.world.health_mailboxes[0]);
        let call = MailboxCall {
            user: &mailbox,
            client: "::1",
            agent: "Ews_AM_Probe/Local (ExchangeServicesClient/15.01.2375.007)",
            action: "GetFolder",
            status: 200,
            sent: 1_811,
            impersonated: "",
        };
        stage.mailbox_call(at + 7 * SECOND, &call, None);
        if pace < 20 * MINUTE || at.hour() != (at + -pace).hour() {
            let later = at + dice.between(0, 40 * SECOND);
            remote_shells::probe(stage, dice, later);
        }
        health_check(stage, dice, at);
        at = at + pace;
    }
}

/// The load balancer before the server, and a script of the monitoring that uses a library which attackers like as well.
fn health_check(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let host = stage.world.fqdn.clone();
    let subnet = stage.world.address.rsplit_once('.').map_or("10.0.0", |(subnet, _)| subnet).to_owned();
    let (client, agent) = if dice.chance(90) {
        (format!("{subnet}.2"), "KEMP 1.0".to_owned())
    } else {
        (format!("{subnet}.3"), "python-requests/2.25.1".to_owned())
    };
    let stem = dice.pick(&["/owa/healthcheck.htm", "/ecp/healthcheck.htm", "/ews/healthcheck.htm", "/mapi/healthcheck.htm"]);
    stage.hit(at + dice.between(0, 4 * MINUTE), &Hit { host: &host, ..Hit::new("GET", stem, &client, &agent) });
}

const fn probe(
    protocol: Protocol,
    method: &'static str,
    stem: &'static str,
    agent: &'static str,
    authentication: &'static str,
) -> Probe {
    Probe { protocol, method, stem, agent, authentication }
}
