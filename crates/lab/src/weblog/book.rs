//! The lines of one access log while it is made.

use super::{PlantedPage, WebLog, WebServer, shells::Ground, site};
use crate::{clock::Moment, dice::Dice};

const W3C: &str = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status \
                   sc-substatus sc-win32-status";

/// The log.
pub(super) struct Book {
    pub(super) server: WebServer,
    pub(super) start: Moment,
    pub(super) end: Moment,
    /// The site's name.
    pub(super) host: String,
    /// The server's own address.
    pub(super) own: String,
    has_bytes: bool,
    lines: Vec<Line>,
}

struct Line {
    at: Moment,
    text: String,
    /// Position of the planted page.
    page: Option<usize>,
}

/// A request; empty texts are written as `-`.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) client: &'a str,
    pub(super) user: &'a str,
    pub(super) method: &'a str,
    pub(super) stem: &'a str,
    pub(super) query: &'a str,
    pub(super) status: u16,
    pub(super) bytes: i64,
    pub(super) referer: &'a str,
    pub(super) agent: &'a str,
}

impl<'a> Ask<'a> {
    /// A request that is answered with 200 and some kilobytes.
    pub(super) fn new(method: &'a str, stem: &'a str, client: &'a str, agent: &'a str) -> Self {
        Self { client, user: "", method, stem, query: "", status: 200, bytes: 4_096, referer: "", agent }
    }

    /// Milliseconds.
    pub(super) fn time_taken(&self) -> i64 {
        5 + self.bytes % 311
    }

    pub(super) fn bytes_in(&self) -> i64 {
        300 + self.bytes % 97
    }
}

impl Book {
    pub(super) fn new(server: WebServer, dice: &mut Dice, requests: usize, [start, end]: [Moment; 2]) -> Self {
        let host = format!("www.{}.example", dice.pick(&["litware", "proseware", "treyresearch", "blueyonder"]));
        let own = format!("10.20.{}.{}", dice.between(0, 9), dice.between(5, 60));
        let has_bytes = !server.is_iis() || dice.chance(50);
        Self { server, start, end, host, own, has_bytes, lines: Vec::with_capacity(requests + requests / 8) }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Writes a request that is none of a planted page.
    pub(super) fn ask(&mut self, at: Moment, it: &Ask<'_>) {
        self.push(at, it, None);
    }

    /// Writes a request of the planted page at that position.
    pub(super) fn ask_page(&mut self, at: Moment, it: &Ask<'_>, page: usize) {
        self.push(at, it, Some(page));
    }

    /// Where pages can be planted in this log.
    pub(super) fn ground(&self) -> Ground<'static> {
        let site = site::of(self.server);
        let is_exchange = self.server == WebServer::Exchange;
        let folders = if is_exchange { &site::EXCHANGE_FOLDERS } else { site.odd_folders };
        Ground {
            start: self.start,
            end: self.end,
            ending: site.ending,
            folders: folders.to_vec(),
            runs_pictures: !is_exchange,
            proxies: Vec::new(),
        }
    }

    /// The same name with the whole address before it.
    pub(super) fn url(&self, stem: &str) -> String {
        format!("https://{}{stem}", self.host)
    }

    fn push(&mut self, at: Moment, it: &Ask<'_>, page: Option<usize>) {
        if at < self.start || at >= self.end {
            return;
        }
        let text = if self.server.is_iis() { self.w3c(at, it) } else { combined(at, it) };
        self.lines.push(Line { at, text, page });
    }

    fn w3c(&self, at: Moment, it: &Ask<'_>) -> String {
        let Ask { client, method, stem, status, bytes, .. } = it;
        let [user, query, referer] = [it.user, it.query, it.referer].map(dash);
        let (clock, own, agent) = (at.w3c(), &self.own, dash(it.agent).replace(' ', "+"));
        let taken = it.time_taken();
        let line = format!("{clock} {own} {method} {stem} {query} 443 {user} {client} {agent} {referer} {status} 0 0");
        if self.has_bytes { format!("{line} {bytes} {} {taken}", it.bytes_in()) } else { format!("{line} {taken}") }
    }

    /// The file, with the planted pages' lines.
    pub(super) fn close(mut self, mut pages: Vec<PlantedPage>) -> WebLog {
        self.lines.sort_by_key(|line| line.at);
        let mut text = String::with_capacity(self.lines.iter().map(|line| line.text.len() + 2).sum::<usize>() + 400);
        let mut number = 0;
        let end_of_line = if self.server.is_iis() { "\r\n" } else { "\n" };
        let mut write = |line: &str| {
            text.push_str(line);
            text.push_str(end_of_line);
            number += 1;
            number
        };
        if self.server.is_iis() {
            write("#Software: Microsoft Internet Information Services 10.0");
            write("#Version: 1.0");
            write(&format!("#Date: {}", self.lines.first().map_or(self.start, |line| line.at).w3c()));
            write(&format!("#Fields: {W3C}{} time-taken", if self.has_bytes { " sc-bytes cs-bytes" } else { "" }));
        }
        for line in self.lines {
            let number = write(&line.text);
            if let Some(page) = line.page.and_then(|page| pages.get_mut(page)) {
                page.lines.push(number);
            }
        }
        WebLog { bytes: text.into_bytes(), shells: pages }
    }
}

fn combined(at: Moment, it: &Ask<'_>) -> String {
    let Ask { client, method, stem, status, bytes, .. } = it;
    let [user, referer, agent] = [it.user, it.referer, it.agent].map(dash);
    let mark = if it.query.is_empty() { "" } else { "?" };
    format!(
        "{client} - {user} [{}] \"{method} {stem}{mark}{} HTTP/1.1\" {status} {bytes} \"{referer}\" \"{agent}\"",
        at.common(),
        it.query
    )
}

pub(super) fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
