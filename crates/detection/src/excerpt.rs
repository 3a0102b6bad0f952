//! The telling part of a record, for the report. The pointer beside it leads to the whole.

use afterpatch_model::{Record, Unified};

/// A row that is longer than this tells no more; the planted script of a directory is some two hundred bytes.
const MAX_BYTES: usize = 2_000;
/// Columns of HttpProxy that tell a request's story; its 77 columns would drown it.
const PROXY_COLUMNS: [&str; 12] = [
    "Method",
    "UrlStem",
    "UrlQuery",
    "HttpStatus",
    "BackEndStatus",
    "AnchorMailbox",
    "RoutingHint",
    "BackEndCookie",
    "AuthenticatedUser",
    "ClientIpAddress",
    "UserAgent",
    "RequestId",
];
/// Fields that every event has and that tell nothing about this one, or that repeat what other fields say.
const EVENT_NOISE: [&str; 16] = [
    "Keywords",
    "Level",
    "Task",
    "ProviderGuid",
    "Opcode",
    "Version",
    "RuleName",
    "ProcessGuid",
    "ParentProcessGuid",
    "LogonGuid",
    "@timestamp",
    "TimeCreated",
    "Computer",
    "Hostname",
    "Hashes",
    "TerminalSessionId",
];

/// The telling part of a record as `Name=value` pairs in the format's order.
pub fn excerpt(record: &Record<'_>) -> String {
    let wanted: fn(&str) -> bool = match &record.unified {
        Unified::ProxyRequest(_) => |name| PROXY_COLUMNS.iter().any(|column| column.eq_ignore_ascii_case(name)),
        Unified::WebRequest(_) => |_| true,
        // An event with named fields says in them what its message says again.
        Unified::ProcessStart(_) | Unified::FileChange(_) | Unified::ShareAccess(_) | Unified::Logon(_) => {
            |name| name != "Message" && !EVENT_NOISE.contains(&name)
        }
        _ => |name| !EVENT_NOISE.contains(&name),
    };
    let mut text = String::new();
    for (name, value) in record.fields.iter() {
        if value.is_empty() || value == "-" || !wanted(name) {
            continue;
        }
        if !text.is_empty() {
            text.push_str("  ");
        }
        text.push_str(name);
        text.push('=');
        let value = value.trim_end();
        let end = (0..=value.len().min(MAX_BYTES)).rev().find(|&end| value.is_char_boundary(end)).unwrap_or(0);
        text.push_str(value.get(..end).unwrap_or_default());
        if end < value.len() {
            text.push('…');
        }
        if text.len() > MAX_BYTES {
            break;
        }
    }
    text
}
