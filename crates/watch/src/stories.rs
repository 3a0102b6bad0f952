//! Which alerts belong together, as far as a small window tells. What happened as a whole is for a scan to say.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use afterpatch_incidents::{exact_keys, is_remote, key};
use afterpatch_model::{Alert, Finding, Sign, Standing, ThingKind};

/// Stories that are open; the one that was silent longest goes first.
const MAX_STORIES: usize = 256;
/// Things that tie to one story.
const MAX_KEYS: usize = 200;
/// Weak signs that wait for something strong.
const MAX_SIGNS: usize = 1_000;
/// Weak signs that one alert tells.
const MAX_TOLD: usize = 10;
/// An address joins only what is close in time, as in a scan.
const ADDRESS_SECONDS: u64 = 3600;
/// A weak sign waits so long.
const SIGN_SECONDS: u64 = 3600;

type Key = (ThingKind, String);

/// Stories and weak signs.
#[derive(Default)]
pub struct Stories {
    open: VecDeque<Story>,
    signs: VecDeque<Waiting>,
}

struct Story {
    id: String,
    seen: Duration,
    keys: HashSet<Key>,
}

struct Waiting {
    keys: HashSet<Key>,
    seen: Duration,
    sign: Sign,
}

impl Stories {
    /// The story that a finding belongs to.
    pub fn of(&self, finding: &Finding, now: Duration) -> Option<&str> {
        let keys = keys(finding);
        let ties = |story: &&Story| {
            let near = now.saturating_sub(story.seen).as_secs() <= ADDRESS_SECONDS;
            keys.iter().any(|key| (near || key.0 != ThingKind::Address) && story.keys.contains(key))
        };
        self.open.iter().rev().find(ties).map(|story| story.id.as_str())
    }

    /// A weak sign that belongs to nothing yet.
    pub fn wait(&mut self, finding: &Finding, sign: Sign, now: Duration) {
        if self.signs.len() >= MAX_SIGNS {
            self.signs.pop_front();
        }
        self.signs.push_back(Waiting { keys: keys(finding), seen: now, sign });
    }

    /// A finding is told as part of a story, which begins with it if it has none. Gives the weak signs that belong to it.
    pub fn tell(&mut self, id: &str, finding: &Finding, now: Duration) -> Vec<Sign> {
        let keys = keys(finding);
        let mut told = Vec::new();
        self.signs.retain(|waiting| {
            let belongs = told.len() < MAX_TOLD && !waiting.keys.is_disjoint(&keys);
            if belongs {
                told.push(waiting.sign.clone());
            }
            !belongs && now.saturating_sub(waiting.seen).as_secs() <= SIGN_SECONDS
        });
        let at = self.open.iter().position(|story| story.id == id);
        let mut story = at.and_then(|at| self.open.remove(at)).unwrap_or_else(|| Story {
            id: id.to_owned(),
            seen: now,
            keys: HashSet::new(),
        });
        story.seen = now;
        let room = MAX_KEYS.saturating_sub(story.keys.len());
        story.keys.extend(keys.into_iter().take(room));
        if self.open.len() >= MAX_STORIES {
            self.open.pop_front();
        }
        self.open.push_back(story);
        told
    }

    /// What was told before the watch began anew.
    pub fn remember(&mut self, alerts: &[Alert]) {
        for alert in alerts.iter().rev().take(MAX_STORIES * 4).rev().filter(|alert| alert.repeats.is_none()) {
            self.tell(&alert.story, &alert.finding, Duration::ZERO);
        }
    }
}

/// The things that tie findings together: those that a scan joins by, too. Of weak signs an address is none: everybody's weak
/// signs have one.
fn keys(finding: &Finding) -> HashSet<Key> {
    let strong = finding.standing == Standing::Alone;
    let addresses = finding.things.iter().filter(|thing| strong && thing.kind == ThingKind::Address && is_remote(&thing.value));
    exact_keys(finding).chain(addresses).map(key).collect()
}
