//! Pages that behave like a web shell, told by requests alone, whatever their name and content.
//!
//! A shell is asked for by few, who come from nowhere, send POSTs, load no pictures and look at nothing else; it answers now
//! this much, now that much; it was not there from the beginning; it lies where no script belongs, or has a name that nobody
//! runs. No sign proves it, and programs that talk to programs look much the same, so signs are weighed ([`signs`]).
//!
//! A shell's life spans many logs, while a detector sees one artifact. So nothing is judged while reading: each artifact
//! yields a [`Traffic`], which can be added to others in any order, and [`judge`] looks at the sum for one server. What is
//! kept is bounded, and depends neither on threads nor on how the logs were split ([`kept`]).

mod judge;
mod kept;
mod page;
mod signs;
mod target;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use afterpatch_model::{ArtifactId, Record, Timestamp, Unified};

pub use judge::{Judged, judge, kinds};

use crate::KnownGood;
use crate::client::{client_address, client_of};
use crate::collect::sum;
use crate::things::BACK_END_PORTS;
use kept::{Few, Kept, number_of};
use page::{Page, Sample, Visitor, earliest};
use signs::is_own;
use target::{Kind, Target, is_of_exchange};

/// Pages kept of one server; scripts come first.
const MAX_PAGES: usize = 50_000;
/// Addresses and referring pages kept of one server.
const MAX_VISITORS: usize = 200_000;
/// User agents told apart of one server.
const MAX_AGENTS: usize = 1_000;
/// Servers told apart in one artifact.
const MAX_SERVERS: usize = 64;
/// Bytes kept of a path or a user agent.
const MAX_TEXT: usize = 512;

/// What is remembered of the requests to one server.
#[derive(Debug)]
pub struct Traffic {
    pages: Kept<Page>,
    visitors: Kept<Visitor>,
    /// Paths that requests say they came from.
    referring: Kept<()>,
    agents: Kept<()>,
    requests: u64,
    /// Requests for files that pages are made up of.
    statics: u64,
    /// Requests that came from another page.
    led: u64,
    /// Requests that came from the server's own address.
    from_itself: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    days: Few<i64, 31>,
    hours: Few<i64, 24>,
}

impl Default for Traffic {
    fn default() -> Self {
        Self {
            pages: Kept::new(MAX_PAGES),
            visitors: Kept::new(MAX_VISITORS),
            referring: Kept::new(MAX_VISITORS),
            agents: Kept::new(MAX_AGENTS),
            requests: 0,
            statics: 0,
            led: 0,
            from_itself: 0,
            first: None,
            last: None,
            days: Few::default(),
            hours: Few::default(),
        }
    }
}

impl Traffic {
    /// Adds what was remembered of other requests to the same server.
    pub fn merge(&mut self, other: Self) {
        self.pages.merge(other.pages, Page::merge);
        self.visitors.merge(other.visitors, |own, other| {
            own.requests += other.requests;
            own.statics += other.statics;
        });
        self.referring.merge(other.referring, |(), ()| ());
        self.agents.merge(other.agents, |(), ()| ());
        self.requests += other.requests;
        self.statics += other.statics;
        self.led += other.led;
        self.from_itself += other.from_itself;
        self.first = earliest(self.first, other.first);
        self.last = self.last.max(other.last);
        self.days.merge(other.days);
        self.hours.merge(other.hours);
    }

    /// More pages were answered than are kept.
    pub fn is_cut(&self) -> bool {
        self.pages.is_cut()
    }

