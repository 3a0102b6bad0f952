//! Admin audit queues (`Logging\LocalQueue\Exchange\auditYYYYMMDD-N.LOG`, `Logging\CosmosQueue\audit\`).
//!
//! Facts (seen in a real file of 2016 CU22):
//! - `#Log-type: audit` below `#Software: Microsoft Exchange`; columns `Timestamp,Server,TenantId,RecordType,Data,UserKey,
//!   RecordId,Operation,Workload,ResultStatus,Version,Scope`.
//! - `Data` is a JSON object; `Parameters` in it are a list of `Name` and `Value`. They are put together as the event log
//!   writes them (`-Identity "x" -Force "True"`), so that one rule fits both.
//! - `Timestamp` is UTC and says when the row was queued. `CreationTime` in the data has no zone and was the server's local
//!   time (an hour ahead, in a file from France), so it is not used.
//! - `UserKey` of the system's own work is a localised account with the process in brackets, and its characters were lost.
//! - `#Version` and the version in `OriginatingServer` (`NAME (15.01.2375.007)`) are not taken for builds: whether security
//!   updates raise them is not known to us.
//! - Secrets are replaced when written (`<Secure Information Omitted>`).

mod data;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Cmdlet, Fields, LogSource, Unified};

use crate::client_address::first_client;
use crate::delimited::ExchangeLog;
use crate::exchange_table::{self, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};
use data::Data;

/// The format of admin audit queues.
pub struct ExchangeAudit;

impl Format for ExchangeAudit {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeAudit
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_audit(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_audit(head: &[u8]) -> bool {
    begins_as(head, "audit", &["Timestamp", "RecordType", "Data", "UserKey", "Operation"])
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Columns {
    server: Option<usize>,
    data: Option<usize>,
    user: Option<usize>,
    operation: Option<usize>,
    result: Option<usize>,
}

impl Layout for Columns {
    const TIME: &'static [&'static str] = &["Timestamp"];
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "admin-audit");

    fn of(log: &ExchangeLog) -> Self {
        Self {
            server: log.position("Server"),
            data: log.position("Data"),
            user: log.position("UserKey"),
            operation: log.position("Operation"),
            result: log.position("ResultStatus"),
        }
    }

    fn least(&self) -> Option<usize> {
        self.data
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let text = cells.text(self.data);
        let data = Data::read(text);
        let whole = data.is_some() || text.is_empty();
        let data = data.unwrap_or_default();
        // What a row that was cut short has not in its columns stands in its data.
        let first = |column: Option<usize>, name: &str| match cells.text(column) {
            "" => Cow::Owned(data.text(name).unwrap_or_default().to_owned()),
            text => text.into(),
        };
        let operation = first(self.operation, "Operation");
        let result = first(self.result, "ResultStatus");
        // Mailbox auditing uses the same queue; its operations (`SendAs`) are no cmdlets.
        let unified = if operation.contains('-') {
            Unified::Cmdlet(Cmdlet {
                name: operation,
                parameters: data.parameters().into(),
                user: first(self.user, "UserId"),
                host: Cow::Borrowed(""),
                url: Cow::Borrowed(""),
                client: first_client(data.text("ClientIP").unwrap_or_default()).to_owned().into(),
                succeeded: match &*result.to_ascii_lowercase() {
                    "" => None,
                    result => Some(matches!(result, "true" | "succeeded")),
                },
            })
        } else {
            Unified::Other
        };
        let own = cells.pairs().enumerate().filter(|(position, _)| !(whole && Some(*position) == self.data));
        let mut fields: Vec<_> = own.map(|(_, (name, value))| (Cow::Borrowed(name), Cow::Borrowed(value))).collect();
        let is_column = |name: &str| cells.pairs().any(|(column, _)| column.eq_ignore_ascii_case(name));
        let more = data.into_texts().filter(|(name, _)| !is_column(name));
        fields.extend(more.map(|(name, value)| (name.into(), value.into())));
        Told { server: cells.value(self.server), build: None, unified, fields: Fields::Pairs(fields), whole }
    }
}
