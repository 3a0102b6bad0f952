//! The dashboard, asked as a browser asks: what it shows is what the lake says, and nobody else may ask.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_zip};
use common::{Case, ask, code, command, fleet, number, scan};

/// A server that stops with the test.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

impl Served {
    fn start(case: &Case, more: &[&str]) -> Self {
        let lake = case.path("lake");
        let arguments = [&["serve", "--lake", &lake, "--listen", "127.0.0.1:0", "--refresh", "1s"], more].concat();
        let mut child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, address }
    }

    fn ask(&self, request: &str, headers: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        write!(stream, "{request} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let at = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
        let body = bytes[at + 4..].to_vec();
        Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), head: head.to_lowercase(), body }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), "")
    }
}

fn case() -> Case {
    let case = Case::empty();
    for (file, server, variant, seed) in [
        ("hit", "mail.city.example", Variant::ProxyLogonOab, 21),
        ("hit-too", "mail.bank.example", Variant::ProxyLogonOab, 21),
        ("quiet", "mail.shop.example", Variant::Benign, 60),
    ] {
        let mut scenario = Scenario::small(seed, variant);
        let (name, domain) = server.split_once('.').unwrap();
        (scenario.server.name, scenario.server.domain) = (name.to_owned(), domain.to_owned());
        write_zip(&make(&scenario), &case.at(&format!("packages/{file}.zip")), Layout::Kape).unwrap();
    }
    fs::write(case.at("packages/<b>broken.zip"), b"not a zip").unwrap();
    let inventory =
        "domain,organisation,country,sector\ncity.example,City & <Co>,DE,Administration\nbank.example,Bank,AT,Finance\n";
    fs::write(case.at("inventory.csv"), inventory).unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    case
}

