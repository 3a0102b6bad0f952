//! Visitors that look for the hole, or for shells of others: marked as scan, and never more.

use crate::{
    clock::{HOUR, Moment},
    dice::Dice,
    sources::http_proxy::Protocol,
    stage::{BackEnd, Hit, Stage},
    truth::Mark,
};

/// Names that stand on public lists of shells; no name that an attack of this crate uses.
const SWEPT: [&str; 16] = [
    "/owa/auth/shell.aspx",
    "/owa/auth/supp0rt.aspx",
    "/owa/auth/discover.aspx",
    "/owa/auth/HttpProxy.aspx",
    "/owa/auth/OutlookEN.aspx",
    "/owa/auth/RedirSuiteServerProxy.aspx",
    "/owa/auth/errorEE.aspx",
    "/owa/auth/TimeoutLogoff.aspx",
    "/owa/auth/8Lw7tAhF9i1pJnRo.aspx",
    "/owa/auth/one.aspx",
    "/owa/auth/log.aspx",
    "/owa/auth/help.aspx",
    "/owa/auth/bob.aspx",
    "/owa/auth/Current/themes/errorFS.aspx",
    "/aspnet_client/discover.aspx",
    "/aspnet_client/supp0rt.aspx",
];

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice) {
    for share in [dice.between(30, 250), dice.between(620, 940)] {
        let at = stage.world.at_share(share) + dice.between(0, HOUR);
        let client = format!("192.0.2.{}", dice.between(100, 180));
        check_for_the_hole(stage, dice, at, &client);
    }
    let client = format!("192.0.2.{}", dice.between(181, 250));
    let at = stage.world.at_share(dice.between(700, 930));
    sweep(stage, dice, at, &client);
    if stage.world.start.day_code().as_str() > "20210720" {
        let client = format!("192.0.2.{}", dice.between(100, 180));
        let at = stage.world.at_share(dice.between(500, 690));
        vulnerability_scanner(stage, dice, at, &client);
    }
}

/// The public check script: it asks the server to speak to itself and looks at the answer.
fn check_for_the_hole(stage: &mut Stage, dice: &mut Dice, at: Moment, client: &str) {
    let fqdn = stage.world.fqdn.clone();
    let checks = [
        (
            "ServerInfo~localhost/owa/auth/logon.aspx".to_owned(),
            "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
        ),
        (
            "ServerInfo~localhost/ecp/default.flt".to_owned(),
            "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
        ),
        (format!("ServerInfo~a]@{fqdn}:444/autodiscover/autodiscover.xml?#"), "python-requests/2.25.1"),
    ];
    let scan = Mark::telling("scan").by(client);
    for (anchor, agent) in checks.iter().take(dice.between(1, 3).unsigned_abs() as usize) {
        let status = if stage.world.build_at(at).lacks_march_2021() { 200 } else { 500 };
        stage.hit(
            at + dice.between(0, 4_000),
            &Hit {
                status,
                protocol: Some(Protocol::Owa),
                authentication: "FBA",
                anchor,
                hint: "X-BEResource-Cookie",
                taken: dice.between(20, 800),
                // To fetch a script is nothing; only the front end's anchor tells.
                front_mark: Some(Mark::beside("scan").by(client)),
                mark: Some(scan.clone()),
                back_end: Some(BackEnd { stem: "/owa/auth/x.js", query: "", user: "", status, mark: Some(Mark::beside("scan")) }),
                ..Hit::new("GET", "/owa/auth/x.js", client, agent)
            },
        );
    }
}

/// A commercial scanner asks for autodiscover in the crooked way, and a forged host of its own, and is sent away.
fn vulnerability_scanner(stage: &mut Stage, dice: &mut Dice, at: Moment, client: &str) {
    let agent = dice.pick(&[
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
        "Nuclei - Open-source project (github.com/projectdiscovery/nuclei)",
        "Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)",
    ]);
    let scan = Mark::telling("scan").by(client);
    for (position, target) in (0..).zip(["/mapi/nspi/", "/owa/", "/powershell"]) {
        let query = format!("@test.com{target}?&Email=autodiscover/autodiscover.json%3f@test.com");
        let hit = Hit {
            query: &query,
            status: [302, 400, 401, 403, 404][dice.index(5)],
            protocol: Some(Protocol::Autodiscover),
            ..Hit::new("GET", "/autodiscover/autodiscover.json", client, agent)
        };
        stage.hit(at + position * 350, &hit.marked(&scan));
    }
}

/// Somebody asks for many names, each once, and gets nothing: the first line tells, the others repeat it.
fn sweep(stage: &mut Stage, dice: &mut Dice, at: Moment, client: &str) {
    let agent =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/88.0.4324.182 Safari/537.36";
    let mut at = at;
    for (position, stem) in SWEPT.iter().enumerate() {
        let page = stem.rsplit('/').next().unwrap_or(stem);
        let mark = if position == 0 { Mark::telling("scan") } else { Mark::beside("scan") }.by(client).on(page);
        let hit = if stem.starts_with("/owa") {
            Hit { status: 302, protocol: Some(Protocol::Owa), authentication: "FBA", ..Hit::new("GET", stem, client, agent) }
        } else {
            Hit { status: 404, ..Hit::new("GET", stem, client, agent) }
        };
        stage.hit(at, &hit.marked(&mark));
        at = at + dice.between(80, 900);
    }
}
