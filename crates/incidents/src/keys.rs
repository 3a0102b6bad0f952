//! By what findings are joined.

use afterpatch_model::{Finding, ThingKind};

/// Keys that name one thing so exactly that two findings with the same key belong together, whenever they happened.
pub fn exact_keys(finding: &Finding) -> Vec<String> {
    finding
        .things
        .iter()
        .filter_map(|thing| {
            let kind = match thing.kind {
                ThingKind::RequestId => "request",
                ThingKind::Canary => "canary",
                ThingKind::Page => "page",
                ThingKind::File => "file",
                ThingKind::Hash => "hash",
                ThingKind::Script => "script",
                _ => return None,
            };
            Some(format!("{kind} {}", thing.value.to_lowercase()))
        })
        .collect()
}

/// Keys that join only findings close in time, with the bound in seconds: process numbers are used again, and an
/// administrator may work on the same object another day.
pub fn near_keys(finding: &Finding) -> Vec<(String, i64)> {
    finding
        .things
        .iter()
        .filter_map(|thing| match thing.kind {
            ThingKind::Process => Some((format!("process {}", thing.value.to_lowercase()), 60)),
            ThingKind::Object => Some((format!("object {}", thing.value.to_lowercase()), 600)),
            ThingKind::Address if is_remote(&thing.value) => Some((format!("address {}", thing.value), 3600)),
            _ => None,
        })
        .collect()
}

/// Addresses of the client, without the server's own.
pub fn remote_addresses(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.things_of(ThingKind::Address).filter(|address| is_remote(address))
}

/// Loopback and link-local addresses name the server itself: relay and share writes come from there, whoever the actor is.
fn is_remote(address: &str) -> bool {
    let address = address.trim_start_matches("::ffff:").trim_start_matches('[');
    !(address.starts_with("127.")
        || address.starts_with("::1")
        || address.to_ascii_lowercase().starts_with("fe80:")
        || address == "-")
}
