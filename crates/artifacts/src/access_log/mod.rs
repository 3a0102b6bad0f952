//! Access logs of Apache, nginx, Tomcat, and of IIS in the NCSA format (`u_nc*.log`).
//!
//! Facts (Apache `mod_log_config`, nginx `ngx_http_log_module`, Tomcat `AccessLogValve`, Microsoft Learn "NCSA Logging"):
//! - `host ident user [time] "request" status bytes`, with `"referer" "user agent"` behind it in the combined form (nginx has
//!   no other), with the virtual host and its port before it in Apache's `vhost_combined`. What else is logged stands behind
//!   or between: numbers (`combinedio`), or the forwarded addresses that nginx's packages configure as a third quoted value.
//! - The time is local with its distance to UTC.
//! - A quote inside quotes is `\"` (Apache, Tomcat since 8.5) or `\x22` (nginx); other bytes are `\xHH`, `\n`, `\t` ….
//! - A name behind `user` may hold blanks. `-` is empty. Bytes are those of the body.
//! - The request may be no HTTP at all (`\x16\x03\x01`, the beginning of TLS; `-`, a connection without any). Such a row has
//!   no method and no path.
//! - No server name: the virtual host is the visitor's word.

mod row;
#[cfg(test)]
mod tests;
mod time;

use std::sync::LazyLock;

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, Place, Record, Unified, WebRequest};

use crate::client_address::first_client;
use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};
use row::Row;

/// The format of access logs.
pub struct AccessLog;

impl Format for AccessLog {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::AccessLog
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_access_log(input.entry().file_name(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        sink.rows_need(Some(""));
        read_lines(input, sink, line);
    }
}

/// When most of its first lines are rows; of a file that is named so, one is enough.
fn is_access_log(name: &str, head: &[u8]) -> bool {
    let lines = first_lines(head, 8);
    let rows = lines.iter().filter(|line| Row::read(line).is_some()).count();
    rows * 2 > lines.len() || (rows > 0 && is_access_log_name(name))
}

/// The names that servers and their packages give these logs, rotated ones too.
pub(crate) fn is_access_log_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("access_log") || name.contains("access.log") || (name.starts_with("u_nc") && name.ends_with(".log"))
}

fn line(number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
    match Row::read(text) {
        Some(row) => sink.record(&record(number, text, &row)),
        None => {
            sink.gap(GapKind::Malformed, Place::Line(number), "a row that is not of the common or the combined form");
            Flow::Continue
        }
    }
}

fn record<'a>(number: u64, text: &'a str, row: &'a Row<'_>) -> Record<'a> {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let names = "vhost host ident authuser time request status bytes referer user-agent rest";
        names.split(' ').map(str::to_owned).collect()
    });
    let (method, target) = method_and_target(&row.request).unwrap_or_default();
    let (stem, query) = target.split_once('?').unwrap_or((target, ""));
    let request = WebRequest {
        method: method.into(),
        stem: stem.into(),
        query: query.into(),
        client: row.client.into(),
        forwarded_for: first_client(&row.said.forwarded).into(),
        user: said(row.user).into(),
        user_agent: said(&row.said.user_agent).into(),
        referer: said(&row.said.referer).into(),
        port: row.vhost.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).unwrap_or_default(),
        status: row.status.parse().unwrap_or_default(),
        request_id: "".into(),
        bytes_out: row.bytes.parse().ok(),
        bytes_in: None,
    };
    let values = [
        row.vhost,
        row.client,
        row.ident,
        row.user,
        row.stamp,
        &row.request,
        row.status,
        row.bytes,
        &row.said.referer,
        &row.said.user_agent,
        row.said.rest,
    ];
    Record {
        place: Place::Line(number),
        time: Some(row.time),
        server: None,
        source: LogSource::fixed("", "webserver", "access"),
        unified: Unified::WebRequest(request),
        // What is escaped reads otherwise in its value.
        fields: Fields::Columns {
            names: &NAMES,
            values: values.map(Into::into).to_vec(),
            line: if text.contains('\\') { "" } else { text },
        },
    }
}

/// `GET /path HTTP/1.1`, also without the version (HTTP 0.9) and with blanks in the target.
fn method_and_target(request: &str) -> Option<(&str, &str)> {
    let (method, rest) = request.split_once(' ')?;
    // RFC 9110 allows more, but no method in use has other characters, and noise mostly does.
    let is_method =
        (1..=32).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte));
    let target = match rest.rsplit_once(' ') {
        Some((target, version)) if version.starts_with("HTTP/") => target,
        _ => rest,
    };
    let target = target.trim();
    let is_target = target.starts_with(['/', '*']) || target.contains("://") || method.eq_ignore_ascii_case("CONNECT");
    (is_method && is_target).then_some((method, target))
}

fn said(value: &str) -> &str {
    if value == "-" { "" } else { value }
}