// Windows has no such names.
#[cfg(unix)]
#[test]
fn a_browser_sees_what_the_lake_says() {
    let case = case();
    let inventory = case.path("inventory.csv");
    let served = Served::start(&case, &["--inventory", &inventory]);

    let overview = served.get("/");
    assert_eq!(overview.status, 200);
    for header in
        ["content-security-policy: default-src 'none'; style-src 'sha256-", "x-frame-options: deny", "cache-control: no-store"]
    {
        assert!(overview.head.contains(header), "{}", overview.head);
    }
    let page = overview.text();
    assert!(page.contains("3 servers") && page.contains("1 package could not be read"), "{page}");
    for name in ["mail.city.example", "mail.bank.example", "Administration", "Finance"] {
        assert!(page.contains(name), "{name}");
    }
    assert!(page.contains("City &amp; &lt;Co&gt;") && !page.contains("<Co>"));

    // Filters, and the same rows to take away.
    let list = served.get("/servers?foothold=in_place&sort=name&lang=de").text();
    assert!(list.contains("2 Server") && list.contains("mail.bank.example") && !list.contains("mail.shop.example"), "{list}");
    assert!(list.find("mail.bank.example") < list.find("mail.city.example"));
    assert!(served.get("/servers?q=cve-1999-0001").text().contains("0 servers"));
    assert!(served.get("/servers?q=BANK&country=AT&page=999").text().contains("1 server"));
    let csv = served.get("/export/servers.csv?country=DE");
    assert!(csv.head.contains("attachment; filename=\"servers.csv\"") && csv.head.contains("text/csv"), "{}", csv.head);
    let csv = csv.text();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains("mail.city.example") && csv.contains("City & <Co>"), "{csv}");
    assert!(served.get("/export/servers.parquet").body.starts_with(b"PAR1"));
    let json: serde_json::Value = serde_json::from_slice(&served.get("/export/who_hit_many.json").body).unwrap();
    assert_eq!(json.as_array().unwrap().len() as u64, number(&case, "SELECT count(*) FROM who_hit_many"));

    // The pages of the views, and of each server.
    for view in ["who_hit_many", "same_shell", "post_patch_use", "unpatched", "coverage_gaps"] {
        let rows = number(&case, &format!("SELECT count(*) FROM {view}"));
        let page = served.get(&format!("/view/{view}")).text();
        let told = if rows == 1 { "1 row.".to_owned() } else { format!("{rows} rows.") };
        assert!(page.contains(&told), "{view}: {told}");
    }
    assert!(served.get("/view/coverage_gaps").text().contains("&lt;b&gt;broken.zip"));
    for row in ask(&case, "SELECT package, server, compromise FROM servers") {
        let (package, server) = (row["package"].as_str().unwrap(), row["server"].as_str().unwrap());
        let page = served.get(&format!("/server?package={package}&server={server}&lang=en"));
        assert_eq!(page.status, 200);
        let page = page.text();
        assert_eq!(page.contains("Yes: compromised"), row["compromise"] == "compromised", "{page}");
        assert!(page.contains("CVE-2021-26855"), "{page}");
        // The whole report is a page with a policy of its own, under which its one script runs.
        assert!(
            page.contains(&format!("/report?package={package}&amp;lang=en"))
                || page.contains(&format!("/report?package={package}&#38;lang=en")),
            "{page}"
        );
        let report = served.get(&format!("/report?package={package}&lang=de"));
        assert_eq!(report.status, 200);
        assert!(report.head.contains("script-src 'sha256-") && report.head.contains("frame-ancestors 'none'"), "{}", report.head);
        let report = report.text();
        assert!(report.contains(server) && report.contains("lang=\"de\""));
    }

    // What is not there, and what is not allowed.
    for path in [
        "/server?package=x&server=y",
        "/report?package=x",
        "/view/packages",
        "/export/servers.exe",
        "/export/x.csv",
        "/../etc/passwd",
        "/favicon.ico",
    ] {
        assert_eq!(served.get(path).status, 404, "{path}");
    }
    assert_eq!(served.get("/server").status, 400);
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(served.ask(&format!("{method} /"), "Content-Length: 0\r\n").status, 405, "{method}");
    }
    assert_eq!(served.ask("HEAD /", "").body.len(), 0);
    assert_eq!(served.ask("GET /", "Host: evil.example\r\n").status, 403);
    assert!(served.ask("GET /", "Accept-Language: de-AT,de;q=0.9\r\n").text().contains("Überblick"));

    // A new package is there without a restart.
    case.with("new", Variant::Benign, 61);
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    for _ in 0..100 {
        if served.get("/").text().contains("4 servers") {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert!(served.get("/").text().contains("4 servers"));
}

#[test]
fn a_server_of_two_packages_is_told_once() {
    let case = Case::empty();
    for (file, name, variant, seed) in [
        ("before", "mail.city.example", Variant::Benign, 60),
        ("after", "mail.city.example", Variant::ProxyLogonOab, 21),
        ("other", "mail.bank.example", Variant::Benign, 60),
    ] {
        let mut scenario = Scenario::small(seed, variant);
        let (name, domain) = name.split_once('.').unwrap();
        (scenario.server.name, scenario.server.domain) = (name.to_owned(), domain.to_owned());
        write_zip(&make(&scenario), &case.at(&format!("packages/{file}.zip")), Layout::Kape).unwrap();
    }
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    let served = Served::start(&case, &[]);
    assert!(served.get("/").text().contains("2 servers"));
    let list = served.get("/servers?q=city").text();
    assert!(list.contains("1 server"), "{list}");
    // By whatever package it is asked for: both packages, and of the rows which one tells them.
    for row in ask(&case, "SELECT package, server FROM servers WHERE server = 'mail.city.example'") {
        let (package, server) = (row["package"].as_str().unwrap(), row["server"].as_str().unwrap());
        let page = served.get(&format!("/server?package={package}&server={server}&lang=en")).text();
        assert!(page.contains("Yes: compromised"), "{page}");
        assert_eq!(page.matches("/report?package=").count(), 2, "{page}");
        assert!(page.contains("<td>before.zip</td>") && page.contains("<td>after.zip</td>"), "{page}");
    }
    // What is taken away has the rows of both.
    assert_eq!(served.get("/export/servers.csv?q=city").text().lines().count(), 3);
}

#[test]
fn nobody_else_may_ask() {
    let case = Case::empty();
    case.with_logs(1);
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    let lake = case.path("lake");
    // Beyond this computer only with something that is asked.
    let refused = fleet(&["serve", "--lake", &lake, "--listen", "0.0.0.0:0"]);
    assert_eq!(code(&refused), 1);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--token-file"));
    let token = case.path("token");
    fs::write(&token, "short\n").unwrap();
    assert_eq!(code(&fleet(&["serve", "--lake", &lake, "--token-file", &token])), 1);

    fs::write(&token, "a token that is long enough\n").unwrap();
    let served = Served::start(&case, &["--token-file", &token]);
    let refused = served.get("/");
    assert_eq!(refused.status, 401);
    assert!(refused.head.contains("www-authenticate: basic") && !refused.text().contains("web00"));
    assert_eq!(served.ask("GET /", "Authorization: Bearer a token that is long enoug\r\n").status, 401);
    assert_eq!(served.ask("GET /", "Authorization: Bearer a token that is long enough\r\n").status, 200);
    // Who knows the token may come by any name.
    let headers = "Host: dash.example\r\nAuthorization: Bearer a token that is long enough\r\n";
    assert_eq!(served.ask("GET /servers", headers).status, 200);

    let served = Served::start(&case, &["--trust-header", "X-User", "--proxy", "127.0.0.1"]);
    assert_eq!(served.get("/").status, 403);
    assert_eq!(served.ask("GET /", "X-User: anna\r\n").status, 200);
}
