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

use afterpatch_model::{ArtifactId, Place, Record, Timestamp, Unified, same_text};
use serde::{Deserialize, Serialize};

pub use judge::{Judged, judge, kinds};

use crate::KnownGood;
use crate::client::{client_address, client_of};
use crate::collect::sum;
use crate::memo::Memo;
use crate::things::BACK_END_PORTS;
use kept::{Few, Kept, number_of};
use page::{Page, Sample, Visitor, earliest};
use signs::is_own;
use target::{Kind, Target, is_of_exchange};

/// Pages kept of all servers of a log, and of all logs, about; scripts come first. Hostile rows make a kilobyte and more of each,
/// and several sections of logs and their sum are there at the same time.
const MAX_PAGES: usize = 10_000;
/// No server's share of these is smaller.
const MIN_PAGES: usize = 500;
/// Addresses and referring pages kept of one server.
const MAX_VISITORS: usize = 200_000;
/// User agents told apart of one server.
const MAX_AGENTS: usize = 1_000;
/// Servers told apart in one artifact.
const MAX_SERVERS: usize = 64;
/// Bytes kept of a path or a user agent.
const MAX_TEXT: usize = 512;

/// What is remembered of the requests to one server.
#[derive(Debug, Serialize, Deserialize)]
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
    /// The hour put in last.
    latest: Option<i64>,
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
            latest: None,
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

    /// Keeps this server's share of the pages, when there are so many servers. In whatever order servers are met, the same is
    /// left at the end.
    pub fn share_pages(&mut self, servers: usize) {
        self.pages.keep((MAX_PAGES / servers.max(1)).max(MIN_PAGES));
    }

    /// Changes the places of requests; their order stays.
    pub fn place(&mut self, place: &dyn Fn(Place) -> Place) {
        self.pages.values_mut().for_each(|page| page.change(|page| page.place(place)));
    }

    /// The same as that of an artifact which has this number in another run.
    pub fn renumber(&mut self, artifact: ArtifactId) {
        self.pages.values_mut().for_each(|page| page.change(|page| page.renumber(artifact)));
    }

    /// More pages were answered than are kept.
    pub fn is_cut(&self) -> bool {
        self.pages.is_cut()
    }

    fn add(&mut self, request: &Request<'_>, sample: Sample, texts: &mut Texts, known_good: &KnownGood) {
        self.pass(sample.time);
        let counted = Counted::of(request, &sample, texts, known_good);
        self.count(&counted, 1);
        let Texts { stems, .. } = texts;
        let led = counted.led.is_some();
        stems.with(request.stem, |stem| StemSaid::of(stem, known_good), |stem| self.follow(request, sample, stem, led));
    }

    /// A request of this time.
    fn pass(&mut self, time: Option<Timestamp>) {
        self.first = earliest(self.first, time);
        self.last = self.last.max(time);
        let hour = time.map(|time| time.as_second().div_euclid(3_600));
        if self.latest != hour {
            time.into_iter().for_each(|time| self.days.put(time.as_second().div_euclid(86_400)));
            hour.into_iter().for_each(|hour| self.hours.put(hour));
            self.latest = hour;
        }
    }

    /// Counts so many requests that are alike.
    fn count(&mut self, of: &Counted, requests: u64) {
        self.requests += requests;
        let of_them = |yes: bool| if yes { requests } else { 0 };
        self.from_itself += of_them(of.is_own);
        self.statics += of_them(of.is_file);
        self.agents.entry(of.agent, || ());
        if let Some(visitor) = self.visitors.entry(of.visitor, Visitor::default) {
            visitor.requests += requests;
            visitor.statics += of_them(of.is_file);
        }
        if let Some(number) = of.led {
            self.led += requests;
            self.referring.entry(number, || ());
        }
    }

    /// Remembers a request of a page.
    fn follow(&mut self, request: &Request<'_>, sample: Sample, stem: &StemSaid, was_led: bool) {
        if !stem.is_followed(sample.posted, sample.status) {
            return;
        }
        let StemSaid { target, key, .. } = stem;
        let time = sample.time;
        let day = time.map(|time| time.as_second().div_euclid(86_400));
        let hour = time.map(|time| time.as_second().div_euclid(3_600));
        let Some(page) = self.pages.entry(*key, || Page::new(target.path.clone(), target.kind)) else { return };
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
            page.led_here += u64::from(was_led);
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
            page.visitors.change(sample.visitor, || (shorten(request.client).to_owned(), 0), |(_, requests)| *requests += 1);
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

/// What the texts of requests say, remembered for one artifact.
struct Texts {
    stems: Memo<StemSaid>,
    referers: Memo<RefererSaid>,
    clients: Memo<AddressSaid>,
    agents: Memo<u64>,
}

impl Texts {
    fn new() -> Self {
        Self { stems: Memo::new(), referers: Memo::new(), clients: Memo::new(), agents: Memo::new() }
    }
}

/// What a path says.
struct StemSaid {
    target: Target,
    key: u64,
    is_of_exchange: bool,
}

impl StemSaid {
    fn of(stem: &str, known_good: &KnownGood) -> Self {
        let target = Target::of(shorten(stem));
        let is_of_exchange = is_of_exchange(&target, |path| known_good.has_url(path));
        Self { key: key_of(&target), target, is_of_exchange }
    }

    /// Whether an answer of this status to such a request is remembered. Everything but a script is worth following only when
    /// something was sent to it.
    fn is_followed(&self, posted: bool, status: u16) -> bool {
        let worth = self.target.kind == Kind::Script || posted;
        worth && (200..=206).contains(&status) && !self.is_of_exchange
    }
}

/// What a request counts for.
struct Counted {
    visitor: u64,
    agent: u64,
    is_own: bool,
    is_file: bool,
    /// The number of the page that led here.
    led: Option<u64>,
}

impl Counted {
    fn of(request: &Request<'_>, sample: &Sample, texts: &mut Texts, known_good: &KnownGood) -> Self {
        let Texts { stems, referers, clients, agents } = texts;
        stems.with(
            request.stem,
            |stem| StemSaid::of(stem, known_good),
            |stem| Self {
                visitor: sample.visitor,
                agent: agents.with(request.agent, |agent| number_of(agent.as_bytes()), |number| *number),
                is_own: clients.with(request.client, AddressSaid::of, |it| it.is_own),
                is_file: stem.target.kind == Kind::Static && !sample.posted,
                // A page does not lead to itself.
                led: referers.with(request.referer, RefererSaid::of, |it| {
                    it.0.as_ref().filter(|(path, _)| *path != stem.target.path).map(|(_, number)| *number)
                }),
            },
        )
    }
}

/// What the rows of one face count for (see [`TrafficWatch::counts_of_like`]).
pub struct Counts(Option<(usize, Counted)>);

/// The path of the page that a request says it came from, and its number.
struct RefererSaid(Option<(String, u64)>);

impl RefererSaid {
    fn of(referer: &str) -> Self {
        let rest = referer.split_once("://").map(|(_, rest)| rest);
        Self(rest.map(|rest| {
            let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
            let path = Target::of(shorten(path)).path;
            let number = number_of(path.as_bytes());
            (path, number)
        }))
    }
}

/// What a client's address says.
struct AddressSaid {
    number: u64,
    is_own: bool,
}

impl AddressSaid {
    fn of(address: &str) -> Self {
        Self { number: number_of(address.as_bytes()), is_own: is_own(address) }
    }
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
    servers: Vec<(String, Traffic)>,
    texts: Texts,
}

impl TrafficWatch {
    pub fn new(artifact: ArtifactId, known_good: Arc<KnownGood>) -> Self {
        Self { known_good, artifact, servers: Vec::new(), texts: Texts::new() }
    }

    pub fn record(&mut self, record: &Record<'_>) {
        let Some(request) = Request::of(&record.unified) else { return };
        let sample = self.sample(&request, record);
        let Some(position) = self.position(record) else { return };
        if let Some((_, traffic)) = self.servers.get_mut(position) {
            traffic.add(&request, sample, &mut self.texts, &self.known_good);
        }
    }

    fn sample(&mut self, request: &Request<'_>, record: &Record<'_>) -> Sample {
        Sample {
            time: record.time,
            artifact: self.artifact,
            place: record.place,
            posted: request.method.eq_ignore_ascii_case("POST"),
            status: request.status,
            bytes: request.bytes,
            visitor: self.texts.clients.with(request.client, AddressSaid::of, |it| it.number),
        }
    }

    /// Where the server of a record stands; nothing when there are too many.
    fn position(&mut self, record: &Record<'_>) -> Option<usize> {
        let server = record.server.as_deref().unwrap_or_default();
        let known = self.servers.iter().position(|(own, _)| same_text(own, server));
        if known.is_some() || self.servers.len() >= MAX_SERVERS {
            return known;
        }
        self.servers.push((server.to_owned(), Traffic::default()));
        self.share_pages();
        Some(self.servers.len() - 1)
    }

    /// What requests with the face of this one count for, whatever their time, query and sizes; nothing when each is to be
    /// looked at.
    pub fn counts_of_like(&mut self, record: &Record<'_>) -> Option<Counts> {
        let Some(request) = Request::of(&record.unified) else { return Some(Counts(None)) };
        let sample = self.sample(&request, record);
        let position = self.position(record)?;
        let known_good = &self.known_good;
        let look = |stem: &StemSaid| stem.is_followed(sample.posted, sample.status);
        if self.texts.stems.with(request.stem, |stem| StemSaid::of(stem, known_good), look) {
            return None;
        }
        Some(Counts(Some((position, Counted::of(&request, &sample, &mut self.texts, known_good)))))
    }

    /// A request of this time that counts for these; [`Self::count`] counts it.
    pub fn pass(&mut self, counts: &Counts, time: Timestamp) {
        if let Some((_, traffic)) = counts.0.as_ref().and_then(|(position, _)| self.servers.get_mut(*position)) {
            traffic.pass(Some(time));
        }
    }

    /// Counts so many requests.
    pub fn count(&mut self, counts: &Counts, requests: u64) {
        let Some((position, counted)) = &counts.0 else { return };
        if let Some((_, traffic)) = self.servers.get_mut(*position) {
            traffic.count(counted, requests);
        }
    }

    /// Takes over what was gathered in another section of the same artifact.
    pub fn append(&mut self, other: Self) {
        for (server, traffic) in other.servers {
            if let Some((_, own)) = self.servers.iter_mut().find(|(own, _)| *own == server) {
                own.merge(traffic);
            } else if self.servers.len() < MAX_SERVERS {
                self.servers.push((server, traffic));
            }
        }
        self.share_pages();
    }

    fn share_pages(&mut self) {
        let servers = self.servers.len();
        self.servers.iter_mut().for_each(|(_, traffic)| traffic.share_pages(servers));
    }

    pub fn finish(mut self) -> BTreeMap<String, Traffic> {
        for (_, traffic) in &mut self.servers {
            traffic.pages.settle();
            traffic.visitors.settle();
            traffic.referring.settle();
            traffic.agents.settle();
        }
        self.servers.into_iter().collect()
    }
}
