//! Big access logs of one web server, with a few pages in them that behave like shells, for measuring what finds those by their
//! traffic alone.
//!
//! Around them is what makes that hard: visitors with their styles and pictures, applications that POST without a referrer,
//! callbacks of one partner, jobs that ask the same address every minute, administrators, crawlers, sweeps for other people's
//! shells, a page that is new in the middle of the log. Harder still is what nobody made up: [`weave`] plants the same pages
//! into somebody's own log.

mod book;
mod crowd;
mod exchange;
mod robots;
mod shells;
mod site;
mod woven;

use book::{Ask, Book};
use jiff::{Timestamp, civil::Date, tz::Offset};

pub use woven::weave;

use crate::{
    clock::{DAY, Moment},
    dice::{Dice, Stream},
};

/// Whose access log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebServer {
    /// IIS as Exchange's front end (W3C).
    Exchange,
    /// IIS with a site of its own (W3C).
    Iis,
    /// Apache with PHP (combined).
    Apache,
    /// nginx with PHP (combined).
    Nginx,
    /// Tomcat with JSP (combined).
    Tomcat,
}

impl WebServer {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Exchange, Self::Iis, Self::Apache, Self::Nginx, Self::Tomcat];

    /// The name that such a log has on disk.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Exchange | Self::Iis => "u_extend1.log",
            Self::Apache | Self::Nginx => "access.log",
            Self::Tomcat => "localhost_access_log.txt",
        }
    }

    fn is_iis(self) -> bool {
        matches!(self, Self::Exchange | Self::Iis)
    }
}

/// An access log and what is true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebLog {
    /// The log, its lines in order of time.
    pub bytes: Vec<u8>,
    /// The planted pages. No other page is one.
    pub shells: Vec<PlantedPage>,
}

impl WebLog {
    /// What is true of it, a line for each planted page.
    pub fn truth(&self) -> String {
        let line = |page: &PlantedPage| {
            format!("{} {} requests from {:?}, {} bytes out\n", page.stem, page.lines.len(), page.clients, page.bytes_out)
        };
        self.shells.iter().map(line).collect()
    }
}

/// A page that behaves like a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlantedPage {
    /// Its path.
    pub stem: String,
    /// Lines of its requests; the first line of the file is 1.
    pub lines: Vec<u64>,
    /// Addresses that asked for it.
    pub clients: Vec<String>,
    /// Time of the first request, UTC.
    pub first: Timestamp,
    /// Bytes that it sent, whether or not the log has them.
    pub bytes_out: u64,
}

/// Makes a log of that many requests (a few more, as visits are whole), `shells` pages among them. Equal arguments give equal bytes.
pub fn make(server: WebServer, seed: u64, requests: usize, shells: usize) -> WebLog {
    let seed = seed.rotate_left(8) ^ server as u64;
    let mut dice = Dice::new(seed, Stream::World);
    let day = Date::constant(2024, 2, 1).saturating_add(jiff::Span::new().days(dice.between(0, 300)));
    let start = Moment::of(Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH));
    let days = i64::try_from(requests / 40_000).unwrap_or(30).clamp(6, 30);
    let mut book = Book::new(server, &mut dice, requests, [start, start + days * DAY]);
    let ground = book.ground();
    let mut write = |at: Moment, it: &Ask<'_>, page: usize| book.ask_page(at, it, page);
    let pages = shells::play(&ground, &mut Dice::new(seed, Stream::Attack), shells, &mut write);
    robots::play(&mut book, &mut Dice::new(seed, Stream::Scan));
    let mut dice = Dice::new(seed, Stream::Benign);
    if server == WebServer::Exchange {
        exchange::play(&mut book, &mut dice, requests);
    } else {
        crowd::play(&mut book, &mut dice, requests);
    }
    book.close(pages)
}
