//! `afterpatch check` over the network, against front ends on loopback.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, missing_docs)]

mod common;
mod front_end;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use common::{afterpatch, code};
use front_end::{EXPECTED, FrontEnds, KINDS};
use serde_json::Value;

fn one(url: &str, more: &[&str]) -> (Value, i32) {
    let arguments = [&["check", url, "--format", "ndjson", "--timeout", "1", "--rate", "1000"], more].concat();
    let output = afterpatch(&arguments);
    let exit = code(&output);
    (serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}")), exit)
}

fn builds(told: &Value) -> Vec<&str> {
    told["builds"].as_array().unwrap().iter().map(|build| build["shown"].as_str().unwrap()).collect()
}

#[test]
fn each_kind_of_front_end_is_told_for_what_it_shows() {
    let servers = FrontEnds::start();
    for kind in 0..KINDS {
        let (outcome, shown) = EXPECTED[usize::from(kind)];
        for (network, scheme, port, certificate) in [(1, "http", servers.http, "none"), (2, "https", servers.https, "invalid")] {
            let address = Ipv4Addr::new(127, network, 0, kind);
            let (told, exit) = one(&format!("{scheme}://{address}:{port}/some/path"), &[]);
            assert_eq!(told["remote"]["outcome"], outcome, "{kind} {scheme}: {told}");
            assert_eq!(builds(&told), shown, "{kind} {scheme}: {told}");
            assert!(servers.asked(address) <= 3, "{kind} {scheme}: {}", servers.asked(address));
            assert_eq!(
                told["remote"]["requests"].as_array().unwrap().len() as u32,
                servers.asked(address),
                "{kind} {scheme}: {told}"
            );
            if outcome == "shown" {
                assert_eq!(told["remote"]["certificate"], certificate, "{kind} {scheme}");
            } else {
                assert!(exit == 4, "what shows nothing is not safe: {exit}");
            }
        }
    }
    for request in servers.requests.lock().unwrap().iter() {
        assert!(
            request.starts_with("GET /owa/auth/logon.aspx") || request.starts_with("GET /ecp/current/exporttool/"),
            "{request}"
        );
        assert!(request.contains("User-Agent: afterpatch/") && !request.to_lowercase().contains("cookie"), "{request}");
    }
}

#[test]
fn three_numbers_are_possible_and_not_sure_and_the_worst_server_decides() {
    let servers = FrontEnds::start();
    let (told, exit) = one(&format!("http://127.3.0.2:{}", servers.http), &[]);
    assert_eq!((told["answer"].as_str().unwrap(), exit), ("possibly_open", 9));
    assert!(told["states"]["possibly_open"].as_array().unwrap().contains(&Value::from("CVE-2026-62911")));
    assert_eq!(told["states"]["open"], Value::Null, "no build of 2019 CU15 is open for sure");
    // A hole that every build of that update has closed is closed.
    let (told, exit) = one(&format!("http://127.3.1.2:{}", servers.http), &["--cve", "CVE-2021-26855"]);
    assert_eq!((told["fixed"].as_u64(), exit), (Some(1), 0), "{told}");
    let (told, _) = one(&format!("http://127.3.0.4:{}", servers.http), &["--cve", "CVE-2026-62911"]);
    assert_eq!(told["answer"], "open", "15.2.1748.36 lacks it: {told}");
}

#[test]
fn people_are_told_of_the_certificate_and_of_hidden_builds() {
    let servers = FrontEnds::start();
    let text = |address: &str, more: &[&str]| {
        let url = format!("https://{address}:{}", servers.https);
        let output = afterpatch(&[&["check", &url, "--no-color", "--timeout", "2"], more].concat());
        String::from_utf8(output.stdout).unwrap()
    };
    let shown = text("127.4.0.3", &[]);
    assert!(shown.contains("certificate not valid") && shown.contains("15.2.2562.53"), "{shown}");
    assert!(shown.lines().count() < 24, "{shown}");
    let hidden = text("127.4.0.5", &[]);
    assert!(hidden.contains("does not mean it is safe") && hidden.contains("Get-Command ExSetup.exe"), "{hidden}");
    let german = text("127.4.1.5", &["--lang", "de"]);
    assert!(german.contains("heißt nicht, dass er sicher ist"), "{german}");
    let hostile = text("127.4.0.13", &[]);
    assert!(!hostile.contains(['\u{1b}', '\u{202e}']) && hostile.contains("=cmd|x"), "{hostile}");
}

