//! Front ends on loopback that behave like real ones, as far as a visitor sees: which one answers is decided by the address that was
//! asked (127.0.0.0/8 is all ours). They count the requests that each address was sent.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, dead_code)]

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How a front end behaves. The number is the last part of the address modulo [`KINDS`].
pub const KINDS: u8 = 16;

/// What each kind is to be called by the check: outcome, builds shown.
pub const EXPECTED: [(&str, &[&str]); KINDS as usize] = [
    ("shown", &["15.0.1497.12"]),
    ("shown", &["15.1.2507.66"]),
    ("shown", &["15.2.1748"]),
    ("shown", &["15.2.2562.53"]),
    ("shown", &["15.1.2507", "15.2.1748.36"]),
    ("hidden", &[]),
    ("shown", &["15.1.2176.2"]),
    ("hidden", &[]),
    ("unreachable", &[]),
    ("unreachable", &[]),
    ("not_exchange", &[]),
    ("shown", &["15.2.1118.12"]),
    ("unreachable", &[]),
    ("shown", &["15.1.2507"]),
    ("not_exchange", &[]),
    ("not_exchange", &[]),
];

/// The servers. They run until the test ends.
pub struct FrontEnds {
    pub http: u16,
    pub https: u16,
    asked: Arc<Mutex<HashMap<Ipv4Addr, u32>>>,
    /// What the requests were, for a look at them.
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl FrontEnds {
    pub fn start() -> Self {
        let asked = Arc::new(Mutex::new(HashMap::new()));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let listen = |config: Option<Arc<ServerConfig>>| {
            let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
            let port = listener.local_addr().unwrap().port();
            let (asked, requests) = (Arc::clone(&asked), Arc::clone(&requests));
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    let (config, asked, requests) = (config.clone(), Arc::clone(&asked), Arc::clone(&requests));
                    thread::Builder::new().stack_size(256 << 10).spawn(move || serve(stream, config, &asked, &requests)).unwrap();
                }
            });
            port
        };
        let config = Arc::new(self_signed());
        Self { http: listen(None), https: listen(Some(config)), asked, requests }
    }

    /// How often the address was sent a request that was asked most.
    pub fn most_asked(&self) -> u32 {
        self.asked.lock().unwrap().values().copied().max().unwrap_or_default()
    }

    pub fn asked(&self, address: Ipv4Addr) -> u32 {
        self.asked.lock().unwrap().get(&address).copied().unwrap_or_default()
    }

    pub fn addresses_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn self_signed() -> ServerConfig {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["mail.example.org".to_owned()]).unwrap().self_signed(&key).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap()
}

