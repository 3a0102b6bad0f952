//! Exchange web services logs (`Logging\Ews\Ews_YYYYMMDDHH-N.LOG`).
//!
//! Facts (seen in real files of 2013 and of 2016 CU22):
//! - `#Log-type: EWS Logs`; about 80 columns on 2013, more since (`Ring` stands among the first, `StartTime` …
//!   `WorkClassification` at the end), so columns are found by name.
//! - `ImpersonatedUser` is filled without impersonation, too: with the user himself. `ActAsUser` names the mailbox when a
//!   server asks for somebody else (`GetUserAvailability`).
//! - Rows without user and status (`Sbsc_ConnStatus`, `Sbsc_EndConnSuccess`) tell of a subscription's connection and of
//!   nobody's work in a mailbox; they have no unified record.
//! - The user agent may hold blanks where commas were.

#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, LogSource, MailboxAccess, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, BuildColumns, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of web services logs.
pub struct ExchangeEws;

impl Format for ExchangeEws {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeEws
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_ews(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_ews(head: &[u8]) -> bool {
    begins_as(head, "EWS Logs", &["DateTime", "SoapAction", "HttpStatus"])
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    action: Option<usize>,
    user: Option<usize>,
    impersonated: Option<usize>,
    acted_as: Option<usize>,
    client: Option<usize>,
    user_agent: Option<usize>,
    status: Option<usize>,
    response_size: Option<usize>,
    server: Option<usize>,
    build: BuildColumns,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["DateTime"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "ews");

    fn of(log: &ExchangeLog) -> Self {
        Self {
            action: log.position("SoapAction"),
            user: log.position("AuthenticatedUser"),
            impersonated: log.position("ImpersonatedUser"),
            acted_as: log.position("ActAsUser"),
            client: log.position("ClientIpAddress"),
            user_agent: log.position("UserAgent"),
            status: log.position("HttpStatus"),
            response_size: log.position("ResponseSize"),
            server: log.position("ServerHostName"),
            build: BuildColumns::of(log),
        }
    }

    fn least(&self) -> Option<usize> {
        self.action
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let mailbox = match cells.text(self.impersonated) {
            "" => self.acted_as,
            _ => self.impersonated,
        };
        let access = MailboxAccess {
            action: cells.value(self.action),
            user: cells.value(self.user),
            mailbox: cells.value(mailbox),
            client: cells.value(self.client),
            user_agent: cells.value(self.user_agent),
            status: cells.number(self.status).unwrap_or_default(),
            bytes_out: cells.number(self.response_size),
        };
        let unified = match (access.user.is_empty(), access.status) {
            (true, 0) => Unified::Other,
            _ => Unified::MailboxAccess(access),
        };
        Told { server: cells.value(self.server), build: self.build.read(cells), unified, fields: cells.fields(), whole: true }
    }
}
