//! Weighs the signs of every page that few visit.

use std::collections::BTreeMap;

use afterpatch_model::{Confidence, Evidence, Finding, Grade, Reason, Severity, Standing, Step, Thing, ThingKind};

use super::Traffic;
use super::page::{Page, Rare, Sample};
use super::signs::{ALONE, BESIDE, RareVisits, SIGNS, View};
use super::target::{Kind, file_name};
use crate::collect::Draft;
use crate::web_place::page_name;

const SHELL: (&str, &str) = ("page-behaves-like-shell", "A page is used like a web shell");
const STATIC: (&str, &str) = ("static-name-behaves-like-shell", "A file that no server should run is used like a web shell");

/// Every finding that can be made of traffic: slug and English title.
pub fn kinds() -> [(&'static str, &'static str); 2] {
    [SHELL, STATIC]
}

/// Findings told of one server's traffic.
const MAX_FINDINGS: usize = 100;
/// A page that was asked so seldom tells too little.
const MIN_REQUESTS: u64 = 3;

/// What the traffic of one server tells.
pub struct Judged {
    /// Pages that behave like a shell, the most telling first.
    pub findings: Vec<Finding>,
    /// Findings beyond the bound.
    pub left_out: u64,
}

/// Judges one server's traffic, when all of it is read.
pub fn judge(traffic: &Traffic, server: &str) -> Judged {
    let pages: Vec<&Rare> = traffic
        .pages
        .values()
        .filter_map(|page| match page {
            Page::Rare(rare) => Some(&**rare),
            Page::Crowded => None,
        })
        .collect();
    let mut rare_of: BTreeMap<u64, RareVisits> = BTreeMap::new();
    for (visitor, (_, requests)) in pages.iter().flat_map(|page| page.visitors.iter()) {
        let visits = rare_of.entry(visitor).or_default();
        visits.pages += 1;
        visits.requests += requests;
    }
    let mut rare_of_agents: BTreeMap<&str, usize> = BTreeMap::new();
    for agent in pages.iter().flat_map(|page| page.agents.iter()) {
        *rare_of_agents.entry(agent).or_default() += 1;
    }
    let mut scored: Vec<(i32, Vec<Reason>, &Rare)> = pages
        .iter()
        .filter(|page| page.requests() >= MIN_REQUESTS && !is_front_end_static(page))
        .map(|page| {
            let view = View { page, site: traffic, rare_of: &rare_of, rare_of_agents: &rare_of_agents };
            let signs = SIGNS.iter().filter(|sign| (sign.has)(&view));
            let why: Vec<Reason> = signs.map(|sign| Reason { sign: sign.slug.to_owned(), weight: sign.weight }).collect();
            (why.iter().map(|reason| reason.weight).sum(), why, *page)
        })
        .filter(|(score, ..)| *score >= BESIDE)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.2.path.cmp(&b.2.path)));
    let left_out = scored.len().saturating_sub(MAX_FINDINGS) as u64;
    let findings = scored.into_iter().take(MAX_FINDINGS).map(|(score, why, page)| tell(score, why, page, server)).collect();
    Judged { findings, left_out }
}

/// Exchange's front end takes a POST to any such name of its own folders, file or not, and speaks to the back end: that is how
/// ProxyLogon's requests look. A rule tells each of them; they are no page's life.
fn is_front_end_static(page: &Rare) -> bool {
    page.kind == Kind::Static && ["/owa/", "/ecp/"].iter().any(|folder| page.path.starts_with(folder))
}

fn tell(score: i32, why: Vec<Reason>, page: &Rare, server: &str) -> Finding {
    let alone = score >= ALONE && page.kind != Kind::Route;
    let draft = Draft {
        // What the page does is not seen, only that it is used; so traffic alone never says that state was changed.
        grade: Grade::Success,
        severity: if alone { Severity::High } else { Severity::Low },
        confidence: if alone { Confidence::Medium } else { Confidence::Low },
        standing: if alone { Standing::Alone } else { Standing::Beside },
        bytes_out: page.bytes_out,
        ..Draft::of(if page.kind == Kind::Static { STATIC } else { SHELL }, Step::PageRequested, "T1505.003")
    };
    let name =
        if page.kind == Kind::Route { None } else { page_name(&page.path).or_else(|| Some(file_name(&page.path).to_owned())) };
    let mut things: Vec<Thing> = name.map(|name| Thing::new(ThingKind::Page, name)).into_iter().collect();
    things.push(Thing::new(ThingKind::Url, &*page.path));
    things.extend(page.visitors.iter().map(|(_, (address, _))| Thing::new(ThingKind::Address, address)));
    things.extend(page.agents.iter().filter(|agent| !agent.is_empty()).map(|agent| Thing::new(ThingKind::UserAgent, agent)));
    things.sort();
    Finding { why, ..draft.into_finding(server, (page.first, page.last), page.requests(), things, evidence(page)) }
}

fn evidence(page: &Rare) -> Vec<Evidence> {
    let line = |sample: &Sample| {
        let method = if sample.posted { "POST" } else { "GET" };
        let client = page.visitors.get(sample.visitor).map_or("", |(address, _)| address);
        let bytes = sample.bytes.map(|bytes| format!("  sc-bytes={bytes}")).unwrap_or_default();
        format!("cs-method={method}  cs-uri-stem={}  c-ip={client}  sc-status={}{bytes}", page.path, sample.status)
    };
    page.samples().into_iter().map(|sample| Evidence::new(sample.artifact, sample.place, sample.time, line(sample))).collect()
}
