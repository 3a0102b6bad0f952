//! One row, taken apart.

use std::borrow::Cow;

use afterpatch_model::Timestamp;
use memchr::memmem;

use super::time;
use crate::client_address::{first_client, is_address};

/// The values of a row as written, with the escapes inside quotes undone. Empty where the form has them not.
pub(super) struct Row<'l> {
    /// Virtual host, with its port where logged.
    pub(super) vhost: &'l str,
    pub(super) client: &'l str,
    pub(super) ident: &'l str,
    pub(super) user: &'l str,
    pub(super) time: Timestamp,
    /// The time as written.
    pub(super) stamp: &'l str,
    pub(super) request: Cow<'l, str>,
    pub(super) status: &'l str,
    pub(super) bytes: &'l str,
    pub(super) said: Said<'l>,
}

impl<'l> Row<'l> {
    /// Takes a line apart; `None` when it is no row of these forms.
    pub(super) fn read(line: &'l str) -> Option<Self> {
        let (before, stamp, time, behind) = around_time(line)?;
        let Caller { vhost, client, ident, user } = Caller::read(before)?;
        let (request, behind) = quoted(behind, |behind| status_and_bytes(behind).is_some())?;
        let (status, bytes, behind) = status_and_bytes(behind)?;
        let said = Said::read(behind);
        Some(Self { vhost, client, ident, user, time, stamp, request, status, bytes, said })
    }
}

/// What stands behind the bytes.
#[derive(Default)]
pub(super) struct Said<'l> {
    pub(super) referer: Cow<'l, str>,
    pub(super) user_agent: Cow<'l, str>,
    /// The list of addresses that a proxy handed on.
    pub(super) forwarded: Cow<'l, str>,
    /// What is none of these, as written.
    pub(super) rest: &'l str,
}

impl<'l> Said<'l> {
    /// Two quoted values are referer and user agent, wherever numbers stand between; a third one, or one alone, is a list of
    /// forwarded addresses where it is one.
    fn read(text: &'l str) -> Self {
        let mut values = Vec::new();
        let (mut behind, mut between) = (text, false);
        while values.len() < 3 {
            let start = memmem::find(behind.as_bytes(), b" \"").unwrap_or(behind.len());
            let next = behind.get(start..).and_then(|text| quoted(text, |behind| behind.is_empty() || behind.starts_with(' ')));
            let Some((value, rest)) = next else { break };
            between |= start > 0;
            values.push((value, rest));
            behind = rest;
        }
        let is_list = |value: &Cow<'_, str>| is_address(first_client(value));
        let mut values = values.into_iter();
        match (values.next(), values.next(), values.next()) {
            (Some((referer, _)), Some((user_agent, rest)), third) => {
                let forwarded = third.map(|(value, _)| value).filter(is_list).unwrap_or_default();
                Self { referer, user_agent, forwarded, rest: if between { text } else { rest }.trim() }
            }
            (only, ..) => {
                let forwarded = only.map(|(value, _)| value).filter(is_list).unwrap_or_default();
                Self { forwarded, rest: text.trim(), ..Self::default() }
            }
        }
    }
}

/// The line before its time, the time as written and as an instant, the line behind it.
fn around_time(line: &str) -> Option<(&str, &str, Timestamp, &str)> {
    // A user may hold a bracket; nobody has many.
    const MOST: usize = 8;
    memmem::find_iter(line.as_bytes(), b" [").take(MOST).find_map(|at| {
        let stamp = line.get(at + 2..at + 2 + time::LENGTH)?;
        let behind = line.get(at + 2 + time::LENGTH..)?.strip_prefix(']')?;
        Some((line.get(..at)?, stamp, time::read(stamp)?, behind))
    })
}

/// Who asked, and whom.
struct Caller<'l> {
    vhost: &'l str,
    client: &'l str,
    ident: &'l str,
    user: &'l str,
}

impl<'l> Caller<'l> {
    fn read(text: &'l str) -> Option<Self> {
        let (first, rest) = text.split_once(' ')?;
        let (second, rest) = rest.split_once(' ')?;
        // A name is a host only where the value behind it, which nobody uses, is empty: else any text would do.
        if is_address(second) || (!is_address(first) && is_host(second) && rest.starts_with("- ")) {
            let (ident, user) = rest.split_once(' ')?;
            return is_host(first).then_some(Self { vhost: first, client: second, ident, user });
        }
        let is_caller = (is_address(first) && !second.is_empty()) || (is_host(first) && second == "-");
        is_caller.then_some(Self { vhost: "", client: first, ident: second, user: rest })
    }
}

fn is_host(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-_[]%".contains(&byte))
}

/// Status (three digits or `-`) and bytes (a number or `-`), and what comes behind.
fn status_and_bytes(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.strip_prefix(' ')?;
    let (status, rest) = text.split_once(' ')?;
    let bytes = rest.split(' ').next()?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_status = status == "-" || (status.len() == 3 && digits(status));
    let is_bytes = bytes == "-" || (!bytes.is_empty() && bytes.len() <= 20 && digits(bytes));
    (is_status && is_bytes).then(|| (status, bytes, rest.get(bytes.len()..).unwrap_or_default()))
}

/// The next value, when it stands in quotes, with its escapes undone, and what comes behind its closing quote. A quote that
/// is not escaped closes only where `is_end` says so of what comes behind: old Tomcats escape none.
fn quoted(text: &str, is_end: impl Fn(&str) -> bool) -> Option<(Cow<'_, str>, &str)> {
    let text = text.strip_prefix(" \"")?;
    let mut escaped_until = 0;
    for at in memchr::memchr2_iter(b'"', b'\\', text.as_bytes()) {
        if at < escaped_until {
            continue;
        }
        let (value, behind) = text.split_at_checked(at)?;
        match behind.strip_prefix('"') {
            Some(behind) if is_end(behind) => return Some((unescaped(value), behind)),
            Some(_) => {}
            None => escaped_until = at + 2,
        }
    }
    None
}

/// A value with `\"`, `\\`, `\n`, `\t` …, and `\xHH` undone; bytes that are no text become U+FFFD.
fn unescaped(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let (byte, behind) = if byte == b'\\' { escape(behind).unwrap_or((byte, behind)) } else { (byte, behind) };
        bytes.push(byte);
        rest = behind;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// What the text behind a backslash stands for, and what comes behind it; `None` when it is no escape.
fn escape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&letter, behind) = text.split_first()?;
    let byte = match letter {
        b'"' | b'\\' => letter,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'x' => {
            let (digits, behind) = behind.split_at_checked(2)?;
            return u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok().map(|byte| (byte, behind));
        }
        _ => return None,
    };
    Some((byte, behind))
}
