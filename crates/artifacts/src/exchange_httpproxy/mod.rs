//! Exchange front-end proxy logs (`Logging\HttpProxy\<Protocol>\HttpProxy_YYYYMMDDHH-N.LOG`).
//!
//! Facts (seen in real files of 2013 and 2016; artefacts.help for the columns of 2016 CU22):
//! - Columns differ between versions (2013 has no `UrlHost` and no `RoutingType`) and between cumulative updates; writings
//!   differ in case (`ClientIPAddress`). They are found by name, by the last list before the row.
//! - `#Version` is the server's build when the file was opened, zero-padded: read over all files it is the patch history.
//! - The first line may be the bare list of columns; the `#` lines follow it.
//! - Times are UTC.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, LogSource, ProxyRequest, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, Cells, Face, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of HttpProxy logs.
pub struct ExchangeHttpproxy;

impl Format for ExchangeHttpproxy {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeHttpproxy
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_httpproxy(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_httpproxy(head: &[u8]) -> bool {
    begins_as(head, "HttpProxy Logs", &["DateTime", "UrlStem", "ProxyAction", "AnchorMailbox"])
}

/// The names that Exchange gives these logs.
pub(crate) fn is_httpproxy_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("httpproxy_") && name.ends_with(".log")
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    request_id: Option<usize>,
    protocol: Option<usize>,
    method: Option<usize>,
    stem: Option<usize>,
    query: Option<usize>,
    client: Option<usize>,
    user: Option<usize>,
    anchor_mailbox: Option<usize>,
    routing_hint: Option<usize>,
    back_end_cookie: Option<usize>,
    user_agent: Option<usize>,
    server: Option<usize>,
    status: Option<usize>,
    back_end_status: Option<usize>,
    error_code: Option<usize>,
    generic_errors: Option<usize>,
    response_bytes: Option<usize>,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["DateTime"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "webserver", "httpproxy");
    const BUILD_IN_HEAD: bool = true;
    const SAID_IN_LINE: bool = true;

    fn of(log: &ExchangeLog) -> Self {
        Self {
            request_id: log.position("RequestId"),
            protocol: log.position("Protocol"),
            method: log.position("Method"),
            stem: log.position("UrlStem"),
            query: log.position("UrlQuery"),
            client: log.position("ClientIpAddress"),
            user: log.position("AuthenticatedUser"),
            anchor_mailbox: log.position("AnchorMailbox"),
            routing_hint: log.position("RoutingHint"),
            back_end_cookie: log.position("BackEndCookie"),
            user_agent: log.position("UserAgent"),
            server: log.position("ServerHostName"),
            status: log.position("HttpStatus"),
            back_end_status: log.position("BackEndStatus"),
            error_code: log.position("ErrorCode"),
            generic_errors: log.position("GenericErrors"),
            response_bytes: log.position("ResponseBytes"),
        }
    }

    fn least(&self) -> Option<usize> {
        self.stem
    }

    fn face(&self) -> Option<Face> {
        let columns = [self.protocol, self.method, self.stem, self.client, self.user, self.user_agent, self.server, self.status];
        // Without one of these, nobody knows who asked for what.
        let columns = columns.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Face { columns, bytes_out: self.response_bytes, server: self.server, part: self.protocol })
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let request = ProxyRequest {
            request_id: cells.value(self.request_id),
            protocol: cells.value(self.protocol),
            method: cells.value(self.method),
            stem: cells.value(self.stem),
            query: cells.value(self.query),
            client: cells.value(self.client),
            user: cells.value(self.user),
            anchor_mailbox: cells.value(self.anchor_mailbox),
            routing_hint: cells.value(self.routing_hint),
            back_end_cookie: cells.value(self.back_end_cookie),
            user_agent: cells.value(self.user_agent),
            status: cells.number(self.status).unwrap_or_default(),
            back_end_status: cells.number(self.back_end_status).unwrap_or_default(),
            errors: joined(cells.value(self.error_code), cells.value(self.generic_errors)),
            bytes_out: cells.number(self.response_bytes),
        };
        let unified = Unified::ProxyRequest(request);
        Told { server: cells.value(self.server), build: None, unified, fields: cells.fields(), whole: true }
    }
}

fn joined<'a>(first: Cow<'a, str>, second: Cow<'a, str>) -> Cow<'a, str> {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second,
        (_, true) => first,
        _ => Cow::Owned(format!("{first} {second}")),
    }
}
