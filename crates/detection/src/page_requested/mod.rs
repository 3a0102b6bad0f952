//! The life of pages as their visitors see it: when a page that is not genuine was answered, and when not any more.
//!
//! Under `owa/auth` an answer of 200 means that the file is there, and 302 (to the log-on page) that it is not; elsewhere
//! 404 does (source: helsecert incident, 2021). So the requests of one page are told as runs: answered, refused, answered ...
//! By itself a run means nothing (`Standing::Beside`): every site has pages that this table does not know. It tells its part
//! when another source has found the page.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use afterpatch_model::{Evidence, Grade, Record, Severity, Standing, Step, Thing, ThingKind, Timestamp, Unified};

use crate::client::{client_address, client_of};
use crate::collect::{Budget, evidence_bytes, sum};
use crate::excerpt::excerpt;
use crate::memo::Memo;
use crate::web_place::page_name;
use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish};

pub const ANSWERED: (&str, &str) = ("page-answered", "The page was requested and answered");
pub const REFUSED: (&str, &str) = ("page-refused", "The page was requested and not found");
const SWEEP: (&str, &str) = ("shell-name-sweep", "One visitor tried many names of pages in a log-on folder; none was there");

/// A pause after which the next request of a page is told as a new visit.
const VISIT_PAUSE_SECONDS: i64 = 15 * 60;
/// Bytes kept of the pages and visitors of one artifact, about; what goes beyond is left out (a sweep tries thousands of names,
/// each of which costs a few hundred bytes).
const BYTES: usize = 6 << 20;
/// What a run costs, about, without its texts and evidence.
const RUN_BYTES: usize = 600;
/// The same of a visitor.
const VISITOR_BYTES: usize = 400;
/// Records kept per run: the first ones and the latest.
const MAX_EVIDENCE: usize = 10;
/// Runs told of one page in one artifact; later ones are counted into the last.
const MAX_RUNS: usize = 200;
/// Addresses kept per run.
const MAX_ADDRESSES: usize = 20;
/// Records kept of one visitor.
const VISITOR_EVIDENCE: usize = 5;
/// So many names that are not there, asked for by one visitor, are a sweep.
const SWEEP_NAMES: usize = 8;
/// Visitors followed for sweeps in one artifact.
const MAX_VISITORS: usize = 10_000;

/// The life of pages as their visitors see it.
pub struct PageRequestedDetector {
    known_good: Arc<KnownGood>,
}

impl PageRequestedDetector {
    pub fn new(known_good: Arc<KnownGood>) -> Self {
        Self { known_good }
    }
}

impl Detector for PageRequestedDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        [ANSWERED, REFUSED, SWEEP].map(|(kind, title)| (kind.to_owned(), title.to_owned())).into()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(RequestWatch {
            known_good: &self.known_good,
            pages: HashMap::new(),
            budget: Budget::new(BYTES),
            visitors: HashMap::new(),
            stems: Memo::new(),
        })
    }
}

struct RequestWatch<'d> {
    known_good: &'d KnownGood,
    /// By server and page.
    pages: HashMap<(String, String), Vec<Run>>,
    budget: Budget,
    /// By server and address.
    visitors: HashMap<(String, String), Visitor>,
    /// The name of the page that a path is of, and whether it is a genuine one.
    stems: Memo<Option<(String, bool)>>,
}

/// What a watch gathered in one section.
struct Untold {
    pages: HashMap<(String, String), Vec<Run>>,
    visitors: HashMap<(String, String), Visitor>,
}

/// Requests of one page with the same outcome, close in time.
struct Run {
    answered: bool,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    count: u64,
    stem: String,
    addresses: BTreeSet<String>,
    request_ids: BTreeSet<String>,
    /// Bytes of the answers.
    bytes_out: Option<u64>,
    evidence: Vec<Evidence>,
}

/// What one visitor asked for in vain.
#[derive(Default)]
struct Visitor {
    names: BTreeSet<String>,
    answered: bool,
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    evidence: Vec<Evidence>,
}

struct Request<'r> {
    method: &'r str,
    stem: &'r str,
    address: &'r str,
    request_id: &'r str,
    status: u16,
    bytes_out: Option<u64>,
}

