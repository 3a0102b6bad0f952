//! Exchange cmdlet logs (`Logging\CmdletInfra\Powershell-Proxy\Cmdlet\Rps_Cmdlet_YYYYMMDDHH-N.LOG`, and the same below
//! `LocalPowerShell`).
//!
//! Facts (seen in a real file of 2016 CU22):
//! - `#Log-type: Rps Cmdlet Logs`; a row for each cmdlet when it ends. `StartTime` is when it began.
//! - `Parameters` is the text that the event log has, too (`-ResultSize "1"`); `ProcessName` the process with its pool
//!   (`w3wp#MSExchangePowerShellAppPool`); `ClientApplication` what the client calls itself (`ActiveMonitor`, `EMC`, `ECP`).
//! - `AuthenticatedUser` is a bare account name there, without domain.
//! - `ExecutionResult` is `Success`; what else it can be is not known to us, so any other word is a failure, none is none.
//! - No client address: that is in the HTTP log beside it, by the session.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Cmdlet, LogSource, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, BuildColumns, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of cmdlet logs.
pub struct ExchangeRpsCmdlet;

impl Format for ExchangeRpsCmdlet {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeRpsCmdlet
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_rps_cmdlet(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_rps_cmdlet(head: &[u8]) -> bool {
    begins_as(head, "Rps Cmdlet Logs", &["DateTime", "Cmdlet", "Parameters", "ExecutionResult"])
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    name: Option<usize>,
    parameters: Option<usize>,
    user: Option<usize>,
    sid: Option<usize>,
    process: Option<usize>,
    application: Option<usize>,
    result: Option<usize>,
    server: Option<usize>,
    build: BuildColumns,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["DateTime"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "rps-cmdlet");

    fn of(log: &ExchangeLog) -> Self {
        Self {
            name: log.position("Cmdlet"),
            parameters: log.position("Parameters"),
            user: log.position("AuthenticatedUser"),
            sid: log.position("ExecutingUserSid"),
            process: log.position("ProcessName"),
            application: log.position("ClientApplication"),
            result: log.position("ExecutionResult"),
            server: log.position("ServerHostName"),
            build: BuildColumns::of(log),
        }
    }

    fn least(&self) -> Option<usize> {
        self.name
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let first = |one: Option<usize>, other: Option<usize>| match cells.text(one) {
            "" => cells.value(other),
            text => text.into(),
        };
        let cmdlet = Cmdlet {
            name: cells.value(self.name),
            parameters: cells.value(self.parameters),
            user: first(self.user, self.sid),
            host: first(self.process, self.application),
            url: Cow::Borrowed(""),
            client: Cow::Borrowed(""),
            succeeded: Some(cells.text(self.result)).filter(|result| !result.is_empty()).map(|result| result == "Success"),
        };
        let build = self.build.read(cells);
        Told { server: cells.value(self.server), build, unified: Unified::Cmdlet(cmdlet), fields: cells.fields(), whole: true }
    }
}
