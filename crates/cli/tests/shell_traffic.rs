//! Pages that behave like web shells, under names that nobody knows, are found by their traffic alone in the daily logs of every
//! kind of web server; and hardly anything else is.
//!
//! `AFTERPATCH_WEBLOG_REQUESTS` and `AFTERPATCH_WEBLOG_SEEDS` take longer logs and more of them.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_lab::weblog::{PlantedPage, WebServer, make};
use afterpatch_model::{Finding, Report, ThingKind};

const REQUESTS: usize = 60_000;
const SEEDS: u64 = 3;
/// Pages told that are none, in a million requests.
const FALSE_IN_A_MILLION: usize = 2;

#[test]
fn shells_of_unknown_names_are_found_in_daily_logs() {
    let engine = Engine::load().unwrap();
    let (mut requests, mut planted, mut missed, mut wrong) = (0, 0, Vec::new(), Vec::new());
    for server in WebServer::ALL {
        for seed in 1..=number("AFTERPATCH_WEBLOG_SEEDS", SEEDS) {
            let shells = usize::try_from(1 + seed % 3).unwrap();
            let log = make(server, seed, usize::try_from(number("AFTERPATCH_WEBLOG_REQUESTS", REQUESTS as u64)).unwrap(), shells);
            let folder = tempfile::tempdir().unwrap();
            requests += write_daily(server, &String::from_utf8(log.bytes).unwrap(), folder.path());
            let report = scan(&engine, folder.path());
            let told = pages_told(&report);
            planted += log.shells.len();
            for shell in &log.shells {
                match told.get(&shell.stem.to_lowercase()) {
                    Some(finding) => assert_counted(shell, finding),
                    None => missed.push(format!("{server:?} seed {seed}: {}", shell.stem)),
                }
            }
            let right: BTreeSet<String> = log.shells.iter().map(|shell| shell.stem.to_lowercase()).collect();
            wrong.extend(told.keys().filter(|page| !right.contains(*page)).map(|page| format!("{server:?} seed {seed}: {page}")));
        }
    }
    println!("{requests} requests, {} of {planted} pages found, {} others told: {wrong:?}", planted - missed.len(), wrong.len());
    assert!(planted > 0 && missed.is_empty(), "{missed:#?}");
    assert!(wrong.len() * 1_000_000 <= requests * FALSE_IN_A_MILLION, "{wrong:#?}");
}

/// The finding counts what the page was asked and what it sent, over all logs.
fn assert_counted(shell: &PlantedPage, finding: &Finding) {
    // A picture is asked for by its first visitor as a picture is.
    let asked = shell.lines.len() as u64;
    assert!((asked - 1..=asked).contains(&finding.count), "{}: {} of {asked}", shell.stem, finding.count);
    assert!(finding.bytes_out.is_none_or(|bytes| bytes == shell.bytes_out), "{}: {:?}", shell.stem, finding.bytes_out);
    assert!(!finding.why.is_empty());
    for client in &shell.clients {
        assert!(finding.things_of(ThingKind::Address).any(|address| address == client), "{}: {client}", shell.stem);
    }
}

/// The pages told by their traffic, by path.
fn pages_told(report: &Report) -> BTreeMap<String, &Finding> {
    let findings = report.servers.iter().flat_map(|server| &server.findings);
    let by_traffic = findings.filter(|finding| finding.kind.ends_with("behaves-like-shell"));
    by_traffic.map(|finding| (finding.things_of(ThingKind::Url).collect(), finding)).collect()
}

/// Writes a file a day, as servers do, and gives the number of requests.
fn write_daily(server: WebServer, log: &str, folder: &Path) -> usize {
    let head: String = log.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\r\n")).collect();
    let mut days: BTreeMap<&str, String> = BTreeMap::new();
    let mut requests = 0;
    for line in log.lines().filter(|line| !line.starts_with('#')) {
        let day = match server {
            WebServer::Exchange | WebServer::Iis => line.get(..10),
            _ => line.split(['[', ':']).nth(1),
        };
        let text = days.entry(day.unwrap()).or_insert_with(|| head.clone());
        text.push_str(line);
        text.push('\n');
        requests += 1;
    }
    for (day, text) in days {
        let day = day.replace('/', "-");
        let name = match server {
            WebServer::Exchange | WebServer::Iis => format!("u_ex{}.log", day.replace('-', "").get(2..).unwrap()),
            WebServer::Apache | WebServer::Nginx => format!("access.log-{day}"),
            WebServer::Tomcat => format!("localhost_access_log.{day}.txt"),
        };
        fs::write(folder.join(name), text).unwrap();
    }
    requests
}

fn scan(engine: &Engine, folder: &Path) -> Report {
    let now = "2025-01-01T00:00:00Z".parse().unwrap();
    let options = Options { inputs: vec![folder.to_path_buf()], since: None, until: None, now, threads: 2 };
    engine.run(&options, &Progress::default())
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
