//! Every finding that can be made has a German title.
#![allow(clippy::unwrap_used, missing_docs)]

use afterpatch_engine::Engine;

#[test]
fn every_finding_has_a_german_title() {
    let german = include_str!("../../report/locales/de.ftl");
    let kinds = Engine::load().unwrap().kinds();
    assert!(kinds.len() > 30, "{}", kinds.len());
    let missing: Vec<_> =
        kinds.iter().filter(|(slug, _)| !german.lines().any(|line| line.starts_with(&format!("finding-{slug} =")))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
