//! One server as the page shows it.

use afterpatch_model::{Report, ServerReport};

use crate::{
    clock,
    texts::Texts,
    words::{coverage, extent, verdict},
};

use super::{
    Tone,
    actors::{self, ActorsView},
    facts::{self, BuildView, CoverageView, ExposureView},
    findings::{self, FilterView, FindingsView},
    limits::Limits,
    links::Links,
    pointers::{PointerView, Pointers},
    story::{self, IncidentView},
};

pub(super) struct ServerView {
    /// Number of the server: the only thing anchors are made of.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) aliases: String,
    pub(super) tone: Tone,
    pub(super) headline: String,
    pub(super) answers: Vec<verdict::Answer>,
    /// How many findings do not count; empty where all do.
    pub(super) acknowledged: String,
    pub(super) because: Vec<BecauseView>,
    pub(super) advice: Vec<String>,
    pub(super) extent: Vec<extent::Part>,
    pub(super) looked_at: String,
    pub(super) incidents: Vec<IncidentView>,
    pub(super) actors: ActorsView,
    pub(super) findings: FindingsView,
    pub(super) filter: FilterView,
    pub(super) exposure: Vec<ExposureView>,
    pub(super) builds: Vec<BuildView>,
    pub(super) coverage: CoverageView,
}

/// One deciding record.
pub(super) struct BecauseView {
    pub(super) time: String,
    pub(super) meaning: String,
    pub(super) text: String,
    pub(super) pointer: PointerView,
}

/// Puts a server into the words and numbers that the templates show.
pub(super) fn view(
    t: &Texts,
    report: &Report,
    pointers: &mut Pointers<'_>,
    limits: Limits,
    server: &ServerReport,
    number: usize,
) -> ServerView {
    let (tone, headline) = verdict::headline(t, &server.verdict);
    let links = Links::new(server, number, limits, findings::gravest(server, limits.lines));
    ServerView {
        number,
        name: server.name.clone(),
        aliases: match server.aliases.as_slice() {
            [] => String::new(),
            aliases => t.with("report-also-known-as", &[("names", &aliases.join(", "))]),
        },
        tone,
        headline,
        answers: verdict::answers(t, report, server).into(),
        acknowledged: verdict::acknowledged(t, server).unwrap_or_default(),
        because: server
            .verdict
            .because
            .iter()
            .map(|evidence| BecauseView {
                time: evidence.time.map_or_else(|| t.get("label-no-time"), clock::full),
                meaning: verdict::meaning(t, server, evidence).unwrap_or_default(),
                text: evidence.text.clone(),
                pointer: pointers.view(evidence.artifact, evidence.place),
            })
            .collect(),
        advice: verdict::advice(t, server),
        extent: extent::parts(t, server),
        looked_at: coverage::looked_at(t, &server.coverage),
        incidents: (0..server.incidents.len()).filter_map(|at| story::view(t, pointers, limits, &links, server, at)).collect(),
        actors: actors::view(t, &links),
        findings: findings::view(t, report, pointers, limits, &links, server),
        filter: findings::filter(t, &links, server),
        exposure: facts::exposure(t, server),
        builds: facts::builds(pointers, server),
        coverage: facts::coverage(t, server),
    }
}
