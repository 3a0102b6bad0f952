//! Pages that behave like shells, planted into an access log that somebody else's server wrote.

mod row;
mod survey;
#[cfg(test)]
mod tests;

use row::{Reader, Row};
use survey::Survey;

use super::{PlantedPage, WebLog, book::Ask, shells};
use crate::{
    clock::Moment,
    dice::{Dice, Stream},
};

/// The log with `shells` planted pages. Their lines look like those beside them and stand where their time belongs; all other
/// lines are left as they are. Knows W3C, and the common and combined forms with whatever stands before or behind. `None`
/// when it finds no rows of such a form, or less than a day of them. Equal arguments give equal bytes.
pub fn weave(log: &[u8], seed: u64, shells: usize) -> Option<WebLog> {
    let survey = Survey::of(log)?;
    let ground = survey.ground(&mut Dice::new(seed, Stream::World));
    let mut requests = Vec::new();
    let mut write = |at: Moment, it: &Ask<'_>, page: usize| requests.push(Request::of(at, it, page));
    let pages = shells::play(&ground, &mut Dice::new(seed, Stream::Attack), shells, &mut write);
    requests.sort_by_key(|request| request.at);
    Some(merge(log, &requests, pages))
}

/// A request of a planted page, until its place is known.
struct Request {
    at: Moment,
    /// Position of the page.
    page: usize,
    client: String,
    method: String,
    stem: String,
    query: String,
    agent: String,
    bytes: i64,
}

impl Request {
    fn of(at: Moment, it: &Ask<'_>, page: usize) -> Self {
        let [client, method, stem, query, agent] = [it.client, it.method, it.stem, it.query, it.agent].map(str::to_owned);
        Self { at, page, client, method, stem, query, agent, bytes: it.bytes }
    }

    fn ask(&self) -> Ask<'_> {
        Ask { query: &self.query, bytes: self.bytes, ..Ask::new(&self.method, &self.stem, &self.client, &self.agent) }
    }
}

/// Puts each request before the first row that is later, written after that row's pattern.
fn merge(log: &[u8], requests: &[Request], pages: Vec<PlantedPage>) -> WebLog {
    let bytes = Vec::with_capacity(log.len() + requests.len() * 250);
    let mut woven = Woven { log: WebLog { bytes, shells: pages }, lines: 0 };
    let mut waiting = requests.iter().peekable();
    let mut reader = Reader::default();
    let mut last = None;
    for line in log.split_inclusive(|&byte| byte == b'\n') {
        if let Some(row) = reader.read(line) {
            while let Some(request) = waiting.next_if(|request| request.at < row.at) {
                woven.plant(request, &row);
            }
            last = Some(row);
        }
        woven.copy(line);
    }
    // Where the last line is none of the latest, as in two logs one behind the other.
    for (request, row) in waiting.zip(last.iter().cycle()) {
        woven.plant(request, row);
    }
    woven.log
}

struct Woven {
    log: WebLog,
    /// Lines written.
    lines: u64,
}

impl Woven {
    fn plant(&mut self, request: &Request, pattern: &Row<'_>) {
        // The log's last line may lack its end.
        if self.log.bytes.last().is_some_and(|&byte| byte != b'\n') {
            self.log.bytes.push(b'\n');
        }
        self.copy(pattern.write(request.at, &request.ask()).as_bytes());
        if let Some(page) = self.log.shells.get_mut(request.page) {
            page.lines.push(self.lines);
        }
    }

    fn copy(&mut self, line: &[u8]) {
        self.log.bytes.extend_from_slice(line);
        self.lines += 1;
    }
}
