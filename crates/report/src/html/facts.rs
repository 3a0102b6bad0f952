//! What the verdict stands on: holes, builds, coverage, files.

use afterpatch_model::{ArtifactId, ArtifactInfo, ExposureState, Report, ServerReport, Timestamp};

use crate::{
    clock,
    texts::Texts,
    words::{Tone, coverage, place},
};

use super::{
    links::Link,
    pointers::{PointerView, Pointers, StandsOn},
};

pub(super) struct ExposureView {
    pub(super) cve: String,
    pub(super) state: String,
    pub(super) tone: Tone,
    pub(super) build: String,
    pub(super) fixed_seen: String,
    pub(super) condition: String,
}

pub(super) fn exposure(t: &Texts, server: &ServerReport) -> Vec<ExposureView> {
    server
        .exposure
        .iter()
        .map(|cve| ExposureView {
            cve: cve.cve.clone(),
            state: t.word("exposure-state", cve.state),
            tone: match cve.state {
                ExposureState::Open => Tone::Alarm,
                ExposureState::FixedIf | ExposureState::Mitigated | ExposureState::PossiblyOpen => Tone::Warning,
                ExposureState::Fixed => Tone::Good,
                ExposureState::NotAffected => Tone::Quiet,
                ExposureState::NewerThanTable | ExposureState::Unknown => Tone::Unknown,
            },
            build: cve.build.map(|build| build.to_string()).unwrap_or_default(),
            fixed_seen: cve.fixed_seen.map(clock::minute).unwrap_or_default(),
            condition: cve.condition.clone().unwrap_or_default(),
        })
        .collect()
}

pub(super) struct BuildView {
    pub(super) build: String,
    pub(super) product: String,
    pub(super) first: String,
    pub(super) last: String,
    pub(super) pointer: PointerView,
}

pub(super) fn builds(pointers: &mut Pointers<'_>, server: &ServerReport) -> Vec<BuildView> {
    server
        .builds
        .iter()
        .map(|period| BuildView {
            build: period.build.to_string(),
            product: period.build.product().map(|product| format!("Exchange {}", product.name())).unwrap_or_default(),
            first: clock::minute(period.first),
            last: clock::minute(period.last),
            pointer: pointers.view(period.seen_in.artifact, period.seen_in.place),
        })
        .collect()
}

/// Sources as bars on one axis of time.
pub(super) struct CoverageView {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) sources: Vec<SourceView>,
    /// Where episodes lie on the axis.
    pub(super) attacks: Vec<Bar>,
    pub(super) not_there: String,
    /// Signs that logs were edited; the first line says what they are worth.
    pub(super) doubts: Vec<String>,
    pub(super) enough: String,
    pub(super) sufficient: bool,
}

pub(super) struct SourceView {
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) span: String,
    pub(super) bar: Option<Bar>,
    pub(super) lacks: Vec<String>,
}

/// A piece of the axis, in thousandths of its length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) width: u64,
}

pub(super) fn coverage(t: &Texts, server: &ServerReport) -> CoverageView {
    let (from, to) = coverage::span(&server.coverage);
    let bar = |first: Option<Timestamp>, last: Option<Timestamp>| Some(bar(from?, to?, first?, last.or(first)?));
    CoverageView {
        from: from.map(clock::day).unwrap_or_default(),
        to: to.map(clock::day).unwrap_or_default(),
        sources: server
            .coverage
            .sources
            .iter()
            .map(|source| {
                let mut lacks = Vec::new();
                if let Some(hours) = source.missing_hours.filter(|hours| *hours > 0) {
                    lacks.push(t.count("label-hours-missing", hours));
                }
                if source.unreadable > 0 {
                    lacks.push(t.count("label-unreadable-files", source.unreadable));
                }
                SourceView {
                    name: coverage::source(t, source),
                    amount: format!("{}, {}", t.count("files", source.files), t.count("records", source.records)),
                    span: clock::span(source.first, source.last),
                    bar: bar(source.first, source.last),
                    lacks,
                }
            })
            .collect(),
        attacks: merged(episodes(server).filter_map(|(first, last)| bar(first, last)).collect()),
        not_there: coverage::not_there(t, &server.coverage).unwrap_or_default(),
        doubts: coverage::doubts(t, &server.coverage),
        enough: t.get(if server.coverage.sufficient { "label-coverage-enough" } else { "label-coverage-small" }),
        sufficient: server.coverage.sufficient,
    }
}

