//! How each kind of artifact is followed.

use afterpatch_model::ArtifactKind;

/// How an artifact is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Judged as a whole whenever it changes.
    Whole,
    /// It grows by lines.
    Lines,
    /// It grows by events.
    Events,
    /// Not followed: what it tells is for a scan.
    Not,
}

/// How a kind is followed. `head` are the first bytes.
pub fn of(kind: ArtifactKind, head: &[u8]) -> Manner {
    use ArtifactKind as Kind;
    match kind {
        Kind::ServedScript | Kind::AspnetCompiled | Kind::IisConfig | Kind::TransportAgents | Kind::ScheduledTask => {
            Manner::Whole
        }
        kind if has_head(kind) => Manner::Lines,
        Kind::AccessLog | Kind::DefenderLog => Manner::Lines,
        // An array is one value and does not grow by lines.
        Kind::EventJson if head.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') => Manner::Lines,
        Kind::Evtx => Manner::Events,
        _ => Manner::Not,
    }
}

/// Whether the lines of a kind cannot be read without those of the log's head.
pub fn has_head(kind: ArtifactKind) -> bool {
    use ArtifactKind as Kind;
    matches!(
        kind,
        Kind::IisW3c
            | Kind::HttpErr
            | Kind::ExchangeHttpproxy
            | Kind::ExchangeEcp
            | Kind::ExchangeEcpActivity
            | Kind::ExchangeRpsHttp
            | Kind::ExchangeRpsCmdlet
            | Kind::ExchangeAudit
            | Kind::ExchangeMessageTracking
            | Kind::ExchangeEws
            | Kind::ExchangeOabGenerator
    )
}
