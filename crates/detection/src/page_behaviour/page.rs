//! What is remembered of one page and of one visitor: counts that can be added up.

use afterpatch_model::{ArtifactId, Place, Timestamp};
use serde::{Deserialize, Serialize};

use super::kept::{ByNumber, Counts, Few};
use super::target::Kind;
use crate::collect::sum;

/// Addresses followed of a page; one that more visit is no secret.
pub const MAX_VISITORS: usize = 12;
/// Hours told apart of a page.
const MAX_HOURS: usize = 48;
/// Requests kept of a page to be shown: the first ones and as many of the last.
const MAX_SAMPLES: usize = 4;

/// A page that was answered.
#[derive(Debug, Serialize, Deserialize)]
pub enum Page {
    /// Few visit it.
    Rare(Box<Rare>),
    /// So many visit it that it cannot be a shell; nothing else is remembered.
    Crowded,
}

/// A page that few visit.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rare {
    /// The path in lower case.
    pub path: String,
    pub kind: Kind,
    /// Answered POSTs.
    pub posts: u64,
    /// Answered requests of other methods.
    pub gets: u64,
    /// Of these, those with a query.
    pub queries: u64,
    /// Answered requests that came from another page.
    pub led_here: u64,
    /// Answered requests of somebody logged on.
    pub logged_on: u64,
    /// Answered requests with something behind the page's name.
    pub path_info: u64,
    /// Bytes of the answers.
    pub bytes_out: Option<u64>,
    /// Sizes of the answers to POSTs and queries.
    pub sizes: Few<u64, 8>,
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// Days since 1970 in which it was answered.
    pub days: Few<i64, 31>,
    /// Answered requests by hour since 1970, of its first hours.
    pub hours: Counts<i64, MAX_HOURS>,
    /// Hours of the day (UTC) in which it was answered: bit 0 is midnight to one.
    pub hours_of_day: u32,
    /// Requests answered by number of the address.
    pub visitors: ByNumber<(String, u64)>,
    pub agents: Few<String, 6>,
    /// The first requests.
    early: Few<Sample, MAX_SAMPLES>,
    /// The last requests.
    late: Few<std::cmp::Reverse<Sample>, MAX_SAMPLES>,
}

/// One answered request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sample {
    pub time: Option<Timestamp>,
    pub artifact: ArtifactId,
    pub place: Place,
    pub posted: bool,
    pub status: u16,
    pub bytes: Option<u64>,
    /// Number of the address.
    pub visitor: u64,
}

impl Page {
    pub fn new(path: String, kind: Kind) -> Self {
        Self::Rare(Box::new(Rare {
            path,
            kind,
            posts: 0,
            gets: 0,
            queries: 0,
            led_here: 0,
            logged_on: 0,
            path_info: 0,
            bytes_out: None,
            sizes: Few::default(),
            first: None,
            last: None,
            days: Few::default(),
            hours: Counts::default(),
            hours_of_day: 0,
            visitors: ByNumber::default(),
            agents: Few::default(),
            early: Few::default(),
            late: Few::default(),
        }))
    }

    /// Changes what is remembered of a rare page, which may have become crowded by it.
    pub fn change(&mut self, change: impl FnOnce(&mut Rare)) {
        if let Self::Rare(rare) = self {
            change(rare);
            if rare.visitors.len() > MAX_VISITORS {
                *self = Self::Crowded;
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        match other {
            Self::Crowded => *self = Self::Crowded,
            Self::Rare(other) => self.change(|rare| rare.merge(*other)),
        }
    }
}

impl Rare {
    /// All answered requests.
    pub fn requests(&self) -> u64 {
        self.posts + self.gets
    }

    /// Remembers an answered request to be shown.
    pub fn sample(&mut self, sample: Sample) {
        self.late.put(std::cmp::Reverse(sample.clone()));
        self.early.put(sample);
    }

    /// Changes the places of requests; their order stays.
    pub fn place(&mut self, place: &dyn Fn(Place) -> Place) {
        self.change_samples(|sample| Sample { place: place(sample.place), ..sample });
    }

    /// Gives its artifact, which all requests are of, this number.
    pub fn renumber(&mut self, artifact: ArtifactId) {
        self.change_samples(|sample| Sample { artifact, ..sample });
    }

    fn change_samples(&mut self, change: impl Fn(Sample) -> Sample) {
        self.early.change(&change);
        self.late.change(|sample| std::cmp::Reverse(change(sample.0)));
    }

    /// The first and the last requests in order of time.
    pub fn samples(&self) -> Vec<&Sample> {
        let mut samples: Vec<&Sample> = self.early.iter().chain(self.late.iter().map(|sample| &sample.0)).collect();
        samples.sort();
        samples.dedup();
        samples
    }

    fn merge(&mut self, other: Self) {
        self.posts += other.posts;
        self.gets += other.gets;
        self.queries += other.queries;
        self.led_here += other.led_here;
        self.logged_on += other.logged_on;
        self.path_info += other.path_info;
        self.bytes_out = sum(self.bytes_out, other.bytes_out);
        self.sizes.merge(other.sizes);
        self.first = earliest(self.first, other.first);
        self.last = self.last.max(other.last);
        self.days.merge(other.days);
        self.hours.merge(other.hours);
        self.hours_of_day |= other.hours_of_day;
        for (visitor, (address, requests)) in other.visitors.into_all() {
            self.visitors.change(visitor, || (address, 0), |(_, own)| *own += requests);
        }
        self.agents.merge(other.agents);
        self.early.merge(other.early);
        self.late.merge(other.late);
    }
}

/// What one address did on the whole site.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Visitor {
    /// Requests, whatever the answer.
    pub requests: u64,
    /// Of these, for files that pages are made up of.
    pub statics: u64,
}

/// The earlier of two times that may be unknown.
pub fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
