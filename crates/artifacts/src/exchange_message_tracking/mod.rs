//! Message tracking logs (`TransportRoles\Logs\MessageTracking\MSGTRK[MA|MD|MS]YYYYMMDDHH-N.LOG`).
//!
//! Facts (seen in real files of 2013 and of 2016 CU22; Microsoft Learn, "Message tracking", for the columns' meaning):
//! - `#Log-type: Message Tracking Log`; 27 columns on 2013, 30 since.
//! - `client-ip` and `server-ip` are those of one hand-over, so `server-hostname` can be a foreign server (`SEND`). Of
//!   `RECEIVE` it is the one that writes; only there it is taken for the server's own name.
//! - `original-client-ip` is the first sender's; empty when the mail began here. Link-local addresses carry `%<zone>`.
//! - `#Version` and `schema-version` are not taken for builds: in the logs of one organisation they ended in `.000` where
//!   other kinds of log ended in `.002` and `.005`.
//! - Recipients are separated by `;`. `custom-data` is a bag of values (`S:DeliveryPriority=Normal;…`).

#[cfg(test)]
mod tests;

use afterpatch_model::{ArtifactKind, LogSource, MailPassed, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of message tracking logs.
pub struct ExchangeMessageTracking;

impl Format for ExchangeMessageTracking {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeMessageTracking
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_message_tracking(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_message_tracking(head: &[u8]) -> bool {
    begins_as(head, "Message Tracking Log", &["date-time", "event-id", "message-subject", "recipient-address"])
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    event: Option<usize>,
    source: Option<usize>,
    sender: Option<usize>,
    recipients: Option<usize>,
    subject: Option<usize>,
    client: Option<usize>,
    original_client: Option<usize>,
    message_id: Option<usize>,
    bytes: Option<usize>,
    server: Option<usize>,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["date-time"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "message-tracking");

    fn of(log: &ExchangeLog) -> Self {
        Self {
            event: log.position("event-id"),
            source: log.position("source"),
            sender: log.position("sender-address"),
            recipients: log.position("recipient-address"),
            subject: log.position("message-subject"),
            client: log.position("client-ip"),
            original_client: log.position("original-client-ip"),
            message_id: log.position("message-id"),
            bytes: log.position("total-bytes"),
            server: log.position("server-hostname"),
        }
    }

    fn least(&self) -> Option<usize> {
        self.event
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let client = match cells.text(self.original_client) {
            "" => self.client,
            _ => self.original_client,
        };
        let mail = MailPassed {
            event: cells.value(self.event),
            source: cells.value(self.source),
            sender: cells.value(self.sender),
            recipients: cells.value(self.recipients),
            subject: cells.value(self.subject),
            client: cells.value(client),
            message_id: cells.value(self.message_id),
            bytes: cells.number(self.bytes),
        };
        let server = if mail.event.eq_ignore_ascii_case("RECEIVE") { self.server } else { None };
        // Most likely it is `source-context`, free text before the event, that grew: the rest would be a false story.
        let (server, unified) = match cells.are_too_many() {
            true => (None, Unified::Other),
            false => (server, Unified::MailPassed(mail)),
        };
        Told { server: cells.value(server), build: None, unified, fields: cells.fields(), whole: true }
    }
}
