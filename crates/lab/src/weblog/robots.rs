//! Machines: crawlers, scanners, sweeps, and what calls a site all day.

use super::{
    WebServer,
    book::{Ask, Book},
    site::{self, Site},
};
use crate::{
    clock::{DAY, HOUR, MINUTE, SECOND},
    dice::Dice,
};

/// Names that stand on public lists.
const SWEPT: [&str; 14] =
    ["shell", "cmd", "wso", "c99", "r57", "alfa", "mini", "up", "upload", "x", "1", "admin", "test", "adminer"];

const CRAWLER: &str = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)";

pub(super) fn play(book: &mut Book, dice: &mut Dice) {
    let site = site::of(book.server);
    let days = book.end.since(book.start) / DAY;
    for day in 0..days {
        for _ in 0..dice.between(1, 4) {
            let at = day * DAY + dice.between(0, DAY - 1);
            sweep(book, dice, at, site);
        }
        for _ in 0..dice.between(2, 6) {
            let at = day * DAY + dice.between(0, DAY - 1);
            leftovers(book, dice, at, site);
        }
    }
    if book.server == WebServer::Exchange {
        return;
    }
    job(book, site);
    callback(book, dice, site);
    nightly(book, dice, site);
    administrator(book, dice, site);
    crawler(book, dice, site);
}

/// Somebody asks for many shells of others, by GET and by POST; none is there.
fn sweep(book: &mut Book, dice: &mut Dice, offset: i64, site: &Site) {
    let client = format!("192.0.2.{}", dice.between(1, 250));
    let agent = dice.pick(&["python-requests/2.31.0", "Go-http-client/1.1", "Mozilla/5.0"]);
    let method = if dice.chance(30) { "POST" } else { "GET" };
    let folders =
        if book.server == WebServer::Exchange { &site::EXCHANGE_FOLDERS[..4] } else { &["/", "/images/", "/uploads/"][..] };
    let mut at = book.start + offset;
    for name in SWEPT {
        let folder = dice.pick(folders);
        let stem = format!("{folder}{name}.{}", site.ending);
        let (status, bytes) = if stem.starts_with("/owa") || stem.starts_with("/ecp") { (302, 210) } else { (404, 1_245) };
        book.ask(at, &Ask { status, bytes, ..Ask::new(method, &stem, &client, agent) });
        at = at + dice.between(40, 900);
    }
}

/// A scanner finds what lies around, once.
fn leftovers(book: &mut Book, dice: &mut Dice, offset: i64, site: &Site) {
    let client = format!("192.0.2.{}", dice.between(1, 250));
    let at = book.start + offset;
    let names = if book.server == WebServer::Exchange {
        &["/owa/auth/logon.aspx", "/autodiscover/autodiscover.xml"][..]
    } else {
        site.leftovers
    };
    let name = dice.pick(names);
    let method = if name.ends_with("xmlrpc.php") { "POST" } else { "GET" };
    book.ask(at, &Ask { bytes: 1_800, ..Ask::new(method, name, &client, "Mozilla/5.0 zgrab/0.x") });
    book.ask(at + 700, &Ask { status: 404, bytes: 1_245, ..Ask::new("GET", "/.env", &client, "Mozilla/5.0 zgrab/0.x") });
}

/// The server wakes itself, and a monitoring asks whether it lives.
fn job(book: &mut Book, site: &Site) {
    let own = book.own.clone();
    let mut at = book.start + 20 * SECOND;
    while at < book.end {
        book.ask(at, &Ask { bytes: 0, ..Ask::new("POST", site.job, &own, "internal-scheduler/1.4") });
        book.ask(at + 3 * SECOND, &Ask { bytes: 31, ..Ask::new("GET", site.status, "10.20.0.9", "Zabbix") });
        at = at + 10 * MINUTE;
    }
}

/// A partner's three machines send what happened, from the first day to the last.
fn callback(book: &mut Book, dice: &mut Dice, site: &Site) {
    let mut at = book.start + dice.between(1, 50) * MINUTE;
    while at < book.end {
        let client = format!("198.51.100.{}", 20 + dice.between(0, 2));
        book.ask(at, &Ask { bytes: 2, ..Ask::new("POST", site.callback, &client, "PartnerNotify/3.2") });
        at = at + dice.between(2 * MINUTE, HOUR);
    }
}

/// A warehouse's machine sends what it has, one order after the other, every night at the same time; that began in the middle.
fn nightly(book: &mut Book, dice: &mut Dice, site: &Site) {
    let days = book.end.since(book.start) / DAY;
    let hour = dice.between(0, 4) * HOUR + 10 * MINUTE;
    for day in days / 3..days {
        let mut at = book.start + day * DAY + hour;
        for _ in 0..dice.between(8, 30) {
            let bytes = dice.between(30, 300);
            book.ask(at, &Ask { bytes, ..Ask::new("POST", site.nightly, "198.51.100.61", "Java/11.0.21") });
            at = at + dice.between(1, 20) * SECOND;
        }
    }
}

/// One person cares for the site, with a browser; once in a while a page that nobody else knows is used, one after the other.
fn administrator(book: &mut Book, dice: &mut Dice, site: &Site) {
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0";
    let days = book.end.since(book.start) / DAY;
    for day in 0..days {
        let mut at = book.start + day * DAY + dice.between(8 * HOUR, 16 * HOUR);
        let home = book.url(site.administration[0]);
        for _ in 0..dice.between(5, 30) {
            let page = dice.pick(site.administration);
            let method = if dice.chance(60) { "POST" } else { "GET" };
            let ask = Ask {
                user: "",
                referer: &home,
                bytes: dice.between(300, 30_000),
                ..Ask::new(method, page, "198.51.100.7", agent)
            };
            book.ask(at, &ask);
            if method == "GET" {
                let asset = site.assets[0];
                book.ask(at + 200, &Ask { referer: &home, ..Ask::new("GET", asset, "198.51.100.7", agent) });
            }
            at = at + dice.between(5, 90) * SECOND;
        }
        if day % 5 == 2 {
            let own = book.url(site.rare);
            let asset = site.assets[0];
            book.ask(at, &Ask { referer: &home, ..Ask::new("GET", site.rare, "198.51.100.7", agent) });
            book.ask(at + 200, &Ask { referer: &own, ..Ask::new("GET", asset, "198.51.100.7", agent) });
            for round in 1..4 {
                let ask = Ask { referer: &own, bytes: 900, ..Ask::new("POST", site.rare, "198.51.100.7", agent) };
                book.ask(at + round * 20 * SECOND, &ask);
            }
        }
    }
}

/// A search engine reads page after page, without assets and without a referrer.
fn crawler(book: &mut Book, dice: &mut Dice, site: &Site) {
    let mut at = book.start;
    while at < book.end {
        let client = format!("198.51.100.{}", 100 + dice.between(0, 30));
        let page = dice.pick(site.pages).replace('#', &dice.between(1, 900).to_string());
        let (stem, query) = page.split_once('?').unwrap_or((&page, ""));
        book.ask(at, &Ask { query, bytes: dice.between(4_000, 60_000), ..Ask::new("GET", stem, &client, CRAWLER) });
        at = at + dice.between(20 * SECOND, 10 * MINUTE);
    }
}
