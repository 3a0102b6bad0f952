//! Hundreds of requests for OWA's first page by one client within minutes, each sent back to the log-on page: trying out an
//! encrypted cookie byte by byte (ProxyOracle, CVE-2021-31195 and CVE-2021-31196). Cookies stand in no log, so the burst is
//! all that is seen, and a client that has lost its session makes small ones.

use std::collections::BTreeMap;

use afterpatch_model::{Confidence, Evidence, Grade, Record, Severity, Step, Thing, ThingKind, Timestamp, Unified};

use crate::client::{client_address, client_of};
use crate::things::BACK_END_PORTS;
use crate::{Detector, Draft, Findings, Watch};

const BURST: (&str, &str) = ("padding-burst", "One client was sent back to the log-on page hundreds of times within minutes");

/// So many requests in a row, none further from the next than the pause, are a burst. One byte of a cookie takes up to 256
/// tries.
const MIN_REQUESTS: u64 = 300;
const PAUSE_SECONDS: i64 = 10;
/// Clients followed in one artifact.
const MAX_CLIENTS: usize = 10_000;
const MAX_EVIDENCE: usize = 5;

/// Bursts of requests sent back to the log-on page.
pub struct PaddingDetector;

impl Detector for PaddingDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        vec![(BURST.0.to_owned(), BURST.1.to_owned())]
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(PaddingWatch { clients: BTreeMap::new() })
    }
}

struct PaddingWatch {
    /// By server and address.
    clients: BTreeMap<(String, String), Row>,
}

/// Requests of one client, close to one another.
struct Row {
    first: Timestamp,
    last: Timestamp,
    count: u64,
    evidence: Vec<Evidence>,
}

impl Watch for PaddingWatch {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let (stem, status, client) = match &record.unified {
            Unified::WebRequest(it) if !BACK_END_PORTS.contains(&it.port) => (&it.stem, it.status, client_of(it)),
            Unified::ProxyRequest(it) => (&it.stem, it.status, client_address(&it.client)),
            _ => return,
        };
        let first_page = ["/owa", "/owa/", "/owa/default.aspx"].iter().any(|page| page.eq_ignore_ascii_case(stem));
        let (true, 302 | 440, Some(time)) = (first_page, status, record.time) else { return };
        let key = (record.server.as_deref().unwrap_or_default().to_owned(), client.to_owned());
        if self.clients.len() >= MAX_CLIENTS && !self.clients.contains_key(&key) {
            findings.leave_out();
            return;
        }
        let new = || Row { first: time, last: time, count: 0, evidence: Vec::new() };
        let row = self.clients.entry(key.clone()).or_insert_with(new);
        if time.as_second() - row.last.as_second() > PAUSE_SECONDS {
            tell(&key, std::mem::replace(row, new()), findings);
        }
        row.last = time;
        row.count += 1;
        if row.evidence.len() < MAX_EVIDENCE {
            row.evidence.push(findings.evidence(record));
        }
    }

    fn finish(&mut self, findings: &mut Findings) {
        for (key, row) in std::mem::take(&mut self.clients) {
            tell(&key, row, findings);
        }
    }
}

fn tell((server, address): &(String, String), row: Row, findings: &mut Findings) {
    if row.count >= MIN_REQUESTS {
        let draft = Draft {
            campaign: Some("proxyoracle".to_owned()),
            grade: Grade::Attempt,
            severity: Severity::Low,
            confidence: Confidence::Low,
            cves: vec!["CVE-2021-31195".to_owned(), "CVE-2021-31196".to_owned()],
            things: vec![Thing::new(ThingKind::Address, address)],
            ..Draft::of(BURST, Step::ForgedRequest, "T1190")
        };
        findings.add_run(draft, server.clone(), Some(row.first), Some(row.last), row.count, row.evidence);
    }
}
