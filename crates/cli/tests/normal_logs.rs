//! Logs of living servers, sanitised by their publishers: nothing to find there (artefacts.help, CC0; kinesis-agent-windows, Apache-2.0).
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use afterpatch_model::{ArtifactKind, GapKind, Grade};
use common::{real_evidence, scan};

#[test]
fn normal_logs_stay_silent_and_their_coverage_is_told() {
    let Some(folder) = real_evidence("normal") else { return };
    let (report, code) = scan(&[&folder]);
    for server in &report.servers {
        let loud: Vec<_> = server.findings.iter().filter(|finding| finding.grade > Grade::Scan).collect();
        assert!(loud.is_empty(), "{loud:#?}");
        assert!(server.incidents.is_empty());
    }
    // The build of that day is open to what was found later, and that is all there is to say.
    assert_eq!(code, 10);
    // The publisher wrote the server's name in two ways; two names are never one server by a guess.
    let parts: Vec<&str> = report
        .servers
        .iter()
        .flat_map(|server| &server.coverage.sources)
        .filter(|source| source.kind == ArtifactKind::ExchangeHttpproxy && source.records > 0)
        .map(|source| source.part.as_str())
        .collect();
    assert_eq!(parts.len(), 8, "each protocol is listed: {parts:?}");
    let builds: Vec<String> = report.servers.iter().flat_map(|server| &server.builds).map(|it| it.build.to_string()).collect();
    assert!(builds.iter().any(|build| build == "15.1.2375.7"), "{builds:?}");
    let kinds: std::collections::BTreeSet<ArtifactKind> = report.artifacts.iter().map(|artifact| artifact.kind).collect();
    for kind in [ArtifactKind::ExchangeMessageTracking, ArtifactKind::ExchangeEws, ArtifactKind::ExchangeAudit] {
        assert!(kinds.contains(&kind), "{kind:?} is read");
    }
    // What we do not read is said, not passed over.
    assert!(report.gaps.iter().any(|gap| gap.kind == GapKind::NotRead && gap.path.contains("agentlog")));
    let files = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(report.artifacts.len() + report.gaps.iter().filter(|gap| gap.kind == GapKind::NotRead).count(), files);
}
