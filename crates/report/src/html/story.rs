//! An incident as the page shows it: picture, steps as a table, pages.

use afterpatch_model::{Confidence, Incident, PageLife, ServerReport, TimelineStep, Timestamp};

use crate::{
    clock,
    texts::{Texts, slug},
    words::{story, verdict::there},
};

use super::{
    fact_list::{Fact, FactList, more},
    findings::Sieve,
    limits::Limits,
    links::{Link, Links},
    pointers::{PointerView, Pointers},
    timeline::{self, Picture},
};

/// Links of one row; more are counted.
const MOST_LINKS: usize = 12;

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
    /// The same enlarged, from step to step; a script shows them.
    pub(super) enlarged: Vec<Picture>,
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
    /// Language of the title, where it is not the page's.
    pub(super) title_language: Option<&'static str>,
    pub(super) sieve: Sieve,
    pub(super) step: String,
    pub(super) grade: String,
    pub(super) grade_slug: String,
    pub(super) count: String,
    pub(super) after_fix: bool,
    pub(super) who_where: Vec<String>,
    pub(super) pointer: Option<PointerView>,
    pub(super) findings: Vec<Link>,
    pub(super) more_findings: String,
}

pub(super) struct PageView {
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) facts: Vec<Fact>,
}

/// The incident at a position; there is none where a server has fewer.
pub(super) fn view(
    t: &Texts,
    pointers: &mut Pointers<'_>,
    limits: Limits,
    links: &Links<'_>,
    server: &ServerReport,
    at: usize,
) -> Option<IncidentView> {
    let incident = server.incidents.get(at)?;
    let anchor = links.incident_anchor(at);
    let mut day = String::new();
    let mut steps: Vec<StepView> = (1..)
        .zip(incident.timeline.iter().take(limits.steps))
        .map(|(number, step)| step_view(t, pointers, links, step, number, &anchor, &mut day))
        .collect();
    let further_steps = if steps.len() > STEPS_SEEN + 5 { steps.split_off(STEPS_SEEN) } else { Vec::new() };
    let span = clock::span(incident.first, incident.last);
    let count = t.count("label-steps", incident.timeline.len() as u64);
    Some(IncidentView {
        heading: format!("{}: {}", t.with("label-incident", &[("id", &incident.id)]), story::campaign(t, &incident.campaign)),
        meta: meta(t, links, incident, &span),
        joined_by: incident.joined_by.iter().map(|join| story::join(t, join)).collect(),
        pictures: [timeline::WIDE, timeline::NARROW].map(|layout| timeline::picture(t, incident, layout, &anchor, limits.steps)),
        enlarged: if limits.enlarged { timeline::enlarged(t, incident, &anchor, limits.steps) } else { Vec::new() },
        grades: grades(t, incident),
        picture_words: t.with("label-timeline-alt", &[("steps", &count), ("span", &span)]),
        further_label: t.count("label-show-all", further_steps.len() as u64),
        uncounted: super::facts::more(t, incident.timeline.len(), limits.steps),
        steps,
        further_steps,
        pages: (0..).zip(&incident.pages).map(|(page_at, page)| page_view(t, links, (at, page_at), page)).collect(),
        anchor,
    })
}

fn grades(t: &Texts, incident: &Incident) -> Vec<(String, String)> {
    let grades: std::collections::BTreeSet<_> = incident.timeline.iter().map(|step| step.grade).collect();
    grades.into_iter().map(|grade| (slug(grade), t.word("grade", grade))).collect()
}

fn meta(t: &Texts, links: &Links<'_>, incident: &Incident, span: &str) -> Vec<Fact> {
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
    facts.links(&t.get("label-addresses"), addresses.into_iter().map(|address| links.address(address)).collect(), 12);
    facts.list(&t.get("label-cves"), &incident.cves, 24);
    facts.list(&t.get("label-attack"), &incident.attack, 24);
    facts.done()
}

fn step_view(
    t: &Texts,
    pointers: &mut Pointers<'_>,
    links: &Links<'_>,
    step: &TimelineStep,
    number: usize,
    incident: &str,
    day: &mut String,
) -> StepView {
    let mut findings = links.findings_by_id(&step.findings);
    let more_findings = more(t, &mut findings, MOST_LINKS);
    let own_day = step.first.map_or_else(String::new, clock::day);
    let new_day = if own_day == *day { String::new() } else { own_day.clone() };
    *day = own_day;
    StepView {
        number,
        day: new_day,
        time: step.first.map_or_else(|| t.get("label-no-time"), clock::of_day),
        title: story::title(t, &step.kind, &step.title),
        title_language: story::title_language(t, &step.kind),
        sieve: Sieve {
            grade: step.grade as u8,
            confidence: links.surest(&step.findings).unwrap_or(Confidence::Low) as u8,
            incident: incident.to_owned(),
        },
        step: t.word("step", step.step),
        grade: t.word("grade", step.grade),
        grade_slug: slug(step.grade),
        count: if step.count > 1 { format!("× {}", t.number(step.count)) } else { String::new() },
        after_fix: step.after_fix,
        who_where: story::who_where(t, step, 300),
        pointer: step.evidence.first().map(|evidence| pointers.view(evidence.artifact, evidence.place)),
        findings,
        more_findings,
    }
}

fn page_view(t: &Texts, links: &Links<'_>, at: (usize, usize), page: &PageLife) -> PageView {
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
    facts.links(&t.get("label-visitors"), page.visitors.iter().map(|visitor| links.address(visitor)).collect(), MOST_LINKS);
    facts.one(&t.get("label-file-present"), there(t, page));
    if let Some(about) = links.about(at) {
        facts.links(&t.get("label-page-steps"), links.steps(t, &about.steps), MOST_LINKS);
        facts.links(&t.get("label-page-findings"), links.findings_at(&about.findings), MOST_LINKS);
    }
    PageView { anchor: links.page_anchor(at), name: page.path.clone().unwrap_or_else(|| page.page.clone()), facts: facts.done() }
}
