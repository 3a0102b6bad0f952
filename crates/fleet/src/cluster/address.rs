//! How a cluster is named.

use std::fmt;

use url::Url;

/// The scheduler of a cluster: `df://HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its host, as it stands in a URL (IPv6 in brackets).
    pub host: String,
    /// Its port.
    pub port: u16,
}

impl Address {
    /// Reads one.
    ///
    /// # Errors
    /// When it is none, in words for the command line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "df://HOST:PORT of a scheduler is needed".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let more = !matches!(url.path(), "" | "/") || url.query().is_some() || !url.username().is_empty();
        match (url.scheme(), url.host_str(), url.port()) {
            ("df", Some(host), Some(port)) if !more => Ok(Self { host: host.to_owned(), port }),
            _ => Err(wrong()),
        }
    }

    /// As gRPC wants it.
    pub fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "df://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, url) in [
            ("df://localhost:50050", Some("http://localhost:50050")),
            ("df://[::1]:7/", Some("http://[::1]:7")),
            ("df://10.0.0.1", None),
            ("df://:50050", None),
            ("df://host:70000", None),
            ("df://host:1/jobs", None),
            ("http://host:1", None),
            ("host:1", None),
        ] {
            assert_eq!(Address::parse(text).ok().map(|address| address.url()).as_deref(), url, "{text}");
        }
    }
}
