//! IIS access logs in the W3C format (`u_ex*.log`).
//!
//! Facts (Microsoft Learn, "W3C Logging"; the head and Exchange's additions seen in real files):
//! - The `#` lines come again after every restart of the service, and `#Fields` may be another list then; a row is read by
//!   the last list before it.
//! - `date` and `time` are UTC, whatever zone the server has (only the rolling over to a new file can be local).
//! - A blank inside a value is written `+`, an empty value `-`. A `+` that was really sent cannot be told from a blank.
//! - Exchange adds `cafeReqId=<guid>;` to `cs-uri-query` on its front end: the `RequestId` of the HttpProxy log.
//! - Behind a load balancer `c-ip` is the balancer; `X-Forwarded-For`, where it is logged, begins with the client.
//! - The file is preallocated: a crash leaves NULs, at the end or before the next head.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use afterpatch_model::{ArtifactKind, LogSource, Unified, WebRequest};
use memchr::memmem;

use crate::client_address::first_client;
use crate::lines::first_lines;
use crate::w3c::{self, Cells, Names, OutsideFace, RowTime, blanks, value_of};
use crate::{Format, Input, Sink};

/// The format of IIS access logs.
pub struct IisW3c;

impl Format for IisW3c {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::IisW3c
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_iis(input.entry().file_name(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        w3c::read::<Columns>(input, sink);
    }
}

/// By its head under any name; by name only when its first line is a row (a file whose head was cut off).
fn is_iis(name: &str, head: &[u8]) -> bool {
    let lines = first_lines(head, 8);
    for line in &lines {
        if let Some(software) = value_of(line, "#software") {
            // The kernel's own error log has the same grammar and other columns; it is another kind.
            return software.starts_with("Microsoft Internet Information Services");
        }
        if value_of(line, "#fields")
            .map(Names::of)
            .is_some_and(|names| ["time", "cs-uri-stem"].iter().all(|name| names.at(name).is_some()))
        {
            return true;
        }
    }
    let is_row = |line: &String| RowTime::default().of_parts(line.get(..10), line.get(11..19)).is_some();
    is_iis_name(name) && lines.iter().any(is_row)
}

/// The names that IIS gives its W3C logs.
pub(crate) fn is_iis_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("u_ex") && name.ends_with(".log")
}

/// Which column of the rows at hand holds what.
struct Columns {
    computer: Option<usize>,
    method: Option<usize>,
    stem: Option<usize>,
    query: Option<usize>,
    port: Option<usize>,
    user: Option<usize>,
    client: Option<usize>,
    forwarded_for: Option<usize>,
    user_agent: Option<usize>,
    referer: Option<usize>,
    status: Option<usize>,
    bytes_out: Option<usize>,
    bytes_in: Option<usize>,
    /// Not for records: how long it took, and how it went in detail.
    details: [Option<usize>; 3],
}

impl w3c::Columns for Columns {
    const SOURCE: LogSource<'static> = LogSource::fixed("windows", "webserver", "iis");
    /// The columns of IIS 8 and later when nobody changed them (Microsoft Learn, "Configure Logging in IIS").
    const DEFAULT: &'static str = "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) \
                                   cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

    fn of(names: &Names) -> Self {
        Self {
            computer: names.at("s-computername"),
            method: names.at("cs-method"),
            stem: names.at("cs-uri-stem"),
            query: names.at("cs-uri-query"),
            port: names.at("s-port"),
            user: names.at("cs-username"),
            client: names.at("c-ip"),
            forwarded_for: names.at("X-Forwarded-For").or_else(|| names.at("cs(X-Forwarded-For)")),
            user_agent: names.at("cs(User-Agent)"),
            referer: names.at("cs(Referer)"),
            status: names.at("sc-status"),
            bytes_out: names.at("sc-bytes"),
            bytes_in: names.at("cs-bytes"),
            details: ["sc-substatus", "sc-win32-status", "time-taken"].map(|name| names.at(name)),
        }
    }

    fn least(&self) -> Option<usize> {
        self.stem
    }

    fn computer(&self) -> Option<usize> {
        self.computer
    }

    fn outside_face(&self) -> Option<OutsideFace> {
        Some(OutsideFace {
            query: self.query,
            bytes_out: self.bytes_out,
            others: self.details.into_iter().chain([self.bytes_in]).flatten().collect(),
            is_routed: |query| ends_with_request_id(query) || !request_id(query).is_empty(),
        })
    }

    fn unified<'a>(&self, cells: Cells<'_, 'a>) -> Unified<'a> {
        let query = cells.text(self.query);
        Unified::WebRequest(WebRequest {
            method: cells.text(self.method).into(),
            stem: cells.text(self.stem).into(),
            query: query.into(),
            client: cells.text(self.client).into(),
            forwarded_for: first_client(cells.text(self.forwarded_for)).into(),
            user: cells.text(self.user).into(),
            user_agent: blanks(cells.text(self.user_agent)),
            referer: cells.text(self.referer).into(),
            port: cells.text(self.port).parse().unwrap_or_default(),
            status: cells.text(self.status).parse().unwrap_or_default(),
            request_id: request_id(query).into(),
            bytes_out: cells.text(self.bytes_out).parse().ok(),
            bytes_in: cells.text(self.bytes_in).parse().ok(),
        })
    }
}

/// Whether `cafeReqId` and a GUID end the query, as the front end writes it: seen at one look.
fn ends_with_request_id(query: &str) -> bool {
    const KEY: &str = "cafeReqId=";
    const GUID: usize = 36;
    let query = query.strip_suffix(';').unwrap_or(query);
    let tail = query.len().checked_sub(KEY.len() + GUID).and_then(|at| query.get(at..));
    tail.and_then(|tail| tail.strip_prefix(KEY)).is_some_and(|id| !id.starts_with([';', '&']))
}

/// The value of the last `cafeReqId` in a query; empty when there is none. The server writes its own behind what the visitor sent,
/// who may have sent one to be taken for somebody else's request.
fn request_id(query: &str) -> &str {
    static KEY: LazyLock<memmem::FinderRev<'static>> = LazyLock::new(|| memmem::FinderRev::new("cafeReqId="));
    let value = KEY.rfind(query.as_bytes()).and_then(|at| query.get(at + KEY.needle().len()..)).unwrap_or_default();
    value.split([';', '&']).next().unwrap_or_default()
}