fn serve(
    stream: TcpStream,
    config: Option<Arc<ServerConfig>>,
    asked: &Mutex<HashMap<Ipv4Addr, u32>>,
    requests: &Mutex<Vec<String>>,
) {
    let (Ok(local), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let IpAddr::V4(address) = local.ip() else { return };
    if !peer.ip().is_loopback() {
        return;
    }
    let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
    match config {
        None => answer(stream, address, asked, requests),
        Some(config) => {
            let connection = ServerConnection::new(config).unwrap();
            answer(StreamOwned::new(connection, stream), address, asked, requests);
        }
    }
}

fn answer(
    mut stream: impl Read + Write,
    address: Ipv4Addr,
    asked: &Mutex<HashMap<Ipv4Addr, u32>>,
    requests: &Mutex<Vec<String>>,
) {
    let mut head = Vec::new();
    let mut part = [0; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part) {
            Ok(count) if count > 0 => head.extend(&part[..count]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let times = {
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(address).or_insert(0);
        *times += 1;
        *times
    };
    {
        let mut requests = requests.lock().unwrap();
        if requests.len() < 1_000 {
            requests.push(head.clone());
        }
    }
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let is_manifest = path.ends_with("exporttool.application");
    let kind = address.octets()[3] % KINDS;
    let log_on = |build: &str| {
        format!(
            "<html><head><title>Outlook</title><link rel=\"shortcut icon\" href=\"/owa/auth/{build}/themes/resources/favicon.ico\"></head></html>"
        )
    };
    let manifest = |build: &str| {
        format!(
            "<?xml version=\"1.0\"?><asmv1:assembly><assemblyIdentity name=\"microsoft.exchange.ediscovery.exporttool.application\" version=\"{build}\" /></asmv1:assembly>"
        )
    };
    let ok = |more: &str, body: &str| {
        format!("HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len())
    };
    let not_found =
        || "HTTP/1.1 404 Not Found\r\nServer: Microsoft-IIS/10.0\r\nX-FEServer: EX01\r\nContent-Length: 0\r\n\r\n".to_owned();
    let text = match kind {
        // 2013 and SE with the header.
        0 => ok("X-OWA-Version: 15.0.1497.12\r\nX-FEServer: EX13\r\n", &log_on("15.0.1497")),
        3 => ok("X-OWA-Version: 15.2.2562.53\r\n", &log_on("15.2.2562")),
        // 2016: three numbers on the page, four in the manifest.
        1 if is_manifest => ok("", &manifest("15.1.2507.66")),
        1 => ok("X-FEServer: EX16\r\n", &log_on("15.1.2507")),
        // 2019: three numbers only.
        2 if is_manifest => not_found(),
        2 => ok("", &log_on("15.2.1748")),
        // Two servers behind one name.
        4 if is_manifest => ok("", &manifest("15.2.1748.36")),
        4 => ok("", &log_on("15.1.2507")),
        // Nothing but the name of the front end.
        5 if is_manifest => not_found(),
        5 => ok("X-FEServer: EX19\r\n", "<html>Please wait</html>"),
        // One redirect; then the header.
        6 if path.contains("replaceCurrent") => ok("X-OWA-Version: 15.1.2176.2\r\n", &log_on("15.1.2176")),
        6 => {
            "HTTP/1.1 302 Found\r\nLocation: /owa/auth/logon.aspx?replaceCurrent=1&url=x\r\nContent-Length: 0\r\n\r\n".to_owned()
        }
        // Redirects without end.
        7 => format!("HTTP/1.1 302 Found\r\nLocation: /owa/auth/logon.aspx?turn={times}\r\nContent-Length: 0\r\n\r\n"),
        // Drips for longer than anybody waits.
        8 => {
            for _ in 0..100 {
                if stream.write_all(b"H").and_then(|()| stream.flush()).is_err() {
                    return;
                }
                thread::sleep(Duration::from_millis(100));
            }
            return;
        }
        // Something that is no HTTP.
        9 => "SSH-2.0-OpenSSH_9.6\r\n\u{1b}[31m\u{0}\u{7f}garbage".to_owned(),
        // Another web server.
        10 => "HTTP/1.1 200 OK\r\nServer: Apache\r\nContent-Length: 9\r\n\r\nIt works!".to_owned(),
        // Busy once.
        11 if times == 1 => "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n".to_owned(),
        11 => ok("X-OWA-Version: 15.2.1118.12\r\n", ""),
        // Closes without a word.
        12 => return,
        // In chunks, with a hostile name; the manifest is an error.
        13 if is_manifest => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".to_owned(),
        13 => {
            let page = log_on("15.1.2507");
            let (one, two) = page.split_at(70);
            format!(
                "HTTP/1.1 200 OK\r\nX-FEServer: =cmd|x\u{202e}\r\nX-Odd: \u{1b}[31m\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\n\r\n",
                one.len(),
                two.len()
            )
        }
        // Sends its visitors elsewhere.
        14 => "HTTP/1.1 302 Found\r\nLocation: https://login.example.net/common\r\nContent-Length: 0\r\n\r\n".to_owned(),
        // A header that is no build of Exchange.
        _ => ok("X-Other: 1\r\n", "X-OWA-Version: 1.2.3.4 /owa/99.9.9/"),
    };
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}
