//! Error logs of HTTP.sys (`%windir%\System32\LogFiles\HTTPERR\httperr*.log`).
//!
//! Facts (Microsoft Learn, "Error logging in HTTP APIs" and "Format of the HTTP Server API Error Logs"; heads and rows in
//! published pages of 2003 to 2026):
//! - The grammar is that of IIS, below `#Software: Microsoft HTTP API 2.0`; times are UTC. Early versions wrote no list of
//!   columns, later ones `date time c-ip c-port s-ip s-port cs-version cs-method cs-uri [streamid] sc-status s-siteid
//!   s-reason s-queuename [transport]`; the list has been changed by registry (`date time cs-version cs-method cs-uri …`).
//! - A line here is a request that no web application saw: refused before (`BadRequest`, `URL`, `AppOffline`) or lost
//!   behind (`Connection_Abandoned_By_ReqQueue`), or a connection that timed out (`Timer_ConnectionIdle`, without request).
//! - Path and query are one value. An address of IPv6 carries its scope, `%0` where it has none.
//! - Some rows end with a blank; blanks inside values are `+`.

#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, HttpError, LogSource, Unified};

use crate::lines::first_lines;
use crate::w3c::{self, Cells, Names, value_of};
use crate::{Format, Input, Sink};

/// The format of HTTP.sys error logs.
pub struct HttpErr;

impl Format for HttpErr {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::HttpErr
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_http_err(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        w3c::read::<Columns>(input, sink);
    }
}

fn is_http_err(head: &[u8]) -> bool {
    first_lines(head, 4).iter().any(|line| {
        value_of(line, "#software").is_some_and(|software| software.starts_with("Microsoft HTTP API"))
            || value_of(line, "#fields").map(Names::of).is_some_and(|names| names.at("s-reason").is_some())
    })
}

/// Which column of the rows at hand holds what.
struct Columns {
    method: Option<usize>,
    url: Option<usize>,
    client: Option<usize>,
    status: Option<usize>,
    reason: Option<usize>,
    queue: Option<usize>,
    computer: Option<usize>,
}

impl w3c::Columns for Columns {
    const SOURCE: LogSource<'static> = LogSource::fixed("windows", "", "httperr");
    const DEFAULT: &'static str =
        "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename";

    fn of(names: &Names) -> Self {
        Self {
            method: names.at("cs-method"),
            url: names.at("cs-uri"),
            client: names.at("c-ip"),
            status: names.at("sc-status"),
            reason: names.at("s-reason"),
            queue: names.at("s-queuename"),
            computer: names.at("s-computername"),
        }
    }

    fn least(&self) -> Option<usize> {
        self.url
    }

    fn computer(&self) -> Option<usize> {
        self.computer
    }

    fn unified<'a>(&self, cells: Cells<'_, 'a>) -> Unified<'a> {
        let client = cells.text(self.client);
        Unified::HttpError(HttpError {
            method: cells.text(self.method).into(),
            url: cells.text(self.url).into(),
            // Other logs of the server write the same address without it.
            client: client.strip_suffix("%0").unwrap_or(client).into(),
            status: cells.text(self.status).parse().unwrap_or_default(),
            reason: cells.text(self.reason).into(),
            queue: cells.text(self.queue).into(),
        })
    }
}
