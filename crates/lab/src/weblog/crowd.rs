//! People and applications on a site.

use super::{
    book::{Ask, Book},
    site::{self, Site},
};
use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
};

const BROWSERS: [&str; 5] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:122.0) Gecko/20100101 Firefox/122.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15",
    "Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
];

/// Visits until the log is full.
pub(super) fn play(book: &mut Book, dice: &mut Dice, requests: usize) {
    let site = site::of(book.server);
    while book.len() < requests {
        let at = moment(book, dice);
        if dice.chance(12) {
            application(book, dice, site, at);
        } else {
            visit(book, dice, site, at);
        }
    }
}

/// Most come in the day.
pub(super) fn moment(book: &Book, dice: &mut Dice) -> Moment {
    let days = book.end.since(book.start) / DAY;
    let hour = if dice.chance(75) { dice.between(7, 21) } else { dice.between(0, 23) };
    book.start + dice.between(0, days - 1) * DAY + hour * HOUR + dice.between(0, HOUR - 1)
}

/// An address of one of many.
pub(super) fn address(dice: &mut Dice) -> String {
    format!("198.{}.{}.{}", dice.between(18, 19), dice.between(0, 40), dice.between(1, 254))
}

fn visit(book: &mut Book, dice: &mut Dice, site: &Site, at: Moment) {
    let (client, agent) = (address(dice), BROWSERS[dice.index(BROWSERS.len())]);
    let mut referer = dice.pick(&["", "https://www.google.com/", "https://duckduckgo.com/"]).to_owned();
    let mut at = at;
    let (has_cache, tells_referrer) = (dice.chance(40), dice.chance(95));
    for step in 0..dice.between(1, 8) {
        let is_new = at.since(book.start) > book.end.since(book.start) * 6 / 10 && dice.chance(6);
        let page = if is_new { site.new } else { dice.pick(site.pages) };
        let page = page.replace('#', &dice.between(1, 900).to_string());
        let (stem, query) = page.split_once('?').unwrap_or((&page, ""));
        book.ask(
            at,
            &Ask { query, referer: &referer, bytes: dice.between(4_000, 60_000), ..Ask::new("GET", stem, &client, agent) },
        );
        // Some browsers never tell where they come from.
        referer = if tells_referrer { book.url(&page) } else { String::new() };
        if step == 0 || !has_cache {
            assets(book, dice, site, at, &client, agent, &referer);
        }
        if is_new && dice.chance(50) {
            let ask = Ask { referer: &referer, bytes: 740, ..Ask::new("POST", site.new, &client, agent) };
            book.ask(at + dice.between(10, 90) * SECOND, &ask);
        }
        at = at + dice.between(3, 70) * SECOND;
        if dice.chance(9) {
            let form = dice.pick(site.forms);
            let status = if dice.chance(50) { 302 } else { 200 };
            let ask =
                Ask { status, referer: &referer, bytes: dice.between(200, 9_000), ..Ask::new("POST", form, &client, agent) };
            book.ask(at, &ask);
            at = at + SECOND;
        }
    }
}

fn assets(book: &mut Book, dice: &mut Dice, site: &Site, at: Moment, client: &str, agent: &str, referer: &str) {
    for asset in site.assets {
        let asset = asset.replace('#', &dice.between(1, 300).to_string());
        let (stem, query) = asset.split_once('?').unwrap_or((&asset, ""));
        let status = if dice.chance(20) { 304 } else { 200 };
        let bytes = if status == 304 { 0 } else { dice.between(900, 90_000) };
        let ask = Ask { query, status, referer, bytes, ..Ask::new("GET", stem, client, agent) };
        book.ask(at + dice.between(80, 900), &ask);
    }
}

/// An application on a phone or another machine: no referrer, no assets, many POSTs.
fn application(book: &mut Book, dice: &mut Dice, site: &Site, at: Moment) {
    let client = address(dice);
    let agent = dice.pick(&["okhttp/4.12.0", "LitApp/5.1 (iPhone; iOS 17.2)", "Java/17.0.9", "axios/1.6.2"]);
    let interface = dice.pick(site.interfaces);
    let mut at = at;
    for _ in 0..dice.between(2, 25) {
        let method = if dice.chance(65) { "POST" } else { "GET" };
        let status = if dice.chance(94) { 200 } else { 401 };
        book.ask(at, &Ask { status, bytes: dice.between(60, 20_000), ..Ask::new(method, interface, &client, agent) });
        at = at + dice.between(SECOND, 2 * MINUTE);
    }
}
