//! The front end of Exchange as its IIS log shows it: mostly POST, hardly any referrer, few names.

use super::{
    book::{Ask, Book},
    crowd::{address, moment},
};
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
};

const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36";

pub(super) fn play(book: &mut Book, dice: &mut Dice, requests: usize) {
    probes(book, dice);
    while book.len() < requests {
        let at = moment(book, dice);
        let client = address(dice);
        let user = format!(r"LITWARE\user{:04}", dice.between(1, 1_500));
        match dice.between(1, 100) {
            1..=40 => outlook(book, dice, at, &client, &user),
            41..=65 => phone(book, dice, at, &client, &user),
            66..=80 => services(book, dice, at, &client, &user),
            81..=97 => webmail(book, dice, at, &client, &user),
            _ => rare_page(book, dice, at, &client),
        }
    }
}

fn probes(book: &mut Book, dice: &mut Dice) {
    let own = book.own.clone();
    let mut at = book.start;
    while at < book.end {
        for (method, stem) in
            [("GET", "/owa/"), ("GET", "/ecp/"), ("POST", "/mapi/emsmdb/"), ("POST", "/powershell"), ("GET", "/ews/")]
        {
            let client = dice.pick(&["127.0.0.1", "::1", own.as_str()]);
            let query = ids(dice);
            let ask = Ask {
                user: r"LITWARE\HealthMailbox83d6781",
                query: &query,
                ..Ask::new(method, stem, client, "AMProbe/Local/ClientAccess")
            };
            book.ask(at + dice.between(0, 50 * SECOND), &ask);
        }
        book.ask(at + 9 * SECOND, &Ask { bytes: 42, ..Ask::new("GET", "/owa/healthcheck.htm", "10.20.0.2", "KEMP 1.0") });
        at = at + 5 * MINUTE;
    }
}

/// What Exchange writes behind every query.
fn ids(dice: &mut Dice) -> String {
    format!("&CorrelationID=<empty>;&cafeReqId={};", dice.guid())
}

fn outlook(book: &mut Book, dice: &mut Dice, at: Moment, client: &str, user: &str) {
    let agent = "Microsoft+Office/16.0+(Windows+NT+10.0;+Microsoft+Outlook+16.0.17126;+Pro)";
    for step in 0..dice.between(3, 20) {
        let query = format!("mailboxId=5e58f5e5-1ddc-48d3-82c6-0199bc121640@litware.example{}", ids(dice));
        let ask =
            Ask { user, query: &query, bytes: dice.between(200, 30_000), ..Ask::new("POST", "/mapi/emsmdb/", client, agent) };
        book.ask(at + step * dice.between(SECOND, MINUTE), &ask);
    }
}

fn phone(book: &mut Book, dice: &mut Dice, at: Moment, client: &str, user: &str) {
    for step in 0..dice.between(1, 12) {
        let query =
            format!("Cmd={}&User=x&DeviceId=A1&DeviceType=iPhone{}", dice.pick(&["Ping", "Sync", "FolderSync"]), ids(dice));
        let stem = "/Microsoft-Server-ActiveSync/default.eas";
        let ask = Ask {
            user,
            query: &query,
            bytes: dice.between(60, 60_000),
            ..Ask::new("POST", stem, client, "Apple-iPhone15C2/2104.65")
        };
        book.ask(at + step * dice.between(SECOND, 5 * MINUTE), &ask);
    }
}

fn services(book: &mut Book, dice: &mut Dice, at: Moment, client: &str, user: &str) {
    let (stem, agent) = match dice.between(1, 3) {
        1 => ("/EWS/Exchange.asmx", "MacOutlook/16.80.23121017"),
        2 => ("/autodiscover/autodiscover.xml", "Microsoft+Office/16.0"),
        _ => ("/OAB/81b34ae2/oab.xml", "Microsoft+BITS/7.8"),
    };
    let method = if stem.starts_with("/OAB") { "GET" } else { "POST" };
    let query = ids(dice);
    book.ask(at, &Ask { status: 401, query: &query, bytes: 0, ..Ask::new(method, stem, client, agent) });
    book.ask(at + 90, &Ask { user, query: &query, bytes: dice.between(400, 90_000), ..Ask::new(method, stem, client, agent) });
}

fn webmail(book: &mut Book, dice: &mut Dice, at: Moment, client: &str, user: &str) {
    let query = ids(dice);
    let logon = book.url("/owa/auth/logon.aspx");
    let ask = |method, stem| Ask { query: &query, ..Ask::new(method, stem, client, BROWSER) };
    book.ask(at, &Ask { status: 302, bytes: 210, ..ask("GET", "/owa/") });
    book.ask(at + 100, &ask("GET", "/owa/auth/logon.aspx"));
    for file in ["favicon.ico", "segoeui-regular.ttf", "olk_logo_white.png"] {
        let stem = format!("/owa/auth/15.1.2507/themes/resources/{file}");
        book.ask(at + 300, &Ask { referer: &logon, query: &query, ..Ask::new("GET", &stem, client, BROWSER) });
    }
    let at = at + dice.between(9, 40) * SECOND;
    book.ask(at, &Ask { status: 302, referer: &logon, bytes: 300, ..ask("POST", "/owa/auth.owa") });
    for step in 0..dice.between(2, 30) {
        let bytes = dice.between(200, 40_000);
        let home = book.url("/owa/");
        book.ask(at + 300 + step * 9 * SECOND, &Ask { user, referer: &home, bytes, ..ask("POST", "/owa/service.svc") });
    }
}

/// Pages that ship with Exchange and are hardly ever asked for.
fn rare_page(book: &mut Book, dice: &mut Dice, at: Moment, client: &str) {
    let logon = book.url("/owa/auth/logon.aspx");
    let query = ids(dice);
    let (method, stem) = match dice.between(1, 5) {
        1 => ("POST", "/owa/auth/expiredpassword.aspx"),
        2 => ("GET", "/owa/auth/errorFE.aspx"),
        3 => ("GET", "/ecp/auth/TimeoutLogout.aspx"),
        4 => ("GET", "/owa/auth/RedirSuiteServiceProxy.aspx"),
        _ => ("GET", "/owa/auth/signout.aspx"),
    };
    let referer = if method == "POST" { logon.as_str() } else { "" };
    book.ask(at, &Ask { query: &query, referer, ..Ask::new(method, stem, client, BROWSER) });
}
