//! The error log of HTTP.sys: connections that it closed itself, requests that no worker got. One file; it grows for weeks.

use crate::{
    Product,
    clock::{Moment, SECOND},
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// The log.
#[derive(Default)]
pub(crate) struct HttpErr(Sheet);

/// One line. Empty texts are written as `-`.
#[derive(Default)]
pub(crate) struct Refused<'a> {
    pub(crate) client: &'a str,
    pub(crate) port: i64,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) status: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) queue: &'a str,
}

impl HttpErr {
    pub(crate) fn push(&mut self, world: &World, at: Moment, it: &Refused<'_>, mark: Option<Mark>) {
        let Refused { client, port, .. } = it;
        let [method, url, status, queue] = [it.method, it.url, it.status, it.queue].map(dash);
        let version = if it.method.is_empty() { "-" } else { "HTTP/1.1" };
        let stream = if world.product == Product::Exchange2013 { "" } else { " -" };
        let site = if it.url.is_empty() { "-" } else { "1" };
        let (clock, own, reason) = (at.w3c(), &world.address, it.reason);
        let text = format!("{clock} {client} {port} {own} 443 {version} {method} {url}{stream} {status} {site} {reason} {queue}");
        self.0.push(at, text, mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let stream = if world.product == Product::Exchange2013 { "" } else { " streamid" };
        let path = |_: &Row| r"C:\Windows\System32\LogFiles\HTTPERR\httperr1.log".to_owned();
        let open = |path: String, at: Moment| {
            let mut page = Page::new(path, "\r\n", at);
            page.line("#Software: Microsoft HTTP API 2.0");
            page.line("#Version: 1.0");
            page.line(&format!("#Date: {}", at.w3c()));
            page.line(&format!(
                "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri{stream} sc-status s-siteid s-reason s-queuename"
            ));
            page
        };
        into_pages(self.0.sorted(), SECOND, shelf, path, open, |_, _| {});
    }
}

fn dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}