#[test]
fn lists_name_what_they_cannot_read_and_ask_nobody_twice() {
    let servers = FrontEnds::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("hosts.txt");
    let port = servers.http;
    let lines = format!(
        "# our hosts\n\nhttp://127.5.0.2:{port}\nhttp://127.5.0.2:{port}\nhttp://127.5.0.2:{port}\nhttp://127.5.0.2:{port}\na b\nhttp://127.5.0.3:{port}/owa\nftp://x\n"
    );
    fs::write(&list, lines).unwrap();
    let output = afterpatch(&["check", "--targets", list.to_str().unwrap(), "--format", "csv", "--quiet", "--timeout", "1"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    rows.sort_unstable();
    assert_eq!(rows.len(), 7, "{text}");
    assert!(servers.asked(Ipv4Addr::new(127, 5, 0, 2)) <= 3, "{text}");
    assert!(text.contains("was asked three times already"), "{text}");
    assert!(rows[4].contains("hosts.txt, line 7") && rows[4].contains("no name of a host"), "{text}");
    assert!(rows[6].contains("hosts.txt, line 9") && rows[6].contains("only http:// and https:// are spoken"), "{text}");
    assert_eq!(output.status.code(), Some(9));
}

#[test]
fn wrong_use_is_told_before_anybody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("hosts.txt");
    fs::write(&list, "http://127.6.0.1:9\n").unwrap();
    let list = list.to_str().unwrap();
    let state = folder.path().join("state");
    let state = state.to_str().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (arguments, part) in [
        (vec!["--targets", list, "-o", &out("a.txt"), "--resume", state], "needs answers in .ndjson or .csv"),
        (vec!["--targets", list, "-o", &out("a.csv"), "-o", &out("b.csv"), "--resume", state], "exactly one -o"),
        (vec!["--targets", list, "--format", "json"], "row by row"),
        (vec!["--targets", "/missing/hosts.txt"], "/missing/hosts.txt"),
        (vec!["https://user:pw@mail.example.org"], "no user names and passwords"),
    ] {
        let output = afterpatch(&[&["check", "--quiet"], arguments.as_slice()].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(1) && error.contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(code(&afterpatch(&["check", "--targets", list, "--resume", state])), 2);
}

struct Sweep {
    child: Child,
    /// The most memory it was seen to use, in kB.
    most: u64,
}

impl Sweep {
    fn start(list: &Path, out: &Path, state: &Path) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
            .args(["check", "--quiet", "--rate", "100000", "--concurrency", "48", "--timeout", "2", "--no-autodiscover"])
            .args([Path::new("--targets"), list, Path::new("-o"), out, Path::new("--resume"), state])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, most: 0 }
    }

    fn look(&mut self) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let high = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse().ok());
        self.most = self.most.max(high.unwrap_or(0));
    }

    fn wait_for_rows(&mut self, out: &Path, rows: usize) {
        let until = Instant::now() + Duration::from_secs(300);
        while rows_of(out) < rows && Instant::now() < until {
            self.look();
            assert!(self.child.try_wait().unwrap().is_none(), "ended before it had {rows} rows");
            sleep(Duration::from_millis(20));
        }
    }
}

fn rows_of(out: &Path) -> usize {
    fs::read(out).map(|bytes| bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0)
}

