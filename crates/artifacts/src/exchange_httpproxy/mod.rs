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

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, Place, ProxyRequest, Record, Timestamp, Unified};

use crate::delimited::{Entry, ExchangeLog, Row, build_record, log_type, timestamp};
use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};

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
        let mut reader = Reader::new();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
        reader.end(sink);
    }
}

fn is_httpproxy(head: &[u8]) -> bool {
    if let Some(log_type) = log_type(head) {
        return log_type.eq_ignore_ascii_case("HttpProxy Logs");
    }
    // A file that has the bare list of columns alone: these four stand together in no other log.
    first_lines(head, 1).first().is_some_and(|line| {
        let has = |name: &str| line.split(',').any(|column| column.trim().eq_ignore_ascii_case(name));
        ["DateTime", "UrlStem", "ProxyAction", "AnchorMailbox"].into_iter().all(has)
    })
}

/// The names that Exchange gives these logs.
pub(crate) fn is_httpproxy_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("httpproxy_") && name.ends_with(".log")
}

struct Reader {
    log: ExchangeLog,
    layout: Layout,
    /// A `#Version` line whose `#Date` has not come yet.
    version: Option<(u64, String)>,
}

impl Reader {
    fn new() -> Self {
        Self { log: ExchangeLog::new(&["DateTime"]), layout: Layout::default(), version: None }
    }

    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        match self.log.line(text) {
            Entry::Version(version) => {
                let flow = self.build(None, sink);
                self.version = Some((number, version.to_owned()));
                flow
            }
            // Without a date that can be read, the time of the first row stands in.
            Entry::Date(date) => timestamp(date).map_or(Flow::Continue, |time| self.build(Some(time), sink)),
            Entry::Columns => {
                self.layout = Layout::of(&self.log);
                Flow::Continue
            }
            Entry::Head => Flow::Continue,
            Entry::DamagedColumns => {
                sink.gap(GapKind::Malformed, Place::Line(number), "a list of columns without DateTime was not taken over");
                Flow::Continue
            }
            Entry::Row(row) => self.row(number, row, sink),
        }
    }

    fn end(&mut self, sink: &mut dyn Sink) {
        self.build(None, sink);
    }

    fn build(&mut self, time: Option<Timestamp>, sink: &mut dyn Sink) -> Flow {
        let Some((number, version)) = self.version.take() else { return Flow::Continue };
        build_record(Place::Line(number), time, "#Version", &version).map_or(Flow::Continue, |record| sink.record(&record))
    }

    fn row(&mut self, number: u64, row: Row<'_>, sink: &mut dyn Sink) -> Flow {
        let time = row.values.get(self.layout.time).and_then(|text| timestamp(text));
        if self.log.columns().is_empty() || time.is_none() || !row.sound {
            sink.gap(
                GapKind::Malformed,
                Place::Line(number),
                "a row without columns, time or closing quote, or with more or fewer values than columns",
            );
            // A row that was cut short behind the path still tells something.
            if time.is_none() || self.layout.stem.is_none_or(|stem| stem >= row.values.len()) {
                return Flow::Continue;
            }
        }
        if self.build(time, sink) == Flow::Stop {
            return Flow::Stop;
        }
        sink.record(&record(&self.layout, self.log.columns(), number, time, row.values))
    }
}

fn record<'a>(
    layout: &Layout,
    names: &'a [String],
    number: u64,
    time: Option<Timestamp>,
    values: Vec<Cow<'a, str>>,
) -> Record<'a> {
    let value = |position: Option<usize>| position.and_then(|position| values.get(position)).cloned().unwrap_or_default();
    let status = |position: Option<usize>| value(position).trim().parse().unwrap_or_default();
    let server = value(layout.server);
    let request = ProxyRequest {
        request_id: value(layout.request_id),
        protocol: value(layout.protocol),
        method: value(layout.method),
        stem: value(layout.stem),
        query: value(layout.query),
        client: value(layout.client),
        user: value(layout.user),
        anchor_mailbox: value(layout.anchor_mailbox),
        routing_hint: value(layout.routing_hint),
        back_end_cookie: value(layout.back_end_cookie),
        user_agent: value(layout.user_agent),
        status: status(layout.status),
        back_end_status: status(layout.back_end_status),
        errors: joined(value(layout.error_code), value(layout.generic_errors)),
        bytes_out: value(layout.response_bytes).trim().parse().ok(),
    };
    Record {
        place: Place::Line(number),
        time,
        server: (!server.is_empty()).then_some(server),
        source: LogSource::fixed("exchange", "webserver", "httpproxy"),
        unified: Unified::ProxyRequest(request),
        fields: Fields::Columns { names, values },
    }
}

fn joined<'a>(first: Cow<'a, str>, second: Cow<'a, str>) -> Cow<'a, str> {
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second,
        (_, true) => first,
        _ => Cow::Owned(format!("{first} {second}")),
    }
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Layout {
    time: usize,
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

impl Layout {
    fn of(log: &ExchangeLog) -> Self {
        Self {
            time: log.position("DateTime").unwrap_or_default(),
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
}
