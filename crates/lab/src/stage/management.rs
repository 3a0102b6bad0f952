//! Management, mail and mailboxes: one command, one call or one mail lands in every log that would tell of it.

use super::Stage;
use crate::{
    clock::Moment,
    sources::{
        audit::Act,
        cmdlet_infra::{CmdletRow, RemoteCall},
        events::exchange::{cmdlet, cmdlet_failed},
        ews::MailboxCall,
        http_err::Refused,
        tracking::Mail,
    },
    truth::Mark,
    world::User,
};

/// The way by which a command came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// The management shell on the server.
    Local,
    /// Remote PowerShell.
    Remote,
    /// The control panel; its own log tells of it as well (see [`Stage::ecp`]).
    Panel,
    /// A service of the server on its own behalf.
    Service,
}

/// Names and values, in order.
pub(crate) type Parameters<'a> = &'a [(&'a str, &'a str)];

/// A management command.
pub(crate) struct Command<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Parameters<'a>,
    pub(crate) by: &'a User,
    pub(crate) route: Route,
    /// Empty when it went well.
    pub(crate) error: &'a str,
}

impl<'a> Command<'a> {
    pub(crate) fn new(name: &'a str, parameters: Parameters<'a>, by: &'a User, route: Route) -> Self {
        Self { name, parameters, by, route, error: "" }
    }

    /// Whether it only looks: such commands are not audited.
    fn only_looks(&self) -> bool {
        ["Get-", "Test-", "Search-"].iter().any(|verb| self.name.starts_with(verb))
    }

    /// `-Identity "x" -Force "True"`.
    fn text(&self) -> String {
        self.parameters.iter().map(|(name, value)| format!("-{name} \"{value}\"")).collect::<Vec<_>>().join(" ")
    }
}

impl Stage {
    /// A command, in the event log, the cmdlet logs and the audit queue.
    pub(crate) fn command(&mut self, at: Moment, it: &Command<'_>, mark: Option<Mark>) {
        let text = it.text();
        let event = if it.error.is_empty() { cmdlet(it.name, &text) } else { cmdlet_failed(it.name, &text) };
        self.event(at, event, mark.clone());
        if self.is_silent(at) {
            return;
        }
        let Self { world, dice, cmdlets, audit, .. } = self;
        if matches!(it.route, Route::Local | Route::Remote) {
            let is_local = it.route == Route::Local;
            let application = if is_local { "" } else { "ManagementShell" };
            let row =
                CmdletRow { name: it.name, parameters: &text, user: &it.by.name, sid: &it.by.sid, application, error: it.error };
            cmdlets.push_cmdlet(world, dice, at + 3, is_local, &row, mark.clone());
        }
        if it.error.is_empty() && !it.only_looks() {
            let user = match it.route {
                Route::Service => r"NT AUTHORITY\SYSTEM (MSExchangeHMHost)".to_owned(),
                _ => format!("{}/Users/{}", world.domain, it.by.name),
            };
            let act = Act { name: it.name, parameters: it.parameters, user: &user };
            audit.push(world, dice, at, &act, mark);
        }
    }

    /// What remote PowerShell's back end logs of a call.
    pub(crate) fn remote_call(&mut self, at: Moment, it: &RemoteCall<'_>, mark: Option<Mark>) {
        if !self.is_silent(at) {
            let Self { world, dice, cmdlets, .. } = self;
            cmdlets.push_call(world, dice, at, it, mark);
        }
    }

    /// A cmdlet of the server's own watchers over remote PowerShell; it is in no event log.
    pub(crate) fn probe_cmdlet(&mut self, at: Moment, name: &str, parameters: &str, user: &str, sid: &str) {
        if !self.is_silent(at) {
            let Self { world, dice, cmdlets, .. } = self;
            let row = CmdletRow { name, parameters, user, sid, application: "ActiveMonitor", error: "" };
            cmdlets.push_cmdlet(world, dice, at, false, &row, None);
        }
    }

    /// What web services log of a call.
    pub(crate) fn mailbox_call(&mut self, at: Moment, it: &MailboxCall<'_>, mark: Option<Mark>) {
        if !self.is_silent(at) {
            let Self { world, dice, ews, .. } = self;
            ews.push(world, dice, at, it, mark);
        }
    }

    pub(crate) fn mail(&mut self, at: Moment, it: &Mail<'_>, mark: Option<Mark>) {
        if !self.is_silent(at) {
            let Self { world, dice, tracking, .. } = self;
            tracking.push(world, dice, at, it, mark);
        }
    }

    /// A connection or request that never reached a site.
    pub(crate) fn refused(&mut self, at: Moment, it: &Refused<'_>, mark: Option<Mark>) {
        if !self.is_silent(at) {
            self.http_err.push(&self.world, at, it, mark);
        }
    }
}
