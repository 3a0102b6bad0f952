//! The signs of a shell and what each weighs: the one table by which pages are judged.
//!
//! Weights are points. A page that has every sign of being visited like a shell, but lies in a place and has a name like any
//! other, reaches [`ALONE`]; a place or name that is odd by itself reaches it with fewer of them. What speaks for a program
//! that was built to be called by another program weighs as much on the other side. The slugs are keys of texts (`why-...`).

use std::collections::BTreeMap;
use std::net::IpAddr;

use afterpatch_model::Timestamp;

use super::Traffic;
use super::kept::number_of;
use super::page::Rare;
use super::target::{Kind, is_entry_point, is_in_asset_folder, is_in_open_folder, is_service};

/// From this score on a page is told by itself.
pub const ALONE: i32 = 75;
/// From this score on a page is told beside others.
pub const BESIDE: i32 = 50;
/// A site that fewer addresses visit has no crowd from which few could stand out.
const CROWD: usize = 10;
/// One address that is a rare visitor of so many pages looks at everything, or tries every name.
const MANY_PAGES: usize = 8;
const DAY_SECONDS: i64 = 86_400;

/// A sign: its slug, its weight, and whether a page has it.
pub struct Sign {
    pub slug: &'static str,
    pub weight: i32,
    pub has: fn(&View<'_>) -> bool,
}

/// A page as the signs see it.
pub struct View<'v> {
    pub page: &'v Rare,
    pub site: &'v Traffic,
    /// What each visitor does on rare pages, this one among them.
    pub rare_of: &'v BTreeMap<u64, RareVisits>,
    /// To how many rare pages each user agent came.
    pub rare_of_agents: &'v BTreeMap<&'v str, usize>,
}

/// What one visitor does on pages that few visit.
#[derive(Clone, Copy, Debug, Default)]
pub struct RareVisits {
    /// How many such pages.
    pub pages: usize,
    /// Answered requests to all of them.
    pub requests: u64,
}

const fn sign(slug: &'static str, weight: i32, has: fn(&View<'_>) -> bool) -> Sign {
    Sign { slug, weight, has }
}

/// All signs.
pub const SIGNS: [Sign; 28] = [
    // Who comes.
    sign("one-visitor", 20, |it| it.visitors() == Some(1)),
    sign("few-visitors", 14, |it| it.visitors().is_some_and(|visitors| (2..=3).contains(&visitors))),
    sign("some-visitors", 6, |it| it.visitors().is_some_and(|visitors| visitors > 3)),
    sign("visitors-see-nothing-else", 12, |it| it.share().is_some_and(|share| share >= 0.8)),
    sign("visitors-load-nothing", 8, |it| it.site.statics > 0 && it.loads_nothing()),
    sign("browser-that-does-not-browse", 8, |it| it.claims_browser() && it.loads_nothing() && it.page.led_here == 0),
    // How it is asked.
    sign("only-posts", 15, |it| it.page.posts * 10 >= it.page.requests() * 9),
    sign("mostly-posts", 8, |it| (5..9).contains(&(it.page.posts * 10 / it.page.requests().max(1)))),
    // Whoever put it there looks first whether it answers, without an order.
    sign("only-queries", 8, |it| it.page.posts == 0 && it.page.queries * 10 >= it.page.gets * 8),
    sign("used-in-sessions", 8, |it| it.in_sessions()),
    sign("no-referrer", 12, |it| it.site.logs_referrers() && it.page.led_here == 0),
    sign("leads-nowhere", 6, |it| {
        it.site.logs_referrers() && it.site.referring.get(number_of(it.page.path.as_bytes())).is_none()
    }),
    sign("path-behind-name", 4, |it| it.page.path_info > 0),
    // What it answers, and since when.
    sign("answers-vary", 8, |it| it.page.sizes.count() >= 3),
    sign("appeared-late", 8, |it| it.appeared_late()),
    // Where it lies.
    sign("static-name-posted", 35, |it| it.page.kind == Kind::Static),
    sign("in-open-folder", 25, |it| it.page.kind == Kind::Script && is_in_open_folder(&it.page.path)),
    sign("in-asset-folder", 22, |it| {
        it.page.kind == Kind::Script && !is_in_open_folder(&it.page.path) && is_in_asset_folder(&it.page.path)
    }),
    // What speaks against it.
    sign("same-answer", -10, |it| it.page.kind != Kind::Static && it.page.requests() >= 5 && it.page.sizes.count() == 1),
    sign("sent-as-it-is", -60, |it| it.page.kind == Kind::Static && it.page.sizes.count() == 1),
    sign("others-lead-here", -15, |it| it.page.led_here * 10 >= it.page.requests() * 3),
    sign("visitors-logged-on", -20, |it| it.page.logged_on * 2 >= it.page.requests()),
    sign("always-there", -25, |it| it.always_there()),
    sign("like-clockwork", -25, |it| it.like_clockwork()),
    sign("made-for-programs", -20, |it| it.page.kind == Kind::Route || (is_service(&it.page.path) && !it.by_a_person())),
    sign("known-entry-point", -30, |it| is_entry_point(&it.page.path)),
    sign("own-server", -15, |it| !it.site.is_behind_itself() && it.page.visitors.iter().all(|(_, (address, _))| is_own(address))),
    sign("visitors-of-many-pages", -30, |it| it.of_many_pages()),
];

