//! Visitors from the Internet that knock at every server: what they do here is not even a scan for this hole.

use crate::{
    clock::{HOUR, Moment},
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{BackEnd, Hit, Stage},
};

const AGENTS: [&str; 7] = [
    "Mozilla/5.0 zgrab/0.x",
    "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "DuckDuckBot/1.0; (+http://duckduckgo.com/duckduckbot.html)",
    "Go-http-client/1.1",
    "curl/7.64.0",
];

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice) {
    let mut at = stage.world.start + dice.between(0, 3 * HOUR);
    while at < stage.world.end {
        let client = format!("192.0.2.{}", dice.between(1, 99));
        let agent = AGENTS[dice.index(AGENTS.len())];
        match dice.between(1, 5) {
            1 => export_tool(stage, at, &client, agent),
            2 => page(stage, at, &client, agent, dice.pick(&["/owa/admin.cfg", "/owa/", "/owa/auth/", "/ecp/"]), 302),
            3 => page(stage, at, &client, agent, "/owa/auth/Current/themes/resources/logon.css", 200),
            4 => stage.hit(
                at,
                &Hit { status: 404, ..Hit::new("GET", dice.pick(&["/.env", "/aspnet_client/", "/robots.txt"]), &client, agent) },
            ),
            _ => page(stage, at, &client, agent, "/owa/auth/logon.aspx", 200),
        }
        at = at + dice.between(HOUR / 4, 3 * HOUR);
    }
}

fn page(stage: &mut Stage, at: Moment, client: &str, agent: &str, stem: &str, status: u16) {
    let protocol = if stem.starts_with("/ecp") { Protocol::Ecp } else { Protocol::Owa };
    let host = stage.world.public_address.clone();
    stage.hit(
        at,
        &Hit { host: &host, status, protocol: Some(protocol), authentication: "FBA", ..Hit::new("GET", stem, client, agent) },
    );
}

/// Version hunters read this file, which every server shows to everybody (row seen in a real log).
fn export_tool(stage: &mut Stage, at: Moment, client: &str, agent: &str) {
    let stem = "/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application";
    let host = stage.world.public_address.clone();
    stage.hit(
        at,
        &Hit {
            host: &host,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            anchor: "ServerVersion~Version 15.0 (Build 0.0)",
            hint: "EDiscoveryExportTool-ServerVersion",
            taken: 29,
            back_end: Some(BackEnd { stem, query: "", user: "", status: 200, mark: None }),
            ..Hit::new("GET", stem, client, agent)
        },
    );
}
