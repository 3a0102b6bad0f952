//! People at work: Outlook, phones, browsers.

use crate::{
    clock::{DAY, HOUR, Moment, SECOND},
    dice::Dice,
    sources::{ews::MailboxCall, http_proxy::Protocol},
    stage::{BackEnd, Hit, Stage},
    world::{User, World},
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, requests_per_day: u32) {
    let mut day = stage.world.start;
    while day < stage.world.end {
        let weekend = day.civil().weekday().to_monday_zero_offset() >= 5;
        let requests = if weekend { requests_per_day / 5 } else { requests_per_day };
        for _ in 0..requests {
            let at = day + moment_of_day(dice);
            let user = stage.world.users[dice.index(stage.world.users.len())].clone();
            match dice.between(1, 100) {
                1..=38 => outlook(stage, dice, at, &user),
                39..=60 => phone(stage, dice, at, &user),
                61..=74 => web_services(stage, dice, at, &user),
                75..=82 => autodiscover(stage, dice, at, &user),
                83..=97 => webmail(stage, dice, at, &user),
                _ => options(stage, dice, at, &user),
            }
        }
        day = day + DAY;
    }
}

/// Most people work between seven and eighteen o'clock.
fn moment_of_day(dice: &mut Dice) -> i64 {
    let hour = if dice.chance(80) { dice.between(7, 17) } else { dice.between(0, 23) };
    hour * HOUR + dice.between(0, HOUR - 1)
}

fn outlook(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let account = stage.world.account(user);
    let query = format!("mailboxId={}@{}", user.mailbox, stage.world.domain);
    let cookie = database_cookie(&stage.world, at);
    stage.hit(
        at,
        &Hit {
            query: &query,
            user: &account,
            protocol: Some(Protocol::Mapi),
            authentication: "Negotiate",
            anchor: &format!("MailboxGuid~{}", user.mailbox),
            hint: "MailboxGuidWithDomain",
            back_end_cookie: &cookie,
            taken: dice.between(8, 300),
            back_end: Some(BackEnd { stem: "/mapi/emsmdb/", query: &query, user: &account, status: 200, mark: None }),
            ..Hit::new(
                "POST",
                "/mapi/emsmdb/",
                if dice.chance(70) { &user.inside } else { &user.outside },
                "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)",
            )
        },
    );
}

fn phone(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let account = stage.world.account(user);
    let command = dice.pick(&["Ping", "Sync", "Sync", "FolderSync", "ItemOperations"]);
    let (kind, agent) = if user.device.as_bytes().first().is_some_and(|byte| byte % 2 == 0) {
        ("iPhone", "Apple-iPhone12C1/1804.70")
    } else {
        ("Outlook", "Outlook-iOS-Android/1.0")
    };
    let query = format!("Cmd={command}&User={}%5C{}&DeviceId={}&DeviceType={kind}", stage.world.netbios, user.name, user.device);
    let status = if dice.chance(97) { 200 } else { 403 };
    let cookie = database_cookie(&stage.world, at);
    stage.hit(
        at,
        &Hit {
            query: &query,
            user: &account,
            status,
            protocol: Some(Protocol::Eas),
            authentication: "Basic",
            anchor: &format!("Sid~{}", user.sid),
            hint: "WindowsIdentity",
            back_end_cookie: &cookie,
            taken: dice.between(15, 29_000),
            back_end: Some(BackEnd {
                stem: "/Microsoft-Server-ActiveSync/Proxy/default.eas",
                query: &query,
                user: &account,
                status,
                mark: None,
            }),
            ..Hit::new("POST", "/Microsoft-Server-ActiveSync/default.eas", &user.outside, agent)
        },
    );
}

fn web_services(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let account = stage.world.account(user);
    // An ExchangeServicesClient of another version than 0.0.0.0 is everybody's library.
    let agent = dice.pick(&[
        "MacOutlook/16.46.21021202 (Intelx64 Mac OS X Version 11.2.1 (Build 20D74))",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)",
        "ExchangeServicesClient/15.00.0913.015",
    ]);
    let cookie = database_cookie(&stage.world, at);
    let action = dice.pick(&["GetFolder", "FindItem", "SyncFolderItems", "GetItem", "GetUserAvailabilityRequest", "UpdateItem"]);
    let sent = dice.between(900, 60_000);
    let mailbox = stage.world.address_of(&user.name);
    let call = MailboxCall { user: &mailbox, client: &user.inside, agent, action, status: 200, sent, impersonated: "" };
    stage.mailbox_call(at + -3, &call, None);
    stage.hit(
        at,
        &Hit {
            sent: Some(sent),
            user: &account,
            protocol: Some(Protocol::Ews),
            authentication: "Negotiate",
            anchor: &format!("Sid~{}", user.sid),
            hint: "WindowsIdentity",
            back_end_cookie: &cookie,
            taken: dice.between(10, 900),
            back_end: Some(BackEnd { stem: "/EWS/Exchange.asmx", query: "", user: &account, status: 200, mark: None }),
            ..Hit::new("POST", "/EWS/Exchange.asmx", &user.inside, agent)
        },
    );
}

