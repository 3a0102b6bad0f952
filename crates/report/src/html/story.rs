//! An incident as the page shows it: picture, steps as a table, pages.

use afterpatch_model::{Incident, PageLife, TimelineStep, Timestamp};

use crate::{
    clock,
    texts::{Texts, slug},
    words::{story, verdict::there},
};

use super::{
    fact_list::{Fact, FactList},
    limits::Limits,
    pointers::{PointerView, Pointers},
    timeline::{self, Picture},
};

/// Steps of the table that are seen without opening it further.
const STEPS_SEEN: usize = 30;

pub(super) struct IncidentView {
    pub(super) anchor: String,
    pub(super) heading: String,
    pub(super) meta: Vec<Fact>,
    /// Why its findings were put together.
    pub(super) joined_by: Vec<String>,
    /// The picture for wide and for narrow windows.
    pub(super) pictures: [Picture; 2],
    pub(super) picture_words: String,
    /// Grades that occur, for the picture's legend.
    pub(super) grades: Vec<(String, String)>,
    pub(super) steps: Vec<StepView>,
    pub(super) further_steps: Vec<StepView>,
    pub(super) further_label: String,
    pub(super) uncounted: String,
    pub(super) pages: Vec<PageView>,
}

pub(super) struct StepView {
    pub(super) number: usize,
    /// Set where the day is another than that of the row before.
    pub(super) day: String,
    pub(super) time: String,
    pub(super) title: String,
    pub(super) step: String,
    pub(super) grade: String,
    pub(super) grade_slug: String,
    pub(super) count: String,
    pub(super) after_fix: bool,
    pub(super) who_where: Vec<String>,
    pub(super) pointer: Option<PointerView>,
}

pub(super) struct PageView {
    pub(super) name: String,
    pub(super) facts: Vec<Fact>,
}

pub(super) fn view(t: &Texts, pointers: &mut Pointers<'_>, limits: Limits, incident: &Incident, anchor: &str) -> IncidentView {
    let mut day = String::new();
    let mut steps: Vec<StepView> = (1..)
        .zip(incident.timeline.iter().take(limits.steps))
        .map(|(number, step)| step_view(t, pointers, step, number, &mut day))
        .collect();
    let further_steps = if steps.len() > STEPS_SEEN + 5 { steps.split_off(STEPS_SEEN) } else { Vec::new() };
    let span = clock::span(incident.first, incident.last);
    let count = t.count("label-steps", incident.timeline.len() as u64);
    IncidentView {
        anchor: anchor.to_owned(),
        heading: format!("{}: {}", t.with("label-incident", &[("id", &incident.id)]), story::campaign(t, &incident.campaign)),
        meta: meta(t, incident, &span),
        joined_by: incident.joined_by.iter().map(|join| story::join(t, join)).collect(),
        pictures: [timeline::WIDE, timeline::NARROW].map(|layout| timeline::picture(t, incident, layout, anchor, limits.steps)),
        grades: grades(t, incident),
        picture_words: t.with("label-timeline-alt", &[("steps", &count), ("span", &span)]),
        further_label: t.count("label-show-all", further_steps.len() as u64),
        uncounted: super::facts::more(t, incident.timeline.len(), limits.steps),
        steps,
        further_steps,
        pages: incident.pages.iter().map(|page| page_view(t, page)).collect(),
    }
}

fn grades(t: &Texts, incident: &Incident) -> Vec<(String, String)> {
    let grades: std::collections::BTreeSet<_> = incident.timeline.iter().map(|step| step.grade).collect();
    grades.into_iter().map(|grade| (slug(grade), t.word("grade", grade))).collect()
}

fn meta(t: &Texts, incident: &Incident, span: &str) -> Vec<Fact> {
    let mut facts = FactList::new(t);
    facts.one(
        &t.get("label-time"),
        match (incident.first, incident.last) {
            (Some(first), Some(last)) => {
                let length = clock::length(t, clock::seconds_between(first, last));
                format!("{span}, {}", t.with("label-lasted", &[("length", &length)]))
            }
            _ => span.to_owned(),
        },
    );
    facts.one(&t.get("label-grade"), t.word("grade", incident.grade));
    let mut addresses: Vec<&str> = Vec::new();
    for address in incident.episodes.iter().flat_map(|episode| &episode.addresses) {
        if !addresses.contains(&address.as_str()) {
            addresses.push(address);
        }
    }
    facts.list(&t.get("label-addresses"), &addresses, 12);
    facts.list(&t.get("label-cves"), &incident.cves, 24);
    facts.list(&t.get("label-attack"), &incident.attack, 24);
    facts.done()
}

fn step_view(t: &Texts, pointers: &mut Pointers<'_>, step: &TimelineStep, number: usize, day: &mut String) -> StepView {
    let own_day = step.first.map_or_else(String::new, clock::day);
    let new_day = if own_day == *day { String::new() } else { own_day.clone() };
    *day = own_day;
    StepView {
        number,
        day: new_day,
        time: step.first.map_or_else(|| t.get("label-no-time"), clock::of_day),
        title: story::title(t, &step.kind, &step.title),
        step: t.word("step", step.step),
        grade: t.word("grade", step.grade),
        grade_slug: slug(step.grade),
        count: if step.count > 1 { format!("× {}", t.number(step.count)) } else { String::new() },
        after_fix: step.after_fix,
        who_where: story::who_where(t, step, 300),
        pointer: step.evidence.first().map(|evidence| pointers.view(evidence.artifact, evidence.place)),
    }
}

fn page_view(t: &Texts, page: &PageLife) -> PageView {
    let mut facts = FactList::new(t);
    let time = |time: Option<Timestamp>| time.map(clock::full).unwrap_or_default();
    facts.one(&t.get("label-written"), time(page.written));
    facts.one(&t.get("label-compiled"), time(page.compiled));
    facts.one(&t.get("label-first-answered"), time(page.first_answered));
    facts.one(&t.get("label-last-answered"), time(page.last_answered));
    facts.one(&t.get("label-gone"), time(page.gone));
    facts.one(&t.get("label-requests"), t.number(page.requests));
    if page.after_fix > 0 {
        facts.one(&t.get("label-after-fix-requests"), t.number(page.after_fix));
    }
    facts.list(&t.get("label-visitors"), &page.visitors, 12);
    facts.one(&t.get("label-file-present"), there(t, page));
    PageView { name: page.path.clone().unwrap_or_else(|| page.page.clone()), facts: facts.done() }
}
