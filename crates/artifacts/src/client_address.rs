//! Addresses of clients as proxies hand them on.

use std::net::IpAddr;

/// The first address of `client,+proxy,+proxy`, without the port that some balancers add.
pub(crate) fn first_client(list: &str) -> &str {
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

/// An address of either family, with or without a zone.
pub(crate) fn is_address(text: &str) -> bool {
    text.split('%').next().is_some_and(|text| text.parse::<IpAddr>().is_ok())
}
