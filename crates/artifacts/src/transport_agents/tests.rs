#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden, survives_damage};

fn read(bytes: &[u8], sink: &mut Written) {
    agents(&decode(bytes), r"E:\Exchange\TransportRoles\Shared\agents.config", Some(Timestamp::UNIX_EPOCH), sink);
}

#[test]
fn golden_files() {
    golden("transport_agents", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn recognised_by_the_head_and_not_as_the_template() {
    let head = b"<?xml version=\"1.0\"?><configuration><mexRuntime>".as_slice();
    assert!(is_agent_list("agents.config", head) && is_agent_list("renamed", head));
    assert!(!is_agent_list("agents.config.template", head) && !is_agent_list("agents.config", b"<configuration/>"));
}

#[test]
fn damaged_lists_are_survived() {
    survives_damage(include_bytes!("testdata/agents.in"), read);
}
