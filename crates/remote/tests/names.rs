//! Names, which loopback has none of: found by a resolver of the test's own, answered by a small server that goes by the `Host` header.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use afterpatch_model::{Build, RemoteOutcome};
use afterpatch_remote::{Config, Remote, Shown, Targets};

static SERVER: OnceLock<SocketAddr> = OnceLock::new();
static ASKED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The names that there are; all on one server, which speaks no TLS.
const NAMES: [&str; 5] = ["example.org", "autodiscover.example.org", "mail.example.com", "example.com", "cloud.example.net"];

fn server() -> SocketAddr {
    *SERVER.get_or_init(|| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut bytes = [0; 4096];
                let Ok(count) = stream.read(&mut bytes) else { continue };
                let head = String::from_utf8_lossy(bytes.get(..count).unwrap_or_default()).into_owned();
                let host = head.lines().find_map(|line| line.strip_prefix("Host: ")).unwrap_or_default().to_owned();
                let answer = match host.as_str() {
                    "autodiscover.example.org" | "mail.example.com" => {
                        "HTTP/1.1 200 OK\r\nX-OWA-Version: 15.2.2562.53\r\nContent-Length: 0\r\n\r\n"
                    }
                    "example.com" => "HTTP/1.1 301 Moved\r\nLocation: http://mail.example.com/owa/\r\nContent-Length: 0\r\n\r\n",
                    "cloud.example.net" => "HTTP/1.1 302 Found\r\nLocation: http://example.com/\r\nContent-Length: 0\r\n\r\n",
                    _ => "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 7\r\n\r\nWelcome",
                };
                if !host.is_empty() {
                    ASKED.lock().unwrap().push(host);
                }
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        address
    })
}

fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    match NAMES.contains(&host) && port == 80 {
        true => Ok(vec![server()]),
        false if NAMES.contains(&host) => Err(io::ErrorKind::ConnectionRefused.into()),
        false => Err(io::Error::other("no such name")),
    }
}

#[test]
fn names_redirects_and_autodiscover() {
    let config = Config {
        resolve,
        user_agent: "afterpatch/test".to_owned(),
        timeout: Duration::from_secs(2),
        rate: 1_000,
        concurrency: 1,
        autodiscover: true,
    };
    let build = Shown::Whole(Build::new(15, 2, 2562, 53));
    for (name, outcome, builds, hosts) in [
        // Nothing speaks TLS; the name shows another server; its autodiscover name is Exchange, but the third request went to TLS.
        ("http://example.org", RemoteOutcome::NotExchange, vec![], vec!["example.org"]),
        ("example.com", RemoteOutcome::Shown, vec![build], vec!["example.com", "mail.example.com"]),
        ("cloud.example.net", RemoteOutcome::NotExchange, vec![], vec!["cloud.example.net"]),
        ("missing.example", RemoteOutcome::Unreachable, vec![], vec![]),
    ] {
        ASKED.lock().unwrap().clear();
        let remote = Remote::new(config.clone()).unwrap();
        let Targets::One(target) = Targets::read(name).unwrap() else { panic!("{name}") };
        let seen = remote.look(&target, &|_| {});
        assert_eq!((seen.look.outcome, seen.builds), (outcome, builds), "{name}: {:?}", seen.look);
        assert!(seen.look.requests.len() <= 3, "{:?}", seen.look.requests);
        assert_eq!(*ASKED.lock().unwrap(), hosts, "{name}");
    }
    // A name without a scheme: TLS is tried first, and counts. What is left goes to autodiscover.
    let remote = Remote::new(config).unwrap();
    let Targets::One(target) = Targets::read("example.org").unwrap() else { panic!() };
    let seen = remote.look(&target, &|_| {});
    let urls: Vec<&str> = seen.look.requests.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://example.org/owa/auth/logon.aspx",
            "http://example.org/owa/auth/logon.aspx",
            "https://autodiscover.example.org/owa/auth/logon.aspx"
        ]
    );
    assert_eq!(seen.look.outcome, RemoteOutcome::NotExchange);
}
