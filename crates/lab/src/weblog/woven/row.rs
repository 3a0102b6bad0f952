//! Rows of somebody else's log, and rows that are written after their pattern.
//!
//! Facts: W3C's "Extended Log File Format" (a `#Fields` line holds until the next one; times are UTC; `-` is no value);
//! Apache's `mod_log_config` and nginx's `ngx_http_log_module` (the common and the combined form, the virtual host before
//! them, a backslash before a quote in quotes).

use jiff::{civil::DateTime, tz::Offset};

use super::super::book::{Ask, dash};
use crate::clock::{MONTHS, Moment};

/// Values looked at behind the time of a row of the common form.
const MAX_VALUES: usize = 32;

/// Reads a log's rows in order, as the head lines before them say.
#[derive(Default)]
pub(super) struct Reader<'l> {
    /// Of W3C; none in other forms.
    fields: Vec<&'l str>,
    /// The day that W3C's head line names, for rows that have none.
    day: &'l str,
}

impl<'l> Reader<'l> {
    /// The row in a line, if it is one.
    pub(super) fn read(&mut self, line: &'l [u8]) -> Option<Row<'l>> {
        let text = str::from_utf8(line).ok()?;
        let line = text.trim_end_matches(['\r', '\n']);
        let end_of_line = if text.ends_with("\r\n") { "\r\n" } else { "\n" };
        if let Some(fields) = line.strip_prefix("#Fields:") {
            self.fields = fields.split_ascii_whitespace().collect();
        } else if let Some(date) = line.strip_prefix("#Date:") {
            self.day = date.split_ascii_whitespace().next().unwrap_or_default();
        }
        if line.starts_with('#') {
            None
        } else if self.fields.is_empty() {
            common(line, end_of_line)
        } else {
            self.w3c(line, end_of_line)
        }
    }

    fn w3c(&self, line: &'l str, end_of_line: &'static str) -> Option<Row<'l>> {
        let values: Vec<&str> = line.split(' ').collect();
        if values.len() != self.fields.len() {
            return None;
        }
        let columns: Vec<(&str, &str)> = self.fields.iter().copied().zip(values).collect();
        let value = |name: &str| columns.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
        let at = w3c_time(value("date").unwrap_or(self.day), value("time")?)?;
        Some(Row {
            at,
            client: value("c-ip").unwrap_or_default(),
            stem: value("cs-uri-stem").unwrap_or_default(),
            status: value("sc-status").and_then(|status| status.parse().ok()).unwrap_or_default(),
            pattern: Pattern::W3c(columns),
            end_of_line,
        })
    }
}

/// A request in somebody else's log.
pub(super) struct Row<'l> {
    pub(super) at: Moment,
    pub(super) client: &'l str,
    /// The path; empty when the request is none of HTTP.
    pub(super) stem: &'l str,
    pub(super) status: u16,
    pattern: Pattern<'l>,
    end_of_line: &'static str,
}

enum Pattern<'l> {
    /// Fields and values.
    W3c(Vec<(&'l str, &'l str)>),
    Common {
        /// The virtual host, where rows begin with one.
        host: Option<&'l str>,
        zone: Offset,
        /// Of the values behind the time, whether each stands in quotes.
        quoted: Vec<bool>,
    },
}

impl Row<'_> {
    /// A line with another request in the same form; `-` for what is not known of it.
    pub(super) fn write(&self, at: Moment, it: &Ask<'_>) -> String {
        let line = match &self.pattern {
            Pattern::W3c(columns) => {
                let values: Vec<String> = columns.iter().map(|(field, value)| w3c_value(field, value, at, it)).collect();
                values.join(" ")
            }
            Pattern::Common { host, zone, quoted } => {
                let host = host.map(|host| format!("{host} ")).unwrap_or_default();
                let time = at.common_at(*zone);
                format!("{host}{} - {} [{time}] {}", it.client, dash(it.user), behind_time(quoted, it))
            }
        };
        line + self.end_of_line
    }
}

fn w3c_value(field: &str, beside: &str, at: Moment, it: &Ask<'_>) -> String {
    let clock = at.w3c();
    let (date, time) = clock.split_once(' ').unwrap_or_default();
    let text = match field.to_ascii_lowercase().as_str() {
        "date" => date,
        "time" => time,
        // What a row says of the server is true of the next one, too.
        "s-sitename" | "s-computername" | "s-ip" | "s-port" | "cs-host" | "cs-version" => beside,
        "cs-method" => it.method,
        "cs-uri-stem" => it.stem,
        "cs-uri-query" => it.query,
        "cs-username" => it.user,
        "c-ip" => it.client,
        "cs(user-agent)" => return dash(it.agent).replace(' ', "+"),
        "cs(referer)" => it.referer,
        "sc-status" => return it.status.to_string(),
        "sc-substatus" | "sc-win32-status" => "0",
        "sc-bytes" => return it.bytes.to_string(),
        "cs-bytes" => return it.bytes_in().to_string(),
        "time-taken" => return it.time_taken().to_string(),
        _ => "",
    };
    dash(text).to_owned()
}