impl Watch for RequestWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Some((page, request, answered)) = self.page_of(record) else { return };
        let server = record.server.as_deref().unwrap_or_default().to_owned();
        self.visit(&server, &page, &request, answered, record, findings);
        self.run(server, page, &request, answered, record, findings);
    }

    fn wants_like(&mut self, record: &Record<'_>) -> Wish {
        Wish::each_if(self.page_of(record).is_some())
    }

    fn untold(&mut self) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(Untold { pages: std::mem::take(&mut self.pages), visitors: std::mem::take(&mut self.visitors) }))
    }

    fn follow(&mut self, untold: Box<dyn Any + Send>, findings: &mut Findings) {
        let Ok(later) = untold.downcast::<Untold>() else { return };
        // HashMap order must not decide what a bound leaves out.
        for (key, runs) in later.pages.into_iter().collect::<BTreeMap<_, _>>() {
            runs.into_iter().for_each(|run| self.go_on(&key, run, findings));
        }
        for (key, visitor) in later.visitors.into_iter().collect::<BTreeMap<_, _>>() {
            self.go_with(key, visitor, findings);
        }
    }

    fn finish(&mut self, findings: &mut Findings) {
        // HashMap order must not reach the report.
        for ((server, page), runs) in std::mem::take(&mut self.pages).into_iter().collect::<BTreeMap<_, _>>() {
            for run in runs {
                tell_run(&server, &page, run, findings);
            }
        }
        for ((server, address), visitor) in std::mem::take(&mut self.visitors).into_iter().collect::<BTreeMap<_, _>>() {
            if visitor.names.len() >= SWEEP_NAMES && !visitor.answered {
                let draft = Draft {
                    grade: Grade::Scan,
                    severity: Severity::Info,
                    standing: Standing::Alone,
                    things: vec![Thing::new(ThingKind::Address, address)],
                    ..Draft::of(SWEEP, Step::Scan, "T1595.002")
                };
                findings.add_run(draft, server, visitor.first, visitor.last, visitor.count, visitor.evidence);
            }
        }
    }
}

/// Genuine pages of the log-on folders that only show something: nobody posts to them, unless they were overwritten.
const SILENT: [&str; 6] =
    ["redirsuiteserviceproxy.aspx", "frowny.aspx", "errorfe.aspx", "signout.aspx", "outlookcn.aspx", "timeoutlogout.aspx"];

fn is_post_to_silent_page(request: &Request<'_>, page: &str) -> bool {
    request.method.eq_ignore_ascii_case("POST") && SILENT.contains(&page)
}

