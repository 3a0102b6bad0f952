//! Sends something to a receiver that the user named: one POST, one answer. Here the certificate counts, unlike in [`crate::Remote`]:
//! what is sent is not public.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::http::{Timed, Url, connect, exchange};
use crate::target::{Target, Targets};
use crate::{Config, resolve};

/// A receiver that has not answered by then gets it again later.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A receiver of POSTs.
pub struct Hook {
    url: Url,
    tls: Arc<ClientConfig>,
    config: Config,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// Taken (2xx).
    Taken,
    /// Refused, with this status. Redirects are not followed and count as refused.
    Refused(u16),
}

/// The receiver cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("webhook {url}: {why}")]
pub struct HookError {
    /// As it was named.
    pub url: String,
    /// What is wrong.
    pub why: String,
}

impl Hook {
    /// A receiver at `https://host/path`; without TLS only on this machine. `authority`: take this authority's certificates (PEM) alone.
    ///
    /// # Errors
    /// [`HookError`].
    pub fn new(url: &str, authority: Option<&[u8]>, user_agent: &str) -> Result<Self, HookError> {
        let wrong = |why: String| HookError { url: url.chars().take(200).collect(), why };
        let roots = match authority {
            None => RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() },
            Some(pem) => {
                let mut roots = RootCertStore::empty();
                for certificate in CertificateDer::pem_slice_iter(pem) {
                    let certificate = certificate.map_err(|error| wrong(format!("authority: {error}")))?;
                    roots.add(certificate).map_err(|error| wrong(format!("authority: {error}")))?;
                }
                if roots.is_empty() {
                    return Err(wrong("the authority's file holds no certificate".to_owned()));
                }
                roots
            }
        };
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let config =
            Config { resolve, user_agent: user_agent.to_owned(), timeout: TIMEOUT, rate: 1, concurrency: 1, autodiscover: false };
        Ok(Self { url: parse(url).map_err(|why| wrong(why.to_owned()))?, tls: Arc::new(tls), config })
    }

    /// Sends JSON. `id` goes along as `Idempotency-Key`, so that a receiver knows what it has already.
    ///
    /// # Errors
    /// Why (English) there was no answer.
    pub fn post(&self, json: &[u8], id: &str) -> Result<Posted, String> {
        let until = Instant::now() + TIMEOUT;
        let stream = connect(&self.url, &self.config, until)?;
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let mut request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Idempotency-Key: {id}\r\nConnection: close\r\n\r\n",
            self.url.path,
            self.url.host_header(),
            self.config.user_agent,
            json.len()
        )
        .into_bytes();
        request.extend_from_slice(json);
        let timed = Timed { stream, until };
        let answer = if self.url.tls { self.over_tls(timed, &request)? } else { exchange(timed, &request)? };
        Ok(if (200..300).contains(&answer.status) { Posted::Taken } else { Posted::Refused(answer.status) })
    }

    fn over_tls(&self, timed: Timed, request: &[u8]) -> Result<crate::http::Answer, String> {
        let name = ServerName::try_from(self.url.host.trim_matches(['[', ']']).to_owned()).map_err(|error| error.to_string())?;
        let connection = ClientConnection::new(Arc::clone(&self.tls), name).map_err(|error| error.to_string())?;
        let stream: StreamOwned<ClientConnection, Timed> = StreamOwned::new(connection, timed);
        exchange(stream, request).map_err(|error| format!("TLS: {error}"))
    }
}

fn parse(text: &str) -> Result<Url, &'static str> {
    let Ok(Targets::One(Target { host, port, tls: Some(tls), .. })) = Targets::read(text) else {
        return Err("https://host/path is needed");
    };
    let rest = text.trim().split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/");
    let path = path.split('#').next().unwrap_or_default();
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the path holds blanks or other letters than a URL has");
    }
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let is_here =
        host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if !tls && !is_here {
        return Err("without TLS only to this machine itself: alerts tell attackers what was seen of them");
    }
    Ok(Url { tls, host, port: port.unwrap_or(if tls { 443 } else { 80 }), path })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn addresses() {
        for (text, path) in [
            ("https://hooks.example.org/a/b?c=d#e", "/a/b?c=d"),
            ("https://hooks.example.org", "/"),
            ("https://hooks.example.org?x", "/?x"),
            ("http://127.0.0.1:81/x", "/x"),
            ("http://[::1]/x", "/x"),
        ] {
            assert_eq!(parse(text).unwrap().path, path, "{text}");
        }
        for text in ["hooks.example.org", "http://hooks.example.org/", "ftp://x", "https://x/a b", "https://u:p@x/", ""] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_answer_decides() {
        for (answer, posted) in
            [("204 No Content", Posted::Taken), ("302 Found", Posted::Refused(302)), ("500 x", Posted::Refused(500))]
        {
            let server = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = server.local_addr().unwrap();
            let thread = std::thread::spawn(move || {
                let (mut stream, _) = server.accept().unwrap();
                let mut request = Vec::new();
                while !request.ends_with(b"{\"a\":1}") {
                    let mut part = [0; 1024];
                    let count = stream.read(&mut part).unwrap();
                    request.extend(&part[..count]);
                }
                stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes()).unwrap();
                String::from_utf8(request).unwrap()
            });
            let hook = Hook::new(&format!("http://{address}/in"), None, "test").unwrap();
            assert_eq!(hook.post(b"{\"a\":1}", "0af\r\nX: y").unwrap(), posted);
            let request = thread.join().unwrap();
            assert!(request.starts_with("POST /in HTTP/1.1\r\n") && request.contains("Idempotency-Key: 0afXy\r\n"), "{request}");
        }
        let nobody = Hook::new("http://127.0.0.1:9/", None, "test").unwrap();
        assert!(nobody.post(b"{}", "1").is_err());
    }
}
