//! What was looked at, so that "nothing seen" never stands alone.

use afterpatch_model::{Coverage, Doubt, SourceCoverage, Timestamp};

use crate::{
    clock,
    texts::{Texts, slug},
};

/// `HttpProxy log, Ecp`: the name of a source, with the part that is counted apart.
pub(crate) fn source(texts: &Texts, source: &SourceCoverage) -> String {
    let kind = texts.word("artifact-kind", source.kind);
    if source.part.is_empty() { kind } else { format!("{kind}: {}", source.part) }
}

/// The name of a source that is missing: a kind of artifact, or `event:<channel>`.
pub(crate) fn missing(texts: &Texts, slug: &str) -> String {
    match slug.strip_prefix("event:") {
        Some(channel) => texts.with("coverage-event-channel", &[("channel", channel)]),
        None => texts.find(&format!("artifact-kind-{slug}")).unwrap_or_else(|| slug.to_owned()),
    }
}

/// First and last record of all sources.
pub(crate) fn span(coverage: &Coverage) -> (Option<Timestamp>, Option<Timestamp>) {
    let first = coverage.sources.iter().filter_map(|source| source.first).min();
    let last = coverage.sources.iter().filter_map(|source| source.last).max();
    (first, last)
}

/// `Looked at: 2021-03-01 00:00 – 2021-03-21 23:59 UTC; 21,345 records of IIS access log, HttpProxy log.`
pub(crate) fn looked_at(texts: &Texts, coverage: &Coverage) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for kind in coverage.sources.iter().map(|source| texts.word("artifact-kind", source.kind)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return texts.get("looked-at-nothing");
    }
    let records = coverage.sources.iter().map(|source| source.records).fold(0, u64::saturating_add);
    let records = texts.count("records", records);
    let sources = kinds.join(", ");
    let (first, last) = span(coverage);
    match clock::span(first, last) {
        span if span.is_empty() => texts.with("looked-at-timeless", &[("records", &records), ("sources", &sources)]),
        span => texts.with("looked-at", &[("span", &span), ("records", &records), ("sources", &sources)]),
    }
}

/// The same, short: for an answer that stands below another one with the whole.
pub(crate) fn looked_at_same(texts: &Texts, coverage: &Coverage) -> String {
    let (first, last) = span(coverage);
    match clock::span(first, last) {
        span if span.is_empty() => looked_at(texts, coverage),
        span => texts.with("looked-at-same", &[("span", &span)]),
    }
}

/// Signs that logs were edited or removed, one sentence each; the first says what they are worth.
pub(crate) fn doubts(texts: &Texts, coverage: &Coverage) -> Vec<String> {
    let sentence = |doubt: &Doubt| {
        let mut name = texts.word("artifact-kind", doubt.source);
        if !doubt.part.is_empty() {
            name.push_str(&format!(": {}", doubt.part));
        }
        let span = clock::span(doubt.first, doubt.last);
        let what = texts.count(&format!("doubt-{}", slug(doubt.kind)), doubt.count);
        if span.is_empty() { format!("{name}: {what}") } else { format!("{name}: {what} ({span} UTC)") }
    };
    let told: Vec<String> = coverage.doubts.iter().map(sentence).collect();
    if told.is_empty() { told } else { std::iter::once(texts.get("doubts-worth")).chain(told).collect() }
}

/// `Not there: ECP server log, …`; `None` when no deciding source is missing.
pub(crate) fn not_there(texts: &Texts, coverage: &Coverage) -> Option<String> {
    let names: Vec<_> = coverage.missing.iter().map(|slug| missing(texts, slug)).collect();
    (!names.is_empty()).then(|| texts.with("not-there", &[("sources", &names.join(", "))]))
}
