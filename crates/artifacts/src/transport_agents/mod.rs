//! The list of transport agents of Exchange (`<X>TransportRoles\Shared\agents.config`, and `fetagents.config` of the front end).
//!
//! Facts: Microsoft Learn, "agent" and "mexRuntime" in the reference of the agents configuration file: `configuration`,
//! `mexRuntime`, `agentList`, and for each agent an element `agent` with `name`, `baseType`, `classFactory`, `assemblyPath`
//! and `enabled`. Every mail passes through each agent, so one that is not of Exchange or a known product reads and changes
//! mail at will.
//!
//! One record for each agent, with its attributes as fields, and `Position`: agents are asked in the order of the list (our
//! reading; the file has no attribute for the priority that the shell shows).

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, Place, Record, Setting, Timestamp, Unified};

use crate::lines::decode;
use crate::whole::read_whole;
use crate::xml;
use crate::{Flow, Format, Input, Sink};

/// The format of the list of transport agents.
pub struct TransportAgents;

/// A real one has some KiB.
const MOST_BYTES: u64 = 4 << 20;

impl Format for TransportAgents {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::TransportAgents
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_agent_list(input.entry().file_name(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let bytes = read_whole(input, MOST_BYTES, sink);
        agents(&decode(&bytes), &input.entry().location().replace('/', r"\"), input.entry().modified(), sink);
    }
}

/// The names that Exchange gives these files.
pub(crate) fn is_agents_name(name: &str) -> bool {
    ["agents.config", "fetagents.config"].iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// By its head; the template that setup leaves beside it is not in use.
fn is_agent_list(name: &str, head: &[u8]) -> bool {
    xml::head_text(head).is_some_and(|text| text.contains("<mexRuntime")) && !name.to_ascii_lowercase().ends_with(".template")
}

fn agents(text: &str, path: &str, modified: Option<Timestamp>, sink: &mut dyn Sink) {
    let document = xml::read(text, sink);
    let Some(list) = document.below(&["configuration", "mexRuntime", "agentList"]) else {
        return sink.gap(GapKind::Malformed, Place::Whole, "no element <agentList>");
    };
    for (position, agent) in (1..).zip(list.children("agent")) {
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> =
            agent.attributes.iter().map(|(name, value)| (name.into(), value.into())).collect();
        fields.push(("Position".into(), u32::to_string(&position).into()));
        fields.push(("ConfigPath".into(), path.into()));
        let setting = Setting { section: "mexRuntime/agentList".into(), element: "agent".into(), location: "".into() };
        let flow = sink.record(&Record {
            place: Place::Line(agent.line),
            time: modified,
            server: None,
            source: LogSource::fixed("exchange", "", "transport-agents"),
            fields: Fields::Pairs(fields),
            unified: Unified::Setting(setting),
        });
        if flow == Flow::Stop {
            return;
        }
    }
}
