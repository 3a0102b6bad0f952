//! The sentences of a census, for every form of it.

use afterpatch_census::{LEAST_OVERLAP, Refusal};

use super::{CensusEstimate, CensusMerging, CensusState, CensusUniverse, CensusUnseen, FleetCensus};
use crate::clock;
use crate::texts::Texts;

/// What was counted.
pub(super) fn counted(texts: &Texts, census: &FleetCensus<'_>) -> String {
    let packages = texts.count("fleet-packages", census.packages.done);
    let servers = texts.count("census-servers", census.servers);
    let organisations = texts.count("census-organisations", census.organisations);
    let told = [("packages", &*packages), ("servers", &servers), ("organisations", &organisations)];
    texts.with("census-counted", &told)
}

/// The days that count.
pub(super) fn window(texts: &Texts, census: &FleetCensus<'_>) -> String {
    match (census.since, census.until) {
        (None, None) => texts.get("census-window-all"),
        (since, until) => {
            let open = || "…".to_owned();
            let (since, until) = (since.map_or_else(open, clock::minute), until.map_or_else(open, clock::minute));
            texts.with("census-window", &[("since", &since), ("until", &until)])
        }
    }
}

/// What a state is called; one that is not known yet, by its word in machine output.
pub(super) fn state(texts: &Texts, prefix: &str, state: &CensusState) -> String {
    texts.find(&format!("{prefix}-{}", state.state)).unwrap_or_else(|| state.state.clone())
}

pub(super) fn universe(texts: &Texts, universe: CensusUniverse) -> String {
    match universe {
        CensusUniverse::Examined { servers } => texts.count("census-unseen-examined", servers),
        CensusUniverse::All => texts.get("census-unseen-all"),
    }
}

/// Which servers count.
pub(super) fn hit(texts: &Texts, possible: bool) -> String {
    texts.get(if possible { "census-hit-possible" } else { "census-hit-sure" })
}

pub(super) fn merging(texts: &Texts, merging: CensusMerging) -> String {
    texts.get(match merging {
        CensusMerging::Strict => "census-merging-strict",
        CensusMerging::ByName => "census-merging-by-name",
    })
}

/// The name of a list; our own ones have a name in each language.
pub(super) fn list(texts: &Texts, name: &str) -> String {
    match name {
        "logs" => texts.get("census-list-logs"),
        "files" => texts.get("census-list-files"),
        "lake" => texts.get("census-list-lake"),
        name => name.to_owned(),
    }
}

/// How many stand on the lists.
pub(super) fn overlap(texts: &Texts, unseen: &CensusUnseen) -> String {
    let seen = texts.count("census-servers", unseen.seen);
    let overlap = texts.count("census-servers", unseen.overlap);
    texts.with("census-overlap", &[("seen", &seen), ("overlap", &overlap)])
}

/// What a method says, or why it says nothing.
pub(super) fn estimate(texts: &Texts, estimate: &CensusEstimate) -> String {
    let method = texts.word("census-method", estimate.method);
    match &estimate.told {
        Ok(told) => {
            let number = |value: f64| texts.number(value.round().max(0.0) as u64);
            let (all, low, high) = (number(told.all), number(told.interval.low), number(told.interval.high));
            let unseen = number(told.all - told.seen as f64);
            let values = [("method", &*method), ("all", &all), ("low", &low), ("high", &high), ("unseen", &unseen)];
            texts.with("census-estimate", &values)
        }
        Err(refused) => texts.with("census-refused", &[("method", &method), ("why", &refusal(texts, *refused))]),
    }
}

fn refusal(texts: &Texts, refusal: Refusal) -> String {
    match refusal {
        Refusal::SmallOverlap { overlap } => {
            let (overlap, least) = (texts.number(overlap), texts.number(LEAST_OVERLAP));
            texts.with("census-refusal-overlap", &[("overlap", &overlap), ("least", &least)])
        }
        Refusal::EmptyList { .. } => texts.get("census-refusal-empty"),
        Refusal::FewLists { needed, .. } => texts.with("census-refusal-few", &[("needed", &needed.to_string())]),
        Refusal::ManyLists { most, .. } => texts.with("census-refusal-many", &[("most", &most.to_string())]),
        _ => texts.get("census-refusal-no-fit"),
    }
}

/// What the numbers rest on.
pub(super) fn assumptions(texts: &Texts) -> [String; 5] {
    ["closed", "dependent", "equal", "matched", "days"].map(|assumption| texts.get(&format!("census-assumption-{assumption}")))
}
