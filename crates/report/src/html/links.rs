//! What leads to what on the page: findings, the steps that tell them, planted pages, and the addresses that somebody came from.
//!
//! An anchor is made of numbers alone, never of evidence.

use std::collections::{BTreeMap, HashMap, HashSet};

use afterpatch_model::{Confidence, Finding, Grade, ServerReport, Thing, ThingKind, Timestamp};

use crate::texts::Texts;

use super::limits::Limits;

/// A text, and the anchor it leads to where the page shows that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) text: String,
    pub(super) anchor: Option<String>,
}

/// A step by the positions of its incident and of itself.
type StepAt = (usize, usize);
/// A planted page by the positions of its incident and of itself.
type PageAt = (usize, usize);

/// What one address did on this server.
#[derive(Default)]
pub(super) struct Actor<'r> {
    pub(super) address: &'r str,
    pub(super) grade: Option<Grade>,
    /// First and last time (UTC) of what it is named in.
    pub(super) first: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
    pub(super) steps: Vec<StepAt>,
    pub(super) pages: Vec<PageAt>,
    /// Positions of its findings.
    pub(super) findings: Vec<usize>,
}

/// What is known of a planted page beside its own life.
#[derive(Default)]
pub(super) struct AboutPage {
    pub(super) steps: Vec<StepAt>,
    /// Positions of its findings.
    pub(super) findings: Vec<usize>,
}

/// The links of one server.
pub(super) struct Links<'r> {
    server: &'r ServerReport,
    number: usize,
    shown_steps: usize,
    /// Findings by their id, with their position.
    findings: HashMap<&'r str, (usize, &'r Finding)>,
    /// Positions of the findings that the page shows.
    shown: HashSet<usize>,
    /// The steps that tell a finding, by its id.
    told_in: HashMap<&'r str, Vec<StepAt>>,
    /// Pages by their names and paths in lower case.
    pages: HashMap<String, Vec<PageAt>>,
    about: BTreeMap<PageAt, AboutPage>,
    /// The gravest first.
    pub(super) actors: Vec<Actor<'r>>,
    /// How many actors there are in all.
    pub(super) all_actors: usize,
    actor_at: HashMap<&'r str, usize>,
}

impl<'r> Links<'r> {
    /// Looks at a server once, with the number of which its anchors are made and the positions of the findings that are shown.
    pub(super) fn new(server: &'r ServerReport, number: usize, limits: Limits, shown: HashSet<usize>) -> Self {
        let mut links = Self {
            server,
            number,
            shown_steps: limits.steps,
            findings: server.findings.iter().enumerate().map(|(at, it)| (it.id.as_str(), (at, it))).collect(),
            shown,
            told_in: HashMap::new(),
            pages: HashMap::new(),
            about: BTreeMap::new(),
            actors: Vec::new(),
            all_actors: 0,
            actor_at: HashMap::new(),
        };
        let mut actors = BTreeMap::new();
        links.read_pages(&mut actors);
        links.read_steps(&mut actors);
        links.read_findings(&mut actors);
        links.all_actors = actors.len();
        links.actors = actors.into_values().collect();
        links
            .actors
            .sort_by(|a, b| b.grade.cmp(&a.grade).then(b.steps.len().cmp(&a.steps.len())).then_with(|| a.address.cmp(b.address)));
        links.actors.truncate(limits.actors);
        links.actor_at = links.actors.iter().enumerate().map(|(at, actor)| (actor.address, at)).collect();
        links
    }

    fn read_pages(&mut self, actors: &mut BTreeMap<&'r str, Actor<'r>>) {
        for (incident_at, incident) in self.server.incidents.iter().enumerate() {
            for (page_at, page) in incident.pages.iter().enumerate() {
                let at = (incident_at, page_at);
                let mut names = vec![page.page.to_lowercase()];
                names.extend(page.path.as_ref().map(|path| path.to_lowercase()));
                names.dedup();
                for name in names {
                    self.pages.entry(name).or_default().push(at);
                }
                for visitor in &page.visitors {
                    actor(actors, visitor).pages.push(at);
                }
            }
        }
    }

    fn read_steps(&mut self, actors: &mut BTreeMap<&'r str, Actor<'r>>) {
        for (incident_at, incident) in self.server.incidents.iter().enumerate() {
            for address in incident.episodes.iter().flat_map(|episode| &episode.addresses) {
                actor(actors, address);
            }
            for (step_at, step) in incident.timeline.iter().enumerate() {
                let at = (incident_at, step_at);
                for id in &step.findings {
                    self.told_in.entry(id).or_default().push(at);
                }
                for address in addresses(&step.things) {
                    let actor = actor(actors, address);
                    actor.steps.push(at);
                    actor.saw(step.grade, step.first, step.last);
                }
                for page in self.pages_in(&step.things, Some(incident_at)) {
                    self.about.entry(page).or_default().steps.push(at);
                }
            }
        }
    }

    fn read_findings(&mut self, actors: &mut BTreeMap<&'r str, Actor<'r>>) {
        for (at, finding) in self.server.findings.iter().enumerate() {
            // Whoever only scanned is in no incident and would be one of thousands.
            for address in addresses(&finding.things) {
                if let Some(actor) = actors.get_mut(address) {
                    actor.findings.push(at);
                    actor.saw(finding.grade, finding.first, finding.last);
                }
            }
            for page in self.pages_in(&finding.things, self.incident_of(finding)) {
                self.about.entry(page).or_default().findings.push(at);
            }
        }
    }

