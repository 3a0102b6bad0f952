//! Who may ask.

use std::net::IpAddr;

use anyhow::{Context, bail};
use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::arguments::ServeArguments;

/// Shorter tokens can be guessed.
const SHORTEST: usize = 16;

/// What is asked of whoever asks.
pub(super) struct Guard {
    /// Hash of the token: comparing hashes tells nothing by its time.
    token: Option<[u8; 32]>,
    /// The header in which a proxy says who asks, and the proxy's address.
    proxy: Option<(HeaderName, IpAddr)>,
}

/// Why somebody may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The token is missing or wrong.
    Unknown,
    /// Nothing that he could say would help.
    Forbidden(&'static str),
}

impl Guard {
    pub(super) fn new(arguments: &ServeArguments) -> anyhow::Result<Self> {
        let token = match &arguments.token_file {
            None => None,
            Some(path) => {
                let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
                let token = text.trim();
                if token.len() < SHORTEST {
                    bail!("{}: the token has fewer than {SHORTEST} characters and could be guessed", path.display());
                }
                Some(Sha256::digest(token.as_bytes()).into())
            }
        };
        let header = arguments
            .trust_header
            .as_deref()
            .map(|name| name.parse::<HeaderName>().with_context(|| format!("{name}: is no name of a header")));
        Ok(Self { token, proxy: header.transpose()?.zip(arguments.proxy) })
    }

    /// Whether it asks anything.
    pub(super) fn asks(&self) -> bool {
        self.token.is_some() || self.proxy.is_some()
    }

    pub(super) fn admits(&self, peer: IpAddr, headers: &HeaderMap) -> Result<(), Refusal> {
        if let Some((name, proxy)) = &self.proxy {
            if peer.to_canonical() != proxy.to_canonical() {
                return Err(Refusal::Forbidden("Ask through the proxy.\n"));
            }
            if headers.get(name).is_none_or(|value| value.as_bytes().trim_ascii().is_empty()) {
                return Err(Refusal::Forbidden("The proxy does not say who you are.\n"));
            }
        }
        if let Some(token) = &self.token {
            let given = headers.get(header::AUTHORIZATION).and_then(|value| password(value.to_str().ok()?));
            return match given {
                Some(given) if <[u8; 32]>::from(Sha256::digest(&given)) == *token => Ok(()),
                _ => Err(Refusal::Unknown),
            };
        }
        // A page elsewhere can give its name our address (DNS rebinding) and read what only this computer may: its name shows.
        if self.proxy.is_none() && !headers.get(header::HOST).and_then(|host| host.to_str().ok()).is_some_and(is_this_computer) {
            return Err(Refusal::Forbidden("Ask for localhost or 127.0.0.1.\n"));
        }
        Ok(())
    }
}

/// What stands in `Authorization`: a token, or the password of any user.
fn password(value: &str) -> Option<Vec<u8>> {
    let (scheme, rest) = value.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => Some(rest.trim().as_bytes().to_vec()),
        "basic" => {
            let both = STANDARD.decode(rest.trim()).ok()?;
            let colon = both.iter().position(|byte| *byte == b':')?;
            both.get(colon + 1..).map(<[u8]>::to_vec)
        }
        _ => None,
    }
}

fn is_this_computer(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn without_anything_only_this_computer_by_its_own_name_may_ask() {
        let guard = Guard { token: None, proxy: None };
        for (host, admitted) in [
            ("localhost:8750", true),
            ("127.0.0.1:8750", true),
            ("[::1]:8750", true),
            ("LOCALHOST", true),
            ("evil.example:8750", false),
            ("127.0.0.1.evil.example", false),
            ("localhost.evil.example", false),
            ("", false),
        ] {
            assert_eq!(guard.admits(HERE, &headers(&[("host", host)])).is_ok(), admitted, "{host}");
        }
        assert!(guard.admits(HERE, &HeaderMap::new()).is_err());
    }

    #[test]
    fn a_token_is_a_password_or_a_bearer_token() {
        let token = "a long enough token";
        let guard = Guard { token: Some(Sha256::digest(token).into()), proxy: None };
        // printf 'me:a long enough token' | base64
        for (value, admitted) in [
            ("Bearer a long enough token", true),
            ("bearer a long enough token ", true),
            ("Basic bWU6YSBsb25nIGVub3VnaCB0b2tlbg==", true),
            ("Bearer a long enough toke", false),
            ("Basic bWU6", false),
            ("Basic ???", false),
            ("Digest a long enough token", false),
            ("", false),
        ] {
            let told = guard.admits(HERE, &headers(&[("authorization", value), ("host", "dash.example")]));
            assert_eq!(told, if admitted { Ok(()) } else { Err(Refusal::Unknown) }, "{value}");
        }
    }

    #[test]
    fn a_proxy_must_come_from_its_address_and_say_who_asks() {
        let proxy: IpAddr = "192.0.2.1".parse().unwrap();
        let guard = Guard { token: None, proxy: Some((HeaderName::from_static("x-user"), proxy)) };
        let named = headers(&[("x-user", "anna"), ("host", "dash.example")]);
        assert!(guard.admits(proxy, &named).is_ok());
        assert!(guard.admits("::ffff:192.0.2.1".parse().unwrap(), &named).is_ok());
        assert!(matches!(guard.admits(HERE, &named), Err(Refusal::Forbidden(_))));
        for value in ["", " "] {
            assert!(guard.admits(proxy, &headers(&[("x-user", value)])).is_err());
        }
        assert!(guard.admits(proxy, &HeaderMap::new()).is_err());
    }
}
