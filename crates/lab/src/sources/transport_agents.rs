//! The list of transport agents (`TransportRoles\Shared\agents.config`).

use crate::{
    clock::{DAY, Moment},
    sheet::{Page, Shelf},
    truth::Mark,
    world::World,
};

/// Agents that were installed besides Exchange's own.
#[derive(Default)]
pub(crate) struct TransportAgents(Vec<(Moment, Agent, Option<Mark>)>);

/// An agent.
pub(crate) struct Agent {
    pub(crate) name: String,
    pub(crate) factory: String,
    pub(crate) assembly: String,
}

/// Name, what it is, its factory below `Microsoft.Exchange.`, and its library.
const OWN: [(&str, &str, &str, &str); 4] = [
    (
        "Transport Rule Agent",
        "Routing.RoutingAgent",
        "MessagingPolicies.TransportRuleAgent.TransportRuleAgentFactory",
        "Microsoft.Exchange.MessagingPolicies.TransportRuleAgent.dll",
    ),
    (
        "Malware Agent",
        "Routing.RoutingAgent",
        "Transport.Agent.Malware.MalwareAgentFactory",
        "Microsoft.Exchange.Transport.Agent.Malware.dll",
    ),
    (
        "Text Messaging Routing Agent",
        "Routing.RoutingAgent",
        "TextMessaging.MobileDriver.TextMessagingRoutingAgentFactory",
        "Microsoft.Exchange.TextMessaging.MobileDriver.dll",
    ),
    (
        "System Probe Drop Routing Agent",
        "Routing.RoutingAgent",
        "Transport.Agent.SystemProbeDrop.SystemProbeDropRoutingAgentFactory",
        "Microsoft.Exchange.Transport.Agent.SystemProbeDrop.dll",
    ),
];

impl TransportAgents {
    pub(crate) fn add(&mut self, at: Moment, agent: Agent, mark: Option<Mark>) {
        self.0.push((at, agent, mark));
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let path = world.below(r"TransportRoles\Shared\agents.config");
        let mut last = world.start + -300 * DAY;
        let mut page = Page::new(path, "\r\n", last);
        for line in ["<?xml version=\"1.0\" encoding=\"utf-8\"?>", "<configuration>", "  <mexRuntime>", "    <monitoring>"] {
            page.line(line);
        }
        page.line("      <agentExecution timeLimitInMilliseconds=\"90000\" />");
        page.line("    </monitoring>");
        page.line("    <agentList>");
        let own = r"TransportRoles\agents";
        for (name, base, factory, library) in OWN {
            let assembly = world.below(&format!(r"{own}\{library}"));
            page.line(&element(name, base, &format!("Microsoft.Exchange.{factory}"), &assembly));
        }
        for (at, agent, mark) in self.0 {
            last = last.max(at);
            page.marked_line(&element(&agent.name, "Smtp.SmtpReceiveAgent", &agent.factory, &agent.assembly), mark);
        }
        for line in ["    </agentList>", "    <settings />", "  </mexRuntime>", "</configuration>"] {
            page.line(line);
        }
        page.close_at(last, shelf);
    }
}

fn element(name: &str, base: &str, factory: &str, assembly: &str) -> String {
    format!(
        "      <agent name=\"{name}\" baseType=\"Microsoft.Exchange.Data.Transport.{base}\" classFactory=\"{factory}\" \
         assemblyPath=\"{assembly}\" enabled=\"true\" isCritical=\"true\" />"
    )
}