    /// The planted pages that things speak of: those of the incident itself, else of the others.
    fn pages_in(&self, things: &[Thing], incident: Option<usize>) -> Vec<PageAt> {
        let mut out = Vec::new();
        for thing in things.iter().filter(|thing| matches!(thing.kind, ThingKind::Page | ThingKind::File)) {
            let Some(pages) = self.pages.get(&thing.value.to_lowercase()) else { continue };
            let own = pages.iter().filter(|page| Some(page.0) == incident);
            let before = out.len();
            out.extend(own);
            if out.len() == before {
                out.extend(pages);
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// Position of the incident that tells a finding.
    fn incident_of(&self, finding: &Finding) -> Option<usize> {
        Some(self.told_in.get(finding.id.as_str())?.first()?.0)
    }

    /// How sure the surest of some findings is.
    pub(super) fn surest(&self, ids: &[String]) -> Option<Confidence> {
        ids.iter().filter_map(|id| Some(self.findings.get(id.as_str())?.1.confidence)).max()
    }

    /// Anchor of the finding at a position.
    pub(super) fn finding_anchor(&self, at: usize) -> String {
        format!("s{}-f{}", self.number, at + 1)
    }

    /// Anchor of the incident at a position.
    pub(super) fn incident_anchor(&self, at: usize) -> String {
        format!("s{}-i{}", self.number, at + 1)
    }

    /// Anchor of a planted page.
    pub(super) fn page_anchor(&self, (incident, page): PageAt) -> String {
        format!("{}-p{}", self.incident_anchor(incident), page + 1)
    }

    /// Anchor of the actor at a position.
    pub(super) fn actor_anchor(&self, at: usize) -> String {
        format!("s{}-from{}", self.number, at + 1)
    }

    /// Anchor of the incident that tells a finding.
    pub(super) fn incident_anchor_of(&self, finding: &Finding) -> Option<String> {
        self.incident_of(finding).map(|at| self.incident_anchor(at))
    }

    /// The steps that tell a finding.
    pub(super) fn steps_of(&self, t: &Texts, finding: &Finding) -> Vec<Link> {
        self.steps(t, self.told_in.get(finding.id.as_str()).map(Vec::as_slice).unwrap_or_default())
    }

    /// Links to steps, named `I1 step 3`; a step that is not shown leads to its incident.
    pub(super) fn steps(&self, t: &Texts, steps: &[StepAt]) -> Vec<Link> {
        let link = |&(incident_at, step_at): &StepAt| {
            let anchor = self.incident_anchor(incident_at);
            let id = self.server.incidents.get(incident_at).map_or("", |incident| incident.id.as_str());
            Link {
                text: t.with("label-step-of", &[("id", id), ("number", &(step_at + 1).to_string())]),
                anchor: Some(if step_at < self.shown_steps { format!("{anchor}-{}", step_at + 1) } else { anchor }),
            }
        };
        steps.iter().map(link).collect()
    }

    /// Links to findings by their ids, `F7`.
    pub(super) fn findings_by_id(&self, ids: &[String]) -> Vec<Link> {
        let places: Vec<usize> = ids.iter().filter_map(|id| Some(self.findings.get(id.as_str())?.0)).collect();
        self.findings_at(&places)
    }

    /// Links to findings by their positions; those that are not shown have no anchor.
    pub(super) fn findings_at(&self, places: &[usize]) -> Vec<Link> {
        let link = |&at: &usize| {
            let text = self.server.findings.get(at)?.id.clone();
            Some(Link { text, anchor: self.shown.contains(&at).then(|| self.finding_anchor(at)) })
        };
        places.iter().filter_map(link).collect()
    }

    /// Links to planted pages by their names.
    pub(super) fn pages(&self, pages: &[PageAt]) -> Vec<Link> {
        let link = |&at: &PageAt| {
            let page = self.server.incidents.get(at.0)?.pages.get(at.1)?;
            Some(Link { text: page.page.clone(), anchor: Some(self.page_anchor(at)) })
        };
        pages.iter().filter_map(link).collect()
    }

    /// An address, with a link to what it did.
    pub(super) fn address(&self, address: &str) -> Link {
        Link { text: address.to_owned(), anchor: self.actor_at.get(address).map(|&at| self.actor_anchor(at)) }
    }

    /// Where a thing of a finding has a place of its own on the page: an address, a planted page.
    pub(super) fn thing_anchor(&self, finding: &Finding, thing: &Thing) -> Option<String> {
        match thing.kind {
            ThingKind::Address => self.address(&thing.value).anchor,
            _ => {
                let pages = self.pages_in(std::slice::from_ref(thing), self.incident_of(finding));
                pages.first().map(|&page| self.page_anchor(page))
            }
        }
    }

    /// Steps and findings about a planted page.
    pub(super) fn about(&self, page: PageAt) -> Option<&AboutPage> {
        self.about.get(&page)
    }
}

impl Actor<'_> {
    fn saw(&mut self, grade: Grade, first: Option<Timestamp>, last: Option<Timestamp>) {
        self.grade = self.grade.max(Some(grade));
        self.first = [self.first, first].into_iter().flatten().min();
        self.last = [self.last, last.or(first)].into_iter().flatten().max();
    }
}

fn actor<'m, 'r>(actors: &'m mut BTreeMap<&'r str, Actor<'r>>, address: &'r str) -> &'m mut Actor<'r> {
    actors.entry(address).or_insert_with(|| Actor { address, ..Actor::default() })
}

fn addresses(things: &[Thing]) -> impl Iterator<Item = &str> {
    things.iter().filter(|thing| thing.kind == ThingKind::Address).map(|thing| thing.value.as_str())
}
