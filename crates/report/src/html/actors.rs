//! Addresses that incidents name: what came from each.

use crate::{
    clock,
    texts::{Texts, slug},
};

use super::{
    fact_list::more,
    links::{Actor, Link, Links},
};

/// Links of one cell; more are counted.
const MOST_LINKS: usize = 24;

pub(super) struct ActorsView {
    pub(super) list: Vec<ActorView>,
    pub(super) more: String,
}

pub(super) struct ActorView {
    pub(super) anchor: String,
    pub(super) address: String,
    pub(super) grade: String,
    pub(super) grade_slug: String,
    pub(super) span: String,
    pub(super) steps: Cell,
    pub(super) pages: Cell,
    pub(super) findings: Cell,
}

/// Links, and how many more there are.
pub(super) struct Cell {
    pub(super) links: Vec<Link>,
    pub(super) more: String,
}

pub(super) fn view(t: &Texts, links: &Links<'_>) -> ActorsView {
    ActorsView {
        list: links.actors.iter().enumerate().map(|(at, actor)| actor_view(t, links, at, actor)).collect(),
        more: super::facts::more(t, links.all_actors, links.actors.len()),
    }
}

fn actor_view(t: &Texts, links: &Links<'_>, at: usize, actor: &Actor<'_>) -> ActorView {
    ActorView {
        anchor: links.actor_anchor(at),
        address: actor.address.to_owned(),
        grade: actor.grade.map(|grade| t.word("grade", grade)).unwrap_or_default(),
        grade_slug: actor.grade.map(slug).unwrap_or_default(),
        span: clock::span(actor.first, actor.last),
        steps: cell(t, links.steps(t, &actor.steps)),
        pages: cell(t, links.pages(&actor.pages)),
        findings: cell(t, links.findings_at(&actor.findings)),
    }
}

fn cell(t: &Texts, mut links: Vec<Link>) -> Cell {
    let more = more(t, &mut links, MOST_LINKS);
    Cell { links, more }
}
