//! Hundreds of requests for OWA's first page by one client within minutes, each sent back to the log-on page: trying out an
//! encrypted cookie byte by byte (ProxyOracle, CVE-2021-31195 and CVE-2021-31196). Cookies stand in no log, so the burst is
//! all that is seen, and a client that has lost its session makes small ones.

use std::any::Any;
use std::collections::BTreeMap;

use afterpatch_model::{Confidence, Evidence, Grade, Record, Severity, Step, Thing, ThingKind, Timestamp, Unified};

use crate::client::{client_address, client_of};
use crate::things::BACK_END_PORTS;
use crate::{Detector, Draft, Findings, Watch, Wish};

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
    clients: Clients,
}

type Clients = BTreeMap<(String, String), Rows>;

/// Rows of requests of one client.
struct Rows {
    /// The first one of the section, when it has ended: it may go on one of the section before.
    first: Option<Row>,
    latest: Row,
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
        let (true, Some(time)) = (is_sent_back(record), record.time) else { return };
        let client = match &record.unified {
            Unified::WebRequest(it) => client_of(it),
            Unified::ProxyRequest(it) => client_address(&it.client),
            _ => return,
        };
        let key = (record.server.as_deref().unwrap_or_default().to_owned(), client.to_owned());
        if self.clients.len() >= MAX_CLIENTS && !self.clients.contains_key(&key) {
            findings.leave_out(1);
            return;
        }
        let new = || Row { first: time, last: time, count: 0, evidence: Vec::new() };
        let rows = self.clients.entry(key.clone()).or_insert_with(|| Rows { first: None, latest: new() });
        if rows.latest.is_left_behind_at(time) {
            rows.begin(new()).into_iter().for_each(|row| tell(&key, row, findings));
        }
        let row = &mut rows.latest;
        row.last = time;
        row.count += 1;
        if row.evidence.len() < MAX_EVIDENCE {
            row.evidence.push(findings.evidence(record));
        }
    }

    fn untold(&mut self) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(std::mem::take(&mut self.clients)))
    }

    fn follow(&mut self, untold: Box<dyn Any + Send>, findings: &mut Findings) {
        let Ok(later) = untold.downcast::<Clients>() else { return };
        for (key, Rows { first, latest }) in *later {
            let is_full = self.clients.len() >= MAX_CLIENTS;
            match self.clients.get_mut(&key) {
                Some(own) => {
                    for row in first.into_iter().chain([latest]) {
                        own.go_on(row).into_iter().for_each(|row| tell(&key, row, findings));
                    }
                }
                None if is_full => findings.leave_out(latest.count + first.map_or(0, |row| row.count)),
                None => {
                    self.clients.insert(key, Rows { first, latest });
                }
            }
        }
    }

    fn wants_like(&mut self, record: &Record<'_>) -> Wish {
        Wish::each_if(is_sent_back(record))
    }

    fn finish(&mut self, findings: &mut Findings) {
        for (key, Rows { first, latest }) in std::mem::take(&mut self.clients) {
            first.into_iter().chain([latest]).for_each(|row| tell(&key, row, findings));
        }
    }
}

impl Row {
    /// Whether a request of this time is none of this row any more.
    fn is_left_behind_at(&self, time: Timestamp) -> bool {
        time.as_second() - self.last.as_second() > PAUSE_SECONDS
    }
}

impl Rows {
    /// Begins a new row. Gives back the one that has ended, but for the first one.
    fn begin(&mut self, row: Row) -> Option<Row> {
        let ended = std::mem::replace(&mut self.latest, row);
        if self.first.is_some() {
            return Some(ended);
        }
        self.first = Some(ended);
        None
    }

    /// Takes in a row that comes later; gives back one that has ended.
    fn go_on(&mut self, row: Row) -> Option<Row> {
        if self.latest.is_left_behind_at(row.first) {
            return self.begin(row);
        }
        self.latest.last = row.last;
        self.latest.count += row.count;
        self.latest.evidence.extend(row.evidence);
        self.latest.evidence.truncate(MAX_EVIDENCE);
        None
    }
}

/// A request for OWA's first page that was sent to the log-on page.
fn is_sent_back(record: &Record<'_>) -> bool {
    let (stem, status) = match &record.unified {
        Unified::WebRequest(it) if !BACK_END_PORTS.contains(&it.port) => (&it.stem, it.status),
        Unified::ProxyRequest(it) => (&it.stem, it.status),
        _ => return false,
    };
    matches!(status, 302 | 440) && ["/owa", "/owa/", "/owa/default.aspx"].iter().any(|page| page.eq_ignore_ascii_case(stem))
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