/// 10,000 hosts in one run that is killed twice: each is answered once, none is sent more than three requests, and memory does not grow
/// with the list.
#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_hosts_survive_a_kill() {
    const HOSTS: usize = 10_000;
    let servers = FrontEnds::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("hosts.txt");
    let mut file = std::io::BufWriter::new(fs::File::create(&list).unwrap());
    let mut expected = Vec::new();
    for host in 0..HOSTS {
        // Slow ones only now and then: each takes the whole timeout.
        let kind = match host % 16 {
            8 if host % 160 != 8 => 3,
            kind => kind as u8,
        };
        let address = Ipv4Addr::new(127, 10 + (host / 4_096) as u8, (host / 16 % 256) as u8, kind + 16 * (host / 65_536) as u8);
        let address =
            Ipv4Addr::new(address.octets()[0], address.octets()[1], address.octets()[2], kind | ((host % 15) as u8) << 4);
        let text = if host % 4 == 1 {
            format!("https://{address}:{}", servers.https)
        } else {
            format!("http://{address}:{}", servers.http)
        };
        writeln!(file, "{text}").unwrap();
        expected.push((text, kind));
    }
    drop(file);
    let (out, state) = (folder.path().join("answers.ndjson"), folder.path().join("sweep.state"));
    let began = Instant::now();
    let mut most = 0;
    let mut early = 0;
    for rows in [1_500, 5_000] {
        let mut sweep = Sweep::start(&list, &out, &state);
        sweep.wait_for_rows(&out, rows);
        sweep.child.kill().unwrap();
        sweep.child.wait().unwrap();
        if early == 0 {
            early = sweep.most;
        }
    }
    let mut sweep = Sweep::start(&list, &out, &state);
    while sweep.child.try_wait().unwrap().is_none() {
        sweep.look();
        most = most.max(sweep.most);
        assert!(began.elapsed() < Duration::from_secs(600), "too slow");
        sleep(Duration::from_millis(20));
    }
    let took = began.elapsed();

    let mut told: BTreeMap<u64, Value> = BTreeMap::new();
    for line in fs::read_to_string(&out).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let seq = row["seq"].as_u64().unwrap();
        assert!(told.insert(seq, row).is_none(), "{seq} is answered twice");
    }
    assert_eq!(told.len(), HOSTS, "every host is answered");
    let mut cut_off = 0;
    for (seq, (text, kind)) in (1..).zip(&expected) {
        let row = &told[&seq];
        assert_eq!(row["target"], text.as_str());
        let (outcome, shown) = EXPECTED[usize::from(*kind)];
        // A host that was being asked when the run was killed has fewer requests left.
        if row["remote"]["outcome"] != outcome || builds(row) != shown {
            cut_off += 1;
        }
    }
    assert!(cut_off <= 2 * 50 + 20, "{cut_off} answers are not as planted");
    assert!(servers.most_asked() <= 3, "{} requests to one host", servers.most_asked());
    assert!(most < early + 16_384 && most < 80_000, "memory grew from {early} to {most} kB");
    eprintln!(
        "{HOSTS} hosts in {took:?} with two kills, at most {most} kB, {cut_off} cut off, at most {} requests",
        servers.most_asked()
    );
    // Nothing is left to do.
    let again = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
        .args(["check", "--quiet"])
        .args([Path::new("--targets"), &list, Path::new("-o"), &out, Path::new("--resume"), &state])
        .status()
        .unwrap();
    assert_eq!((rows_of(&out), again.code()), (HOSTS, Some(10)));
}

/// The first interrupt lets those answer who are being asked; the state goes on from there.
#[cfg(unix)]
#[test]
fn an_interrupt_ends_softly_and_is_resumed() {
    const HOSTS: usize = 3_000;
    let servers = FrontEnds::start();
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("hosts.txt");
    let lines: String =
        (0..HOSTS).map(|host| format!("http://127.40.{}.{}:{}\n", host / 15, 3 + 16 * (host % 15), servers.http)).collect();
    fs::write(&list, lines).unwrap();
    let (out, state) = (folder.path().join("answers.csv"), folder.path().join("sweep.state"));
    let mut sweep = Sweep::start(&list, &out, &state);
    sweep.wait_for_rows(&out, 200);
    let pid = sweep.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(sweep.child.wait().unwrap().code(), Some(130));
    let rows = rows_of(&out);
    assert!((200..HOSTS).contains(&rows), "{rows}");
    let mut sweep = Sweep::start(&list, &out, &state);
    assert_eq!(sweep.child.wait().unwrap().code(), Some(4), "only settings are open");
    let text = fs::read_to_string(&out).unwrap();
    let mut numbers: Vec<u64> = text.lines().skip(1).map(|row| row.split(',').next().unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=HOSTS as u64).collect::<Vec<_>>());
    assert_eq!(servers.most_asked(), 1);
}
