//! Remote PowerShell HTTP logs (`Logging\CmdletInfra\Powershell-Proxy\Http\Rps_Http_YYYYMMDDHH-N.LOG`).
//!
//! Facts (published heads and rows of 2016 CU12 and 2019 CU12):
//! - `#Log-type: Rps Http Logs`; 38 columns, the bare list of them before the head.
//! - A row is a call that reached the back end, whatever address it came in by: `UrlStem` and `UrlQuery` are those of the
//!   front end's request (OWASSRF shows an OWA path there), `ClientInfo` is the client's user agent.
//! - `#Version` was `15.01.1713.001` over rows that say `15,1,1713,5`: it is the version of the writing part, so the build
//!   is taken from the rows.

#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, LogSource, RemoteShell, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, BuildColumns, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of remote PowerShell HTTP logs.
pub struct ExchangeRpsHttp;

impl Format for ExchangeRpsHttp {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeRpsHttp
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_rps_http(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_rps_http(head: &[u8]) -> bool {
    begins_as(head, "Rps Http Logs", &["DateTime", "UrlStem", "ShellId", "CommandName"])
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    user: Option<usize>,
    client: Option<usize>,
    client_info: Option<usize>,
    stem: Option<usize>,
    query: Option<usize>,
    status: Option<usize>,
    command: Option<usize>,
    server: Option<usize>,
    build: BuildColumns,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["DateTime"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "rps-http");

    fn of(log: &ExchangeLog) -> Self {
        Self {
            user: log.position("AuthenticatedUser"),
            client: log.position("ClientIpAddress"),
            client_info: log.position("ClientInfo"),
            stem: log.position("UrlStem"),
            query: log.position("UrlQuery"),
            status: log.position("HttpStatus"),
            command: log.position("CommandName"),
            server: log.position("ServerHostName"),
            build: BuildColumns::of(log),
        }
    }

    fn least(&self) -> Option<usize> {
        self.stem
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let call = RemoteShell {
            user: cells.value(self.user),
            client: cells.value(self.client),
            client_info: cells.value(self.client_info),
            stem: cells.value(self.stem),
            query: cells.value(self.query),
            status: cells.number(self.status).unwrap_or_default(),
            command: cells.value(self.command),
        };
        let build = self.build.read(cells);
        Told { server: cells.value(self.server), build, unified: Unified::RemoteShell(call), fields: cells.fields(), whole: true }
    }
}