/// Request, status and bytes stand in every such row, referrer and agent in most, and what is behind them is anybody's.
fn behind_time(quoted: &[bool], it: &Ask<'_>) -> String {
    let mark = if it.query.is_empty() { "" } else { "?" };
    let request = format!("{} {}{mark}{} HTTP/1.1", it.method, it.stem, it.query);
    let mut said = [request.as_str(), dash(it.referer), dash(it.agent)].into_iter();
    let mut counted = [it.status.to_string(), it.bytes.to_string()].into_iter();
    let value = |&quoted: &bool| match quoted {
        true => format!("\"{}\"", said.next().unwrap_or("-")),
        false => counted.next().unwrap_or_else(|| "-".to_owned()),
    };
    quoted.iter().map(value).collect::<Vec<String>>().join(" ")
}

fn common<'l>(line: &'l str, end_of_line: &'static str) -> Option<Row<'l>> {
    let (names, rest) = line.split_once(" [")?;
    let (stamp, rest) = rest.split_once("] ")?;
    let (at, zone) = common_time(stamp)?;
    let mut names = names.split(' ');
    let (first, second, more) = (names.next()?, names.next()?, names.count());
    // `host ident user`, or with the virtual host and its port before them.
    let is_host = more >= 2 && second != "-" && first.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let values = values(rest)?;
    let request = values.iter().find(|(_, quoted)| *quoted)?.0;
    let status = values.iter().find(|(_, quoted)| !*quoted)?.0.parse().ok()?;
    Some(Row {
        at,
        client: if is_host { second } else { first },
        stem: stem(request),
        status,
        pattern: Pattern::Common {
            host: is_host.then_some(first),
            zone,
            quoted: values.iter().map(|(_, quoted)| *quoted).collect(),
        },
        end_of_line,
    })
}

/// The values of a row and whether each stands in quotes.
fn values(text: &str) -> Option<Vec<(&str, bool)>> {
    let mut values = Vec::new();
    let mut rest = text.trim_matches(' ');
    while !rest.is_empty() && values.len() < MAX_VALUES {
        let (value, behind, is_quoted) = match rest.strip_prefix('"') {
            Some(inside) => {
                let (value, behind) = inside.split_at_checked(closing_quote(inside)?)?;
                (value, behind.strip_prefix('"')?, true)
            }
            None => {
                let (value, behind) = rest.split_once(' ').unwrap_or((rest, ""));
                (value, behind, false)
            }
        };
        values.push((value, is_quoted));
        rest = behind.trim_start_matches(' ');
    }
    Some(values)
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let closes = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        closes
    })
}

/// The path of `GET /path?query HTTP/1.1`, or of the same with the whole address.
fn stem(request: &str) -> &str {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let path = match target.split_once("://") {
        Some((_, rest)) if !target.starts_with('/') => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        _ => target,
    };
    path.split('?').next().unwrap_or_default()
}

/// `2021-03-14` and `06:40:13`.
fn w3c_time(date: &str, time: &str) -> Option<Moment> {
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?.parse().ok()?, date.next()?.parse().ok()?, date.next()?.parse().ok()?);
    moment([month, day], year, time, Offset::UTC)
}

/// `14/Mar/2021:06:40:13 +0000`.
fn common_time(stamp: &str) -> Option<(Moment, Offset)> {
    let (local, zone) = stamp.split_once(' ')?;
    let (date, time) = local.split_once(':')?;
    let mut date = date.split('/');
    let (day, month, year) = (date.next()?.parse().ok()?, date.next()?, date.next()?.parse().ok()?);
    let month = i8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    let zone = offset(zone)?;
    Some((moment([month, day], year, time, zone)?, zone))
}

fn moment([month, day]: [i8; 2], year: i16, time: &str, zone: Offset) -> Option<Moment> {
    let mut time = time.split([':', '.']);
    let (hour, minute, second) = (time.next()?.parse().ok()?, time.next()?.parse().ok()?, time.next()?.parse().ok()?);
    let local = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    zone.to_timestamp(local).ok().map(Moment::of)
}

/// `+0530`.
fn offset(text: &str) -> Option<Offset> {
    let number: i32 = text.parse().ok().filter(|_| text.len() == 5 && text.is_ascii())?;
    Offset::from_seconds((number / 100 * 60 + number % 100) * 60).ok()
}
