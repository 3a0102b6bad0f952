//! Pages that behave like shells: late, few clients, no referrer, nothing that a browser would fetch along.

use super::{
    PlantedPage, WebServer,
    book::{Ask, Book},
    site,
};
use crate::{
    clock::{HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
};

/// How its user talks to a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Orders in the body; the log shows POST and a size.
    Posts,
    /// Orders in the query.
    Gets,
    /// As [`Manner::Posts`], to a name that is no page at all.
    PostsToPicture,
}

/// Plays `count` pages.
pub(super) fn play(book: &mut Book, dice: &mut Dice, count: usize) -> Vec<PlantedPage> {
    let mut pages = Vec::new();
    for number in 0..count {
        let page = one(book, dice, number);
        pages.push(page);
    }
    pages
}

fn one(book: &mut Book, dice: &mut Dice, number: usize) -> PlantedPage {
    let manner = match dice.between(1, 10) {
        1..=6 => Manner::Posts,
        7..=8 => Manner::Gets,
        _ if book.server == WebServer::Exchange => Manner::Posts,
        _ => Manner::PostsToPicture,
    };
    let site = site::of(book.server);
    let folder = match book.server {
        WebServer::Exchange => dice.pick(&site::EXCHANGE_FOLDERS),
        _ => dice.pick(site.odd_folders),
    };
    let letters = dice.between(4, 10).unsigned_abs() as usize;
    let ending = if manner == Manner::PostsToPicture { "png" } else { site.ending };
    let stem = format!("{folder}{}.{ending}", dice.word(letters));
    let base = dice.between(1, 60) + 80 * i64::try_from(number % 2).unwrap_or(0);
    let clients = (0..dice.between(1, 3)).map(|client| format!("203.0.113.{}", base + client * 7)).collect::<Vec<_>>();
    let agent = dice.pick(&[
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/104.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:45.0) Gecko/20100101 Firefox/45.0",
        "antSword/v2.1",
        "python-requests/2.28.1",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    ]);
    let mut page = PlantedPage { stem, lines: Vec::new(), clients: Vec::new(), first: book.start.timestamp(), bytes_out: 0 };

    let span = book.end.since(book.start);
    let mut at = book.start + span * dice.between(25, 55) / 100 + dice.between(0, HOUR);
    page.first = at.timestamp();
    let mut user = User { book, dice, page: &mut page, number, agent, manner };
    // Whoever put it there looks whether it answers.
    let (first, home) = (clients.first().cloned().unwrap_or_default(), 0);
    user.ask(at, &first, "GET", "", home);
    // Some are used for weeks, some on two or three evenings.
    let mut evenings = if user.dice.chance(40) { user.dice.between(2, 3) } else { i64::MAX };
    while at < user.book.end && evenings > 0 {
        evenings -= 1;
        for _ in 0..user.dice.between(4, 14) {
            at = at + user.dice.between(2, 90) * SECOND;
            let client = clients[user.dice.index(clients.len())].clone();
            user.order(at, &client);
        }
        at = at + user.dice.between(40 * MINUTE, 30 * HOUR);
    }
    page.clients.sort();
    page
}

struct User<'a> {
    book: &'a mut Book,
    dice: &'a mut Dice,
    page: &'a mut PlantedPage,
    number: usize,
    agent: &'a str,
    manner: Manner,
}

impl User<'_> {
    /// Answers are short or long, as the order was.
    fn order(&mut self, at: Moment, client: &str) {
        let bytes = match self.dice.between(1, 10) {
            1..=6 => self.dice.between(20, 900),
            7..=9 => self.dice.between(900, 40_000),
            _ => self.dice.between(40_000, 6_000_000),
        };
        if self.manner == Manner::Gets {
            let query = format!("{}={}", self.dice.word(2), self.dice.word(14));
            self.ask(at, client, "GET", &query, bytes);
        } else {
            self.ask(at, client, "POST", "", bytes);
        }
    }

    fn ask(&mut self, at: Moment, client: &str, method: &str, query: &str, bytes: i64) {
        let ask = Ask { query, bytes, ..Ask::new(method, &self.page.stem, client, self.agent) };
        if self.book.ask_page(at, &ask, self.number) {
            self.page.bytes_out += bytes.unsigned_abs();
            if !self.page.clients.iter().any(|known| known == client) {
                self.page.clients.push(client.to_owned());
            }
        }
    }
}
