//! One GET: what goes out, and as much of the answer as is needed. Whatever a server sends is hostile: everything has a bound.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use afterpatch_model::CertificateState;
use rustls::{ClientConnection, StreamOwned};

use crate::Config;
use crate::tls::Tls;

/// The head of a real answer has one or two KiB.
const MOST_HEAD: usize = 32 << 10;
const MOST_HEADERS: usize = 100;
/// A log-on page has some 60 KiB.
const MOST_BODY: usize = 256 << 10;
/// Addresses of a name that are tried.
const MOST_ADDRESSES: usize = 2;

/// Where to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    pub tls: bool,
    /// Name or address; an IPv6 address in brackets.
    pub host: String,
    pub port: u16,
    pub path: String,
}

impl Url {
    /// The host and port by which requests are counted: with and without TLS it is one host, where the ports are the usual ones.
    pub(crate) fn authority(&self) -> String {
        if self.port == 443 || self.port == 80 { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    pub(crate) fn host_header(&self) -> String {
        let usual = if self.tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The address as people write it.
    pub(crate) fn text(&self) -> String {
        format!("{}://{}{}", if self.tls { "https" } else { "http" }, self.host_header(), self.path)
    }
}

/// An answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub certificate: Option<CertificateState>,
    pub certificate_error: Option<String>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Asks; gives up after `timeout` in all.
pub(crate) fn get(url: &Url, config: &Config, tls: &Tls) -> Result<Answer, String> {
    let until = Instant::now() + config.timeout;
    let stream = connect(url, config, until)?;
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: {}\r\nAccept: */*\r\nConnection: close\r\n\r\n",
        url.path,
        url.host_header(),
        config.user_agent
    );
    let timed = Timed { stream, until };
    if !url.tls {
        let answer = exchange(timed, request.as_bytes())?;
        return Ok(Answer { certificate: Some(CertificateState::None), ..answer });
    }
    let (connection, refusal) = tls.connect(&url.host)?;
    let stream: StreamOwned<ClientConnection, Timed> = StreamOwned::new(connection, timed);
    let answer = exchange(stream, request.as_bytes()).map_err(|error| format!("TLS: {error}"))?;
    let refusal = refusal.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let certificate = if refusal.is_some() { CertificateState::Invalid } else { CertificateState::Valid };
    Ok(Answer { certificate: Some(certificate), certificate_error: refusal, ..answer })
}

pub(crate) fn connect(url: &Url, config: &Config, until: Instant) -> Result<TcpStream, String> {
    let addresses = (config.resolve)(url.host.trim_matches(['[', ']']), url.port).map_err(|error| format!("name: {error}"))?;
    let mut last = "the name has no address".to_owned();
    for address in addresses.into_iter().take(MOST_ADDRESSES) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(last);
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = said(&error),
        }
    }
    Err(last)
}

/// A stream that ends at a time, however slowly the other side drips.
pub(crate) struct Timed {
    pub(crate) stream: TcpStream,
    pub(crate) until: Instant,
}

impl Timed {
    fn left(&self) -> io::Result<Duration> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Sends a request and reads the answer.
pub(crate) fn exchange(mut stream: impl Read + Write, request: &[u8]) -> Result<Answer, String> {
    stream.write_all(request).and_then(|()| stream.flush()).map_err(|error| said(&error))?;
    let mut bytes = Vec::new();
    let mut ended = false;
    let (mut answer, head) = loop {
        if let Some(parsed) = head(&bytes)? {
            break parsed;
        }
        if ended {
            return Err(if bytes.is_empty() { "closed without an answer" } else { "no whole HTTP answer" }.to_owned());
        }
        if bytes.len() >= MOST_HEAD {
            return Err("no end of the HTTP head".to_owned());
        }
        ended = !more(&mut stream, &mut bytes).map_err(|error| said(&error))?;
    };
    let chunked = answer.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().contains("chunked"));
    let length = answer.header("content-length").and_then(|value| value.trim().parse::<usize>().ok());
    let enough = head + length.filter(|_| !chunked).unwrap_or(MOST_BODY).min(MOST_BODY);
    // A body that breaks off is worth what came of it.
    while !ended && bytes.len() < enough && !(chunked && bytes.ends_with(b"0\r\n\r\n")) {
        ended = !more(&mut stream, &mut bytes).unwrap_or(false);
    }
    let body = bytes.get(head..bytes.len().min(enough)).unwrap_or_default();
    let body = if chunked { unchunked(body) } else { body.to_vec() };
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Ok(answer)
}

/// Reads on; false at the end.
fn more(stream: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut part = [0; 8 << 10];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Ok(false),
            Ok(count) => {
                bytes.extend(part.get(..count).unwrap_or_default());
                return Ok(true);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Old servers close TLS without saying so.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}

/// The head of an answer and its length; `None` while it is not whole.
fn head(bytes: &[u8]) -> Result<Option<(Answer, usize)>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    // One header that is none must not cost the others.
    let mut parser = httparse::ParserConfig::default();
    parser.ignore_invalid_headers_in_responses(true);
    match parser.parse_response(&mut response, bytes) {
        Ok(httparse::Status::Partial) => Ok(None),
        Ok(httparse::Status::Complete(length)) => {
            let headers = response.headers.iter().map(|header| {
                (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).chars().take(2_000).collect())
            });
            let answer = Answer { status: response.code.unwrap_or_default(), headers: headers.collect(), ..Answer::default() };
            Ok(Some((answer, length)))
        }
        Err(error) => Err(format!("no HTTP: {error}")),
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let size = rest.get(..end).map(String::from_utf8_lossy).unwrap_or_default();
        let size = size.split(';').next().and_then(|size| usize::from_str_radix(size.trim(), 16).ok()).unwrap_or(0);
        let Some(from) = rest.get(end + 2..).filter(|_| size > 0) else { break };
        body.extend(from.get(..size).unwrap_or(from));
        rest = from.get(size.saturating_add(2)..).unwrap_or_default();
    }
    body
}

fn said(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => "no answer in time".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        ErrorKind::ConnectionReset => "connection reset".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    struct Canned(io::Cursor<Vec<u8>>);

    impl Read for Canned {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Canned {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn answer(bytes: &[u8]) -> Result<Answer, String> {
        exchange(Canned(io::Cursor::new(bytes.to_vec())), b"")
    }

    #[test]
    fn bodies_by_length_by_chunks_and_to_the_end() {
        for (text, body) in [
            ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef", "abc"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n", "abc"),
            ("HTTP/1.0 200 OK\r\n\r\nabc", "abc"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc", "abc"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc", "abc"),
        ] {
            assert_eq!(answer(text.as_bytes()).unwrap().body, body, "{text}");
        }
        for text in ["", "SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\nX: y"] {
            assert!(answer(text.as_bytes()).is_err(), "{text}");
        }
        let odd = b"HTTP/1.1 200 OK\r\nX-FEServer: a\x1b[31m\r\nX-OWA-Version: 15.1.2507.66\r\n\r\n";
        assert_eq!(answer(odd).unwrap().header("x-owa-version"), Some("15.1.2507.66"));
        let endless = [b"HTTP/1.1 200 OK\r\nX: ".as_slice(), &[b'a'; 2 * MOST_HEAD]].concat();
        assert!(answer(&endless).is_err());
        let large = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &vec![b'a'; 2 * MOST_BODY]].concat();
        assert!(answer(&large).unwrap().body.len() <= MOST_BODY);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), start in 0_usize..3) {
            let starts: [&[u8]; 3] = [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"];
            let _ = answer(&[starts[start], &bytes].concat());
        }
    }
}
