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

mod layout;
mod row_time;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::LazyLock;

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, Place, Record, Timestamp, Unified, WebRequest};
use memchr::memmem;

use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};
use layout::Layout;
use row_time::RowTime;

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
        let mut reader = Reader::default();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
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
        if value_of(line, "#fields").is_some_and(|fields| Layout::new(fields).is_some_and(|layout| layout.stem.is_some())) {
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

fn value_of<'l>(line: &'l str, directive: &str) -> Option<&'l str> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case(directive).then(|| value.trim())
}

#[derive(Default)]
struct Reader {
    /// `None` before the first list of columns.
    layout: Option<Layout>,
    time: RowTime,
}

impl Reader {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        if text.starts_with('#') {
            self.directive(number, text, sink);
            return Flow::Continue;
        }
        let time = &mut self.time;
        let layout = self.layout.get_or_insert_with(|| {
            sink.gap(
                GapKind::Malformed,
                Place::Line(number),
                "rows before the first list of columns were read by the default list",
            );
            Layout::default()
        });
        let mut values = Vec::with_capacity(layout.names.len());
        values.extend(Values(Some(text)).map(Cow::Borrowed));
        let time = time.of_row(layout, &values);
        if values.len() != layout.names.len() || time.is_none() {
            sink.gap(GapKind::Malformed, Place::Line(number), "a row without a time, or with more or fewer values than columns");
            // Cut short or grown by a blank, a row with a time and a path still tells something.
            let Some(stem) = layout.stem.filter(|stem| time.is_some() && *stem < values.len()) else { return Flow::Continue };
            if values.len() > layout.names.len() {
                // Nobody can say which value grew; most likely the path or one behind it.
                values.truncate(stem + 1);
            }
        }
        sink.record(&record(layout, number, time, values))
    }

    fn directive(&mut self, number: u64, text: &str, sink: &mut dyn Sink) {
        if let Some(fields) = value_of(text, "#fields") {
            match Layout::new(fields) {
                Some(layout) => self.layout = Some(layout),
                None => sink.gap(GapKind::Malformed, Place::Line(number), "a list of columns without a time was not taken over"),
            }
        } else if let Some(date) = value_of(text, "#date") {
            self.time.opened(date);
        }
    }
}

fn record<'a>(layout: &'a Layout, number: u64, time: Option<Timestamp>, values: Vec<Cow<'a, str>>) -> Record<'a> {
    let value = |position: Option<usize>| -> &'a str {
        match position.and_then(|position| values.get(position)) {
            Some(Cow::Borrowed(value)) if *value != "-" => value,
            _ => "",
        }
    };
    let query = value(layout.query);
    let server = value(layout.computer);
    let request = WebRequest {
        method: value(layout.method).into(),
        stem: value(layout.stem).into(),
        query: query.into(),
        client: value(layout.client).into(),
        forwarded_for: first_client(value(layout.forwarded_for)).into(),
        user: value(layout.user).into(),
        user_agent: blanks(value(layout.user_agent)),
        referer: value(layout.referer).into(),
        port: value(layout.port).parse().unwrap_or_default(),
        status: value(layout.status).parse().unwrap_or_default(),
        request_id: request_id(query).into(),
        bytes_out: value(layout.bytes_out).parse().ok(),
        bytes_in: value(layout.bytes_in).parse().ok(),
    };
    Record {
        place: Place::Line(number),
        time,
        server: (!server.is_empty()).then_some(Cow::Borrowed(server)),
        source: LogSource::fixed("windows", "webserver", "iis"),
        unified: Unified::WebRequest(request),
        fields: Fields::Columns { names: &layout.names, values },
    }
}

/// The values between blanks. `memchr` beats `str::split` here, and this loop is where the time goes.
struct Values<'l>(Option<&'l str>);

impl<'l> Iterator for Values<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        let rest = self.0?;
        let cut = memchr::memchr(b' ', rest.as_bytes()).and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?)));
        let (value, behind) = cut.map_or((rest, None), |(value, behind)| (value, Some(behind)));
        self.0 = behind;
        Some(value)
    }
}

fn blanks(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'+', value.as_bytes()).is_some() { Cow::Owned(value.replace('+', " ")) } else { Cow::Borrowed(value) }
}

/// The value of `cafeReqId` in a query; empty when there is none.
fn request_id(query: &str) -> &str {
    static KEY: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("cafeReqId="));
    let value = KEY.find(query.as_bytes()).and_then(|at| query.get(at + KEY.needle().len()..)).unwrap_or_default();
    value.split([';', '&']).next().unwrap_or_default()
}

/// The first address of `client,+proxy,+proxy`, without the port that some balancers add.
fn first_client(list: &str) -> &str {
    let first = list.split(',').next().unwrap_or_default().trim_matches(['+', ' ']);
    if let Some((address, _)) = first.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    match first.split_once(':') {
        // More than one colon is an IPv6 address, not a port.
        Some((address, port)) if address.contains('.') && !port.contains(':') => address,
        _ => first,
    }
}
