//! By which way a server was seen to be broken into: what its logs say, and what lies on its disk and in its configuration. The two
//! are checks that know little of each other, so their overlap tells how many both miss.

use std::collections::HashSet;

use afterpatch_model::{ArtifactKind, Timestamp};
use datafusion::prelude::SessionContext;
use serde::Deserialize;
use serde_json::Value;

use super::{Key, Window};
use crate::ask::ask;

/// A way of seeing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// What was written down as it happened.
    Logs,
    /// What is left of it.
    Files,
}

/// The way that a kind of artifact belongs to; `None` for what tells nothing of a break-in by itself.
fn way(kind: ArtifactKind) -> Option<Way> {
    match kind {
        // The change journal and the log of the virus scanner are written as things happen, but to files.
        ArtifactKind::AspnetCompiled
        | ArtifactKind::ServedScript
        | ArtifactKind::IisConfig
        | ArtifactKind::TransportAgents
        | ArtifactKind::RegistryHive
        | ArtifactKind::ScheduledTask
        | ArtifactKind::NtfsMft
        | ArtifactKind::NtfsUsn
        | ArtifactKind::DefenderLog
        | ArtifactKind::DefenderHistory
        | ArtifactKind::LiveState => Some(Way::Files),
        kind if kind.is_log() => Some(Way::Logs),
        _ => None,
    }
}

/// Which servers were seen by which way.
pub(super) struct Seen {
    /// Broken into, as this way says.
    pub(super) hit: HashSet<(Key, Way)>,
    /// Something of this way was there to look at.
    pub(super) examined: HashSet<(Key, Way)>,
}

#[derive(Deserialize)]
struct Told {
    package: String,
    server: String,
    grade_rank: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Covered {
    package: String,
    server: String,
    source: String,
}

impl Seen {
    /// Findings count from the grade compromise on, with `possible` from success on; not those that somebody vouches for.
    pub(super) async fn of(context: &SessionContext, window: Window, possible: bool) -> anyhow::Result<Self> {
        let told: Vec<Told> = ask(
            context,
            "SELECT package, server, grade_rank, first, last, unnest(sources) AS source FROM findings \
             WHERE NOT acknowledged AND grade_rank >= 3",
        )
        .await?;
        let least = if possible { 3 } else { 4 };
        let counted = told.into_iter().filter(|told| told.grade_rank >= least && window.holds(told.first, told.last));
        let hit = counted.filter_map(|told| Some(((told.package, told.server), of_slug(&told.source?)?))).collect();
        let covered: Vec<Covered> = ask(context, "SELECT DISTINCT package, server, source FROM coverage WHERE present").await?;
        let examined = covered.into_iter().filter_map(|row| Some(((row.package, row.server), of_slug(&row.source)?))).collect();
        Ok(Self { hit, examined })
    }
}

fn of_slug(slug: &str) -> Option<Way> {
    way(serde_json::from_value(Value::String(slug.to_owned())).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_belong_to_a_way_by_their_name_in_the_tables() {
        for (slug, way) in [
            ("iis_w3c", Some(Way::Logs)),
            ("evtx", Some(Way::Logs)),
            ("served_script", Some(Way::Files)),
            ("ntfs_usn", Some(Way::Files)),
            ("pe_version", None),
            ("of the future", None),
        ] {
            assert_eq!(of_slug(slug), way, "{slug}");
        }
    }
}
