//! IIS W3C logs of the two sites: W3SVC1 is the front end (443), W3SVC2 the back end (444).

use std::ops::RangeInclusive;

use crate::{
    Product,
    clock::{Moment, SECOND},
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

const DEFAULT: &str = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) \
                       sc-status sc-substatus sc-win32-status time-taken";
const MORE: &str = "date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip \
                    cs-version cs(User-Agent) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken";

/// One request as one of the two sites logs it. Empty texts are written as `-`.
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) stem: &'a str,
    pub(crate) query: &'a str,
    pub(crate) user: &'a str,
    pub(crate) client: &'a str,
    pub(crate) agent: &'a str,
    pub(crate) referer: &'a str,
    pub(crate) host: &'a str,
    pub(crate) status: u16,
    pub(crate) win32: u32,
    pub(crate) bytes: [i64; 2],
    pub(crate) taken: i64,
}

/// The log of one site.
pub(crate) struct Site {
    number: u8,
    port: u16,
    sheet: Sheet,
}

impl Site {
    pub(crate) fn front() -> Self {
        Self { number: 1, port: 443, sheet: Sheet::default() }
    }

    pub(crate) fn back() -> Self {
        Self { number: 2, port: 444, sheet: Sheet::default() }
    }

    pub(crate) fn push(&mut self, world: &World, at: Moment, it: &Request<'_>, mark: Option<Mark>) {
        let Self { number, port, .. } = self;
        let clock = at.w3c();
        let address = if *number == 1 { &world.address } else { &world.link_local };
        let (query, user, agent, referer) = (dash(it.query), dash(it.user), plus(it.agent), dash(it.referer));
        let Request { method, stem, client, status, win32, taken, bytes: [out, in_], host, .. } = it;
        let text = if has_more_columns(world, at) {
            let name = &world.name;
            format!(
                "{clock} W3SVC{number} {name} {address} {method} {stem} {query} {port} {user} {client} HTTP/1.1 {agent} {referer} \
                 {host} {status} 0 {win32} {out} {in_} {taken}"
            )
        } else {
            format!(
                "{clock} {address} {method} {stem} {query} {port} {user} {client} {agent} {referer} {status} 0 {win32} {taken}"
            )
        };
        self.sheet.push(at, text, mark);
    }

    /// `is_lost` says of which moments there shall be no line.
    pub(crate) fn shelve(self, world: &World, is_lost: impl Fn(Moment) -> bool, shelf: &mut Shelf) {
        let Self { number, sheet, .. } = self;
        let sheet = sheet.without(is_lost);
        let mut last: Option<Moment> = None;
        let path = |row: &Row| format!(r"{}W3SVC{number}\u_ex{}.log", world.iis_logs, &row.at.day_code()[2..]);
        let open = |path: String, at: Moment| {
            let mut page = Page::new(path, "\r\n", at);
            head(&mut page, world, at);
            page
        };
        into_pages(sheet.sorted(), SECOND, shelf, path, open, |page, row| {
            // The head comes again when the service was started in the middle of a file.
            let since = last.replace(row.at);
            if let Some(since) = since.filter(|since| since.day() == row.at.day())
                && started_between(world, since..=row.at)
            {
                head(page, world, row.at);
            }
        });
    }
}

fn head(page: &mut Page, world: &World, at: Moment) {
    let version = if world.product == Product::Exchange2013 { "8.5" } else { "10.0" };
    page.line(&format!("#Software: Microsoft Internet Information Services {version}"));
    page.line("#Version: 1.0");
    page.line(&format!("#Date: {}", at.w3c()));
    page.line(&format!("#Fields: {}", if has_more_columns(world, at) { MORE } else { DEFAULT }));
}

fn has_more_columns(world: &World, at: Moment) -> bool {
    world.more_columns_from.is_some_and(|from| at >= from)
}

fn started_between(world: &World, span: RangeInclusive<Moment>) -> bool {
    world.restarts.iter().any(|restart| restart > span.start() && restart <= span.end())
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// A blank ends a field, so IIS writes a plus.
fn plus(text: &str) -> String {
    dash(text).replace(' ', "+")
}