/// When attackers were seen: episodes, or the whole incident where it has none.
fn episodes(server: &ServerReport) -> impl Iterator<Item = (Option<Timestamp>, Option<Timestamp>)> {
    server.incidents.iter().flat_map(|incident| {
        let whole = incident.episodes.is_empty().then_some((incident.first, incident.last));
        incident.episodes.iter().map(|episode| (episode.first, episode.last)).chain(whole)
    })
}

/// Pieces that touch become one: there are never more than the axis has room for.
fn merged(mut bars: Vec<Bar>) -> Vec<Bar> {
    bars.sort_by_key(|bar| bar.x);
    let mut out: Vec<Bar> = Vec::new();
    for bar in bars {
        match out.last_mut() {
            Some(last) if bar.x <= last.x + last.width => last.width = last.width.max(bar.x + bar.width - last.x),
            _ => out.push(bar),
        }
    }
    out
}

/// The piece of the axis `from..to` that `first..last` takes; never too thin to be seen, never outside.
fn bar(from: Timestamp, to: Timestamp, first: Timestamp, last: Timestamp) -> Bar {
    const LENGTH: f64 = 1000.0;
    const THINNEST: f64 = 4.0;
    let whole = clock::seconds_between(from, to);
    if whole <= 0.0 {
        return Bar { x: 0, width: 1000 };
    }
    let at = |time: Timestamp| (clock::seconds_between(from, time) / whole * LENGTH).clamp(0.0, LENGTH);
    let width = (at(last) - at(first)).max(THINNEST);
    let x = at(first).min(LENGTH - width);
    Bar { x: x.round() as u64, width: width.round() as u64 }
}

/// One file that the page's places lead to.
pub(super) struct ArtifactView {
    pub(super) number: u32,
    pub(super) kind: String,
    pub(super) path: String,
    pub(super) windows_path: String,
    pub(super) size: String,
    pub(super) records: String,
    pub(super) span: String,
    /// The findings that stand on it.
    pub(super) findings: Vec<Link>,
    pub(super) more_findings: String,
}

pub(super) fn artifacts(t: &Texts, report: &Report, pointers: &Pointers<'_>) -> Vec<ArtifactView> {
    let file = |(&id, stands): (&ArtifactId, &StandsOn)| {
        let artifact = place::artifact(report, id);
        let known = |value: &dyn Fn(&ArtifactInfo) -> String| artifact.map(value).unwrap_or_default();
        ArtifactView {
            number: id.0,
            kind: artifact.map_or_else(|| t.get("label-unknown"), |it| t.word("artifact-kind", it.kind)),
            path: artifact.map_or_else(|| place::path(report, id), |it| it.path.clone()),
            windows_path: known(&|it| it.windows_path.clone().unwrap_or_default()),
            size: known(&|it| t.size(it.bytes)),
            records: known(&|it| t.count("records", it.records)),
            span: known(&|it| clock::span(it.first, it.last)),
            findings: stands.links.clone(),
            more_findings: if stands.more > 0 { format!("+ {}", t.number(stands.more)) } else { String::new() },
        }
    };
    pointers.used().iter().map(file).collect()
}

/// `… + 312` when a list was cut.
pub(super) fn more(t: &Texts, all: usize, shown: usize) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("… + {} (JSON)", t.number(more as u64)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn touching_pieces_become_one() {
        let bar = |x, width| Bar { x, width };
        assert_eq!(merged(vec![bar(10, 4), bar(0, 4), bar(4, 2), bar(12, 10), bar(13, 1)]), [bar(0, 6), bar(10, 12)]);
    }

    #[test]
    fn bars_stay_on_the_axis_and_can_be_seen() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (from, to) = (at("2021-01-01T00:00:00Z"), at("2021-04-11T00:00:00Z"));
        for (first, last, x, width) in [
            (from, to, 0, 1000),
            (at("2021-01-11T00:00:00Z"), at("2021-01-21T00:00:00Z"), 100, 100),
            (at("2021-02-20T00:00:00Z"), at("2021-02-20T00:00:07Z"), 500, 4),
            (to, to, 996, 4),
            // An incident before the first record of any source (time from a file).
            (at("2020-01-01T00:00:00Z"), at("2020-01-01T00:00:00Z"), 0, 4),
        ] {
            assert_eq!(bar(from, to, first, last), Bar { x, width }, "{first}");
        }
        assert_eq!(bar(from, from, from, from), Bar { x: 0, width: 1000 });
    }
}
