//! Who sent a request.

use afterpatch_model::WebRequest;

/// The client's address in a field that may hold a chain of proxies (`client, proxy, proxy`) or a port.
pub fn client_address(text: &str) -> &str {
    let first = text.split([',', ';']).next().unwrap_or_default().trim_matches([' ', '+', '"']);
    match first.split_once(':') {
        // One colon is a port, more are an address of version 6.
        Some((address, port)) if !port.contains(':') && address.contains('.') => address,
        _ => first,
    }
}

/// The client of a request: the one that a load balancer tells of, where the log has it.
pub fn client_of<'r>(request: &'r WebRequest<'_>) -> &'r str {
    let forwarded = client_address(&request.forwarded_for);
    if forwarded.is_empty() || forwarded == "-" { &request.client } else { forwarded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_chain_is_the_client() {
        for (text, expected) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1,+10.0.0.1", "192.0.2.1"),
            ("192.0.2.1:50001, 10.0.0.1", "192.0.2.1"),
            ("2001:db8::1", "2001:db8::1"),
            ("", ""),
        ] {
            assert_eq!(client_address(text), expected, "{text}");
        }
    }
}
