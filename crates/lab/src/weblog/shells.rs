//! Pages that behave like shells: late, few clients, no referrer, nothing that a browser would fetch along.

use super::{PlantedPage, book::Ask};
use crate::{
    clock::{HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
};

/// A wrong time in somebody's log must not make a page that is used for centuries.
const MOST_EVENINGS: i64 = 2_000;

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

/// Where pages can be put, and when.
pub(super) struct Ground<'g> {
    /// The log's times.
    pub(super) start: Moment,
    pub(super) end: Moment,
    /// Ending of pages that run code.
    pub(super) ending: &'g str,
    /// Folders that exist.
    pub(super) folders: Vec<&'g str>,
    /// A POST to a picture reaches what lies there.
    pub(super) runs_pictures: bool,
    /// Addresses of the proxies through which everybody comes; none where visitors come by themselves.
    pub(super) proxies: Vec<&'g str>,
}

/// Takes down a request of the page at that position.
pub(super) type Write<'w> = &'w mut dyn FnMut(Moment, &Ask<'_>, usize);

/// Plays `count` pages.
pub(super) fn play(ground: &Ground<'_>, dice: &mut Dice, count: usize, write: Write<'_>) -> Vec<PlantedPage> {
    (0..count).map(|number| one(ground, dice, number, write)).collect()
}

fn one(ground: &Ground<'_>, dice: &mut Dice, number: usize, write: Write<'_>) -> PlantedPage {
    let manner = match dice.between(1, 10) {
        1..=6 => Manner::Posts,
        7..=8 => Manner::Gets,
        _ if !ground.runs_pictures => Manner::Posts,
        _ => Manner::PostsToPicture,
    };
    let folder = dice.pick(&ground.folders);
    let letters = dice.between(4, 10).unsigned_abs() as usize;
    let ending = if manner == Manner::PostsToPicture { "png" } else { ground.ending };
    let stem = format!("{folder}{}.{ending}", dice.word(letters));
    let base = dice.between(1, 60) + 80 * i64::try_from(number % 2).unwrap_or(0);
    let mut clients = (0..dice.between(1, 3)).map(|client| format!("203.0.113.{}", base + client * 7)).collect::<Vec<_>>();
    let agent = dice.pick(&[
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/104.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:45.0) Gecko/20100101 Firefox/45.0",
        "antSword/v2.1",
        "python-requests/2.28.1",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    ]);
    if !ground.proxies.is_empty() {
        clients = ground.proxies.iter().take(clients.len()).map(|&proxy| proxy.to_owned()).collect();
    }
    let mut page = PlantedPage { stem, lines: Vec::new(), clients: Vec::new(), first: ground.start.timestamp(), bytes_out: 0 };

    let span = ground.end.since(ground.start);
    let mut at = ground.start + span * dice.between(25, 55) / 100 + dice.between(0, HOUR);
    page.first = at.timestamp();
    let mut user = User { write, end: ground.end, dice, page: &mut page, number, agent, manner };
    // Whoever put it there looks whether it answers.
    let (first, home) = (clients.first().cloned().unwrap_or_default(), 0);
    user.ask(at, &first, "GET", "", home);
    // Some are used for weeks, some on two or three evenings.
    let mut evenings = if user.dice.chance(40) { user.dice.between(2, 3) } else { MOST_EVENINGS };
    while at < user.end && evenings > 0 {
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
    write: Write<'a>,
    end: Moment,
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
        if at >= self.end {
            return;
        }
        let ask = Ask { query, bytes, ..Ask::new(method, &self.page.stem, client, self.agent) };
        (self.write)(at, &ask, self.number);
        self.page.bytes_out += bytes.unsigned_abs();
        if !self.page.clients.iter().any(|known| known == client) {
            self.page.clients.push(client.to_owned());
        }
    }
}
