//! Addresses of clients as proxies hand them on.

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