fn autodiscover(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let agent = dice.pick(&[
        "AppleExchangeWebServices/818.120.2 accountsd/113",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)",
    ]);
    let host = format!("autodiscover.{}", stage.world.mail_host.split_once('.').map_or("", |(_, rest)| rest));
    stage.hit(
        at,
        &Hit {
            host: &host,
            status: 401,
            protocol: Some(Protocol::Autodiscover),
            authentication: "NTLM",
            ..Hit::new("POST", "/autodiscover/autodiscover.xml", &user.outside, agent)
        },
    );
    let account = stage.world.account(user);
    let cookie = database_cookie(&stage.world, at);
    stage.hit(
        at + dice.between(60, 400),
        &Hit {
            host: &host,
            user: &account,
            protocol: Some(Protocol::Autodiscover),
            authentication: "NTLM",
            anchor: &format!("Sid~{}", user.sid),
            hint: "WindowsIdentity",
            back_end_cookie: &cookie,
            back_end: Some(BackEnd {
                stem: "/autodiscover/autodiscover.xml",
                query: "",
                user: &account,
                status: 200,
                mark: None,
            }),
            ..Hit::new("POST", "/autodiscover/autodiscover.xml", &user.outside, agent)
        },
    );
}

fn webmail(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let [major, minor, build, _] = stage.world.build_at(at).0;
    let theme = format!("/owa/auth/{major}.{minor}.{build}/themes/resources/");
    let target = format!("url=https%3a%2f%2f{}%2fowa%2f&reason=0", stage.world.mail_host);
    let referer = format!("https://{}/owa/auth/logon.aspx", stage.world.mail_host);
    let mut at = at;
    let mut anonymous = |at: Moment, method: &str, stem: &str, query: &str, status: u16| {
        let mark = stage.world.mark_of_genuine(stem);
        stage.hit(
            at,
            &Hit {
                mark: mark.clone(),
                front_mark: mark,
                query,
                status,
                referer: if stem.ends_with(".aspx") { "" } else { &referer },
                protocol: Some(Protocol::Owa),
                authentication: "FBA",
                ..Hit::new(method, stem, &user.outside, user.browser)
            },
        );
    };
    anonymous(at, "GET", "/owa/", "", 302);
    anonymous(at + 90, "GET", "/owa/auth/logon.aspx", &target, 200);
    for file in ["favicon.ico", "segoeui-regular.ttf", "olk_logo_white.png"] {
        anonymous(at + 250, "GET", &format!("{theme}{file}"), "", 200);
    }
    if dice.chance(4) {
        // A page whose name stands on lists of bad names, and that is genuine.
        anonymous(
            at + 300,
            "GET",
            dice.pick(&[
                "/owa/auth/RedirSuiteServiceProxy.aspx",
                "/owa/auth/errorFE.aspx",
                "/owa/auth/error.aspx",
                "/owa/auth/frowny.aspx",
                "/owa/auth/signout.aspx",
            ]),
            "",
            200,
        );
    }
    if dice.chance(3) {
        anonymous(at + 9 * SECOND, "POST", "/owa/auth/expiredpassword.aspx", "url=/owa/auth.owa", 200);
    }
    at = at + dice.between(9, 40) * SECOND;
    anonymous(at, "POST", "/owa/auth.owa", "", 302);

    let account = stage.world.account(user);
    let anchor = format!("Sid~{}", user.sid);
    let cookie = database_cookie(&stage.world, at);
    let mut signed_in = |at: Moment, method: &str, stem: &str, query: &str, taken: i64| {
        stage.hit(
            at,
            &Hit {
                query,
                user: &account,
                protocol: Some(Protocol::Owa),
                authentication: "FBA",
                anchor: &anchor,
                hint: "WindowsIdentity",
                back_end_cookie: &cookie,
                taken,
                back_end: Some(BackEnd { stem, query, user: &account, status: 200, mark: None }),
                ..Hit::new(method, stem, &user.outside, user.browser)
            },
        );
    };
    signed_in(at + 300, "GET", "/owa/", "", 420);
    for id in 1..=dice.between(1, 5) {
        let action = dice.pick(&["FindItem", "GetItem", "FindConversation", "UpdateItem"]);
        let query = format!("action={action}&ID=-{id}&AC=1");
        signed_in(at + id * dice.between(2, 60) * SECOND, "POST", "/owa/service.svc", &query, dice.between(12, 400));
    }
}

/// A user looks at own inbox rules in the options pages, and stays too long.
fn options(stage: &mut Stage, dice: &mut Dice, at: Moment, user: &User) {
    let account = stage.world.account(user);
    if dice.chance(30) {
        let away = Hit {
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            ..Hit::new("GET", "/ecp/auth/TimeoutLogout.aspx", &user.outside, user.browser)
        };
        stage.hit(at + HOUR, &away);
    }
    let query = format!("msExchEcpCanary={}", dice.canary());
    let stem = "/ecp/RulesEditor/InboxRules.svc/GetList";
    stage.ecp(at + -20, "Get-InboxRule", &format!("{stem}?{query}"), "", None);
    let cookie = database_cookie(&stage.world, at);
    stage.hit(
        at,
        &Hit {
            query: &query,
            user: &account,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            anchor: &format!("Sid~{}", user.sid),
            hint: "WindowsIdentity",
            back_end_cookie: &cookie,
            taken: dice.between(30, 300),
            back_end: Some(BackEnd { stem, query: &query, user: &account, status: 200, mark: None }),
            ..Hit::new("POST", stem, &user.outside, user.browser)
        },
    );
}

/// What the front end puts into the cookie that leads to the mailbox's database.
fn database_cookie(world: &World, at: Moment) -> String {
    format!("Database~{}~~{}", world.database, (at + 30 * DAY).iso_seconds())
}