impl RequestWatch<'_> {
    /// The name of the page that a request is of, the request, and whether it was answered; nothing when it is no matter.
    fn page_of<'r>(&mut self, record: &'r Record<'_>) -> Option<(String, Request<'r>, bool)> {
        let request = match &record.unified {
            Unified::WebRequest(it) => Request {
                method: &it.method,
                stem: &it.stem,
                address: client_of(it),
                request_id: &it.request_id,
                status: it.status,
                bytes_out: it.bytes_out,
            },
            Unified::ProxyRequest(it) => Request {
                method: &it.method,
                stem: &it.stem,
                address: client_address(&it.client),
                request_id: &it.request_id,
                status: it.status,
                bytes_out: it.bytes_out,
            },
            _ => return None,
        };
        let answered = match request.status {
            200..=206 => true,
            301 | 302 | 404 | 410 => false,
            _ => return None,
        };
        let known_good = self.known_good;
        let look = |stem: &str| page_name(stem).map(|page| (page, known_good.has_url(stem)));
        let page = self.stems.with(request.stem, look, |known| {
            let (page, is_genuine) = known.as_ref()?;
            (!is_genuine || answered && is_post_to_silent_page(&request, page)).then(|| page.clone())
        });
        Some((page?, request, answered))
    }

    fn visit(
        &mut self,
        server: &str,
        page: &str,
        request: &Request<'_>,
        answered: bool,
        record: &Record<'_>,
        findings: &mut Findings,
    ) {
        let stem = request.stem.to_ascii_lowercase();
        let open = stem.starts_with("/owa/auth/") || stem.starts_with("/ecp/auth/") || stem.starts_with("/aspnet_client/");
        if !open || request.address.is_empty() {
            return;
        }
        let key = (server.to_owned(), request.address.to_owned());
        let is_full = self.visitors.get(&key).is_some_and(|own| own.evidence.len() >= VISITOR_EVIDENCE);
        let evidence = (!is_full).then(|| findings.evidence_at(record.place, record.time, excerpt(record)));
        let visitor = Visitor {
            names: [page.to_owned()].into(),
            answered,
            count: 1,
            first: record.time,
            last: record.time,
            evidence: evidence.into_iter().collect(),
        };
        self.go_with(key, visitor, findings);
    }

    /// Takes in what a visitor asked for after what is known.
    fn go_with(&mut self, key: (String, String), later: Visitor, findings: &mut Findings) {
        if !self.visitors.contains_key(&key) {
            let is_full = self.visitors.len() >= MAX_VISITORS;
            if is_full || !self.budget.take(VISITOR_BYTES + key.0.len() + key.1.len(), true) {
                findings.leave_out(later.count);
                return;
            }
        }
        let own = self.visitors.entry(key).or_default();
        own.answered |= later.answered;
        own.count += later.count;
        own.first = own.first.or(later.first);
        own.last = later.last.or(own.last);
        for name in later.names {
            if own.names.len() < SWEEP_NAMES && !own.names.contains(&name) && self.budget.take(name.len(), true) {
                own.names.insert(name);
            }
        }
        for evidence in later.evidence {
            if own.evidence.len() < VISITOR_EVIDENCE && self.budget.take(evidence_bytes(&evidence), true) {
                own.evidence.push(evidence);
            }
        }
    }

    fn run(
        &mut self,
        server: String,
        page: String,
        request: &Request<'_>,
        answered: bool,
        record: &Record<'_>,
        findings: &mut Findings,
    ) {
        let evidence = findings.evidence_at(record.place, record.time, excerpt(record));
        let mut run = Run {
            answered,
            first: record.time,
            last: record.time,
            count: 0,
            stem: request.stem.to_owned(),
            addresses: BTreeSet::new(),
            request_ids: BTreeSet::new(),
            bytes_out: None,
            evidence: vec![evidence],
        };
        run.repeat(request, record.time);
        self.go_on(&(server, page), run, findings);
    }

    /// Takes in a run of requests that comes after those known.
    fn go_on(&mut self, key: &(String, String), mut run: Run, findings: &mut Findings) {
        let runs = self.pages.get_mut(key);
        let full = runs.as_ref().is_some_and(|runs| runs.len() >= MAX_RUNS);
        if let Some(own) = runs.and_then(|runs| runs.last_mut())
            && own.answered == run.answered
            && (full || !paused(own.last, run.first))
        {
            for evidence in std::mem::take(&mut run.evidence) {
                if own.evidence.len() >= MAX_EVIDENCE
                    && let Some(given_back) = own.evidence.pop()
                {
                    self.budget.give_back(evidence_bytes(&given_back), !own.answered);
                }
                if self.budget.take(evidence_bytes(&evidence), !own.answered) {
                    own.evidence.push(evidence);
                }
            }
            own.go_on(run);
            return;
        }
        let texts = key.0.len() + key.1.len() + run.stem.len();
        let cost = RUN_BYTES + texts + run.evidence.iter().map(evidence_bytes).sum::<usize>();
        if full || !self.budget.take(cost, !run.answered) {
            findings.leave_out(run.count);
            return;
        }
        self.pages.entry(key.clone()).or_default().push(run);
    }
}

impl Run {
    fn go_on(&mut self, later: Self) {
        self.count += later.count;
        self.last = later.last.or(self.last);
        self.bytes_out = sum(self.bytes_out, later.bytes_out);
        for (kept, texts) in [(&mut self.addresses, later.addresses), (&mut self.request_ids, later.request_ids)] {
            for text in texts {
                if kept.len() < MAX_ADDRESSES {
                    kept.insert(text);
                }
            }
        }
    }

    fn repeat(&mut self, request: &Request<'_>, time: Option<Timestamp>) {
        self.count += 1;
        self.last = time.or(self.last);
        self.bytes_out = sum(self.bytes_out, request.bytes_out);
        for (kept, text) in [(&mut self.addresses, request.address), (&mut self.request_ids, request.request_id)] {
            if kept.len() < MAX_ADDRESSES && !text.is_empty() {
                kept.insert(text.to_owned());
            }
        }
    }
}

fn paused(last: Option<Timestamp>, now: Option<Timestamp>) -> bool {
    matches!((last, now), (Some(last), Some(now)) if now.as_second() - last.as_second() > VISIT_PAUSE_SECONDS)
}

fn tell_run(server: &str, page: &str, run: Run, findings: &mut Findings) {
    let mut things = vec![Thing::new(ThingKind::Page, page), Thing::new(ThingKind::Url, run.stem)];
    things.extend(run.addresses.into_iter().map(|address| Thing::new(ThingKind::Address, address)));
    things.extend(run.request_ids.into_iter().map(|id| Thing::new(ThingKind::RequestId, id)));
    let draft = if run.answered {
        Draft { things, bytes_out: run.bytes_out, ..Draft::of(ANSWERED, Step::PageRequested, "T1505.003") }
    } else {
        Draft { grade: Grade::Attempt, severity: Severity::Info, things, ..Draft::of(REFUSED, Step::PageGone, "T1505.003") }
    };
    findings.add_run(draft, server.to_owned(), run.first, run.last, run.count, run.evidence);
}
