//! Whom to ask: what a line of a list says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A host to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// As it is called in the answer.
    pub text: String,
    /// Name or address; an IPv6 address in brackets.
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
    /// With TLS or without; `None` where the line says neither.
    pub(crate) tls: Option<bool>,
}

/// Networks of more addresses are refused: nobody means them.
const MOST_BITS: u32 = 24;

/// The addresses of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: u128,
    count: u64,
    is_v4: bool,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// One host.
    One(Target),
    /// A network.
    All(Network),
}

/// A line names no host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}`: {why}")]
pub struct TargetError {
    /// The line.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl Targets {
    /// Reads `mail.example.org`, `mail.example.org:8443`, `192.0.2.1`, `[2001:db8::1]:443`, `https://mail.example.org/owa/` (whose path
    /// does not matter), `192.0.2.0/24`.
    ///
    /// # Errors
    /// [`TargetError`] when it is none of these.
    pub fn read(text: &str) -> Result<Self, TargetError> {
        let text = text.trim();
        let wrong = |why| TargetError { text: text.chars().take(200).collect(), why };
        if let Some((address, bits)) = text.split_once('/').filter(|_| !text.contains("://"))
            && let Ok(address) = address.parse::<IpAddr>()
        {
            return Network::new(address, bits).map(Self::All).map_err(wrong);
        }
        Target::read(text).map(Self::One).map_err(wrong)
    }

    /// How many hosts these are.
    pub fn count(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::All(network) => network.count,
        }
    }

    /// The host at a position, the first at 0.
    pub fn at(&self, position: u64) -> Option<Target> {
        match self {
            Self::One(target) => (position == 0).then(|| target.clone()),
            Self::All(network) => network.at(position),
        }
    }
}

impl Target {
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        if text.len() > 2_000 {
            return Err("longer than any address");
        }
        let (tls, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Some(true), rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Some(false), rest),
            Some(_) => return Err("only http:// and https:// are spoken"),
            None => (None, text),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("no user names and passwords: only what every visitor is shown is asked for");
        }
        let (host, port) = split_port(authority)?;
        if !is_host(&host) {
            return Err("no name of a host and no address (write names with other letters in their xn-- form)");
        }
        Ok(Self { text: text.to_owned(), host, port, tls })
    }

    /// Whether it is named by a name and not by an address.
    pub(crate) fn is_name(&self) -> bool {
        !self.host.starts_with('[') && self.host.parse::<IpAddr>().is_err()
    }
}

fn split_port(authority: &str) -> Result<(String, Option<u16>), &'static str> {
    // An IPv6 address without brackets has no port.
    if let Ok(address) = authority.parse::<Ipv6Addr>() {
        return Ok((format!("[{address}]"), None));
    }
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            (format!("[{}]", address.parse::<Ipv6Addr>().map_err(|_| "no IPv6 address in the brackets")?), rest)
        }
        None => match authority.split_once(':') {
            Some((host, _)) => (host.trim_end_matches('.').to_owned(), authority.get(host.len()..).unwrap_or_default()),
            None => (authority.trim_end_matches('.').to_owned(), ""),
        },
    };
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        Some(number) => {
            number.parse().ok().filter(|port| *port > 0).map(|port| (host, Some(port))).ok_or("the port is no number")
        }
        None => Err("what stands behind the brackets is no port"),
    }
}

/// Letters, digits, hyphens and dots as DNS has them; underscores are met in the wild.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    host.starts_with('[') || (!host.is_empty() && host.len() <= 253 && host.split('.').all(is_label))
}

impl Network {
    fn new(address: IpAddr, bits: &str) -> Result<Self, &'static str> {
        let (address, width, is_v4) = match address {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32, true),
            IpAddr::V6(address) => (u128::from(address), 128, false),
        };
        let bits: u32 =
            bits.parse().ok().filter(|bits| *bits <= width).ok_or("the length of the network's prefix is no number")?;
        let free = width - bits;
        if free > MOST_BITS {
            return Err("a network of more than 16 million addresses");
        }
        let count = 1_u64 << free;
        Ok(Self { first: address & !u128::from(count - 1), count, is_v4 })
    }

    fn at(self, position: u64) -> Option<Target> {
        let address = self.first + u128::from(Some(position).filter(|position| *position < self.count)?);
        let host = if self.is_v4 {
            Ipv4Addr::from(u32::try_from(address).ok()?).to_string()
        } else {
            format!("[{}]", Ipv6Addr::from(address))
        };
        Some(Target { text: host.clone(), host, port: None, tls: None })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_that_name_hosts() {
        for (text, host, port, tls) in [
            ("mail.example.org", "mail.example.org", None, None),
            (" mail.example.org.:8443 ", "mail.example.org", Some(8443), None),
            ("https://mail.example.org/owa/?x", "mail.example.org", None, Some(true)),
            ("HTTP://mail.example.org:81", "mail.example.org", Some(81), Some(false)),
            ("192.0.2.1", "192.0.2.1", None, None),
            ("2001:db8::1", "[2001:db8::1]", None, None),
            ("[2001:DB8::1]:444", "[2001:db8::1]", Some(444), None),
        ] {
            let Targets::One(target) = Targets::read(text).unwrap() else { panic!("{text}") };
            assert_eq!((target.host.as_str(), target.port, target.tls), (host, port, tls), "{text}");
        }
        for text in [
            "",
            "a b",
            "ftp://x",
            "https://",
            "https://user:pw@x",
            "x:0",
            "x:99999",
            "[::1]x",
            "a..b",
            "grün.example",
            "192.0.2.0/99",
            "10.0.0.0/7",
        ] {
            assert!(Targets::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn networks_are_their_addresses() {
        let network = Targets::read("192.0.2.130/30").unwrap();
        let all: Vec<String> = (0..network.count()).map(|at| network.at(at).unwrap().host).collect();
        assert_eq!(all, ["192.0.2.128", "192.0.2.129", "192.0.2.130", "192.0.2.131"]);
        assert_eq!(network.at(4), None);
        let network = Targets::read("2001:db8::/127").unwrap();
        assert_eq!((network.count(), network.at(1).unwrap().host.as_str()), (2, "[2001:db8::1]"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,60}|[\\[\\]:0-9a-f./]{0,30}") {
            let _ = Targets::read(&text).map(|targets| targets.at(0));
        }
    }
}