impl View<'_> {
    /// Different visitors, where the site has enough of them to compare: addresses, or user agents where all come through
    /// one address (a load balancer).
    fn visitors(&self) -> Option<usize> {
        if self.site.visitors.len() >= CROWD {
            Some(self.page.visitors.len())
        } else {
            (self.site.agents.len() >= CROWD).then(|| self.page.agents.count())
        }
    }

    /// Do its visitors come to every page, or try every name? Where all come through one address, it says nothing of any of
    /// them, and their user agents speak.
    fn of_many_pages(&self) -> bool {
        if self.site.visitors.len() < CROWD && self.visitors().is_some() {
            let pages = |agent: &str| self.rare_of_agents.get(agent).copied().unwrap_or_default();
            self.page.agents.iter().all(|agent| pages(agent) >= MANY_PAGES)
        } else {
            self.rare_visits().all(|visits| visits.pages >= MANY_PAGES)
        }
    }

    /// Which part of all requests of its visitors went to this page or others as rare: who has one shell often has two.
    fn share(&self) -> Option<f64> {
        let all: u64 = self.visits().map(|visitor| visitor.requests).sum();
        let rare: u64 = self.rare_visits().map(|visits| visits.requests).sum();
        (self.visitors()? > 0 && all > 0).then(|| rare as f64 / all as f64)
    }

    /// Hardly anything: browsers ask for a site's icon by themselves, and a picture may be the other shell.
    fn loads_nothing(&self) -> bool {
        self.visits().all(|visitor| visitor.statics * 10 <= visitor.requests)
    }

    fn rare_visits(&self) -> impl Iterator<Item = &RareVisits> {
        self.page.visitors.iter().filter_map(|(visitor, _)| self.rare_of.get(&visitor))
    }

    fn visits(&self) -> impl Iterator<Item = &super::Visitor> {
        self.page.visitors.iter().filter_map(|(visitor, _)| self.site.visitors.get(visitor))
    }

    fn claims_browser(&self) -> bool {
        self.page.agents.iter().all(|agent| agent.starts_with("Mozilla/") && !agent.to_ascii_lowercase().contains("bot"))
    }

    /// Times of the site's first and last request and of the page's, in seconds.
    fn spans(&self) -> Option<((i64, i64), (i64, i64))> {
        let seconds = |time: Option<Timestamp>| time.map(Timestamp::as_second);
        Some(((seconds(self.site.first)?, seconds(self.site.last)?), (seconds(self.page.first)?, seconds(self.page.last)?)))
    }

    fn appeared_late(&self) -> bool {
        self.spans().is_some_and(|((site_first, site_last), (first, _))| {
            let span = site_last - site_first;
            span >= 2 * DAY_SECONDS && first - site_first >= span / 4
        })
    }

    /// Somebody sits down, sends one order after the other, and goes away for hours. The first hours of a page tell it, however
    /// long it is used.
    fn in_sessions(&self) -> bool {
        let hours = self.page.hours.kept() as u64;
        let lived = self.page.hours.range().map_or(0, |(first, last)| first.abs_diff(last));
        lived >= hours * 4 && self.page.hours.times() >= 8.max(hours * 3) && !self.like_clockwork()
    }

    /// At the same hour, day by day: nobody is that regular but a job.
    fn like_clockwork(&self) -> bool {
        self.page.days.count() >= 4 && self.page.hours_of_day.count_ones() <= 2
    }

    /// Asked as a person does who sits before it.
    fn by_a_person(&self) -> bool {
        self.in_sessions() && self.claims_browser()
    }

    /// Asked for from the beginning to the end, day by day, or hour by hour where the log is short.
    fn always_there(&self) -> bool {
        self.spans().is_some_and(|((site_first, site_last), (first, last))| {
            let margin = (site_last - site_first) / 8;
            let (active, all) = if site_last - site_first >= 3 * DAY_SECONDS {
                (self.page.days.count(), self.site.days.count())
            } else {
                (self.page.hours.count(), self.site.hours.count())
            };
            first - site_first <= margin && site_last - last <= margin && all >= 3 && active * 10 >= all * 7
        })
    }
}

impl Traffic {
    /// Does this log say where requests came from? Some formats do not, and then its absence means nothing.
    fn logs_referrers(&self) -> bool {
        self.led * 100 >= self.requests
    }

    /// Do most requests come from the server's own address? Then something on it passes on what others ask, and that address
    /// says nothing of who asks.
    fn is_behind_itself(&self) -> bool {
        self.from_itself * 2 > self.requests
    }
}

/// Loopback, by which a server talks to itself, in whatever spelling (Tomcat writes `0:0:0:0:0:0:0:1`).
pub fn is_own(address: &str) -> bool {
    address.is_empty() || address.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}