    fn add(&mut self, request: &Request<'_>, sample: Sample, genuine: impl Fn(&str) -> bool) {
        let target = Target::of(shorten(request.stem));
        let time = sample.time;
        self.requests += 1;
        self.first = earliest(self.first, time);
        self.last = self.last.max(time);
        let day = time.map(|time| time.as_second().div_euclid(86_400));
        let hour = time.map(|time| time.as_second().div_euclid(3_600));
        day.into_iter().for_each(|day| self.days.put(day));
        hour.into_iter().for_each(|hour| self.hours.put(hour));
        let is_file = target.kind == Kind::Static && !sample.posted;
        self.statics += u64::from(is_file);
        self.from_itself += u64::from(is_own(request.client));
        if let Some(visitor) = self.visitors.entry(sample.visitor, Visitor::default) {
            visitor.requests += 1;
            visitor.statics += u64::from(is_file);
        }
        self.agents.entry(number_of(request.agent.as_bytes()), || ());
        let came_from = came_from(request.referer, &target);
        if let Some(page) = &came_from {
            self.led += 1;
            self.referring.entry(number_of(page.as_bytes()), || ());
        }
        // Everything but a script is worth following only when something was sent to it.
        let worth = target.kind == Kind::Script || sample.posted;
        if !worth || !(200..=206).contains(&sample.status) || is_of_exchange(&target, genuine) {
            return;
        }
        let key = key_of(&target);
        let Some(page) = self.pages.entry(key, || Page::new(target.path, target.kind)) else { return };
        page.change(|page| {
            if sample.posted {
                page.posts += 1;
            } else {
                page.gets += 1;
                page.queries += u64::from(!request.query.is_empty());
            }
            if sample.posted || !request.query.is_empty() {
                sample.bytes.into_iter().for_each(|bytes| page.sizes.put(bytes));
            }
            page.led_here += u64::from(came_from.is_some());
            page.logged_on += u64::from(!request.user.is_empty());
            page.path_info += u64::from(target.path_info);
            page.bytes_out = sum(page.bytes_out, sample.bytes);
            page.first = earliest(page.first, time);
            page.last = page.last.max(time);
            day.into_iter().for_each(|day| page.days.put(day));
            if let Some(hour) = hour {
                page.hours.put(hour);
                page.hours_of_day |= 1 << hour.rem_euclid(24);
            }
            page.visitors.entry(sample.visitor).or_insert_with(|| (request.client.to_owned(), 0)).1 += 1;
            page.agents.put(shorten(request.agent).to_owned());
            page.sample(sample);
        });
    }
}

/// Scripts have the smaller keys, so they are kept first.
fn key_of(target: &Target) -> u64 {
    let number = number_of(target.path.as_bytes()) >> 1;
    if target.kind == Kind::Script { number } else { number | 1 << 63 }
}

/// The path of the page that a request came from, when that is another one.
fn came_from(referer: &str, target: &Target) -> Option<String> {
    let (_, rest) = referer.split_once("://")?;
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    let path = Target::of(shorten(path)).path;
    (path != target.path).then_some(path)
}

fn shorten(text: &str) -> &str {
    let end = (0..=text.len().min(MAX_TEXT)).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// What counts of a request, whichever log it stands in.
struct Request<'r> {
    method: &'r str,
    stem: &'r str,
    query: &'r str,
    client: &'r str,
    user: &'r str,
    agent: &'r str,
    referer: &'r str,
    status: u16,
    bytes: Option<u64>,
}

impl<'r> Request<'r> {
    fn of(unified: &'r Unified<'_>) -> Option<Self> {
        match unified {
            // The back end's client is the front end, whose row tells of the same request.
            Unified::WebRequest(it) if BACK_END_PORTS.contains(&it.port) => None,
            Unified::WebRequest(it) => Some(Self {
                method: &it.method,
                stem: &it.stem,
                query: &it.query,
                client: client_of(it),
                user: &it.user,
                agent: &it.user_agent,
                referer: &it.referer,
                status: it.status,
                bytes: it.bytes_out,
            }),
            Unified::ProxyRequest(it) => Some(Self {
                method: &it.method,
                stem: &it.stem,
                query: &it.query,
                client: client_address(&it.client),
                user: &it.user,
                agent: &it.user_agent,
                referer: "",
                status: it.status,
                bytes: it.bytes_out,
            }),
            _ => None,
        }
    }
}

/// Gathers the traffic of one artifact, by server as its records name it.
pub struct TrafficWatch {
    known_good: Arc<KnownGood>,
    artifact: ArtifactId,
    servers: BTreeMap<String, Traffic>,
}

impl TrafficWatch {
    pub fn new(artifact: ArtifactId, known_good: Arc<KnownGood>) -> Self {
        Self { known_good, artifact, servers: BTreeMap::new() }
    }

    pub fn record(&mut self, record: &Record<'_>) {
        let Some(request) = Request::of(&record.unified) else { return };
        let server = record.server.as_deref().unwrap_or_default();
        let sample = Sample {
            time: record.time,
            artifact: self.artifact,
            place: record.place,
            posted: request.method.eq_ignore_ascii_case("POST"),
            status: request.status,
            bytes: request.bytes,
            visitor: number_of(request.client.as_bytes()),
        };
        let known_good = &self.known_good;
        let genuine = |path: &str| known_good.has_url(path);
        if let Some(traffic) = self.servers.get_mut(server) {
            traffic.add(&request, sample, genuine);
        } else if self.servers.len() < MAX_SERVERS {
            self.servers.entry(server.to_owned()).or_default().add(&request, sample, genuine);
        }
    }

    pub fn finish(mut self) -> BTreeMap<String, Traffic> {
        for traffic in self.servers.values_mut() {
            traffic.pages.settle();
            traffic.visitors.settle();
            traffic.referring.settle();
            traffic.agents.settle();
        }
        self.servers
    }
}
