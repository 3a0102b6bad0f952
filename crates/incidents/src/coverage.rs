//! Was enough seen to say "nothing seen"?

use afterpatch_model::{ArtifactKind, Coverage, Doubt, SourceCoverage};

/// A source of requests must span at least this long before its silence means anything.
const ENOUGH_SECONDS: i64 = 24 * 3600;
/// The channel of Exchange's own commands: usually the oldest evidence on a server.
const COMMAND_CHANNEL: &str = "MSExchange Management";

/// Judges what was seen. Two kinds of evidence are needed: of requests (IIS or HttpProxy, a day at least), which shows the
/// attack coming, and of changes (Exchange commands, control panel log, or the served files), which shows what it did. A
/// single source can be silent because an attacker emptied it.
pub fn judge(sources: Vec<SourceCoverage>, doubts: Vec<Doubt>) -> Coverage {
    let seen = || sources.iter().filter(|source| source.records > 0);
    let has = |kind: ArtifactKind| seen().any(|source| source.kind == kind);
    let events = |channel: &str| seen().any(|source| source.kind.holds_events() && source.part == channel);
    let decisive = [
        (ArtifactKind::IisW3c.slug().to_owned(), has(ArtifactKind::IisW3c)),
        (ArtifactKind::ExchangeHttpproxy.slug().to_owned(), has(ArtifactKind::ExchangeHttpproxy)),
        (ArtifactKind::ExchangeEcp.slug().to_owned(), has(ArtifactKind::ExchangeEcp)),
        (format!("event:{COMMAND_CHANNEL}"), events(COMMAND_CHANNEL)),
        ("event:Application".to_owned(), events("Application")),
        (ArtifactKind::ServedScript.slug().to_owned(), has(ArtifactKind::ServedScript)),
    ];
    let changes = events(COMMAND_CHANNEL) || has(ArtifactKind::ExchangeEcp) || has(ArtifactKind::ServedScript);
    let requests = sources.iter().any(|source| {
        matches!(source.kind, ArtifactKind::IisW3c | ArtifactKind::ExchangeHttpproxy)
            && matches!((source.first, source.last), (Some(first), Some(last)) if last.as_second() - first.as_second() >= ENOUGH_SECONDS)
    });
    Coverage {
        missing: decisive.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect(),
        sufficient: requests && changes,
        doubts,
        sources,
    }
}
